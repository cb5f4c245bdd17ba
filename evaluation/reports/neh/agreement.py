"""How far two methods' masks agree, region by region (NEH Tables 1 and 2)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import Any

from evaluation.metrics import pairwise
from evaluation.reports.exams import summarise_exams
from evaluation.reports.masks import CaseMasks
from evaluation.reports.numbers import plain

Row = dict[str, Any]
METRICS = ("dice", "jaccard", "surface_dice", "hausdorff95")


def compare(inputs: Row, case: int, found: CaseMasks) -> Iterable[Row]:
    """Return the agreement of every pair of methods in every region of one exam."""
    methods = [rater for rater in inputs["methods"] if rater in found.masks]
    if len(methods) < 2:
        return
    tolerance = inputs["parameters"]["tolerance_mm"]
    for region in inputs["parameters"]["regions"]:
        masks = [found.masks[rater][region] for rater in methods]
        pairs = pairwise(masks, found.spacing, tolerance_mm=tolerance)
        for i, j in combinations(range(len(methods)), 2):
            yield {
                "case": case,
                "region": region,
                "first": methods[i],
                "second": methods[j],
                **{name: plain(getattr(pairs, name)[i, j]) for name in METRICS},
                "first_ml": float(pairs.volume_ml[i]),
                "second_ml": float(pairs.volume_ml[j]),
            }


def summarise_pairs(inputs: Row, rows: list[Row]) -> list[Row]:
    """Return every metric over the exams; both masks empty is undefined, one empty an infinite distance: counted."""
    return [
        {
            "region": region,
            "first": first,
            "second": second,
            "metric": metric,
            **summarise_exams(
                inputs,
                [
                    (row["case"], row[metric])
                    for row in rows
                    if (row["region"], row["first"], row["second"]) == (region, first, second)
                ],
            ),
        }
        for region in inputs["parameters"]["regions"]
        for first, second in combinations(inputs["methods"], 2)
        for metric in METRICS
    ]
