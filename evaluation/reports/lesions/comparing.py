"""Tests between methods, and whether larger lesions are outlined better."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from evaluation.reports.exams import patient_of
from evaluation.reports.numbers import number_of, plain
from evaluation.statistics import holm, paired_t, spearman, wilcoxon

Row = dict[str, Any]
TESTED = ("dice", "ndsc", "f1", "tpr", "fdr")
LOWER_IS_BETTER = ("fdr",)
SUBSETS = ("all", "first")


def tests(inputs: Row, images: list[Row]) -> list[Row]:
    """Return, per region and metric, whether each method is better than the baseline: one-tailed, paired by exam.

    Exams enter in which the reference has a lesion and both figures are defined. The p-values of the t tests are one
    family for Holm's correction, those of the signed-rank tests another.
    """
    baseline = inputs["parameters"]["baseline"]
    others = [rater for rater in inputs["methods"] if rater != baseline]
    patients = {case["id"]: patient_of(case) for case in inputs["cases"]}
    rows = [
        _test(images, patients, region=region, metric=metric, method=method, baseline=baseline)
        for region in inputs["parameters"]["regions"]
        for method in others
        for metric in TESTED
    ]
    for name in ("t", "wilcoxon"):
        defined = [row for row in rows if row[f"p_{name}"] is not None]
        adjusted = holm([row[f"p_{name}"] for row in defined]).adjusted if defined else ()
        for row, p in zip(defined, adjusted, strict=True):
            row[f"holm_{name}"] = p
    return rows


def _test(images: list[Row], patients: dict[int, Any], *, region: str, metric: str, method: int, baseline: int) -> Row:
    figures = {
        (row["case"], row["rater"]): number_of(row[metric])
        for row in images
        if row["region"] == region and not row["reference_empty"] and row[metric] is not None
    }
    cases = [case for case, rater in figures if rater == method and (case, baseline) in figures]
    row: Row = {
        "region": region,
        "metric": metric,
        "method": method,
        "baseline": baseline,
        "n": len(cases),
        "n_patients": len({patients[case] for case in cases}),
        **dict.fromkeys(("difference", "sd", "t", "p_t", "holm_t", "p_wilcoxon", "holm_wilcoxon", "effect")),
        "note": "",
    }
    first, second = ([figures[case, rater] for case in cases] for rater in (method, baseline))
    alternative = "less" if metric in LOWER_IS_BETTER else "greater"
    try:
        t = paired_t(first, second, alternative=alternative)  # type: ignore[arg-type]
        ranks = wilcoxon(first, second, alternative=alternative)  # type: ignore[arg-type]
    except ValueError:
        return {**row, "note": "too few exams"}
    return {
        **row,
        "difference": plain(t.mean_difference),
        "sd": plain(t.standard_deviation),
        "t": plain(t.statistic),
        "p_t": plain(t.p),
        "effect": plain(t.effect_size),
        "p_wilcoxon": plain(ranks.p),
        "note": "all differences are equal" if t.notes else "",
    }


def correlations(inputs: Row, lesions: list[Row], first: set[int]) -> Iterable[Row]:
    """Return Spearman's correlation of the volume of true lesions with their Dice and nDSC; a missed one has 0."""
    for region in inputs["parameters"]["regions"]:
        for method in inputs["methods"]:
            for subset in SUBSETS:
                rows = [row for row in lesions if (row["region"], row["rater"]) == (region, method)]
                rows = [row for row in rows if subset == "all" or row["case"] in first]
                for metric in ("dice", "ndsc"):
                    yield {"region": region, "rater": method, "subset": subset, **_correlate(rows, metric)}


def _correlate(rows: list[Row], metric: str) -> Row:
    used = [row for row in rows if row[metric] is not None]
    base: Row = {
        "metric": metric,
        "n": len(used),
        "n_missed": sum(not row["found"] for row in used),
        **dict.fromkeys(("rho", "low", "high", "p")),
    }
    try:
        found = spearman([row["volume_ml"] for row in used], [row[metric] for row in used])
    except ValueError:
        return {**base, "note": "too few lesions"}
    low, high = (found.interval.low, found.interval.high) if found.interval else (math.nan, math.nan)
    values = {"rho": found.statistic, "low": low, "high": high, "p": found.p}
    note = "one of both is constant" if found.notes else ""
    return {**base, **{name: plain(value) for name, value in values.items()}, "note": note}
