"""Bland–Altman: against statsmodels, and its exact intervals against simulation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy import stats
from statsmodels.stats.weightstats import DescrStatsW

from evaluation.statistics import bland_altman


def volumes(seed: int, n: int = 25) -> tuple[NDArray[Any], NDArray[Any]]:
    rng = np.random.default_rng(seed)
    first = rng.lognormal(3, 0.5, n)
    return first, first + rng.normal(0.8, 2, n)


@pytest.mark.parametrize("seed", range(4))
def test_bias_and_its_test_equal_statsmodels(seed: int) -> None:
    first, second = volumes(seed)
    peer = DescrStatsW(first - second)
    found = bland_altman(first, second)
    assert found.statistic == pytest.approx(peer.mean, rel=1e-12)
    assert found.p == pytest.approx(peer.ttest_mean(0)[1], rel=1e-10)
    np.testing.assert_allclose((found.interval.low, found.interval.high), peer.tconfint_mean(), rtol=1e-10)
    spread = math.sqrt(peer.var * 25 / 24)
    np.testing.assert_allclose(
        (found.lower, found.upper), (peer.mean - 1.959963984540054 * spread, peer.mean + 1.959963984540054 * spread)
    )


def test_the_slope_equals_least_squares() -> None:
    first, second = volumes(9)
    fitted = sm.OLS(first - second, sm.add_constant((first + second) / 2)).fit()
    found = bland_altman(first, second)
    assert found.slope == pytest.approx(fitted.params[1], rel=1e-9)
    assert found.slope_p == pytest.approx(fitted.pvalues[1], rel=1e-8)


@pytest.mark.parametrize("n", [5, 20])
def test_the_intervals_of_the_limits_hold_the_true_limit_as_often_as_they_say(n: int) -> None:
    rng = np.random.default_rng(n)
    inside = np.zeros(2)
    for _ in range(1500):
        found = bland_altman(rng.normal(1, 2, n), np.zeros(n))
        inside += (1 - 1.95996 * 2 in found.lower_interval, 1 + 1.95996 * 2 in found.upper_interval)
    assert np.all(np.abs(inside / 1500 - 0.95) < 0.02)


def test_with_many_pairs_the_exact_interval_meets_the_approximate_one() -> None:
    rng = np.random.default_rng(2)
    first, second = rng.normal(size=4000), rng.normal(size=4000)
    found = bland_altman(first, second)
    error = math.sqrt(1 / 4000 + stats.norm.ppf(0.975) ** 2 / (2 * 3999)) * found.standard_deviation
    assert found.upper_interval.high == pytest.approx(found.upper + 1.96 * error, abs=0.003)


def test_swapping_the_measurements_mirrors_everything() -> None:
    first, second = volumes(3)
    one, other = bland_altman(first, second), bland_altman(second, first)
    assert one.statistic == -other.statistic
    assert one.lower == pytest.approx(-other.upper)
    assert one.lower_interval.low == pytest.approx(-other.upper_interval.high)


def test_equal_differences_have_limits_without_width() -> None:
    found = bland_altman([0.1, 0.2, 0.3], [0.2, 0.3, 0.4])
    assert math.isnan(found.p)
    assert found.lower == found.upper == pytest.approx(-0.1)
    assert found.notes
