"""Paired t and analysis of variance against statsmodels and pingouin."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pingouin
import pytest
import statsmodels.api as sm
from numpy.typing import NDArray
from statsmodels.formula.api import ols
from statsmodels.stats.multicomp import pairwise_tukeyhsd
from statsmodels.stats.oneway import anova_oneway
from statsmodels.stats.weightstats import DescrStatsW

from evaluation.statistics import anova, paired_t
from evaluation.statistics.results import Alternative

SIDES = {"greater": "larger", "less": "smaller", "two-sided": "two-sided"}


def groups(seed: int) -> dict[str, NDArray[Any]]:
    rng = np.random.default_rng(seed)
    return {
        "ED": rng.normal(0, 1, 12),
        "ET": rng.normal(1, 2, 20),
        "NC": rng.normal(0.5, 1, 7),
        "NEH": rng.normal(1, 3, 9),
    }


def in_rows(samples: dict[str, NDArray[Any]]) -> pd.DataFrame:
    return pd.DataFrame([(name, value) for name, values in samples.items() for value in values], columns=["g", "y"])


@pytest.mark.parametrize("side", SIDES)
def test_paired_t_equals_statsmodels(side: Alternative) -> None:
    rng = np.random.default_rng(1)
    first = rng.normal(size=15)
    second = first + rng.normal(0.3, 0.5, 15)
    peer = DescrStatsW(first - second)
    found = paired_t(first, second, alternative=side)
    t, p, freedom = peer.ttest_mean(0, alternative=SIDES[side])
    assert (found.statistic, found.p, found.degrees_of_freedom) == pytest.approx((t, p, freedom), rel=1e-10)
    assert found.interval is not None
    expected = peer.tconfint_mean(alternative=SIDES[side])
    assert (found.interval.low, found.interval.high) == pytest.approx(expected, rel=1e-10)
    assert found.effect_size == pytest.approx(t / math.sqrt(15), rel=1e-10)


def test_paired_t_names_its_tails_and_needs_a_direction() -> None:
    assert "one-tailed" in paired_t([1, 2, 4], [0, 2, 1], alternative="greater").test
    with pytest.raises(TypeError):
        paired_t([1, 2, 4], [0, 2, 1])  # type: ignore[call-arg]


def test_equal_differences_have_no_t_even_after_rounding() -> None:
    found = paired_t([0.1, 0.2, 0.3], [0.2, 0.3, 0.4], alternative="less")
    assert math.isnan(found.p)
    assert found.mean_difference == pytest.approx(-0.1)
    assert found.notes


@pytest.mark.parametrize("seed", range(3))
def test_anova_equals_statsmodels(seed: int) -> None:
    samples = groups(seed)
    table = sm.stats.anova_lm(ols("y ~ g", in_rows(samples)).fit())
    found = anova(samples)
    assert found.statistic == pytest.approx(table.at["g", "F"], rel=1e-10)
    assert found.p == pytest.approx(table.at["g", "PR(>F)"], rel=1e-9)
    assert found.effect_size == pytest.approx(table.at["g", "sum_sq"] / table["sum_sq"].sum(), rel=1e-10)
    mean_square = table.at["Residual", "mean_sq"]
    omega = (table.at["g", "sum_sq"] - 3 * mean_square) / (table["sum_sq"].sum() + mean_square)
    assert found.omega_squared == pytest.approx(omega, rel=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_tukey_equals_statsmodels(seed: int) -> None:
    samples = groups(seed)
    rows = in_rows(samples)
    peer = pairwise_tukeyhsd(rows["y"], rows["g"])
    found = anova(samples).comparisons
    np.testing.assert_allclose([-pair.difference for pair in found], peer.meandiffs, rtol=1e-9)
    np.testing.assert_allclose([pair.p for pair in found], peer.pvalues, atol=2e-4)
    limits = [(-pair.interval.high, -pair.interval.low) for pair in found if pair.interval]
    np.testing.assert_allclose(limits, peer.confint, atol=2e-3)


@pytest.mark.parametrize("seed", range(2))
def test_welch_equals_statsmodels(seed: int) -> None:
    samples = groups(seed)
    peer = anova_oneway(list(samples.values()), use_var="unequal")
    found = anova(samples, equal_variances=False)
    assert (found.statistic, found.p) == pytest.approx((peer.statistic, peer.pvalue), rel=1e-9)
    assert found.degrees_of_freedom == pytest.approx(peer.df, rel=1e-9)


@pytest.mark.parametrize("seed", range(2))
def test_games_howell_equals_pingouin(seed: int) -> None:
    samples = groups(seed)
    peer = pingouin.pairwise_gameshowell(in_rows(samples), dv="y", between="g")
    found = anova(samples, equal_variances=False)
    assert found.post_hoc == "Games–Howell"
    assert [(pair.first, pair.second) for pair in found.comparisons] == list(zip(peer["A"], peer["B"], strict=True))
    np.testing.assert_allclose([pair.difference for pair in found.comparisons], peer["diff"], rtol=1e-6)
    np.testing.assert_allclose([pair.p for pair in found.comparisons], peer["pval"], atol=2e-4)


def test_groups_without_spread_are_undefined_and_not_infinite() -> None:
    found = anova({"a": [1, 1], "b": [2, 2]})
    assert math.isnan(found.p)
    assert found.comparisons[0].difference == -1
    assert math.isnan(found.comparisons[0].p)
    with pytest.raises(ValueError, match="a has none"):
        anova({"a": [1, 1], "b": [2, 3]}, equal_variances=False)


def test_anova_refuses_one_group_and_single_values() -> None:
    with pytest.raises(ValueError, match="at least 2 groups"):
        anova({"a": [1, 2]})
    with pytest.raises(ValueError, match="at least 2 values in group 'b'"):
        anova({"a": [1, 2], "b": [1]})
