"""Tests of means: paired t, one-way analysis of variance with post-hoc comparisons.

Sources: Student, Biometrika 6(1), 1908, doi:10.2307/2331554; Welch, Biometrika 38(3/4), 1951,
doi:10.2307/2332579; Kramer, Biometrics 12(3), 1956, doi:10.2307/3001469; Games, Howell, J Educ Stat
1(2), 1976, doi:10.2307/1164979.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from evaluation.statistics.results import Alternative, Comparison, Interval, Result
from evaluation.statistics.samples import (
    Floats,
    is_constant,
    read_groups,
    read_pairs,
    require_alternative,
    require_level,
)

MINIMUM_PAIRS = 2
MINIMUM_PER_GROUP = 2


@dataclass(frozen=True, kw_only=True)
class PairedTResult(Result):
    """A paired t test with the mean difference that its interval belongs to."""

    degrees_of_freedom: int
    mean_difference: float
    standard_deviation: float


@dataclass(frozen=True, kw_only=True)
class AnovaResult(Result):
    """F with its degrees of freedom, ω² beside the effect size η², and all pairs of groups."""

    degrees_of_freedom: tuple[float, float]
    omega_squared: float
    group_sizes: tuple[tuple[str, int], ...]
    comparisons: tuple[Comparison, ...]
    post_hoc: str


def paired_t(first: ArrayLike, second: ArrayLike, *, alternative: Alternative, level: float = 0.95) -> PairedTResult:
    """Return the paired t test of first − second against the stated alternative.

    "greater" asks whether first is larger on average, and so on; one-tailed is chosen before the
    data are seen, so there is no default. The interval of the mean difference matches the
    alternative (one end is infinite when one-tailed). The effect size is Cohen's d_z, mean over SD
    of the differences. Equal differences have no t: nan, with a note.

    Needs two pairs. Raises ValueError for unequal lengths and undefined values.
    """
    require_alternative(alternative)
    require_level(level)
    one, other = read_pairs(first, second, minimum=MINIMUM_PAIRS, test="Paired t test")
    differences = one - other
    n, mean = len(one), float(differences.mean())
    t = p = low = high = effect = math.nan
    constant = is_constant(differences, scale=float(np.max(np.abs([one, other]))))
    spread = 0.0 if constant else float(differences.std(ddof=1))
    if not constant:
        found = stats.ttest_rel(one, other, alternative=alternative)
        interval = found.confidence_interval(level)
        t, p, effect = float(found.statistic), float(found.pvalue), mean / spread
        low, high = float(interval.low), float(interval.high)
    tails = "two-tailed" if alternative == "two-sided" else "one-tailed"
    return PairedTResult(
        test=f"Paired t test, {tails}",
        statistic=t,
        statistic_name="t",
        p=p,
        n=n,
        unit="pairs",
        effect_size=effect,
        effect_name="Cohen's d_z",
        alternative=alternative,
        interval=Interval(low, high, level, "mean difference", "t distribution"),
        notes=("Undefined: all differences are equal.",) if constant else (),
        degrees_of_freedom=n - 1,
        mean_difference=mean,
        standard_deviation=spread,
    )


def anova(groups: Mapping[str, ArrayLike], *, equal_variances: bool = True, level: float = 0.95) -> AnovaResult:
    """Return the one-way analysis of variance of independent groups, with all pairs compared.

    Equal variances: Fisher's F and Tukey–Kramer; otherwise Welch's F and Games–Howell. Both post-hoc
    tests hold the family's error, so no further correction is applied to their p. The effect size is
    η² (ω² beside it), from the sums of squares in both cases. Values of one patient in several
    groups are not independent: use `linear_mixed_effects` for them.
    Groups without any spread inside have no F: nan, with a note, and nan for every pair.

    Needs two groups of two values. Raises ValueError for undefined values. With Welch, so does a
    group of equal values, which has no weight.
    """
    require_level(level)
    samples = read_groups(groups, minimum=MINIMUM_PER_GROUP, test="Analysis of variance")
    flat = [name for name, values in samples.items() if is_constant(values)]
    if flat and len(flat) < len(samples) and not equal_variances:
        raise ValueError(f"Welch's test needs some spread in every group; {', '.join(flat)} has none.")
    values, n = list(samples.values()), sum(len(sample) for sample in samples.values())
    f = p = math.nan
    freedom = (float(len(values) - 1), float(n - len(values)))
    undefined = len(flat) == len(samples)
    if not undefined:
        found = stats.f_oneway(*values, equal_var=equal_variances)
        f, p = float(found.statistic), float(found.pvalue)
        freedom = freedom if equal_variances else (freedom[0], _welch_freedom(values))
    eta, omega = _effects(values)
    return AnovaResult(
        test="One-way analysis of variance" if equal_variances else "Welch's one-way analysis of variance",
        statistic=f,
        statistic_name="F",
        p=p,
        n=n,
        unit="values",
        effect_size=eta,
        effect_name="η²",
        notes=("Undefined: no spread inside the groups.",) if undefined else (),
        degrees_of_freedom=freedom,
        omega_squared=omega,
        group_sizes=tuple((name, len(sample)) for name, sample in samples.items()),
        comparisons=_compare_pairs(samples, equal_variances=equal_variances, level=level, undefined=undefined),
        post_hoc="Tukey–Kramer" if equal_variances else "Games–Howell",
    )


def _compare_pairs(
    samples: dict[str, Floats], *, equal_variances: bool, level: float, undefined: bool
) -> tuple[Comparison, ...]:
    method = "Tukey–Kramer" if equal_variances else "Games–Howell"
    pairs = list(combinations(enumerate(samples), 2))
    if undefined:
        means = [float(sample.mean()) for sample in samples.values()]
        return tuple(Comparison(a, b, means[i] - means[j], math.nan) for (i, a), (j, b) in pairs)
    found = stats.tukey_hsd(*samples.values(), equal_var=equal_variances)
    limits = found.confidence_interval(level)
    return tuple(
        Comparison(
            first=first,
            second=second,
            difference=float(found.statistic[i, j]),
            p=float(found.pvalue[i, j]),
            interval=Interval(float(limits.low[i, j]), float(limits.high[i, j]), level, "difference of means", method),
        )
        for (i, first), (j, second) in pairs
    )


def _welch_freedom(values: list[Floats]) -> float:
    sizes = np.array([len(sample) for sample in values], dtype=np.float64)
    weights = sizes / np.array([sample.var(ddof=1) for sample in values])
    k = len(values)
    spread = np.sum((1 - weights / weights.sum()) ** 2 / (sizes - 1))
    return float((k**2 - 1) / (3 * spread))


def _effects(values: list[Floats]) -> tuple[float, float]:
    pooled = np.concatenate(values)
    total = float(np.sum((pooled - pooled.mean()) ** 2))
    if is_constant(pooled):
        return math.nan, math.nan
    within = float(sum(np.sum((sample - sample.mean()) ** 2) for sample in values))
    between, k = total - within, len(values)
    mean_square = within / (len(pooled) - k)
    return between / total, (between - (k - 1) * mean_square) / (total + mean_square)
