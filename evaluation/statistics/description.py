"""Numbers that describe a sample: for one column of a table, for counts of scores, over folds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from evaluation.statistics.results import Interval
from evaluation.statistics.samples import (
    Floats,
    convert,
    read_counts,
    read_numbers,
    read_sample,
    require_level,
    require_minimum,
)


@dataclass(frozen=True)
class Description:
    """Mean ± SD, median [IQR] and the mean's interval of n values; the others are counted.

    n_undefined counts NaN and n_infinite ±∞: neither entered any figure.
    """

    n: int
    n_undefined: int
    n_infinite: int
    mean: float
    standard_deviation: float
    median: float
    quartiles: tuple[float, float]
    minimum: float
    maximum: float
    interval: Interval


@dataclass(frozen=True)
class PooledEstimate:
    """A figure over cross-validation folds: mean weighted by fold size, SD of the pooled sample."""

    mean: float
    standard_deviation: float
    n: int
    folds: int
    fold_means: tuple[float, ...]


def describe(values: ArrayLike, *, level: float = 0.95) -> Description:
    """Return the description of one column of figures, in which some may be nan or ∞.

    SD has n − 1 in its denominator (nan for one value); quartiles interpolate linearly (Hyndman and
    Fan's type 7, doi:10.2307/2684934); the mean's interval is from t. Nothing usable: every figure is nan.

    Raises ValueError for text, more than one axis and an empty column.
    """
    require_level(level)
    column = convert(values, "values")
    if column.ndim != 1:
        raise ValueError(f"values has shape {column.shape}; it needs one axis.")
    require_minimum(len(column), 1, "values", "A description")
    used = column[np.isfinite(column)]
    undefined = int(np.count_nonzero(np.isnan(column)))
    counts = (len(used), undefined, len(column) - len(used) - undefined)
    return _describe(used, counts, level)


def describe_counts(levels: ArrayLike, counts: ArrayLike, *, level: float = 0.95) -> Description:
    """Return the description of scores given as counts: counts[i] times the value levels[i].

    Raises ValueError for unequal lengths, fractions, negative counts and no count at all.
    """
    require_level(level)
    values, times = read_numbers(levels, "levels"), read_counts(counts, "counts", axes=1)
    if len(values) != len(times):
        raise ValueError(f"levels has {len(values)} entries and counts {len(times)}; they come in equal number.")
    require_minimum(int(times.sum()), 1, "values", "A description")
    used = np.repeat(values, times)
    return _describe(used, (len(used), 0, 0), level)


def pool_folds(folds: Sequence[ArrayLike]) -> PooledEstimate:
    """Return the pooled estimate of values given fold by fold.

    Needs two folds of one value. Raises ValueError for undefined values.
    """
    require_minimum(len(folds), 2, "folds", "A pooled estimate")
    samples = [
        read_sample(fold, f"fold {index}", minimum=1, test="A pooled estimate") for index, fold in enumerate(folds)
    ]
    pooled = np.concatenate(samples)
    return PooledEstimate(
        mean=float(pooled.mean()),
        standard_deviation=float(pooled.std(ddof=1)),
        n=len(pooled),
        folds=len(samples),
        fold_means=tuple(float(sample.mean()) for sample in samples),
    )


def pool_fold_summaries(means: ArrayLike, standard_deviations: ArrayLike, sizes: ArrayLike) -> PooledEstimate:
    """Return the same estimate from each fold's mean, SD (n − 1) and size, as papers print them.

    The SD of a fold of one value is 0. The result equals `pool_folds` of the folds' values.
    Needs two folds. Raises ValueError for unequal lengths, negative SDs and empty folds.
    """
    mean, spread = read_numbers(means, "means"), read_numbers(standard_deviations, "standard_deviations")
    size = read_counts(sizes, "sizes", axes=1)
    if not len(mean) == len(spread) == len(size):
        raise ValueError("means, standard_deviations and sizes come in equal number.")
    require_minimum(len(mean), 2, "folds", "A pooled estimate")
    if spread.min() < 0 or size.min() < 1:
        raise ValueError("A fold has at least one value and an SD of 0 or more.")
    n = int(size.sum())
    centre = float(size @ mean) / n
    squares = float((size - 1) @ spread**2 + size @ (mean - centre) ** 2)
    return PooledEstimate(centre, math.sqrt(squares / (n - 1)), n, len(mean), tuple(float(value) for value in mean))


def _describe(used: Floats, counts: tuple[int, int, int], level: float) -> Description:
    n = len(used)
    mean, spread = (float(used.mean()) if n else math.nan), (float(used.std(ddof=1)) if n > 1 else math.nan)
    low, median, high = (float(value) for value in np.quantile(used, [0.25, 0.5, 0.75])) if n else (math.nan,) * 3
    reach = float(stats.t.ppf((1 + level) / 2, n - 1)) * spread / math.sqrt(n) if n > 1 else math.nan
    return Description(
        *counts,
        mean=mean,
        standard_deviation=spread,
        median=median,
        quartiles=(low, high),
        minimum=float(used.min()) if n else math.nan,
        maximum=float(used.max()) if n else math.nan,
        interval=Interval(mean - reach, mean + reach, level, "mean", "t distribution"),
    )
