"""Rank tests against enumeration of every arrangement, Kruskal–Wallis, ROC areas and pandas."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats
from sklearn.metrics import roc_auc_score

from evaluation.statistics import mann_whitney, spearman, wilcoxon
from evaluation.statistics.ranks import Zeros
from evaluation.statistics.results import Alternative

SIDES: tuple[Alternative, ...] = ("two-sided", "greater", "less")
ZEROS: tuple[Zeros, ...] = ("drop", "pratt", "split")


def tail(all_values: NDArray[Any], found: float, side: str) -> float:
    above, below = float(np.mean(all_values >= found - 1e-9)), float(np.mean(all_values <= found + 1e-9))
    return {"greater": above, "less": below, "two-sided": min(1.0, 2 * min(above, below))}[side]


@pytest.mark.parametrize("side", SIDES)
def test_exact_mann_whitney_equals_all_arrangements(side: Alternative) -> None:
    rng = np.random.default_rng(1)
    first, second = rng.normal(0.7, 1, 5), rng.normal(0, 1, 6)
    pooled = np.concatenate([first, second])
    every = []
    for chosen in itertools.combinations(range(11), 5):
        others = [index for index in range(11) if index not in chosen]
        every.append(np.sum(pooled[list(chosen)][:, None] > pooled[others][None, :]))
    found = mann_whitney(first, second, alternative=side)
    assert "exact" in found.test
    assert found.p == pytest.approx(tail(np.array(every), found.statistic, side), rel=1e-12)


@given(st.lists(st.integers(2, 5), min_size=12, max_size=30), st.integers(4, 8))
@settings(deadline=None, max_examples=60)
def test_u_is_the_roc_area_and_its_p_that_of_kruskal_wallis(values: list[int], cut: int) -> None:
    first, second = values[:cut], values[cut:]
    found = mann_whitney(first, second, method="asymptotic", continuity=False)
    area = roc_auc_score([1] * len(first) + [0] * len(second), values)
    assert found.statistic == pytest.approx(area * len(first) * len(second), abs=1e-9)
    assert found.effect_size == pytest.approx(2 * area - 1, abs=1e-12)
    expected = stats.kruskal(first, second).pvalue if len(set(values)) > 1 else 1.0
    assert found.p == pytest.approx(expected, rel=1e-9)


def test_mann_whitney_equals_pingouin_by_default() -> None:
    rng = np.random.default_rng(5)
    first, second = rng.normal(size=30), rng.normal(0.5, 1, 40)
    peer = pingouin.mwu(first, second)
    found = mann_whitney(first, second)
    assert found.p == pytest.approx(peer.at["MWU", "p_val" if "p_val" in peer else "p-val"], rel=1e-12)
    assert (found.n_first, found.n_second, found.n) == (30, 40, 70)


@pytest.mark.parametrize("zeros", ZEROS)
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("seed", range(4))
def test_exact_wilcoxon_equals_all_signs_with_ties_and_zeros(zeros: Zeros, side: Alternative, seed: int) -> None:
    rng = np.random.default_rng(seed)
    first, second = rng.integers(1, 6, 11), rng.integers(1, 6, 11)
    differences = (first - second).astype(float)
    if zeros == "drop":
        differences = differences[differences != 0]
    ranks = stats.rankdata(np.abs(differences))
    halves = ranks[differences == 0].sum() / 2 if zeros == "split" else 0.0
    ranks, signs = ranks[differences != 0], np.sign(differences[differences != 0])
    every = np.array([ranks[np.array(sign) > 0].sum() for sign in itertools.product((-1, 1), repeat=len(ranks))])
    found = wilcoxon(first, second, zeros=zeros, alternative=side)
    assert found.statistic == pytest.approx(ranks[signs > 0].sum() + halves)
    assert found.p == pytest.approx(tail(every + halves, found.statistic, side), rel=1e-12)


@pytest.mark.parametrize("zeros", ZEROS)
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("n", [8, 13, 30, 60])
@pytest.mark.parametrize("whole", [True, False])
def test_wilcoxon_equals_scipys_own_choice_of_method(zeros: Zeros, side: Alternative, n: int, whole: bool) -> None:
    rng = np.random.default_rng(n)
    first, second = rng.normal(3, 1, n), rng.normal(3.3, 1, n)
    if whole:
        first, second = np.rint(first), np.rint(second)
    names = {"drop": "wilcox", "pratt": "pratt", "split": "zsplit"}
    peer = stats.wilcoxon(first, second, zero_method=names[zeros], alternative=side, correction=False)
    assert wilcoxon(first, second, zeros=zeros, alternative=side).p == pytest.approx(peer.pvalue, rel=1e-9)


def test_wilcoxon_states_its_zeros() -> None:
    found = wilcoxon([3, 4, 5, 3, 2], [3, 3, 4, 5, 2])
    assert (found.n, found.zeros) == (3, 2)
    assert "zeros dropped" in found.test
    assert wilcoxon([3, 4, 5, 3, 2], [3, 3, 4, 5, 2], zeros="split").n == 5
    assert "Pratt" in wilcoxon([3, 4, 5, 3, 2], [3, 3, 4, 5, 2], zeros="pratt").test


@pytest.mark.parametrize("zeros", ZEROS)
def test_wilcoxon_without_any_difference_is_undefined(zeros: Zeros) -> None:
    found = wilcoxon([1, 2, 3], [1, 2, 3], zeros=zeros)
    assert math.isnan(found.p)
    assert found.notes == ("Undefined: no pair differs.",)


def test_values_that_are_equal_up_to_rounding_have_no_rank_in_wilcoxon() -> None:
    exact = wilcoxon([0.3, 0.5, 0.7, 0.2], [0.3, 0.4, 0.1, 0.6])
    rounded = wilcoxon([0.1 + 0.2, 0.5, 0.7, 0.2], [0.3, 0.4, 0.1, 0.6])
    assert 0.1 + 0.2 != 0.3
    assert (rounded.n, rounded.zeros, rounded.p) == (exact.n, exact.zeros, exact.p) == (3, 1, exact.p)


def test_the_effect_size_of_wilcoxon_is_one_when_all_rise() -> None:
    assert wilcoxon([2, 4, 6, 8], [1, 2, 3, 4]).effect_size == 1
    assert wilcoxon([1, 2, 3, 4], [2, 4, 6, 8]).effect_size == -1


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=4, max_size=30))
@settings(deadline=None, max_examples=80)
def test_spearman_equals_pearson_on_the_ranks_of_pandas(pairs: list[tuple[int, int]]) -> None:
    frame = pd.DataFrame(pairs, columns=["a", "b"]).astype(float)
    found = spearman(frame["a"], frame["b"])
    if frame["a"].nunique() == 1 or frame["b"].nunique() == 1:
        assert math.isnan(found.statistic)
        assert found.notes
        return
    ranks = frame.rank()
    assert found.statistic == pytest.approx(np.corrcoef(ranks["a"], ranks["b"])[0, 1], abs=1e-12)
    assert found.interval is not None
    if abs(found.statistic) == 1:
        assert math.isnan(found.interval.low)
    else:
        assert found.interval.low <= found.statistic <= found.interval.high


def test_spearmans_p_equals_pingouin() -> None:
    rng = np.random.default_rng(3)
    first, second = rng.normal(size=40), rng.normal(size=40)
    peer = pingouin.corr(first, second, method="spearman")
    column = "p_val" if "p_val" in peer else "p-val"
    assert spearman(first, second).p == pytest.approx(peer.at["spearman", column], rel=1e-9)


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
@pytest.mark.parametrize("second", [(2, 4, 1, 3, 5, 6), (1, 1, 2, 3, 3, 5), (1, 2, 3, 4, 5, 6)])
def test_spearmans_p_of_few_pairs_is_that_of_scipys_permutation_test(alternative: Any, second: tuple[int, ...]) -> None:
    first = [0.1, 0.4, 0.35, 0.8, 0.8, 1.5]
    peer = stats.permutation_test(
        (np.array(second),),
        lambda other: stats.spearmanr(first, other).statistic,
        permutation_type="pairings",
        n_resamples=np.inf,
        alternative=alternative,
    )
    two_sided = np.mean(np.abs(peer.null_distribution) >= abs(peer.statistic) - 1e-9)
    expected = two_sided if alternative == "two-sided" else peer.pvalue
    assert spearman(first, second, alternative=alternative).p == pytest.approx(expected, abs=1e-12)


def test_four_pairs_in_one_order_prove_little() -> None:
    found = spearman([1, 2, 3, 4], [2, 3, 5, 9])
    assert found.statistic == 1
    assert found.p == pytest.approx(2 / 24)
    assert found.notes == (), "a note says that there is no correlation"
    assert found.interval is not None
    assert math.isnan(found.interval.low)


def test_spearmans_interval_holds_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(12)
    truth, inside = 6 / math.pi * math.asin(0.7 / 2), 0
    for _ in range(800):
        first = rng.normal(size=40)
        found = spearman(first, 0.7 * first + math.sqrt(0.51) * rng.normal(size=40))
        assert found.interval is not None
        inside += truth in found.interval
    assert abs(inside / 800 - 0.95) < 0.025


def test_what_rank_tests_refuse() -> None:
    with pytest.raises(ValueError, match="knows no ties"):
        mann_whitney([1, 2, 2], [2, 3], method="exact")
    with pytest.raises(ValueError, match="zeros is one of"):
        wilcoxon([1, 2], [2, 3], zeros="keep")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="method is one of"):
        mann_whitney([1, 2], [2, 3], method="fast")  # type: ignore[arg-type]
