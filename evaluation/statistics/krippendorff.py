"""Krippendorff's alpha: agreement of any number of raters, with missing ratings, on four scales.

Source: Hayes, Krippendorff, Commun Methods Meas 1(1), 2007, doi:10.1080/19312450709336664.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike

from evaluation.statistics.results import Interval, Result
from evaluation.statistics.samples import Floats, Integers, convert, require_choice, require_level, require_minimum

Scale: TypeAlias = Literal["nominal", "ordinal", "interval", "ratio"]

MINIMUM_UNITS = 2


@dataclass(frozen=True, kw_only=True)
class AlphaResult(Result):
    """Krippendorff's alpha with the disagreements it is made of; n counts units with two ratings or more."""

    interval: Interval
    scale: Scale
    observed: float
    expected: float
    left_out: int
    seed: int
    resamples: int


def krippendorff_alpha(
    ratings: ArrayLike, *, scale: Scale, seed: int = 0, resamples: int = 1000, level: float = 0.95
) -> AlphaResult:
    """Return Krippendorff's alpha of numeric ratings (subject, rater); NaN is a missing rating.

    Subjects with fewer than two ratings say nothing about agreement: they are left out and counted
    in left_out. The interval is the percentile bootstrap over subjects (resamples whose ratings are
    all equal have no alpha and are not counted), and p = (1 + #{alpha* ≥ alpha}) / (1 + resamples)
    over random exchanges of all ratings between subjects, against alpha > 0. With resamples = 0 both
    are nan. Alpha is nan, with a note, when all ratings are equal.

    Needs two subjects with two ratings. Raises ValueError for text, ∞, a negative value on the ratio
    scale and an unknown scale.
    """
    require_choice(scale, get_args(Scale), "scale")
    require_level(level)
    require_minimum(resamples, 0, "resamples", "Krippendorff's alpha")
    counts, values, left_out = _count_values(_read(ratings, scale))
    require_minimum(len(counts), MINIMUM_UNITS, "subjects with two ratings", "Krippendorff's alpha")
    observed, expected = _disagreements(counts[None], values, scale)
    alpha = _alpha(observed, expected)[0]
    rng = np.random.default_rng(seed)
    low, high = _bootstrap(counts, values, scale, resamples=resamples, level=level, rng=rng)
    p = _permute(counts, values, scale, resamples=resamples, rng=rng)
    return AlphaResult(
        test=f"Krippendorff's alpha, {scale} scale",
        statistic=float(alpha),
        statistic_name="alpha",
        p=math.nan if math.isnan(alpha) else p,
        n=len(counts),
        unit="subjects",
        effect_size=float(alpha),
        effect_name="alpha",
        alternative="greater",
        interval=Interval(low, high, level, "alpha", f"percentile bootstrap over subjects, {resamples} resamples"),
        notes=("Undefined: all ratings are equal.",) if math.isnan(alpha) else (),
        scale=scale,
        observed=float(observed[0]),
        expected=float(expected[0]),
        left_out=left_out,
        seed=seed,
        resamples=resamples,
    )


def _read(ratings: ArrayLike, scale: Scale) -> Floats:
    table = convert(ratings, "ratings")
    if table.ndim != 2:
        raise ValueError(f"ratings has shape {table.shape}; it needs two axes (subject, rater).")
    if np.any(np.isinf(table)):
        raise ValueError("ratings holds ∞; leave it out (NaN) or replace it by a stated policy first.")
    if scale == "ratio" and np.any(table < 0):
        raise ValueError("A ratio scale has no negative values.")
    return table


def _count_values(table: Floats) -> tuple[Integers, Floats, int]:
    """Return how often each value occurs in each subject that has two ratings or more."""
    usable = np.count_nonzero(~np.isnan(table), axis=1) >= 2
    kept = table[usable]
    values = np.unique(kept[~np.isnan(kept)])
    counts = (kept[:, :, None] == values).sum(axis=1)
    return counts.astype(np.int64), values, int(np.count_nonzero(~usable))


def _disagreements(counts: Integers, values: Floats, scale: Scale) -> tuple[Floats, Floats]:
    """Return observed and expected disagreement of stacked counts (stack, subject, value)."""
    totals = counts.sum(axis=1)
    if scale == "ordinal":
        cumulated = np.cumsum(totals, axis=1) - totals / 2
        distances = (cumulated[:, :, None] - cumulated[:, None, :]) ** 2
    else:
        distances = np.broadcast_to(_distances(values, scale), (len(counts), len(values), len(values)))
    n = totals.sum(axis=1)
    per_rater = counts / (counts.sum(axis=2, keepdims=True) - 1)
    coincidences = np.matmul(per_rater.transpose(0, 2, 1), counts.astype(np.float64))
    observed = np.sum(coincidences * distances, axis=(1, 2)) / n
    pairs = totals[:, :, None] * totals[:, None, :]
    expected = np.sum(pairs * distances, axis=(1, 2)) / (n * (n - 1))
    return observed, expected


def _distances(values: Floats, scale: Scale) -> Floats:
    apart = np.abs(np.subtract.outer(values, values))
    if scale == "nominal":
        return np.asarray(apart > 0, dtype=np.float64)
    if scale == "ratio":
        total = np.add.outer(values, values)
        return np.asarray(np.divide(apart, total, out=np.zeros_like(apart), where=total > 0) ** 2, dtype=np.float64)
    return np.asarray(apart**2, dtype=np.float64)


def _alpha(observed: Floats, expected: Floats) -> Floats:
    ratio = np.divide(observed, expected, out=np.full_like(observed, math.nan), where=expected > 0)
    return np.asarray(1 - ratio, dtype=np.float64)


def _bootstrap(
    counts: Integers, values: Floats, scale: Scale, *, resamples: int, level: float, rng: np.random.Generator
) -> tuple[float, float]:
    found: list[Floats] = []
    for size in _batches(resamples, counts.size):
        drawn = counts[rng.integers(0, len(counts), (size, len(counts)))]
        found.append(_alpha(*_disagreements(drawn, values, scale)))
    alphas = np.concatenate(found) if found else np.empty(0)
    alphas = alphas[~np.isnan(alphas)]
    if not alphas.size:
        return math.nan, math.nan
    low, high = np.quantile(alphas, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _permute(counts: Integers, values: Floats, scale: Scale, *, resamples: int, rng: np.random.Generator) -> float:
    """Return p against alpha > 0; the expected disagreement is the same for every exchange."""
    if not resamples:
        return math.nan
    ratings = np.repeat(np.tile(np.arange(len(values)), len(counts)), counts.ravel())
    subject = np.repeat(np.arange(len(counts)), counts.sum(axis=1))
    actual = _disagreements(counts[None], values, scale)[0][0]
    as_extreme = 0
    for size in _batches(resamples, counts.size):
        shuffled = rng.permuted(np.tile(ratings, (size, 1)), axis=1)
        stack = np.zeros((size, *counts.shape), dtype=np.int64)
        np.add.at(stack, (np.arange(size)[:, None], subject[None, :], shuffled), 1)
        observed = _disagreements(stack, values, scale)[0]
        as_extreme += int(np.count_nonzero(observed <= actual * (1 + 1e-12) + 1e-300))
    return (1 + as_extreme) / (1 + resamples)


def _batches(total: int, cells: int) -> list[int]:
    """Split resamples so that one stack stays near 32 MB."""
    size = max(1, 4_000_000 // max(cells, 1))
    return [min(size, total - start) for start in range(0, total, size)]
