"""The published figures of Wan et al. 2024 (TL5), Tables 2 and 3, from their counts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluation.statistics import bowker, chi_square, cross_tabulate, describe_counts, wilcoxon

SCORES = np.array([2, 3, 4, 5])
CROSSTAB = np.array([[0, 1, 5, 0], [0, 23, 17, 2], [2, 15, 13, 7], [0, 3, 7, 2]])
"""Rows: score of the deep learning segmentation; columns: of the manual one."""

SUBGROUPS = {
    "deep learning, unifocal vs multifocal": ([3, 31, 30, 10], [3, 11, 7, 2], 0.357),
    "deep learning, newly diagnosed vs recurrent": ([0, 5, 8, 3], [6, 37, 29, 9], 0.367),
    "manual, unifocal vs multifocal": ([0, 30, 33, 11], [2, 12, 9, 0], 0.015),
    "manual, newly diagnosed vs recurrent": ([0, 4, 9, 3], [2, 38, 33, 8], 0.315),
}


def pairs() -> tuple[NDArray[Any], NDArray[Any]]:
    rows, columns = np.nonzero(CROSSTAB)
    times = CROSSTAB[rows, columns]
    return np.repeat(SCORES[rows], times), np.repeat(SCORES[columns], times)


def test_the_crosstab_is_tested_for_independence_with_p_0_107() -> None:
    found = chi_square(CROSSTAB)
    assert round(found.p, 3) == 0.107
    assert (found.n, found.degrees_of_freedom) == (97, 9)
    assert "independence" in found.test


@pytest.mark.parametrize("name", SUBGROUPS)
def test_the_subgroups_have_their_published_p(name: str) -> None:
    first, second, published = SUBGROUPS[name]
    assert round(chi_square([first, second]).p, 3) == published


def test_mean_and_sd_of_both_arms_come_from_the_counts() -> None:
    model, manual = describe_counts(SCORES, CROSSTAB.sum(axis=1)), describe_counts(SCORES, CROSSTAB.sum(axis=0))
    assert (round(model.mean, 3), round(model.standard_deviation, 3)) == (3.567, 0.789)
    assert (round(manual.mean, 3), round(manual.standard_deviation, 3)) == (3.639, 0.710)
    assert (model.n, manual.n) == (97, 97)


def test_the_paired_tests_answer_whether_the_ratings_differ() -> None:
    """Neither finds a difference; the counts and ranks are written out here from the crosstab."""
    model, manual = pairs()
    np.testing.assert_array_equal(cross_tabulate(model, manual, categories=[2, 3, 4, 5]), CROSSTAB)
    moved = bowker(CROSSTAB)
    assert moved.statistic == pytest.approx(1 + 9 / 7 + 4 / 32 + 1 / 5 + 0)
    assert moved.degrees_of_freedom == 5
    signed = wilcoxon(model, manual)
    assert (signed.n, signed.zeros) == (59, 38)
    steps = {1: (15 + 7, 1 + 17 + 7), 2: (2 + 3, 5 + 2)}  # size of the step: upwards, downwards
    first = (1 + 47) / 2
    second = 47 + (1 + 12) / 2
    assert signed.positive == pytest.approx(steps[1][0] * first + steps[2][0] * second)
    assert signed.negative == pytest.approx(steps[1][1] * first + steps[2][1] * second)
    assert signed.p > 0.3
    assert moved.p > 0.3
