"""Krippendorff's alpha against the krippendorff package and against chance."""

from __future__ import annotations

import math
from typing import Any

import krippendorff
import numpy as np
import pytest
from numpy.typing import NDArray

from evaluation.statistics import krippendorff_alpha
from evaluation.statistics.krippendorff import Scale

NAN = math.nan
SCALES: tuple[Scale, ...] = ("nominal", "ordinal", "interval", "ratio")


def ratings(seed: int, missing: float) -> NDArray[Any]:
    rng = np.random.default_rng(seed)
    truth = rng.integers(1, 6, (25, 1))
    table = np.clip(truth + rng.integers(-1, 2, (25, 4)), 1, 5).astype(float)
    table[rng.random(table.shape) < missing] = np.nan
    return table


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("missing", [0.0, 0.2, 0.6])
@pytest.mark.parametrize("seed", [1, 2])
def test_alpha_equals_the_krippendorff_package(scale: Scale, missing: float, seed: int) -> None:
    table = ratings(seed, missing)
    peer = krippendorff.alpha(reliability_data=table.T, level_of_measurement=scale)
    found = krippendorff_alpha(table, scale=scale, resamples=0)
    assert found.statistic == pytest.approx(peer, rel=1e-10)
    assert found.n + found.left_out == 25


def test_subjects_with_one_rating_are_left_out_and_counted() -> None:
    table = [[1.0, 1, NAN], [2.0, 2, 2], [3.0, NAN, NAN], [1.0, 2, NAN], [NAN] * 3]
    found = krippendorff_alpha(table, scale="nominal")
    assert (found.n, found.left_out) == (3, 2)


def test_the_same_seed_gives_the_same_interval_and_p() -> None:
    table = ratings(5, 0.1)
    assert krippendorff_alpha(table, scale="ordinal", seed=4) == krippendorff_alpha(table, scale="ordinal", seed=4)
    assert krippendorff_alpha(table, scale="ordinal", seed=4) != krippendorff_alpha(table, scale="ordinal", seed=5)


def test_agreement_is_told_from_chance() -> None:
    rng = np.random.default_rng(6)
    agreed = krippendorff_alpha(ratings(6, 0.0), scale="ordinal")
    assert agreed.p == 1 / 1001
    assert agreed.interval.low > 0
    assert agreed.statistic in agreed.interval
    p = [krippendorff_alpha(rng.integers(0, 3, (20, 3)), scale="nominal", resamples=99).p for _ in range(200)]
    assert 0.01 < np.mean(np.array(p) <= 0.05) < 0.1


def test_equal_ratings_have_no_alpha() -> None:
    found = krippendorff_alpha([[2, 2], [2, 2]], scale="nominal")
    assert math.isnan(found.statistic)
    assert math.isnan(found.p)


def test_what_alpha_refuses() -> None:
    with pytest.raises(ValueError, match="at least 2 subjects with two ratings"):
        krippendorff_alpha([[1.0, 2.0], [1.0, NAN]], scale="nominal")
    with pytest.raises(ValueError, match="two axes"):
        krippendorff_alpha([1, 2, 3], scale="nominal")
    with pytest.raises(ValueError, match="negative"):
        krippendorff_alpha([[1, -2], [1, 2]], scale="ratio")
    with pytest.raises(ValueError, match="∞"):
        krippendorff_alpha([[1.0, math.inf], [1.0, 2.0]], scale="interval")
    with pytest.raises(ValueError, match="scale is one of"):
        krippendorff_alpha([[1, 2], [1, 2]], scale="metric")  # type: ignore[arg-type]
