"""The inter-rater report as a computation: frozen inputs and masks in, tables out. No Django.

Every rater and every model is compared with every other one, with the majority consensus of all people who read the
case, and with the consensus of the people but one (a person is never in the consensus that they are compared with; a
model is compared with each consensus of that size in turn, and the mean is taken).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluation.consensus import majority_vote
from evaluation.metrics.pairs import overlap_matrices
from evaluation.metrics.votes import read_votes
from evaluation.statistics import describe, icc_forms, model_inside_expert_range

Mask = NDArray[np.bool_]
Masks = dict[str, Mask]
Row = dict[str, Any]
METRICS = ("dice", "jaccard")
MINIMUM_READERS = 2


@dataclass(frozen=True)
class CaseMasks:
    """The masks (x, y, z) of one case, by rater and region key, and the volume of a voxel in ml."""

    masks: dict[int, Masks]
    voxel_ml: float


@dataclass
class Tables:
    """The report's tables, filled case by case; undefined figures are None."""

    readings: list[Row] = field(default_factory=list)
    pairs: list[Row] = field(default_factory=list)
    consensus: list[Row] = field(default_factory=list)


def compute(
    inputs: dict[str, Any],
    load: Callable[[int], CaseMasks],
    *,
    report: Callable[[float, str], None] | None = None,
) -> dict[str, Any]:
    """Return the report's data from frozen inputs.

    load gives the masks of a case by its id; report is told the percentage done and the step. The same inputs and
    masks give the same data.
    """
    parameters, tables = inputs["parameters"], Tables()
    people = [rater["id"] for rater in inputs["raters"] if rater["kind"] == "human"]
    for number, case in enumerate(inputs["cases"]):
        if report is not None:
            report(90 * number / len(inputs["cases"]), f"Comparing the readings of case {number + 1}")
        found = load(case["id"])
        for region in parameters["regions"]:
            _compare_case(tables, case["id"], region, found, people=people, tie=parameters["tie"])
    return _data(inputs, tables)


def _compare_case(tables: Tables, case: int, region: str, found: CaseMasks, *, people: list[int], tie: str) -> None:
    """Fill the tables for one region of one case."""
    raters = sorted(found.masks)
    masks = {rater: found.masks[rater][region] for rater in raters}
    readers = [rater for rater in raters if rater in people]
    vote = majority_vote([masks[rater] for rater in readers], tie=tie) if len(readers) >= MINIMUM_READERS else None
    tables.pairs += list(_pair_rows(case, region, masks))
    for rater in raters:
        row: Row = {"case": case, "region": region, "rater": rater}
        row["volume_ml"] = int(np.count_nonzero(masks[rater])) * found.voxel_ml
        row["consensus"] = _overlap(masks[rater], vote) if vote is not None else None
        row["others"] = _against_others(rater, masks, readers, tie)
        tables.readings.append(row)
    if vote is not None:
        volume = int(np.count_nonzero(vote)) * found.voxel_ml
        tables.consensus.append({"case": case, "region": region, "readers": len(readers), "volume_ml": volume})


def _pair_rows(case: int, region: str, masks: dict[int, Mask]) -> Iterable[Row]:
    raters = list(masks)
    if len(raters) < MINIMUM_READERS:
        return
    dice, jaccard, _ = overlap_matrices(read_votes(tuple(masks.values())))
    for i, j in combinations(range(len(raters)), 2):
        yield {
            "case": case,
            "region": region,
            "first": raters[i],
            "second": raters[j],
            "dice": _or_none(dice[i, j]),
            "jaccard": _or_none(jaccard[i, j]),
        }


def _overlap(first: Mask, second: Mask) -> Row:
    dice, jaccard, _ = overlap_matrices(read_votes((first, second)))
    return {"dice": _or_none(dice[0, 1]), "jaccard": _or_none(jaccard[0, 1])}


def _against_others(rater: int, masks: dict[int, Mask], readers: list[int], tie: str) -> Row | None:
    """Compare with the consensus of the readers but one: oneself, or for a model each of them in turn."""
    left_out = [rater] if rater in readers else readers
    rows = []
    for one in left_out:
        rest = [masks[other] for other in readers if other != one]
        if len(rest) < MINIMUM_READERS:
            return None
        rows.append(_overlap(masks[rater], majority_vote(rest, tie=tie)))
    if not rows:
        return None
    return {name: _mean_or_none([row[name] for row in rows]) for name in METRICS}


def _data(inputs: dict[str, Any], tables: Tables) -> dict[str, Any]:
    policy = inputs["parameters"]["both_empty"]
    return {
        "readings": tables.readings,
        "pairs": tables.pairs,
        "consensus": tables.consensus,
        "summary": list(_summaries(inputs, tables, policy)),
        "matrix": list(_matrix(inputs, tables, policy)),
        "volumes": list(_volume_agreement(inputs, tables)),
        "expert_range": list(_expert_range(inputs, tables, policy)),
        "scores": list(_scores(inputs)),
        "missing": _missing(inputs),
    }


def _with_policy(value: float | None, policy: str) -> float:
    """Return a figure for a table: an undefined one (both masks empty) is left out and counted, or 1."""
    if value is not None:
        return value
    return 1.0 if policy == "one" else math.nan


def _summaries(inputs: dict[str, Any], tables: Tables, policy: str) -> Iterable[Row]:
    for region in inputs["parameters"]["regions"]:
        for rater in inputs["raters"]:
            rows = [row for row in tables.readings if row["region"] == region and row["rater"] == rater["id"]]
            for against in ("consensus", "others"):
                compared = [row[against] for row in rows if row[against] is not None]
                for metric in METRICS:
                    values = [_with_policy(row[metric], policy) for row in compared]
                    yield {
                        "region": region,
                        "rater": rater["id"],
                        "against": against,
                        "metric": metric,
                        "n_read": len(rows),
                        **_described(values),
                    }


def _described(values: list[float]) -> Row:
    """Return mean, SD, median, quartiles and interval as plain numbers, with n used and n undefined."""
    if not values:
        return {"n": 0, "n_undefined": 0} | dict.fromkeys(("mean", "sd", "median", "q1", "q3", "low", "high"), None)
    found = describe(values)
    return {
        "n": found.n,
        "n_undefined": found.n_undefined,
        "mean": _or_none(found.mean),
        "sd": _or_none(found.standard_deviation),
        "median": _or_none(found.median),
        "q1": _or_none(found.quartiles[0]),
        "q3": _or_none(found.quartiles[1]),
        "low": _or_none(found.interval.low),
        "high": _or_none(found.interval.high),
    }


def _matrix(inputs: dict[str, Any], tables: Tables, policy: str) -> Iterable[Row]:
    raters = [rater["id"] for rater in inputs["raters"]]
    for region in inputs["parameters"]["regions"]:
        for first, second in combinations(raters, 2):
            rows = [
                row
                for row in tables.pairs
                if row["region"] == region and {row["first"], row["second"]} == {first, second}
            ]
            row: Row = {"region": region, "first": first, "second": second, "n_both_read": len(rows)}
            for metric in METRICS:
                found = _described([_with_policy(one[metric], policy) for one in rows])
                row[metric] = found["mean"]
                row["n"], row["n_undefined"] = found["n"], found["n_undefined"]
            yield row


def _volume_agreement(inputs: dict[str, Any], tables: Tables) -> Iterable[Row]:
    """Intraclass correlation of volumes over the cases that every person read."""
    people = [rater["id"] for rater in inputs["raters"] if rater["kind"] == "human"]
    for region in inputs["parameters"]["regions"]:
        table = _complete([row for row in tables.readings if row["region"] == region], people)
        base: Row = {"region": region, "n_cases": len(table), "n_raters": len(people)}
        try:
            forms = icc_forms(np.asarray(list(table.values()), dtype=float))
        except ValueError as error:
            yield {**base, "form": None, "note": f"Not computed: {error}"}
            continue
        for form, found in forms.items():
            interval = found.interval
            yield {
                **base,
                "form": form,
                "value": _or_none(found.statistic),
                "low": _or_none(interval.low) if interval else None,
                "high": _or_none(interval.high) if interval else None,
                "note": " ".join(found.notes),
            }


def _complete(rows: list[Row], raters: list[int]) -> dict[int, list[float]]:
    """Return, by case, the volumes of all raters in order, for the cases that all of them read."""
    volumes: dict[int, dict[int, float]] = {}
    for row in rows:
        volumes.setdefault(row["case"], {})[row["rater"]] = row["volume_ml"]
    return {case: [by[r] for r in raters] for case, by in volumes.items() if all(r in by for r in raters)}


def _expert_range(inputs: dict[str, Any], tables: Tables, policy: str) -> Iterable[Row]:
    """Whether each model lies inside the experts' range, over the cases that all people read."""
    people = [rater["id"] for rater in inputs["raters"] if rater["kind"] == "human"]
    experts = {rater["name"]: rater["id"] for rater in inputs["raters"] if rater["group"] == "expert"}
    models = [rater for rater in inputs["raters"] if rater["kind"] == "model"]
    for region in inputs["parameters"]["regions"]:
        rows = [row for row in tables.readings if row["region"] == region and row["others"] is not None]
        figures = {(row["case"], row["rater"]): _with_policy(row["others"]["jaccard"], policy) for row in rows}
        for model in models:
            needed = [*people, model["id"]]
            cases = [case["id"] for case in inputs["cases"] if all((case["id"], r) in figures for r in needed)]
            cases = [case for case in cases if not any(math.isnan(figures[case, r]) for r in needed)]
            yield _inside(region, model, experts=experts, figures=figures, cases=cases, inputs=inputs)


def _inside(
    region: str,
    model: Row,
    *,
    experts: dict[str, int],
    figures: dict[tuple[int, int], float],
    cases: list[int],
    inputs: dict[str, Any],
) -> Row:
    base: Row = {"region": region, "model": model["id"], "n_cases": len(cases)}
    patients = {case["id"]: (case["centre"], case["patient"]) for case in inputs["cases"]}
    own = _by_patient(cases, patients, figures, model["id"])
    readings = {name: _by_patient(cases, patients, figures, rater) for name, rater in experts.items()}
    try:
        found = model_inside_expert_range(own, readings, seed=inputs["parameters"]["seed"])
    except ValueError as error:
        return {**base, "inside": None, "note": f"Not computed: {error}"}
    return {
        **base,
        "inside": bool(found.inside),
        "difference": _or_none(found.statistic),
        "low": _or_none(found.interval.low) if found.interval else None,
        "high": _or_none(found.interval.high) if found.interval else None,
        "n_patients": found.n,
        "lowest_expert": found.lowest_expert,
        "experts": len(found.expert_means),
        "note": " ".join(found.notes),
    }


def _by_patient(
    cases: list[int], patients: dict[int, Any], figures: dict[tuple[int, int], float], rater: int
) -> list[float]:
    """Return one figure per patient, the mean over their cases: the bootstrap draws patients."""
    grouped: dict[Any, list[float]] = {}
    for case in cases:
        grouped.setdefault(patients[case], []).append(figures[case, rater])
    return [float(np.mean(values)) for values in grouped.values()]


def _scores(inputs: dict[str, Any]) -> Iterable[Row]:
    for rater in inputs["raters"]:
        given = [row["score"] for row in inputs["ratings"] if row["rater"] == rater["id"] and row["score"] is not None]
        if given:
            counts = {str(value): given.count(value) for value in sorted(set(given))}
            yield {"rater": rater["id"], "counts": counts, **_described([float(value) for value in given])}


def _missing(inputs: dict[str, Any]) -> list[Row]:
    """Return what was asked for and not handed in."""
    there = {(row["case"], row["rater"]) for row in inputs["readings"]}
    return [{"case": case, "rater": rater} for case, rater in inputs["asked"] if (case, rater) not in there]


def _mean_or_none(values: list[float | None]) -> float | None:
    used = [value for value in values if value is not None]
    return float(np.mean(used)) if used else None


def _or_none(value: float) -> float | None:
    """Return a figure that JSON can hold: undefined is None, as every table says."""
    number = float(value)
    return number if math.isfinite(number) else None


def majority_layers(readings: list[NDArray[np.uint8]], *, tie: str) -> NDArray[np.uint8]:
    """Return the majority label maps (layer, x, y, z) of label maps of the same shape, label by label.

    A voxel gets the label that more than half of the readers gave it; without such a label it is background. With
    the tie rule "foreground" exactly half is enough, and of two such labels the lower value is taken.
    """
    result = np.zeros_like(readings[0])
    for layer in range(result.shape[0]):
        maps = [reading[layer] for reading in readings]
        for value in sorted({int(value) for one in maps for value in np.unique(one)} - {0}, reverse=True):
            result[layer][majority_vote([one == value for one in maps], tie=tie)] = value
    return result
