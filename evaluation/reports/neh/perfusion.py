"""rCBV in each compartment, and in rims around the enhancing tumour (NEH Table 5, Figures 2 and 3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from evaluation.metrics import measure_compartments, rim
from evaluation.metrics.compartments import CompartmentValues
from evaluation.reports.exams import patient_of, summarise_exams
from evaluation.reports.masks import CaseMasks, Mask
from evaluation.reports.neh.images import CaseImages, Image
from evaluation.reports.numbers import plain
from evaluation.statistics import Result, anova, holm, linear_mixed_effects

Row = dict[str, Any]
COMPARTMENTS = ("et", "neh", "ed", "nc")
RIMS_MM = (2, 4, 6)
RIMS = tuple(f"rim_{reach}" for reach in RIMS_MM)
BARE_RIMS = tuple(f"{name}_without_neh" for name in RIMS)
FAMILIES = {"compartments": COMPARTMENTS, "rims": ("neh", *RIMS), "rims_without_neh": ("neh", *BARE_RIMS)}
REFERENCE = "neh"


def measure(inputs: Row, case: int, found: CaseMasks, images: CaseImages) -> Iterable[Row]:
    """Return the mean rCBV of each method's compartments and of the rims around one method's ET.

    Vessels (the highest rCBV of the brain outside of ET) enter nowhere. Rims lie outside of ET, inside the brain,
    without necrosis; and once more without NEH.
    """
    parameters, image = inputs["parameters"], images.by_sequence.get("rCBV")
    if image is None:
        return
    for rater in inputs["methods"]:
        if rater not in found.masks:
            continue
        masks = {key: found.masks[rater][key] for key in COMPARTMENTS if key in found.masks[rater]}
        around = images.brain & ~masks["et"]
        vessels = _find_vessels(image, around, percentile=parameters["vessel_percentile"])
        if rater == parameters["rims_of"]:
            masks |= _rims(masks, images.brain, found.spacing)
        for place, values in measure_compartments(image, masks, usable=~vessels).items():
            yield _row(case, rater, place, values)


def summarise_means(inputs: Row, rows: list[Row]) -> list[Row]:
    """Return mean ± SD over exams by method and place; an empty compartment is undefined."""
    places = (*COMPARTMENTS, *RIMS, *BARE_RIMS)
    chosen: dict[tuple[int, str], list[tuple[int, float | None]]] = {
        (rater, place): [] for rater in inputs["methods"] for place in places
    }
    for row in rows:
        chosen[row["rater"], row["place"]].append((row["case"], row["mean"]))
    return [
        {"rater": rater, "place": place, **summarise_exams(inputs, means)}
        for (rater, place), means in chosen.items()
        if means
    ]


def tests(inputs: Row, rows: list[Row]) -> tuple[list[Row], list[Row]]:
    """Return the tests over compartments and over rims, and every place against NEH.

    The analysis of variance takes all values as independent, as published; the mixed model has the patient as random
    effect. The differences to NEH are the model's, their p-values one family for Holm's correction.
    """
    patients = {case["id"]: "/".join(patient_of(case)) for case in inputs["cases"]}
    tested: list[Row] = []
    compared: list[Row] = []
    for rater in inputs["methods"]:
        for family, places in FAMILIES.items():
            if family != "compartments" and rater != inputs["parameters"]["rims_of"]:
                continue
            used = [row for row in rows if row["rater"] == rater and row["place"] in places and row["mean"] is not None]
            if used:
                base = {"rater": rater, "family": family}
                tested.append({**base, **_test_independent(used)})
                model, differences = _fit(used, patients)
                tested.append({**base, **model})
                compared += [{**base, **row} for row in differences]
    defined = [row for row in compared if row["p"] is not None]
    adjusted = holm([row["p"] for row in defined]).adjusted if defined else ()
    for row, p in zip(defined, adjusted, strict=True):
        row["holm"] = p
    return tested, compared


def _rims(masks: dict[str, Mask], brain: Mask, spacing: tuple[float, ...]) -> dict[str, Mask]:
    found = {}
    left_out = [~brain, *(masks[key] for key in ("nc",) if key in masks)]
    for name, bare, reach in zip(RIMS, BARE_RIMS, RIMS_MM, strict=True):
        found[name] = rim(masks["et"], spacing, outer_mm=reach, exclude=left_out)
        found[bare] = found[name] & ~masks["neh"]
    return found


def _find_vessels(image: Image, around: Mask, *, percentile: float) -> Mask:
    """Return the voxels above a percentile of the rCBV around the tumour: what is high in ET is tumour."""
    inside = image[around & np.isfinite(image)]
    if not len(inside):
        return np.zeros(image.shape, np.bool_)
    return np.asarray(around & (image > np.percentile(inside, percentile)), np.bool_)


def _row(case: int, rater: int, place: str, values: CompartmentValues) -> Row:
    return {
        "case": case,
        "rater": rater,
        "place": place,
        "mean": plain(values.mean),
        "sd": plain(values.sd),
        "voxels": values.n,
        "unusable": values.unusable,
    }


def _test_independent(used: list[Row]) -> Row:
    groups: dict[str, list[float]] = {}
    for row in used:
        groups.setdefault(row["place"], []).append(row["mean"])
    try:
        found = anova(groups)
    except ValueError as error:
        return _no_test("anova", error)
    return _tested("anova", found)


def _fit(used: list[Row], patients: dict[int, str]) -> tuple[Row, list[Row]]:
    try:
        found = linear_mixed_effects(
            [row["mean"] for row in used],
            labels=[row["place"] for row in used],
            patients=[patients[row["case"]] for row in used],
            reference=REFERENCE,
        )
    except ValueError as error:
        return _no_test("mixed", error), []
    differences = [
        {
            "place": one.first,
            "difference": plain(one.difference),
            "low": plain(one.interval.low) if one.interval else None,
            "high": plain(one.interval.high) if one.interval else None,
            "p": plain(one.p),
            "holm": None,
            "n": found.n,
        }
        for one in found.comparisons
    ]
    return _tested("mixed", found), differences


def _tested(kind: str, found: Result) -> Row:
    return {
        "kind": kind,
        "test": found.test,
        "statistic": plain(found.statistic),
        "statistic_name": found.statistic_name,
        "p": plain(found.p),
        "n": found.n,
        "unit": found.unit,
        "effect": plain(found.effect_size),
        "effect_name": found.effect_name,
        "note": " ".join(found.notes),
    }


def _no_test(kind: str, error: ValueError) -> Row:
    empty = dict.fromkeys(("test", "statistic", "statistic_name", "p", "n", "unit", "effect", "effect_name"))
    return {"kind": kind, **empty, "note": f"Not computed: {error}"}
