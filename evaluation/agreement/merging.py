"""From the rows of single cases to a study's figures, without touching a mask. No Django."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from evaluation.agreement.computing import METRICS, OVERLAPS
from evaluation.statistics import bland_altman, icc

Row = dict[str, Any]
INFINITE = ("hausdorff95",)
"""Metrics that are infinite, and not undefined, where one mask of two is empty."""


@dataclass(frozen=True)
class CaseFigures:
    """One region of one case: its id, raters and masks in the order of the figures, and `compare_region`'s answer."""

    case: int
    raters: tuple[int, ...]
    segmentations: tuple[int, ...]
    figures: Mapping[str, Any]


def merge(cases: Sequence[CaseFigures], raters: Sequence[int], *, people: Sequence[int]) -> Row:
    """Return the study's tables for one region.

    `readings` has a row per mask with its volume and its figures against the consensus of all people and of the
    people but one; `pairs` and `means` are means over cases with the n that entered, the n undefined (both masks
    empty) and the n infinite (one empty, for distances), which are left out; `volumes` compares each rater's volumes
    with the consensus's; `icc` is of the volumes of the people, over the cases that all of them read.
    """
    readings = [row for case in cases for row in _readings(case)]
    return {
        "readings": readings,
        "pairs": list(_pairs(cases, raters)),
        "means": list(_means(readings, raters)),
        "volumes": [_volume_bias(readings, rater) for rater in raters],
        "icc": _volume_icc(cases, people),
        "disagreement": [
            {"case": case.case, **case.figures["disagreement"]} for case in cases if case.figures["disagreement"]
        ],
    }


def _readings(case: CaseFigures) -> Iterable[Row]:
    figures = case.figures
    volumes = figures["volume_ml"]
    for place, rater in enumerate(case.raters):
        row: Row = {"case": case.case, "rater": rater, "segmentation": case.segmentations[place]}
        row["volume_ml"], row["consensus_ml"] = volumes[place], None
        row["consensus"], row["others"] = None, None
        if figures["consensus"] is not None:
            row["consensus_ml"] = figures["consensus_ml"]
            row["consensus"] = dict(zip(METRICS, figures["consensus"][place], strict=True))
        if figures["others"] is not None:
            row["others"] = dict(zip(OVERLAPS, figures["others"][place], strict=True))
        yield row


def _pairs(cases: Sequence[CaseFigures], raters: Sequence[int]) -> Iterable[Row]:
    found: dict[tuple[int, int], list[tuple[list[float | None], bool]]] = {}
    for case in cases:
        volumes = case.figures["volume_ml"]
        for i, j, *values in case.figures["pairs"]:
            ends = (min(case.raters[i], case.raters[j]), max(case.raters[i], case.raters[j]))
            found.setdefault(ends, []).append((values, (volumes[i] == 0) != (volumes[j] == 0)))
    for first, second in combinations(raters, 2):
        rows = found.get((min(first, second), max(first, second)), [])
        row: Row = {"first": first, "second": second}
        for place, metric in enumerate(METRICS):
            row[metric] = _mean([(values[place], one_empty) for values, one_empty in rows], metric)
        yield row


def _means(readings: Sequence[Row], raters: Sequence[int]) -> Iterable[Row]:
    for rater in raters:
        own = [row for row in readings if row["rater"] == rater]
        row: Row = {"rater": rater, "read": len(own)}
        for against, metrics in (("consensus", METRICS), ("others", OVERLAPS)):
            compared = [one for one in own if one[against] is not None]
            row[against] = {
                metric: _mean([(one[against][metric], _one_empty(one)) for one in compared], metric)
                for metric in metrics
            }
        yield row


def _one_empty(reading: Row) -> bool:
    return bool(reading["volume_ml"] == 0) != bool(reading["consensus_ml"] == 0)


def _mean(values: Sequence[tuple[float | None, bool]], metric: str) -> Row:
    """Return the mean of what is defined, with what is not counted; values come with whether one mask was empty."""
    used = [value for value, _ in values if value is not None]
    infinite = sum(one_empty for value, one_empty in values if value is None) if metric in INFINITE else 0
    return {
        "mean": float(np.mean(used)) if used else None,
        "n": len(used),
        "n_infinite": infinite,
        "n_undefined": len(values) - len(used) - infinite,
    }


def _volume_bias(readings: Sequence[Row], rater: int) -> Row:
    """Return Bland and Altman's bias and limits of a rater's volumes against the consensus's, in ml."""
    pairs = [
        (row["volume_ml"], row["consensus_ml"])
        for row in readings
        if row["rater"] == rater and row["consensus_ml"] is not None
    ]
    row: Row = {"rater": rater, "n": len(pairs), "bias": None, "lower": None, "upper": None, "note": ""}
    try:
        found = bland_altman([one for one, _ in pairs], [other for _, other in pairs])
    except ValueError as error:
        return {**row, "note": f"No limits: {error}"}
    return {**row, "bias": found.statistic, "lower": found.lower, "upper": found.upper, "note": " ".join(found.notes)}


def _volume_icc(cases: Sequence[CaseFigures], people: Sequence[int]) -> Row:
    table = []
    for case in cases:
        own = dict(zip(case.raters, case.figures["volume_ml"], strict=True))
        if all(rater in own for rater in people):
            table.append([own[rater] for rater in people])
    row: Row = {"form": "ICC(A,1)", "n_cases": len(table), "n_raters": len(people)}
    row |= dict.fromkeys(("value", "low", "high"))
    try:
        found = icc(np.asarray(table, dtype=float), "A,1")
    except ValueError as error:
        return {**row, "note": f"Not computed: {error}"}
    interval = found.interval
    return {
        **row,
        "value": _plain(found.statistic),
        "low": _plain(interval.low) if interval else None,
        "high": _plain(interval.high) if interval else None,
        "note": " ".join(found.notes),
    }


def _plain(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
