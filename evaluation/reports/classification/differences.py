"""Tests between models and raters who classified the same cases."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np

from evaluation.reports.hypotheses import correct, run_test
from evaluation.reports.kinds import Inputs
from evaluation.reports.numbers import number_of
from evaluation.statistics import Result, bowker, wilcoxon

Row = dict[str, Any]


def compare_raters(inputs: Inputs, cases: list[Row]) -> list[Row]:
    """Return the tests of every two: sensitivity and specificity by McNemar, Dice of positive cases by Wilcoxon.

    Over the cases that both have a mask of; Dice is averaged over a patient's positive cases, a miss counting 0.
    """
    rows: list[Row] = []
    by_rater = {
        rater["id"]: {row["case"]: row for row in cases if row["rater"] == rater["id"]} for rater in inputs["raters"]
    }
    for first, second in combinations([rater for rater, own in by_rater.items() if own], 2):
        both = [(by_rater[first][case], row) for case, row in by_rater[second].items() if case in by_rater[first]]
        positive = [pair for pair in both if pair[0]["residual"]]
        negative = [pair for pair in both if not pair[0]["residual"]]
        asked: tuple[tuple[str, list[tuple[Row, Row]], str, Callable[[list[tuple[Row, Row]]], Result]], ...] = (
            ("Sensitivity", positive, "McNemar", _mcnemar),
            ("Specificity", negative, "McNemar", _mcnemar),
            ("Dice of positive cases", positive, "Wilcoxon signed-rank", _signed_rank),
        )
        rows += [
            {
                "first": first,
                "second": second,
                "metric": metric,
                "n_cases": len(pairs),
                **run_test(name, test, pairs),
            }
            for metric, pairs, name, test in asked
            if len(pairs) > 1
        ]
    return correct(rows)


def _mcnemar(pairs: list[tuple[Row, Row]]) -> Result:
    """Test whether one calls residual tumour more often than the other."""
    table = np.zeros((2, 2), np.int64)
    for first, second in pairs:
        table[int(first["called"]), int(second["called"])] += 1
    return bowker(table)


def _signed_rank(pairs: list[tuple[Row, Row]]) -> Result:
    by_patient: dict[str, list[tuple[float, float]]] = {}
    for first, second in pairs:
        values = number_of(first["dice"]), number_of(second["dice"])
        by_patient.setdefault(first["patient"], []).append(values)
    means = np.array([np.mean(values, axis=0) for values in by_patient.values()])
    return wilcoxon(means[:, 0], means[:, 1])
