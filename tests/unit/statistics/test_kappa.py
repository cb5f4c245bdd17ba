"""Cohen's and Fleiss' kappa against scikit-learn, statsmodels and resampling."""

from __future__ import annotations

import itertools
import math
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats import inter_rater

from evaluation.statistics import (
    cohen_kappa,
    count_votes,
    cross_tabulate,
    fleiss_kappa,
    votes_from_patterns,
)

Weights = Literal["none", "linear", "quadratic"]
WEIGHTS: tuple[Weights, ...] = ("none", "linear", "quadratic")


def scores(seed: int, n: int = 60) -> tuple[NDArray[Any], NDArray[Any]]:
    rng = np.random.default_rng(seed)
    first = rng.integers(1, 6, n)
    return first, np.clip(first + rng.integers(-1, 2, n), 1, 5)


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("seed", range(6))
def test_cohens_kappa_equals_scikit_learn(weights: Weights, seed: int) -> None:
    first, second = scores(seed)
    peer = cohen_kappa_score(first, second, weights=None if weights == "none" else weights)
    assert cohen_kappa(first, second, weights=weights).statistic == pytest.approx(peer, rel=1e-12)


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("seed", range(6))
def test_cohens_errors_and_p_equal_statsmodels(weights: Weights, seed: int) -> None:
    first, second = scores(seed)
    wt = {"none": None, "linear": "linear", "quadratic": "quadratic"}[weights]
    peer = inter_rater.cohens_kappa(cross_tabulate(first, second), wt=wt)
    found = cohen_kappa(first, second, weights=weights)
    assert found.standard_error == pytest.approx(peer.std_kappa, rel=1e-9)
    assert found.p == pytest.approx(peer.pvalue_two_sided, rel=1e-8)
    np.testing.assert_allclose((found.interval.low, found.interval.high), (peer.kappa_low, peer.kappa_upp), rtol=1e-6)


@pytest.mark.parametrize("n", [5, 8, 12, 200])
@pytest.mark.parametrize("seed", range(4))
def test_an_interval_never_leaves_the_range_of_kappa_and_is_statsmodels_inside_it(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    first = rng.integers(0, 2, n)
    first[:2] = 0, 1
    second = np.where(rng.random(n) < 0.1, 1 - first, first)
    peer, found = inter_rater.cohens_kappa(cross_tabulate(first, second)), cohen_kappa(first, second)
    limits = np.clip([peer.kappa_low, peer.kappa_upp], -1, 1)
    np.testing.assert_allclose((found.interval.low, found.interval.high), limits, atol=1e-6)
    beyond = peer.kappa_low < -1 or peer.kappa_upp > 1
    assert ("cut off" in found.interval.method) == bool(found.notes) == beyond


def test_an_absent_level_counts_when_the_scale_is_named() -> None:
    first, second = [1, 2, 5, 5, 2, 1], [1, 5, 5, 2, 2, 2]
    named = cohen_kappa(first, second, weights="linear", categories=[1, 2, 3, 4, 5])
    peer = cohen_kappa_score(first, second, weights="linear", labels=[1, 2, 3, 4, 5])
    assert named.statistic == pytest.approx(peer, rel=1e-12)
    assert named.statistic != pytest.approx(cohen_kappa(first, second, weights="linear").statistic)


def test_categories_may_be_words() -> None:
    first, second = ["GTR", "RT", "RT", "GTR"], np.array(["GTR", "RT", "GTR", "GTR"])
    assert cohen_kappa(first, second).statistic == pytest.approx(cohen_kappa_score(first, second), rel=1e-12)


def test_kappa_of_one_category_is_undefined() -> None:
    assert math.isnan(cohen_kappa([3, 3, 3], [3, 3, 3]).statistic)
    assert math.isnan(fleiss_kappa([[4, 0], [4, 0]]).statistic)
    assert "one category" in fleiss_kappa([[4, 0], [4, 0]]).notes[0]


@pytest.mark.parametrize("raters", [2, 3, 8])
@pytest.mark.parametrize("categories", [2, 4])
def test_fleiss_kappa_equals_statsmodels(raters: int, categories: int) -> None:
    rng = np.random.default_rng(raters * 10 + categories)
    truth = rng.integers(0, categories, (40, 1))
    ratings = np.where(rng.random((40, raters)) < 0.6, truth, rng.integers(0, categories, (40, raters)))
    counts = count_votes(ratings, categories=list(range(categories)))
    assert fleiss_kappa(counts).statistic == pytest.approx(inter_rater.fleiss_kappa(counts), rel=1e-12)
    np.testing.assert_array_equal(counts, inter_rater.aggregate_raters(ratings, n_cat=categories)[0])


def test_fleiss_published_example() -> None:
    """Fleiss 1971: 30 patients, 6 psychiatrists, 5 diagnoses: kappa 0.430, z 17.65."""
    rows = """0 0 0 6 0;0 3 0 0 3;0 1 4 0 1;0 0 0 0 6;0 3 0 3 0;2 0 4 0 0;0 0 4 0 2;2 0 3 1 0;2 0 0 4 0;0 0 0 0 6
    1 0 0 5 0;1 1 0 4 0;0 3 3 0 0;1 0 0 5 0;0 2 0 3 1;0 0 5 0 1;3 0 0 1 2;5 1 0 0 0;0 2 0 4 0;1 0 2 0 3
    0 0 0 0 6;0 1 0 5 0;0 2 0 1 3;2 0 0 4 0;1 0 0 4 1;0 5 0 1 0;4 0 0 0 2;0 2 0 4 0;1 0 5 0 0;0 0 0 0 6"""
    counts = np.array([[int(value) for value in row.split()] for row in rows.replace("\n", ";").split(";")])
    found = fleiss_kappa(counts)
    assert found.statistic == pytest.approx(0.430, abs=0.0005)
    assert (found.n, found.raters, found.p < 1e-60) == (30, 6, True)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 6)), min_size=2, max_size=12))
@settings(deadline=None, max_examples=60)
def test_a_weighted_histogram_equals_its_rows_written_out(rows: list[tuple[int, int]]) -> None:
    votes = np.array([[5 - marked, marked] for marked, _ in rows])
    weights = np.array([times for _, times in rows])
    short, long = fleiss_kappa(votes, weights=weights), fleiss_kappa(np.repeat(votes, weights, axis=0))
    for field in ("statistic", "p", "standard_error", "observed", "expected"):
        assert getattr(short, field) == pytest.approx(getattr(long, field), rel=1e-9, abs=1e-12, nan_ok=True)
    assert short.n == long.n


def test_a_histogram_of_vote_patterns_equals_the_voxels() -> None:
    rng = np.random.default_rng(3)
    masks = rng.random((4, 6, 5, 4)) < 0.4
    masks[2] = masks[1]
    codes = sum((masks[rater].astype(int) << rater for rater in range(4)), np.zeros((6, 5, 4), dtype=int))
    votes, weights = votes_from_patterns(np.bincount(codes.ravel(), minlength=16), raters=4)
    ratings = masks.reshape(4, -1).T.astype(int)
    counts = inter_rater.aggregate_raters(ratings, n_cat=2)[0]
    assert weights.sum() == 120
    assert fleiss_kappa(votes, weights=weights).statistic == pytest.approx(inter_rater.fleiss_kappa(counts), rel=1e-12)


def test_nine_million_voxels_are_a_histogram_of_nine_rows() -> None:
    weights = np.array([8_900_000, 5_000, 4_000, 3_000, 3_000, 4_000, 5_000, 9_000, 67_000])
    votes = np.stack([8 - np.arange(9), np.arange(9)], axis=1)
    assert fleiss_kappa(votes, weights=weights).statistic == pytest.approx(
        inter_rater.fleiss_kappa(np.repeat(votes, weights // 1000, axis=0)), rel=1e-10
    )


@pytest.mark.parametrize("shares", [(0.34, 0.33, 0.33), (0.9, 0.07, 0.03)])
def test_the_standard_error_of_fleiss_is_that_of_the_jackknife(shares: tuple[float, ...]) -> None:
    """Equal to first order in 1/n: 1 % apart with 1600 subjects (2.5 % with 400)."""
    rng = np.random.default_rng(8)
    truth, guess = rng.choice(3, (1600, 1), p=shares), rng.choice(3, (1600, 5), p=shares)
    counts = count_votes(np.where(rng.random((1600, 5)) < 0.5, truth, guess))
    _, first, times = np.unique(counts, axis=0, return_index=True, return_counts=True)
    left_out = np.array([inter_rater.fleiss_kappa(np.delete(counts, row, axis=0)) for row in first])
    mean = np.average(left_out, weights=times)
    jackknife = math.sqrt(1599 / 1600 * np.sum(times * (left_out - mean) ** 2))
    assert fleiss_kappa(counts).standard_error == pytest.approx(jackknife, rel=0.01)


def test_the_null_p_of_fleiss_is_that_of_random_votes() -> None:
    rng = np.random.default_rng(4)
    p = [fleiss_kappa(count_votes(rng.integers(0, 3, (60, 4)), categories=[0, 1, 2])).p for _ in range(500)]
    assert 0.02 < np.mean(np.array(p) < 0.05) < 0.09


def test_kappa_does_not_depend_on_the_order_of_raters_or_categories() -> None:
    first, second = scores(9, 25)
    for weights, reverse in itertools.product(WEIGHTS, (False, True)):
        order = [5, 4, 3, 2, 1] if reverse else [1, 2, 3, 4, 5]
        base = cohen_kappa(first, second, weights=weights, categories=[1, 2, 3, 4, 5])
        other = cohen_kappa(second, first, weights=weights, categories=order)
        assert other.statistic == pytest.approx(base.statistic, rel=1e-12)


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ([[2, 1], [1, 1]], "between 2 and 3 raters"),
        ([[1, 0], [0, 1]], "at least 2 raters"),
        ([[2, 1]], "at least 2 subjects"),
        ([[2.5, 0.5], [2, 1]], "fraction"),
        ([[-1, 4], [2, 1]], "negative"),
        ([2, 1], "two axes"),
        ([[math.nan, 1], [2, 1]], "undefined"),
    ],
)
def test_fleiss_refuses(counts: list[list[float]], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        fleiss_kappa(counts)


def test_cohen_refuses() -> None:
    with pytest.raises(ValueError, match="same ones"):
        cohen_kappa([1, 2], [1])
    with pytest.raises(ValueError, match="no category at position 1"):
        cohen_kappa([1, None], [1, 2])
    with pytest.raises(ValueError, match="Not among the categories: 7"):
        cohen_kappa([1, 7], [1, 2], categories=[1, 2])
    with pytest.raises(ValueError, match="at least 2 subjects"):
        cohen_kappa([1], [1])
    with pytest.raises(ValueError, match="common order"):
        cohen_kappa([1, "a"], [1, "a"])
    with pytest.raises(ValueError, match="weights is one of"):
        cohen_kappa([1, 2], [1, 2], weights="cubic")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="16 entries"):
        votes_from_patterns(np.zeros(8), raters=4)
    with pytest.raises(ValueError, match="entries for 2 rows"):
        fleiss_kappa([[1, 1], [0, 2]], weights=[1])
