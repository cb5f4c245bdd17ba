"""Bootstrap and sign flips against a BCa written out here, full enumeration and coverage."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from evaluation.statistics import bootstrap, sign_flip


def test_the_interval_equals_bca_written_out() -> None:
    """Efron's formula, on resamples of our own drawing: equal up to the noise of 40 000 draws."""
    rng = np.random.default_rng(3)
    sample = rng.lognormal(0, 0.8, 25)
    estimate = sample.mean()
    drawn = sample[rng.integers(0, 25, (40_000, 25))].mean(axis=1)
    bias = stats.norm.ppf(np.mean(drawn < estimate))
    left_out = np.array([np.delete(sample, row).mean() for row in range(25)])
    spread = left_out.mean() - left_out
    acceleration = np.sum(spread**3) / (6 * np.sum(spread**2) ** 1.5)
    z = bias + stats.norm.ppf([0.025, 0.975])
    low, high = np.quantile(drawn, stats.norm.cdf(bias + z / (1 - acceleration * z)))
    found = bootstrap(sample, seed=5, resamples=40_000)
    assert found.statistic == estimate
    assert (found.interval.low, found.interval.high) == pytest.approx((low, high), rel=0.01)
    assert found.standard_error == pytest.approx(drawn.std(ddof=1), rel=0.02)


@pytest.mark.parametrize("count", [3, 7, 8, 50, 400])
@pytest.mark.parametrize("most", [1, 2, 9])
@pytest.mark.parametrize(("name", "function"), [("mean", np.mean), ("median", np.median)])
def test_all_resamples_at_once_give_the_very_numbers_of_one_after_the_other(
    name: Any, function: Any, most: int, count: int
) -> None:
    """Also where patients have up to so many rows each, in any order."""
    rng = np.random.default_rng(count)
    patients = np.repeat(np.arange(count), rng.integers(1, most + 1, count))
    rng.shuffle(patients)
    sample = rng.normal(3, 1, len(patients))
    together, apart = (
        bootstrap(sample, one, seed=count, resamples=200, patients=patients.tolist()) for one in (name, function)
    )
    assert together.interval.low == apart.interval.low
    assert together.interval.high == apart.interval.high
    assert together.standard_error == apart.standard_error


def test_a_statistic_of_columns_equals_scipys_paired_bootstrap() -> None:
    rng = np.random.default_rng(8)
    table = rng.normal([1.0, 0.5], 1.0, (20, 2))
    peer = stats.bootstrap(
        (table[:, 0], table[:, 1]),
        lambda a, b: float(np.mean(a) / np.mean(b)),
        paired=True,
        vectorized=False,
        n_resamples=2000,
        rng=np.random.default_rng(2),
    ).confidence_interval
    found = bootstrap(table, lambda rows: float(rows[:, 0].mean() / rows[:, 1].mean()), seed=2, resamples=2000)
    assert (found.interval.low, found.interval.high) == pytest.approx((peer.low, peer.high), rel=1e-12)


def test_patients_and_not_their_images_are_drawn() -> None:
    """Five equal images of each patient carry no more than one of them."""
    rng = np.random.default_rng(4)
    values = rng.normal(size=20)
    single = bootstrap(values, seed=1, resamples=3000)
    repeated = bootstrap(np.repeat(values, 5), seed=1, patients=np.repeat(np.arange(20), 5), resamples=3000)
    assert (repeated.interval.low, repeated.interval.high) == pytest.approx(
        (single.interval.low, single.interval.high), rel=1e-9
    )
    assert (repeated.n, repeated.unit) == (20, "patients")
    naive = bootstrap(np.repeat(values, 5), seed=1, resamples=3000)
    assert naive.standard_error < 0.6 * repeated.standard_error


def test_ninety_five_in_a_hundred_intervals_hold_the_mean() -> None:
    rng = np.random.default_rng(1)
    inside = sum(
        3.0 in bootstrap(rng.normal(3, 1, 30), seed=int(rng.integers(1 << 30)), resamples=400).interval
        for _ in range(200)
    )
    assert 0.89 < inside / 200 < 0.98


def test_the_seed_decides_the_interval() -> None:
    values = np.arange(12.0)
    assert bootstrap(values, "median", seed=1) == bootstrap(values, "median", seed=1)
    assert bootstrap(values, seed=1).interval != bootstrap(values, seed=2).interval


def test_equal_values_have_an_interval_without_width() -> None:
    found = bootstrap([0.7, 0.7, 0.7], seed=1)
    assert (found.interval.low, found.interval.high, found.standard_error) == pytest.approx((0.7, 0.7, 0))


def test_few_patients_are_noted_and_fewer_refused() -> None:
    assert any("unreliable" in note for note in bootstrap([1, 2, 4], seed=1).notes)
    with pytest.raises(ValueError, match="at least 3 patients"):
        bootstrap([1, 2, 3, 4], seed=1, patients=["a", "a", "b", "b"])
    with pytest.raises(ValueError, match="undefined in a resample"):
        bootstrap([0.0, 1.0, 2.0], lambda _: float("nan"), seed=1)
    with pytest.raises(ValueError, match="at least 100 resamples"):
        bootstrap([0.0, 1.0, 2.0], seed=1, resamples=10)
    with pytest.raises(ValueError, match="3 entries for 4 rows"):
        bootstrap([1, 2, 3, 4], seed=1, patients=["a", "a", "b"])


def test_sign_flips_come_to_the_p_of_all_sign_patterns() -> None:
    rng = np.random.default_rng(6)
    deviations = rng.normal(0.4, 1, 12)
    every = np.array([np.dot(signs, deviations) for signs in itertools.product((-1, 1), repeat=12)])
    found = sign_flip(deviations, seed=3, flips=40_000)
    total = deviations.sum()
    exact = (
        np.mean(every >= total - 1e-9),
        np.mean(every <= total + 1e-9),
        np.mean(np.abs(every) >= abs(total) - 1e-9),
    )
    assert (found.p_greater, found.p_less, found.p_two_sided) == pytest.approx(exact, abs=0.008)


def test_sign_flips_agree_with_scipys_permutation_test() -> None:
    deviations = np.array([0.3, -0.1, 0.5, 0.2, 0.6, -0.2, 0.4, 0.1])
    peer = stats.permutation_test(
        (deviations,), np.mean, permutation_type="samples", alternative="greater", n_resamples=np.inf
    )
    assert sign_flip(deviations, seed=1, flips=60_000).p_greater == pytest.approx(peer.pvalue, abs=0.003)


def test_p_counts_the_observed_arrangement_and_is_never_zero() -> None:
    found = sign_flip(np.full(40, 2.0), seed=1, alternative="greater")
    assert found.p == 1 / 10_001
    assert found.p_less == 1.0
    assert math.isnan(found.effect_size)


def test_a_flip_that_equals_the_observed_one_is_extreme() -> None:
    """0.1 + 0.2 + 0.3 and 0.3 + 0.2 + 0.1 differ in float64; of eight sign patterns one is as large."""
    found = sign_flip([0.1, 0.2, 0.3], seed=2, flips=20_000)
    assert found.p_greater == pytest.approx(1 / 8, abs=0.01)
    assert found.p_two_sided == pytest.approx(2 / 8, abs=0.01)


def test_the_baseline_is_what_deviations_are_measured_from() -> None:
    values = np.array([5.2, 4.9, 6.1, 5.5, 5.8])
    based, centred = sign_flip(values, baseline=5.0, seed=4), sign_flip(values - 5.0, seed=4)
    assert (based.p, based.statistic) == pytest.approx((centred.p, centred.statistic))


def test_the_values_of_a_patient_turn_together() -> None:
    values = np.repeat([0.5, -0.2, 0.8, 0.4], 6)
    together = sign_flip(values, seed=1, patients=np.repeat(list("abcd"), 6), alternative="greater")
    assert together.p == pytest.approx(2 / 16, abs=0.02)
    assert (together.n, together.unit) == (4, "patients")
    assert sign_flip(values, seed=1, alternative="greater").p < 0.01
    with pytest.raises(ValueError, match="at least 2 patients"):
        sign_flip([1.0, 2.0], seed=1, patients=["a", "a"])
