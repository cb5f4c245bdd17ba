"""Tests on ranks: Mann–Whitney U, Wilcoxon's signed ranks, Spearman's correlation.

Sources: Mann, Whitney, Ann Math Stat 18(1), 1947, doi:10.1214/aoms/1177730491; Wilcoxon, Biometrics
Bull 1(6), 1945, doi:10.2307/3001968; Pratt, J Am Stat Assoc 54(287), 1959,
doi:10.1080/01621459.1959.10501526 (zeros); Kerby, Compr Psychol 3, 2014, doi:10.2466/11.IT.3.1
(rank-biserial correlation); Bonett, Wright, Psychometrika 65(1), 2000, doi:10.1007/BF02294183
(interval of Spearman's correlation).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import permutations
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from evaluation.statistics.results import Alternative, Interval, Result
from evaluation.statistics.samples import (
    Floats,
    read_pairs,
    read_sample,
    require_alternative,
    require_choice,
    require_level,
)

RankMethod: TypeAlias = Literal["auto", "exact", "asymptotic"]
Zeros: TypeAlias = Literal["drop", "pratt", "split"]

MINIMUM_PER_GROUP = 2
MINIMUM_PAIRS = 2
MINIMUM_CORRELATED = 4
MOST_ORDERED = 8
"""Up to so many pairs Spearman's p goes over all orders: 40 320."""
_SCIPY_ZEROS = {"drop": "wilcox", "pratt": "pratt", "split": "zsplit"}
_ZERO_WORDS = {"drop": "zeros dropped", "pratt": "zeros ranked then dropped (Pratt)", "split": "zeros split"}


@dataclass(frozen=True, kw_only=True)
class TwoGroupResult(Result):
    """Mann–Whitney's U of the first group, with both group sizes and medians."""

    n_first: int
    n_second: int
    median_first: float
    median_second: float


@dataclass(frozen=True, kw_only=True)
class SignedRankResult(Result):
    """Wilcoxon's T⁺ with the rank sums of both signs and the number of zero differences."""

    positive: float
    negative: float
    zeros: int


def mann_whitney(
    first: ArrayLike,
    second: ArrayLike,
    *,
    alternative: Alternative = "two-sided",
    method: RankMethod = "auto",
    continuity: bool = True,
) -> TwoGroupResult:
    """Return the Mann–Whitney U test of two independent samples.

    The statistic is U of the first sample. "auto" is exact when there are no ties and one sample
    has at most eight values, otherwise the normal approximation with tie and continuity correction; "exact"
    is refused when there are ties. The effect size is the rank-biserial correlation 2U/(n₁n₂) − 1: 1 when
    every value of the first sample is above every one of the second. All values equal: p = 1.

    Needs two values in each sample. Raises ValueError for undefined values.
    """
    _check(alternative, method)
    one = read_sample(first, "first", minimum=MINIMUM_PER_GROUP, test="Mann–Whitney U test")
    other = read_sample(second, "second", minimum=MINIMUM_PER_GROUP, test="Mann–Whitney U test")
    pooled = np.concatenate([one, other])
    ties = len(np.unique(pooled)) < len(pooled)
    if method == "exact" and ties:
        raise ValueError("The exact Mann–Whitney test knows no ties; use method='asymptotic'.")
    chosen = method if method != "auto" else "exact" if not ties and min(len(one), len(other)) <= 8 else "asymptotic"
    flat = bool(np.ptp(pooled) == 0)
    size = len(one) * len(other)
    u, p = size / 2, 1.0
    if not flat:
        found = stats.mannwhitneyu(one, other, alternative=alternative, method=chosen, use_continuity=continuity)
        u, p = float(found.statistic), float(found.pvalue)
    words = "exact" if chosen == "exact" else "normal approximation" + (", continuity corrected" if continuity else "")
    return TwoGroupResult(
        test=f"Mann–Whitney U test ({words})",
        statistic=u,
        statistic_name="U",
        p=p,
        n=len(pooled),
        unit="values",
        effect_size=2 * u / size - 1,
        effect_name="rank-biserial correlation",
        alternative=alternative,
        notes=("All values are equal.",) if flat else (),
        n_first=len(one),
        n_second=len(other),
        median_first=float(np.median(one)),
        median_second=float(np.median(other)),
    )


def wilcoxon(
    first: ArrayLike,
    second: ArrayLike,
    *,
    zeros: Zeros = "drop",
    alternative: Alternative = "two-sided",
    method: RankMethod = "auto",
) -> SignedRankResult:
    """Return Wilcoxon's signed-rank test of paired values, on first − second.

    zeros says what becomes of equal pairs: "drop" leaves them out before ranking (Wilcoxon; SPSS and R
    do so), "pratt" ranks them and then leaves them out, "split" gives half of their ranks to
    each sign. n counts the pairs that enter: those without zeros for "drop" and "pratt".
    "exact" takes all 2ⁿ signs of the ranks at hand, ties included; "auto" is exact up to 50 pairs without ties
    and zeros, and up to 13 pairs with them, otherwise the normal approximation with tie correction.
    The statistic is T⁺, the rank sum of positive differences; the effect size is the
    matched-pairs rank-biserial correlation (T⁺ − T⁻)/(T⁺ + T⁻). No difference at all: nan, with a note.

    Needs two pairs. Raises ValueError for unequal lengths, undefined values, an unknown choice.
    """
    _check(alternative, method)
    require_choice(zeros, tuple(_SCIPY_ZEROS), "zeros")
    one, other = read_pairs(first, second, minimum=MINIMUM_PAIRS, test="Wilcoxon signed-rank test")
    differences = _differences(one, other)
    empty = int(np.count_nonzero(differences == 0))
    n = len(differences) - (0 if zeros == "split" else empty)
    if empty == len(differences):
        return _signed_rank_result((math.nan, math.nan, math.nan), (n, empty), zeros, "no difference", alternative)
    ranks = _signed_ranks(differences, zeros)
    positive, negative = float(ranks[ranks > 0].sum()), float(-ranks[ranks < 0].sum())
    if zeros == "split":
        half = float(stats.rankdata(np.abs(differences))[differences == 0].sum()) / 2
        positive, negative = positive + half, negative + half
    exact = method == "exact" or (method == "auto" and _is_small(differences, empty))
    if exact:
        p = _exact_p(ranks, alternative)
    else:
        rule = _SCIPY_ZEROS[zeros]
        found = stats.wilcoxon(differences, zero_method=rule, alternative=alternative, method="asymptotic")
        p = float(found.pvalue)
    return _signed_rank_result(
        (positive, negative, p), (n, empty), zeros, "exact" if exact else "normal approximation", alternative
    )


def spearman(
    first: ArrayLike, second: ArrayLike, *, alternative: Alternative = "two-sided", level: float = 0.95
) -> Result:
    """Return Spearman's rank correlation, such as of lesion volume and Dice.

    p is exact up to eight pairs (over all orders of the second sample, ties included), above that
    from the t distribution with n − 2 degrees of freedom; the interval is Fisher's z with Bonett
    and Wright's standard error √((1 + ρ²/2)/(n − 3)), and there is none for ρ = ±1. Ties get mean
    ranks. A constant sample has no correlation: nan, with a note.

    Needs four pairs. Raises ValueError for unequal lengths and undefined values.
    """
    require_alternative(alternative)
    require_level(level)
    one, other = read_pairs(first, second, minimum=MINIMUM_CORRELATED, test="Spearman's correlation")
    n = len(one)
    notes: tuple[str, ...] = ("Undefined: one sample is constant.",)
    rho, p = math.nan, math.nan
    if np.ptp(one) > 0 and np.ptp(other) > 0:
        found = stats.spearmanr(one, other, alternative=alternative)
        rho, p, notes = float(np.clip(found.statistic, -1, 1)), float(found.pvalue), ()
        if n <= MOST_ORDERED:
            p = _p_over_orders(one, other, alternative)
    reach = float(stats.norm.ppf((1 + level) / 2)) * math.sqrt((1 + rho**2 / 2) / (n - 3))
    low, high = (
        (math.nan, math.nan)
        if abs(rho) == 1
        else (math.tanh(math.atanh(rho) - reach), math.tanh(math.atanh(rho) + reach))
    )
    return Result(
        test="Spearman's rank correlation",
        statistic=rho,
        statistic_name="rho",
        p=p,
        n=n,
        unit="pairs",
        effect_size=rho,
        effect_name="rho",
        alternative=alternative,
        interval=Interval(low, high, level, "rho", "Fisher z (Bonett and Wright 2000)"),
        notes=notes,
    )


def _p_over_orders(one: Floats, other: Floats, alternative: Alternative) -> float:
    """Return the share of all orders of the second sample whose rank correlation is at least as extreme."""
    first, second = stats.rankdata(one), stats.rankdata(other)
    sums = np.array(list(permutations(second))) @ first
    found, middle = float(second @ first), float(np.sum(first) * np.mean(second))
    slack = 1e-9 * len(first) ** 3
    above, below = sums >= found - slack, sums <= found + slack
    if alternative == "two-sided":
        return float(np.mean(np.abs(sums - middle) >= abs(found - middle) - slack))
    return float(np.mean(above if alternative == "greater" else below))


def _check(alternative: str, method: str) -> None:
    require_alternative(alternative)
    require_choice(method, ("auto", "exact", "asymptotic"), "method")


def _is_small(differences: Floats, zeros: int) -> bool:
    sizes = np.abs(differences)
    tied = zeros > 0 or len(np.unique(sizes)) < len(sizes)
    return len(sizes) <= (13 if tied else 50)


def _differences(one: Floats, other: Floats) -> Floats:
    """Return one − other, 0 where both are equal up to the rounding of float64: such a pair would have a rank."""
    differences = one - other
    rounding = 8 * np.finfo(np.float64).eps * np.maximum(np.abs(one), np.abs(other))
    return np.asarray(np.where(np.abs(differences) <= rounding, 0.0, differences), dtype=np.float64)


def _signed_ranks(differences: Floats, zeros: Zeros) -> Floats:
    """Return the signed ranks of the differences that are not 0."""
    if zeros == "drop":
        differences = differences[differences != 0]
    ranks = np.sign(differences) * stats.rankdata(np.abs(differences))
    return np.asarray(ranks[ranks != 0], dtype=np.float64)


def _exact_p(signed_ranks: Floats, alternative: Alternative) -> float:
    """Return p over all signs: the distribution of twice the rank sum, one rank at a time.

    Mean ranks are halves, so twice a rank is a whole number.
    """
    doubled = np.rint(2 * np.abs(signed_ranks)).astype(np.int64)
    chances = np.ones(1)
    for rank in doubled:
        longer = np.zeros(len(chances) + rank)
        longer[: len(chances)] += chances / 2
        longer[rank:] += chances / 2
        chances = longer
    found = int(doubled[signed_ranks > 0].sum())
    above, below = float(chances[found:].sum()), float(chances[: found + 1].sum())
    return min(1.0, {"greater": above, "less": below, "two-sided": 2 * min(above, below)}[alternative])


def _signed_rank_result(
    values: tuple[float, float, float], size: tuple[int, int], zeros: Zeros, words: str, alternative: Alternative
) -> SignedRankResult:
    positive, negative, p = values
    n, empty = size
    notes = [f"{empty} of the pairs have no difference."] if empty else []
    if math.isnan(p):
        notes = ["Undefined: no pair differs."]
    return SignedRankResult(
        test=f"Wilcoxon signed-rank test ({_ZERO_WORDS[zeros]}; {words})",
        statistic=positive,
        statistic_name="T+",
        p=p,
        n=n,
        unit="pairs",
        effect_size=(positive - negative) / (positive + negative),
        effect_name="matched-pairs rank-biserial correlation",
        alternative=alternative,
        notes=tuple(notes),
        positive=positive,
        negative=negative,
        zeros=empty,
    )
