"""The report on scores as a computation: frozen scores and masks in, tables out. No Django.

A condition is whose mask was scored and in which arm. A case has one score per condition: that of one rater, or the
lower median of all raters who scored it, so that it stays on the scale.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evaluation.metrics import dice
from evaluation.reports.exams import summarise_exams
from evaluation.reports.hypotheses import run_test
from evaluation.reports.kinds import Data, Inputs, Load, Tell
from evaluation.reports.numbers import plain
from evaluation.reports.scores.agreement import agree
from evaluation.reports.scores.paired import compare_pairs
from evaluation.reports.scores.subgroups import compare_groups
from evaluation.reports.subgroups import patient_of
from evaluation.statistics import spearman

Row = dict[str, Any]
MEDIAN = 0
"""The choice of `scored_by` that takes the median of all raters."""


def compute(inputs: Inputs, load: Load, *, report: Tell) -> Data:
    """Return the report's data from frozen inputs.

    load gives the masks of a case by rater, of which the scored ones and the reference are compared; report is told
    the percentage done. The same inputs and masks give the same data.
    """
    levels, scores = levels_of(inputs), one_per_case(inputs)
    overlap = list(_overlaps(inputs, scores, load, report))
    pairs = compare_pairs(inputs, scores, levels)
    return {
        "levels": levels,
        "distribution": list(_distributions(inputs, scores, levels)),
        "crosstabs": pairs.crosstabs,
        "paired_tests": pairs.tests,
        "agreement": list(agree(inputs, levels)),
        **compare_groups(inputs, scores, levels),
        "overlap": overlap,
        "score_and_dice": list(_score_and_dice(inputs, overlap)),
    }


def levels_of(inputs: Inputs) -> list[int]:
    """Return the levels of the scale: those that have a name, and any other that was given."""
    named = {int(level) for level in inputs["scale"]["names"]}
    return sorted(named | {row["score"] for row in inputs["ratings"] if row["score"] is not None})


def one_per_case(inputs: Inputs) -> dict[tuple[str, int], int]:
    """Return one score for each condition and case that has any, by the choice `scored_by`."""
    chosen = inputs["parameters"]["scored_by"]
    given: dict[tuple[str, int], list[int]] = {}
    for row in inputs["ratings"]:
        if row["score"] is not None and chosen in (MEDIAN, row["rater"]):
            given.setdefault((row["condition"], row["case"]), []).append(row["score"])
    return {place: sorted(values)[(len(values) - 1) // 2] for place, values in sorted(given.items())}


def _distributions(inputs: Inputs, scores: dict[tuple[str, int], int], levels: list[int]) -> Iterable[Row]:
    """Each condition's scores: one per case, and those of every rater."""
    for condition in inputs["conditions"]:
        key = condition["key"]
        asked = [row for row in inputs["ratings"] if row["condition"] == key]
        chosen = inputs["parameters"]["scored_by"]
        own = [row for row in asked if chosen in (MEDIAN, row["rater"])]
        cases = {row["case"] for row in own}
        values = [(case, score) for (of, case), score in scores.items() if of == key]
        unassessed = sum(row["not_assessed"] for row in own)
        yield _spread(inputs, values, levels, condition=key, rater=None, n_cases=len(cases), unassessed=unassessed)
        for rater in inputs["raters"]:
            rows = [row for row in asked if row["rater"] == rater["id"]]
            if rows:
                yield _spread(
                    inputs,
                    [(row["case"], row["score"]) for row in rows if row["score"] is not None],
                    levels,
                    condition=key,
                    rater=rater["id"],
                    n_cases=len({row["case"] for row in rows}),
                    unassessed=sum(row["not_assessed"] for row in rows),
                )


def _spread(
    inputs: Inputs,
    given: list[tuple[int, int]],
    levels: list[int],
    *,
    condition: str,
    rater: int | None,
    n_cases: int,
    unassessed: int,
) -> Row:
    good = inputs["parameters"]["acceptable"]
    values = [value for _, value in given]
    return {
        "condition": condition,
        "rater": rater,
        "counts": [values.count(level) for level in levels],
        "n_cases": n_cases,
        "n_not_assessed": unassessed,
        "n_acceptable": sum(value >= good for value in values),
        "acceptable": 100 * sum(value >= good for value in values) / len(values) if values else None,
        **summarise_exams(inputs, [(case, float(value)) for case, value in given]),
    }


def _overlaps(inputs: Inputs, scores: dict[tuple[str, int], int], load: Load, report: Tell) -> Iterable[Row]:
    """Dice of every scored mask to the reference's, where there is one; the reference's own masks are left out."""
    reference, region = inputs["parameters"]["reference"], inputs["parameters"]["region"]
    referenced = {row["case"] for row in inputs["readings"] if row["rater"] == reference}
    rated = {(row["condition"], row["case"]) for row in inputs["ratings"]}
    sources = {one["key"]: one["source"] for one in inputs["conditions"] if one["source"] != reference}
    for number, case in enumerate(inputs["cases"]):
        report(100 * number / len(inputs["cases"]), f"Comparing the masks of case {number + 1}")
        wanted = [key for key in sources if (key, case["id"]) in rated and case["id"] in referenced]
        if not wanted:
            continue
        masks = load(case["id"]).masks
        for key in wanted:
            value = dice(masks[sources[key]][region], masks[reference][region])
            yield {
                "case": case["id"],
                "condition": key,
                "score": scores.get((key, case["id"])),
                "dice": plain(value),
                "failure": value < inputs["parameters"]["failure"],
            }


def _score_and_dice(inputs: Inputs, overlap: list[Row]) -> Iterable[Row]:
    """Whether a mask that agrees more with the reference was scored higher."""
    patients = {case["id"]: patient_of(case) for case in inputs["cases"]}
    for condition in inputs["conditions"]:
        rows = [
            row
            for row in overlap
            if row["condition"] == condition["key"] and row["score"] is not None and row["dice"] is not None
        ]
        if not rows:
            continue
        scores, values = [row["score"] for row in rows], [row["dice"] for row in rows]
        found = run_test("Spearman's rank correlation", spearman, scores, values)
        yield {"condition": condition["key"], "n_patients": len({patients[row["case"]] for row in rows}), **found}
