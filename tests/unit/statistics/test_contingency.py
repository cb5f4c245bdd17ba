"""Tests of tables against statsmodels, SciPy's older routines and written-out sums."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy import stats
from statsmodels.stats.contingency_tables import SquareTable, Table, mcnemar

from evaluation.statistics import bowker, chi_square, fisher_exact

counts = arrays(np.int64, st.tuples(st.integers(2, 4), st.integers(2, 4)), elements=st.integers(1, 30))
squares = st.integers(2, 5).flatmap(lambda size: arrays(np.int64, (size, size), elements=st.integers(1, 30)))


@given(counts)
@settings(deadline=None, max_examples=60)
def test_chi_square_equals_statsmodels(table: NDArray[Any]) -> None:
    peer = Table(table, shift_zeros=False).test_nominal_association()
    found = chi_square(table)
    assert found.statistic == pytest.approx(peer.statistic, rel=1e-9, abs=1e-12)
    assert found.p == pytest.approx(peer.pvalue, rel=1e-8)
    assert found.degrees_of_freedom == peer.df
    assert found.effect_size == pytest.approx(stats.contingency.association(table, method="cramer"), abs=1e-9)


def test_chi_square_leaves_out_empty_margins_and_says_so() -> None:
    table = np.array([[3, 0, 5], [0, 0, 0], [7, 0, 2]])
    found = chi_square(table)
    assert found.p == pytest.approx(chi_square([[3, 5], [7, 2]]).p)
    assert "1 row(s) and 1 column(s)" in found.notes[0]
    assert found.small_expected == 3


def test_yates_correction_is_for_two_by_two_alone() -> None:
    table = [[8, 3], [2, 9]]
    shifted = np.array([[8 - 0.5, 3 + 0.5], [2 + 0.5, 9 - 0.5]])
    assert chi_square(table, continuity=True).statistic == pytest.approx(
        Table(shifted, shift_zeros=False).test_nominal_association().statistic
    )
    wide = [[8, 3, 4], [2, 9, 1]]
    assert chi_square(wide, continuity=True) == chi_square(wide)


@given(arrays(np.int64, (2, 2), elements=st.integers(0, 15)), st.sampled_from(["two-sided", "greater", "less"]))
@settings(deadline=None, max_examples=80)
def test_fishers_p_is_the_sum_over_the_hypergeometric_tables(table: NDArray[Any], side: str) -> None:
    assume(min(table.sum(axis=0)) > 0 and min(table.sum(axis=1)) > 0)
    (row, _), (column, _) = table.sum(axis=1), table.sum(axis=0)
    n = table.sum()
    support = np.arange(max(0, row + column - n), min(row, column) + 1)
    chances = np.array(
        [math.comb(column, k) * math.comb(n - column, row - k) / math.comb(n, row) for k in support.tolist()]
    )
    chance = chances[support == table[0, 0]][0]
    chosen = {
        "two-sided": chances <= chance * (1 + 1e-9),
        "greater": support >= table[0, 0],
        "less": support <= table[0, 0],
    }[side]
    found = fisher_exact(table, alternative=side)  # type: ignore[arg-type]
    assert found.p == pytest.approx(chances[chosen].sum(), rel=1e-8)


def test_fishers_odds_ratio_is_that_of_the_lady_tasting_tea() -> None:
    """R's manual prints 6.408309 and p 0.4857; at each limit, the tail beyond the table holds 2.5 %."""
    found = fisher_exact([[3, 1], [1, 3]])
    assert found.effect_size == pytest.approx(6.408309, rel=1e-5)
    assert found.p == pytest.approx(0.4857, abs=0.00005)
    assert found.interval is not None

    def chances(ratio: float) -> NDArray[Any]:
        weights = np.array([math.comb(4, k) ** 2 * ratio**k for k in range(5)])
        return np.asarray(weights / weights.sum())

    assert chances(found.interval.low)[3:].sum() == pytest.approx(0.025, rel=1e-6)
    assert chances(found.interval.high)[:4].sum() == pytest.approx(0.025, rel=1e-6)
    assert np.arange(5) @ chances(found.effect_size) == pytest.approx(3, rel=1e-6)


def test_random_tables_come_to_the_enumerated_p() -> None:
    """A 2×3 table small enough to enumerate by hand: all tables with the same margins."""
    table = np.array([[6, 2, 1], [1, 4, 5]])
    rows, columns = table.sum(axis=1), table.sum(axis=0)

    def chance(first: int, second: int) -> float:
        third = int(rows[0]) - first - second
        if not (0 <= first <= columns[0] and 0 <= second <= columns[1] and 0 <= third <= columns[2]):
            return 0.0
        ways = (
            math.comb(int(columns[0]), first) * math.comb(int(columns[1]), second) * math.comb(int(columns[2]), third)
        )
        return ways / math.comb(int(table.sum()), int(rows[0]))

    every = np.array([chance(a, b) for a in range(10) for b in range(10)])
    exact = every[every <= chance(6, 2) * (1 + 1e-9)].sum()
    found = fisher_exact(table, seed=1)
    assert found.p == pytest.approx(exact, abs=4 * math.sqrt(exact * (1 - exact) / 10_000))
    assert found == fisher_exact(table, seed=1)
    assert (found.seed, found.resamples) == (1, 10_000)


@given(squares)
@settings(deadline=None, max_examples=60)
def test_bowker_equals_statsmodels(table: NDArray[Any]) -> None:
    peer = SquareTable(table, shift_zeros=False).symmetry()
    found = bowker(table)
    assert found.statistic == pytest.approx(peer.statistic, rel=1e-12, abs=1e-12)
    assert found.p == pytest.approx(peer.pvalue, rel=1e-9)
    assert found.degrees_of_freedom == peer.df


def test_an_empty_pair_of_cells_costs_no_degree_of_freedom_unless_asked() -> None:
    table = np.array([[5, 0, 3], [0, 4, 2], [9, 1, 7]])
    left_out, counted = bowker(table), bowker(table, empty_pairs="count")
    assert (left_out.degrees_of_freedom, counted.degrees_of_freedom) == (2, 3)
    assert left_out.statistic == pytest.approx((9 - 3) ** 2 / 12 + 1 / 3)
    assert left_out.notes == ("1 pair(s) of cells hold no count.",)


def test_two_by_two_is_mcnemar_with_cohens_g() -> None:
    table = [[20, 12], [4, 30]]
    found = bowker(table)
    assert found.p == pytest.approx(mcnemar(table, exact=False, correction=False).pvalue, rel=1e-12)
    assert found.test == "McNemar's test (chi-square, no continuity correction)"
    assert found.notes == ("Fewer than 25 pairs moved: consider the exact form.",)
    assert found.effect_size == pytest.approx(12 / 16 - 0.5)
    assert bowker([[20, 15], [10, 30]]).notes == ()


@given(arrays(np.int64, (2, 2), elements=st.integers(0, 40)).filter(lambda table: table.sum() > 1))
@settings(deadline=None, max_examples=60)
def test_exact_mcnemar_equals_statsmodels_and_scipys_binomial_test(table: NDArray[Any]) -> None:
    peer, found = mcnemar(table, exact=True), bowker(table, method="exact")
    assert found.p == pytest.approx(peer.pvalue, rel=1e-12)
    assert found.statistic == peer.statistic
    discordant = int(table[0, 1] + table[1, 0])
    if discordant:
        assert found.p == pytest.approx(stats.binomtest(int(table[0, 1]), discordant).pvalue, rel=1e-9)
    assert (found.test, found.discordant) == ("McNemar's test (exact binomial)", discordant)


def test_the_exact_form_is_for_two_by_two_alone() -> None:
    with pytest.raises(ValueError, match="2×2"):
        bowker(np.eye(3), method="exact")
    with pytest.raises(ValueError, match="method"):
        bowker(np.eye(2), method="mid-p")  # type: ignore[arg-type]


def test_nobody_moved() -> None:
    found = bowker([[5, 0], [0, 4]])
    assert (found.p, found.statistic, found.discordant) == (1.0, 0.0, 0)


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ([[1, 2, 3], [1, 2, 3]], "square table"),
        ([[1.5, 2], [3, 4]], "fraction"),
        ([[-1, 2], [3, 4]], "negative"),
        ([1, 2], "two axes"),
        ([[0, 0], [0, 1]], "at least 2 pairs"),
        ([[1, 2], [3]], "rows of equal length"),
        ([["1", "2"], ["3", "4"]], "not an array of numbers"),
    ],
)
def test_bowker_refuses(table: object, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        bowker(table)  # type: ignore[arg-type]


def test_tables_of_one_row_are_refused() -> None:
    for test in (chi_square, fisher_exact):
        with pytest.raises(ValueError, match="two rows and two columns"):
            test([[1, 2], [0, 0]])
    with pytest.raises(ValueError, match="no direction"):
        fisher_exact([[1, 2, 3], [3, 2, 1]], alternative="less")
