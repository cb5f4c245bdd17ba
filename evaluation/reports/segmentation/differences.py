"""Tests of Dice: between raters or models on the same patients, and between subgroups of patients."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np

from evaluation.reports.hypotheses import correct, run_test
from evaluation.reports.kinds import Inputs
from evaluation.reports.subgroups import divide, known
from evaluation.statistics import mann_whitney, wilcoxon

Row = dict[str, Any]
POSITIVE = ("found", "missed")


def compare_raters(inputs: Inputs, cases: list[Row]) -> list[Row]:
    """Return Wilcoxon's test of every two raters and region; a patient is the mean of their positive cases.

    A missed case has Dice 0. Only cases that both have a mask of are compared.
    """
    rows: list[Row] = []
    patients = _patients(cases)
    for region in inputs["parameters"]["regions"]:
        for first, second in combinations([rater["id"] for rater in inputs["raters"]], 2):
            one, other = (_by_case(inputs, cases, region, rater) for rater in (first, second))
            both = [case for case in one if case in other]
            if not both:
                continue
            pairs = _means([(patients[case], (one[case], other[case])) for case in both])
            rows.append(
                {
                    "region": region,
                    "first": first,
                    "second": second,
                    "n_cases": len(both),
                    "mean_first": float(pairs[:, 0].mean()),
                    "mean_second": float(pairs[:, 1].mean()),
                    **run_test("Wilcoxon signed-rank", wilcoxon, pairs[:, 0], pairs[:, 1]),
                }
            )
    return correct(rows)


def compare_groups(inputs: Inputs, cases: list[Row]) -> list[Row]:
    """Return the Mann–Whitney test of every two subgroups of an attribute, by region and rater.

    A patient is the mean of their positive cases in the subgroup. Where somebody is in both, the two samples are not
    independent, and nothing is computed. A subgroup of fewer than two patients is not tested.
    """
    rows: list[Row] = []
    patients = _patients(cases)
    for attribute in inputs["parameters"]["groups"]:
        groups = known(divide(inputs["cases"], attribute))
        for region in inputs["parameters"]["regions"]:
            for rater in inputs["raters"]:
                values = _by_case(inputs, cases, region, rater["id"])
                samples = {
                    name: _by_patient({case: values[case] for case in members if case in values}, patients)
                    for name, members in groups.items()
                }
                place = {"region": region, "rater": rater["id"], "attribute": attribute}
                rows += [{**place, **row} for row in _two_by_two(samples)]
    return correct(rows)


def _two_by_two(samples: dict[str, dict[str, float]]) -> list[Row]:
    rows = []
    for first, second in combinations([name for name, values in samples.items() if len(values) > 1], 2):
        one, other = samples[first], samples[second]
        place = {"first": first, "second": second, "median_first": _median(one), "median_second": _median(other)}
        shared = len(set(one) & set(other))
        if shared:
            note = f"Not computed: {shared} of the patients are in both groups."
            rows.append({**place, "test": "Mann–Whitney U", "note": note, "p": None, "n": None})
            continue
        rows.append({**place, **run_test("Mann–Whitney U", mann_whitney, list(one.values()), list(other.values()))})
    return rows


def _by_case(inputs: Inputs, cases: list[Row], region: str, rater: int) -> dict[int, float]:
    """Return the Dice of positive cases, of the chosen kind; objects that are all too small have none."""
    metric = inputs["parameters"]["tested"]
    return {
        row["case"]: row[metric]
        for row in cases
        if row["region"] == region and row["rater"] == rater and row["state"] in POSITIVE and row[metric] is not None
    }


def _patients(cases: list[Row]) -> dict[int, str]:
    return {row["case"]: row["patient"] for row in cases}


def _by_patient(values: dict[int, float], patients: dict[int, str]) -> dict[str, float]:
    grouped: dict[str, list[float]] = {}
    for case, value in values.items():
        grouped.setdefault(patients[case], []).append(value)
    return {patient: float(np.mean(found)) for patient, found in grouped.items()}


def _means(pairs: list[tuple[str, tuple[float, float]]]) -> Any:
    """Return (patient, side): each patient's mean of both values."""
    grouped: dict[str, list[tuple[float, float]]] = {}
    for patient, values in pairs:
        grouped.setdefault(patient, []).append(values)
    return np.array([np.mean(found, axis=0) for found in grouped.values()])


def _median(values: dict[str, float]) -> float:
    return float(np.median(list(values.values())))
