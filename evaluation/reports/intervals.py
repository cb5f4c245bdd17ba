"""Confidence intervals of a report: patients are what was sampled, never voxels, images or ratings."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from evaluation.reports.numbers import plain
from evaluation.statistics import bootstrap

Row = dict[str, Any]
LEVEL = 0.95
NOTHING: Row = {"low": None, "high": None, "interval": "none"}


def interval_of(
    values: NDArray[np.float64],
    patients: Sequence[str],
    statistic: Callable[[NDArray[np.float64]], float] | Literal["mean"],
    *,
    seed: int,
    resamples: int,
) -> Row:
    """Return the BCa interval over patients of a statistic of rows (row,) or (row, column), and how it was found.

    None where it cannot be had: fewer than three patients, a statistic that some resample leaves undefined, or
    resamples that all agree, which say nothing about what other patients would give.
    """
    try:
        found = bootstrap(values, statistic, seed=seed, patients=patients, resamples=resamples, level=LEVEL)
    except ValueError:
        return dict(NOTHING)
    if found.interval.low == found.interval.high:
        return dict(NOTHING)
    return {"low": plain(found.interval.low), "high": plain(found.interval.high), "interval": "BCa"}


def mean_interval(values: Sequence[float], patients: Sequence[str], *, seed: int, resamples: int) -> Row:
    """Return the interval of the mean of finite values."""
    return interval_of(np.asarray(values, np.float64), patients, "mean", seed=seed, resamples=resamples)


def share_interval(outcomes: Sequence[bool], patients: Sequence[str], *, seed: int, resamples: int) -> Row:
    """Return the interval of the share of true outcomes.

    Wilson's where every patient has one outcome. Where some have several, BCa over patients; when all outcomes agree
    there is nothing to resample, and it is Wilson's for as many outcomes as patients, as if a patient's were one.
    """
    if not outcomes:
        return dict(NOTHING)
    count = len(set(patients))
    same = all(outcomes) or not any(outcomes)
    if count < len(outcomes) and not same:
        return interval_of(np.asarray(outcomes, np.float64), patients, "mean", seed=seed, resamples=resamples)
    low, high = wilson(sum(outcomes) if count == len(outcomes) else count * all(outcomes), count)
    return {"low": low, "high": high, "interval": "Wilson"}


def wilson(successes: int, n: int, *, level: float = LEVEL) -> tuple[float, float]:
    """Return Wilson's score interval of a share. Source: Wilson, J Am Stat Assoc 22(158), 1927, doi:10.2307/2276774."""
    z = float(stats.norm.ppf((1 + level) / 2))
    share, spread = successes / n, z * z / n
    middle, reach = share + spread / 2, z * math.sqrt(share * (1 - share) / n + spread / (4 * n))
    return max(0.0, (middle - reach) / (1 + spread)), min(1.0, (middle + reach) / (1 + spread))
