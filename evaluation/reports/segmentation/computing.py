"""The report on segmentation by subgroup as a computation: frozen inputs and masks in, tables out. No Django.

A case is positive from a smallest reference volume on, negative when the reference is empty, and excluded in between.
A positive case is found when the mask has that volume too and overlaps (FLAIR). Overlap and distance go over the found
cases, over all positive ones, or over all, by choice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evaluation.metrics import DetectionRate, detection_rate, volume_bias
from evaluation.reports.hypotheses import run_test
from evaluation.reports.intervals import mean_interval, share_interval
from evaluation.reports.kinds import Data, Inputs, Load, Tell
from evaluation.reports.measuring import DISTANCE, OVERLAPS, measure, measure_objects, pairs_of, with_policy
from evaluation.reports.numbers import number_of, plain, summarise
from evaluation.reports.segmentation.differences import compare_groups, compare_raters
from evaluation.reports.subgroups import patient_of, subsets
from evaluation.statistics import spearman

Row = dict[str, Any]
OBJECTS = ("object_dice", "object_recall", "object_precision", "object_f1", f"object_{DISTANCE}")
METRICS = (*OBJECTS, *OVERLAPS, DISTANCE)
FOUND, MISSED, NEGATIVE, FALSE_POSITIVE, EXCLUDED = "found", "missed", "true negative", "false positive", "excluded"
OVER = {
    "found": (FOUND,),
    "positives": (FOUND, MISSED),
    "all": (FOUND, MISSED, NEGATIVE, FALSE_POSITIVE),
}
"""Which cases overlap and distance go over, by the choice `over`."""
FEWEST_CORRELATED = 4


def compute(inputs: Inputs, load: Load, *, report: Tell) -> Data:
    """Return the report's data from frozen inputs.

    load gives the masks of a case by rater; report is told the percentage done. The same inputs and masks give the
    same data.
    """
    cases = _states(inputs, list(_measured(inputs, load, lambda percent, step: report(0.7 * percent, step))))
    data: Data = {"cases": cases, "detection": [], "performance": [], "volume_bias": []}
    places = list(_places(inputs, cases))
    for number, (place, rows) in enumerate(places):
        report(70 + 25 * number / len(places), "Resampling patients")
        data["detection"].append({**place, **_detection(inputs, rows)})
        data["performance"] += [{**place, **row} for row in _performance(inputs, rows)]
        data["volume_bias"].append({**place, **_bias(rows)})
    data["volume_and_dice"] = [{**place, **row} for place, rows in places for row in _correlation(rows)]
    data["rater_tests"] = compare_raters(inputs, cases)
    data["group_tests"] = compare_groups(inputs, cases)
    return data


def _measured(inputs: Inputs, load: Load, report: Tell) -> Iterable[Row]:
    chosen = inputs["parameters"]
    for pair in pairs_of(inputs, load, report):
        for region in chosen["regions"]:
            both = pair.masks[region], pair.reference[region], pair.spacing
            yield {
                "case": pair.case["id"],
                "patient": patient_of(pair.case),
                "region": region,
                "rater": pair.rater,
                **measure(*both, hausdorff=chosen["hausdorff"]),
                **measure_objects(*both, pairing=chosen["pairing"], min_voxels=chosen["min_voxels"]),
            }


def _states(inputs: Inputs, rows: list[Row]) -> list[Row]:
    """Return the rows with what each case is: found, missed, true negative, false positive or excluded."""
    if not rows:
        return []
    smallest = inputs["parameters"]["smallest_ml"]
    found = _detect(rows, smallest).true_positive
    return [
        {**row, "state": _state(row, found=bool(hit), smallest_ml=smallest)}
        for row, hit in zip(rows, found, strict=True)
    ]


def _detect(rows: list[Row], smallest_ml: float) -> DetectionRate:
    return detection_rate(
        [number_of(row["dice"]) for row in rows],
        [row["prediction_ml"] for row in rows],
        [row["reference_ml"] for row in rows],
        smallest_ml=smallest_ml,
    )


def _state(row: Row, *, found: bool, smallest_ml: float) -> str:
    if row["reference_ml"] >= smallest_ml:
        return FOUND if found else MISSED
    if row["reference_ml"] > 0:
        return EXCLUDED
    return FALSE_POSITIVE if row["prediction_ml"] >= smallest_ml else NEGATIVE


def _places(inputs: Inputs, cases: list[Row]) -> Iterable[tuple[Row, list[Row]]]:
    """Return every region, subgroup and rater that has a case, with its rows."""
    groups = list(subsets(inputs["cases"], inputs["parameters"]["groups"]))
    for region in inputs["parameters"]["regions"]:
        for attribute, group, members in groups:
            inside = set(members)
            for rater in inputs["raters"]:
                rows = [
                    row
                    for row in cases
                    if row["region"] == region and row["rater"] == rater["id"] and row["case"] in inside
                ]
                if rows:
                    yield {"region": region, "attribute": attribute, "group": group, "rater": rater["id"]}, rows


def _detection(inputs: Inputs, rows: list[Row]) -> Row:
    smallest = inputs["parameters"]["smallest_ml"]
    found = _detect(rows, smallest)
    positives = [row for row in rows if row["state"] in (FOUND, MISSED)]
    negatives = [row for row in rows if row["state"] in (NEGATIVE, FALSE_POSITIVE)]
    rate = _share(inputs, positives, FOUND)
    false = _share(inputs, negatives, FALSE_POSITIVE)
    return {
        "n_cases": len(rows),
        "n_patients": len({row["patient"] for row in rows}),
        "n_excluded": found.excluded,
        "n_positives": len(positives),
        "n_found": found.tp,
        "rate": _per_cent(plain(found.rate)),
        "rate_low": _per_cent(rate["low"]),
        "rate_high": _per_cent(rate["high"]),
        "rate_interval": rate["interval"],
        "n_negatives": found.negatives,
        "n_false_positives": found.false_positives,
        "false_rate": _per_cent(found.false_positives / found.negatives if found.negatives else None),
        "false_low": _per_cent(false["low"]),
        "false_high": _per_cent(false["high"]),
        "n_called_positive": sum(row["prediction_ml"] >= smallest for row in [*positives, *negatives]),
    }


def _share(inputs: Inputs, rows: list[Row], state: str) -> Row:
    chosen = inputs["parameters"]
    return share_interval(
        [row["state"] == state for row in rows],
        [row["patient"] for row in rows],
        seed=chosen["seed"],
        resamples=chosen["resamples"],
    )


def _per_cent(share: Any) -> float | None:
    return None if share is None else 100 * float(share)


def _performance(inputs: Inputs, rows: list[Row]) -> Iterable[Row]:
    chosen = inputs["parameters"]
    used = [row for row in rows if row["state"] in OVER[chosen["over"]]]
    for metric in METRICS:
        values = [(with_policy(row, metric, chosen), row["patient"]) for row in used]
        finite = [(value, patient) for value, patient in values if isinstance(value, int | float)]
        interval = mean_interval(
            [value for value, _ in finite],
            [patient for _, patient in finite],
            seed=chosen["seed"],
            resamples=chosen["resamples"],
        )
        yield {"metric": metric, **summarise([value for value, _ in values]), **interval}


def _bias(rows: list[Row]) -> Row:
    found = [row for row in rows if row["state"] == FOUND]
    bias = volume_bias([row["prediction_ml"] for row in found], [row["reference_ml"] for row in found])
    return {
        "n_found": len(found),
        "n_over": bias.over,
        "n_under": bias.under,
        "n_equal": bias.equal,
        **dict(zip(("over_q1", "over_ml", "over_q3"), map(plain, bias.over_ml), strict=True)),
        **dict(zip(("under_q1", "under_ml", "under_q3"), map(plain, bias.under_ml), strict=True)),
    }


def _correlation(rows: list[Row]) -> Iterable[Row]:
    """Whether larger structures are segmented better, over all positive cases."""
    positives = [row for row in rows if row["state"] in (FOUND, MISSED) and row["dice"] is not None]
    if len(positives) < FEWEST_CORRELATED:
        return
    volumes, dice = [row["reference_ml"] for row in positives], [row["dice"] for row in positives]
    yield {
        "n_patients": len({row["patient"] for row in positives}),
        **run_test("Spearman's rank correlation", spearman, volumes, dice),
    }
