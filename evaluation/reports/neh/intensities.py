"""How bright oedema and hypercellular tumour are on each sequence (NEH Tables 3 and 4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from evaluation.metrics import measure_compartments
from evaluation.reports.exams import patient_of, summarise_exams
from evaluation.reports.masks import CaseMasks, Mask
from evaluation.reports.neh.images import CaseImages, Image
from evaluation.reports.numbers import plain
from evaluation.statistics import holm, linear_mixed_effects

Row = dict[str, Any]
SEQUENCES = ("FLAIR", "T1c", "T1", "T2")
COMPARTMENTS = ("ed", "neh")


def measure(inputs: Row, case: int, found: CaseMasks, images: CaseImages) -> Iterable[Row]:
    """Return the mean of each compartment on each sequence of one exam, by each method's masks."""
    for sequence in SEQUENCES:
        if sequence not in images.by_sequence:
            continue
        image = _scale(images.by_sequence[sequence], images.brain, inputs["parameters"]["scale"])
        for rater in inputs["methods"]:
            if rater not in found.masks:
                continue
            masks = {key: found.masks[rater][key] for key in COMPARTMENTS}
            for key, values in measure_compartments(image, masks).items():
                yield {
                    "case": case,
                    "rater": rater,
                    "sequence": sequence,
                    "compartment": key,
                    "mean": plain(values.mean),
                    "sd": plain(values.sd),
                    "voxels": values.n,
                    "unusable": values.unusable,
                }


def summarise_means(inputs: Row, rows: list[Row]) -> list[Row]:
    """Return mean ± SD over exams by method, sequence and compartment; an empty compartment is undefined."""
    return [
        {
            "rater": rater,
            "sequence": sequence,
            "compartment": key,
            **summarise_exams(inputs, _means(rows, rater, sequence, key)),
        }
        for rater in inputs["methods"]
        for sequence in SEQUENCES
        for key in COMPARTMENTS
        if any((row["rater"], row["sequence"]) == (rater, sequence) for row in rows)
    ]


def fit_models(inputs: Row, rows: list[Row]) -> list[Row]:
    """Return, per method and sequence, the difference NEH − ED by a linear mixed model, patient as random effect.

    The p-values of all models are one family for Holm's correction.
    """
    patients = {case["id"]: "/".join(patient_of(case)) for case in inputs["cases"]}
    models = [
        _fit([row for row in rows if (row["rater"], row["sequence"]) == (rater, sequence)], patients, rater, sequence)
        for rater in inputs["methods"]
        for sequence in SEQUENCES
        if any((row["rater"], row["sequence"]) == (rater, sequence) for row in rows)
    ]
    defined = [row for row in models if row["p"] is not None]
    adjusted = holm([row["p"] for row in defined]).adjusted if defined else ()
    for row, p in zip(defined, adjusted, strict=True):
        row["holm"] = p
    return models


def _fit(rows: list[Row], patients: dict[int, str], rater: int, sequence: str) -> Row:
    used = [row for row in rows if row["mean"] is not None]
    empty: Row = {
        "rater": rater,
        "sequence": sequence,
        "n": len({patients[row["case"]] for row in used}),
        "n_values": len(used),
        **dict.fromkeys(("difference", "low", "high", "chi_square", "p", "holm", "effect")),
    }
    try:
        found = linear_mixed_effects(
            [row["mean"] for row in used],
            labels=[row["compartment"] for row in used],
            patients=[patients[row["case"]] for row in used],
            reference="ed",
        )
    except ValueError as error:
        return {**empty, "note": f"Not computed: {error}"}
    (neh,) = found.comparisons
    return {
        **empty,
        "difference": plain(neh.difference),
        "low": plain(neh.interval.low) if neh.interval else None,
        "high": plain(neh.interval.high) if neh.interval else None,
        "chi_square": plain(found.statistic),
        "p": plain(found.p),
        "effect": plain(found.effect_size),
        "note": " ".join(found.notes),
    }


def _means(rows: list[Row], rater: int, sequence: str, key: str) -> list[tuple[int, float | None]]:
    chosen = (rater, sequence, key)
    return [(row["case"], row["mean"]) for row in rows if (row["rater"], row["sequence"], row["compartment"]) == chosen]


def _scale(image: Image, brain: Mask, scale: str) -> Image:
    """Return the image in its stored unit, or in standard deviations from the brain's mean."""
    if scale == "stored":
        return image
    inside = image[brain & np.isfinite(image)].astype(np.float64)
    spread = float(inside.std()) if len(inside) else 0.0
    return (image - inside.mean()) / spread if spread > 0 else np.full(image.shape, np.nan)
