"""Agreement of volumes: intraclass correlation, and Bland and Altman's limits. No Django."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import Any

import numpy as np

from evaluation.reports.inter_rater.words import GROUPS
from evaluation.reports.numbers import plain
from evaluation.statistics import bland_altman, icc_forms

Row = dict[str, Any]


def volume_icc(inputs: Row, readings: list[Row]) -> Iterable[Row]:
    """Return every form of the intraclass correlation of volumes in ml, over the cases that every person read."""
    people = [rater["id"] for rater in inputs["raters"] if rater["group"] in ("expert", "novice")]
    for region in inputs["parameters"]["regions"]:
        volumes = _volumes([row for row in readings if row["region"] == region])
        table = [[by[one] for one in people] for by in volumes.values() if all(one in by for one in people)]
        base: Row = {"region": region, "n_cases": len(table), "n_raters": len(people)}
        try:
            forms = icc_forms(np.asarray(table, dtype=float))
        except ValueError as error:
            yield {**base, "form": None, "value": None, "low": None, "high": None, "note": f"Not computed: {error}"}
            continue
        for form, found in forms.items():
            yield {**base, "form": form, "value": plain(found.statistic), **_ends(found), "note": " ".join(found.notes)}


def compare_volumes(inputs: Row, readings: list[Row]) -> Iterable[Row]:
    """Return Bland and Altman's limits: every rater against the consensus, and every two groups' means.

    A person is compared with the consensus of the others, a model with the mean volume of the consensuses that leave
    one person out: nobody has a part in what they are compared with. Of a group the mean volume of its raters is taken,
    case by case.
    """
    groups = {rater["id"]: rater["group"] for rater in inputs["raters"]}
    for region in inputs["parameters"]["regions"]:
        rows = [row for row in readings if row["region"] == region]
        for rater, group in groups.items():
            pairs = [pair for row in rows if row["rater"] == rater if (pair := against_consensus(row))]
            if group in GROUPS and pairs:
                yield {"region": region, "first": rater, "second": "consensus", **_limits(pairs)}
        means = {group: _group_means(rows, groups, group) for group in GROUPS}
        for first, second in combinations([group for group in GROUPS if means[group]], 2):
            shared = [case for case in means[first] if case in means[second]]
            pairs = [(means[first][case], means[second][case]) for case in shared]
            yield {"region": region, "first": first, "second": second, **_limits(pairs)}


def against_consensus(row: Row) -> tuple[float, float] | None:
    """Return the volumes in ml of a reading and of the consensus that it has no part in; None where there is none."""
    if not row["others"]:
        return None
    return row["volume_ml"], float(np.mean([one["volume_ml"] for one in row["others"]]))


def _group_means(rows: list[Row], groups: dict[int, str], group: str) -> dict[int, float]:
    found: dict[int, list[float]] = {}
    for row in rows:
        if groups[row["rater"]] == group:
            found.setdefault(row["case"], []).append(row["volume_ml"])
    return {case: float(np.mean(volumes)) for case, volumes in found.items()}


def _limits(pairs: list[tuple[float, float]]) -> Row:
    empty = dict.fromkeys(("bias", "low", "high", "sd", "lower", "lower_low", "lower_high"))
    empty |= dict.fromkeys(("upper", "upper_low", "upper_high", "slope", "slope_p"))
    try:
        found = bland_altman(*np.asarray(pairs, dtype=float).reshape(-1, 2).T)
    except ValueError as error:
        return {"n": len(pairs), **empty, "note": f"Not computed: {error}"}
    return {
        "n": found.n,
        "bias": plain(found.statistic),
        **_ends(found),
        "sd": plain(found.standard_deviation),
        "lower": plain(found.lower),
        "lower_low": plain(found.lower_interval.low),
        "lower_high": plain(found.lower_interval.high),
        "upper": plain(found.upper),
        "upper_low": plain(found.upper_interval.low),
        "upper_high": plain(found.upper_interval.high),
        "slope": plain(found.slope),
        "slope_p": plain(found.slope_p),
        "note": " ".join(found.notes),
    }


def _ends(found: Any) -> Row:
    interval = found.interval
    return {"low": plain(interval.low) if interval else None, "high": plain(interval.high) if interval else None}


def _volumes(rows: list[Row]) -> dict[int, dict[int, float]]:
    """Return volume in ml by case and rater."""
    found: dict[int, dict[int, float]] = {}
    for row in rows:
        found.setdefault(row["case"], {})[row["rater"]] = row["volume_ml"]
    return found
