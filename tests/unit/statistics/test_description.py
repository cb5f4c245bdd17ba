"""Descriptions, pooled folds and Holm's correction against pandas, statsmodels and written-out rules."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.weightstats import DescrStatsW

from evaluation.statistics import describe, describe_counts, holm, pool_fold_summaries, pool_folds

numbers = st.floats(-1e3, 1e3).map(lambda value: round(value, 3))


@given(st.lists(numbers, min_size=2, max_size=40))
def test_a_description_equals_pandas(values: list[float]) -> None:
    column, found = pd.Series(values), describe(values)
    assert (found.mean, found.standard_deviation, found.median) == pytest.approx(
        (column.mean(), column.std(), column.median()), rel=1e-9, abs=1e-9
    )
    assert found.quartiles == pytest.approx((column.quantile(0.25), column.quantile(0.75)), rel=1e-9, abs=1e-9)
    assert (found.minimum, found.maximum, found.n) == (column.min(), column.max(), len(column))


def test_the_interval_of_the_mean_equals_statsmodels() -> None:
    values = np.random.default_rng(1).normal(size=17)
    found = describe(values, level=0.9).interval
    np.testing.assert_allclose((found.low, found.high), DescrStatsW(values).tconfint_mean(alpha=0.1), rtol=1e-10)


def test_undefined_and_infinite_figures_are_counted_and_left_out() -> None:
    found = describe([0.8, math.nan, 0.6, math.inf, math.nan])
    assert (found.n, found.n_undefined, found.n_infinite) == (2, 2, 1)
    assert found.mean == pytest.approx(0.7)
    empty = describe([math.nan])
    assert (empty.n, empty.n_undefined) == (0, 1)
    assert math.isnan(empty.median)
    with pytest.raises(ValueError, match="at least 1 values"):
        describe([])


@given(st.lists(st.lists(numbers, min_size=1, max_size=12), min_size=2, max_size=6))
def test_folds_pool_to_their_concatenation_from_values_and_from_summaries(folds: list[list[float]]) -> None:
    everything = np.concatenate(folds)
    found = pool_folds(folds)
    sizes = [len(fold) for fold in folds]
    spreads = [float(np.std(fold, ddof=1)) if len(fold) > 1 else 0.0 for fold in folds]
    means = [float(np.mean(fold)) for fold in folds]
    summarised = pool_fold_summaries(means, spreads, sizes)
    weighted = sum(size * mean for size, mean in zip(sizes, means, strict=True)) / sum(sizes)
    for estimate in (found, summarised):
        assert estimate.mean == pytest.approx(weighted, rel=1e-9, abs=1e-9)
        assert estimate.standard_deviation == pytest.approx(everything.std(ddof=1), rel=1e-6, abs=1e-6)
        assert (estimate.n, estimate.folds) == (len(everything), len(folds))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
@settings(deadline=None, max_examples=25)
def test_holm_equals_pingouin_and_its_definition(p_values: list[float]) -> None:
    found = holm(p_values)
    rejected, adjusted = pingouin.multicomp(p_values, method="holm")
    np.testing.assert_allclose(found.adjusted, adjusted, rtol=1e-12)
    assert found.rejected == tuple(rejected)
    running = 0.0
    for rank, index in enumerate(np.argsort(p_values, kind="stable")):
        running = max(running, min(1.0, (len(p_values) - rank) * p_values[index]))
        assert found.adjusted[index] == pytest.approx(running, rel=1e-12)


def test_holm_refuses_what_is_no_p() -> None:
    for wrong in ([0.1, 1.2], [-0.1], [math.nan], []):
        with pytest.raises(ValueError, match=r"p_values|p-values"):
            holm(wrong)


def test_counts_describe_like_the_values_written_out() -> None:
    assert describe_counts([2, 3, 5], [1, 0, 2]) == describe([2, 5, 5])
    with pytest.raises(ValueError, match="equal number"):
        describe_counts([1, 2], [3])
    with pytest.raises(ValueError, match="at least 1 values"):
        describe_counts([1, 2], [0, 0])


def test_text_and_complex_numbers_are_no_figures() -> None:
    for wrong in (["1", "2"], [1j], [[1.0], [1.0, 2.0]]):
        with pytest.raises(ValueError, match="not an array of numbers"):
            describe(wrong)
