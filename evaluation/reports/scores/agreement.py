"""Whether raters who scored the same masks agree: intraclass correlation, weighted kappa, Krippendorff's alpha."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import Any, Literal

import numpy as np

from evaluation.reports.hypotheses import run_test
from evaluation.reports.kinds import Inputs
from evaluation.reports.scores.paired import scores_by_rater
from evaluation.statistics import cohen_kappa, icc, krippendorff_alpha

Row = dict[str, Any]
FORMS: tuple[Literal["C,1", "A,1", "C,k", "A,k"], ...] = ("C,1", "A,1", "C,k", "A,k")
WEIGHTS: tuple[Literal["quadratic", "linear"], ...] = ("quadratic", "linear")
MINIMUM_RATERS = 2


def agree(inputs: Inputs, levels: list[int]) -> Iterable[Row]:
    """Return each coefficient of each condition that at least two raters scored; note says why one is missing."""
    for condition in inputs["conditions"]:
        given = scores_by_rater(inputs, condition["key"])
        if len(given) < MINIMUM_RATERS:
            continue
        base = {"condition": condition["key"], "first": None, "second": None, "n_raters": len(given)}
        for row in _of_all(inputs, given):
            yield {**base, **row}
        for first, second in combinations(given, 2):
            for row in _of_two(given[first], given[second], levels):
                yield {**base, "first": first, "second": second, "n_raters": 2, **row}


def _of_all(inputs: Inputs, given: dict[int, dict[int, int]]) -> Iterable[Row]:
    """ICC over the cases that all raters scored, alpha over those that any two did."""
    full = sorted(set.intersection(*(set(rows) for rows in given.values())))
    ratings = np.array([[rows[case] for rows in given.values()] for case in full], np.float64).reshape(-1, len(given))
    for form in FORMS:
        yield {"coefficient": f"ICC({form})", **run_test(f"ICC({form})", icc, ratings, form)}
    cases = sorted({case for rows in given.values() for case in rows})
    table = np.array([[rows.get(case, np.nan) for rows in given.values()] for case in cases], np.float64)
    seed, resamples = inputs["parameters"]["seed"], inputs["parameters"]["resamples"]
    yield {
        "coefficient": "Krippendorff's alpha, ordinal",
        **run_test("Krippendorff's alpha", krippendorff_alpha, table, scale="ordinal", seed=seed, resamples=resamples),
    }


def _of_two(first: dict[int, int], second: dict[int, int], levels: list[int]) -> Iterable[Row]:
    cases = sorted(set(first) & set(second))
    one, other = [first[case] for case in cases], [second[case] for case in cases]
    for weights in WEIGHTS:
        found = run_test("Cohen's kappa", cohen_kappa, one, other, weights=weights, categories=levels)
        yield {"coefficient": f"Cohen's kappa, {weights} weights", **found}
