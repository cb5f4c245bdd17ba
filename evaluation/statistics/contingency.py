"""Tests on tables of counts: Pearson's chi-square, Fisher's exact test, Bowker's symmetry.

Sources: Pearson, Philos Mag 50(302), 1900, doi:10.1080/14786440009463897; Fisher, J R Stat Soc
85(1), 1922, doi:10.2307/2340521; Bowker, J Am Stat Assoc 43(244), 1948, doi:10.1080/01621459.1948.10483284;
McNemar, Psychometrika 12(2), 1947, doi:10.1007/BF02295996; Cramér, Mathematical Methods of Statistics, 1946.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from evaluation.statistics.results import Alternative, Interval, Result
from evaluation.statistics.samples import (
    Floats,
    Integers,
    read_counts,
    require_alternative,
    require_choice,
    require_level,
    require_minimum,
)

EmptyPairs: TypeAlias = Literal["leave_out", "count"]
SymmetryMethod: TypeAlias = Literal["chi-square", "exact"]

MINIMUM_OBSERVATIONS = 2
_SMALL_EXPECTED = 5
_FEW_DISCORDANT = 25


@dataclass(frozen=True, kw_only=True)
class ChiSquareResult(Result):
    """Pearson's chi-square with its degrees of freedom and the expected counts (row, column)."""

    degrees_of_freedom: int
    expected: tuple[tuple[float, ...], ...]
    small_expected: int


@dataclass(frozen=True, kw_only=True)
class FisherResult(Result):
    """Fisher's exact test; seed and resamples are 0 when p was enumerated (2×2)."""

    seed: int = 0
    resamples: int = 0


@dataclass(frozen=True, kw_only=True)
class SymmetryResult(Result):
    """Bowker's chi-square with its degrees of freedom (0 when exact) and the number of pairs that moved."""

    degrees_of_freedom: int
    discordant: int


def chi_square(table: ArrayLike, *, continuity: bool = False) -> ChiSquareResult:
    """Return Pearson's chi-square test of independence of rows and columns of counts.

    On a crosstab of two ratings of the same cases it asks whether the ratings are associated, not
    whether they differ: for that, see `bowker` and `wilcoxon`. Rows and columns without a count
    are left out, with a note; so is every note of expected counts below 5. continuity applies Yates's
    correction, to 2×2 tables alone. The effect size is Cramér's V (without bias correction).

    Needs two observations in at least two rows and two columns. Raises ValueError otherwise.
    """
    kept, notes = _read_table(table, "Pearson's chi-square test")
    yates = continuity and kept.shape == (2, 2)
    found = stats.chi2_contingency(kept, correction=yates)
    expected = np.asarray(found.expected_freq, dtype=np.float64)
    small = int(np.count_nonzero(expected < _SMALL_EXPECTED))
    if small:
        notes.append(f"{small} of {expected.size} expected counts are below 5; consider Fisher's exact test.")
    return ChiSquareResult(
        test="Pearson's chi-square test of independence" + (" with Yates's correction" if yates else ""),
        statistic=float(found.statistic),
        statistic_name="chi-square",
        p=float(found.pvalue),
        n=int(kept.sum()),
        unit="observations",
        effect_size=_cramers_v(kept),
        effect_name="Cramér's V",
        notes=tuple(notes),
        degrees_of_freedom=int(found.dof),
        expected=tuple(tuple(float(value) for value in row) for row in expected),
        small_expected=small,
    )


def fisher_exact(
    table: ArrayLike,
    *,
    alternative: Alternative = "two-sided",
    resamples: int = 10_000,
    seed: int = 0,
    level: float = 0.95,
) -> FisherResult:
    """Return Fisher's exact test of a table of counts.

    A 2×2 table is enumerated; two-sided p sums the tables that are no likelier than the one found.
    Its statistic and effect size are the conditional odds ratio (as in R) with the exact interval.
    Larger tables (two-sided only) draw random tables with the same margins, p = (1 + #)/(1 + resamples),
    the seed stored; their statistic is the table's probability, their effect size Cramér's V.

    Needs two observations in two rows and two columns; empty rows and columns are left out of larger tables.
    """
    require_alternative(alternative)
    require_level(level)
    counts = _read_square_of_two(table)
    if counts is not None:
        return _fisher_two_by_two(counts, alternative, level)
    kept, notes = _read_table(table, "Fisher's exact test")
    if alternative != "two-sided":
        raise ValueError("Fisher's test of a table larger than 2×2 has no direction; use 'two-sided'.")
    require_minimum(resamples, 1, "resamples", "Fisher's exact test")
    method = stats.MonteCarloMethod(n_resamples=resamples, rng=np.random.default_rng(seed))
    found = stats.fisher_exact(kept, method=method)
    return FisherResult(
        test=f"Fisher's exact test (Fisher–Freeman–Halton), {resamples} random tables",
        statistic=float(found.statistic),
        statistic_name="probability of the table",
        p=float(found.pvalue),
        n=int(kept.sum()),
        unit="observations",
        effect_size=_cramers_v(kept),
        effect_name="Cramér's V",
        notes=tuple(notes),
        seed=seed,
        resamples=resamples,
    )


def bowker(
    table: ArrayLike, *, empty_pairs: EmptyPairs = "leave_out", method: SymmetryMethod = "chi-square"
) -> SymmetryResult:
    """Return Bowker's test of symmetry of a square table of paired categories (McNemar for 2×2).

    It asks whether cases move from category i to j as often as from j to i. A pair of cells without
    any count tells nothing: by default it is left out of the degrees of freedom (as SPSS does);
    "count" keeps k(k − 1)/2 of them (as statsmodels does). No continuity correction. "exact", for 2×2 alone, takes p
    from the binomial distribution of the pairs that moved, and the smaller of both counts as its statistic: choose it
    where fewer than 25 moved, which a note says. The effect size is
    Σ|nᵢⱼ − nⱼᵢ| / (2 Σ(nᵢⱼ + nⱼᵢ)), in [0, 0.5], which is Cohen's g for 2×2. Without any off-diagonal count: p = 1.

    Needs two pairs. Raises ValueError for a table that is not square or not of whole counts.
    """
    require_choice(empty_pairs, ("leave_out", "count"), "empty_pairs")
    require_choice(method, ("chi-square", "exact"), "method")
    counts = read_counts(table, "table")
    rows, columns = counts.shape
    if rows != columns or rows < 2:
        raise ValueError(f"Bowker's test needs a square table of two categories or more; shape {counts.shape} given.")
    if method == "exact" and rows > 2:
        raise ValueError(f"The exact test of symmetry is McNemar's, of a 2×2 table; shape {counts.shape} given.")
    require_minimum(int(counts.sum()), MINIMUM_OBSERVATIONS, "pairs", "Bowker's test")
    above = np.triu_indices(rows, 1)
    forth, back = counts[above], counts.T[above]
    discordant = int((forth + back).sum())
    exact = method == "exact"
    statistic, p, freedom = _binomial(forth, back) if exact else _symmetry(forth, back, empty_pairs)
    notes = [f"{np.count_nonzero(forth + back == 0)} pair(s) of cells hold no count."] if 0 in forth + back else []
    if rows == 2 and not exact and discordant < _FEW_DISCORDANT:
        notes.append(f"Fewer than {_FEW_DISCORDANT} pairs moved: consider the exact form.")
    mcnemar = f"McNemar's test ({'exact binomial' if exact else 'chi-square, no continuity correction'})"
    return SymmetryResult(
        test=mcnemar if rows == 2 else "Bowker's test of symmetry",
        statistic=statistic,
        statistic_name="smaller count of pairs that moved" if exact else "chi-square",
        p=p if discordant else 1.0,
        n=int(counts.sum()),
        unit="pairs",
        effect_size=float(np.abs(forth - back).sum()) / (2 * discordant) if discordant else 0.0,
        effect_name="asymmetry (Cohen's g for 2×2)",
        notes=tuple(notes),
        degrees_of_freedom=freedom,
        discordant=discordant,
    )


def _symmetry(forth: Integers, back: Integers, empty_pairs: EmptyPairs) -> tuple[float, float, int]:
    """Return Bowker's chi-square, p and degrees of freedom from the counts above and below the diagonal."""
    both = (forth + back).astype(np.float64)
    moved = both > 0
    statistic = float(np.sum((forth - back)[moved].astype(np.float64) ** 2 / both[moved]))
    freedom = int(np.count_nonzero(moved)) if empty_pairs == "leave_out" else len(both)
    return statistic, float(stats.chi2.sf(statistic, freedom)), freedom


def _binomial(forth: Integers, back: Integers) -> tuple[float, float, int]:
    """Return the smaller of the two counts off the diagonal and its two-sided p when both are equally likely."""
    fewer, both = int(min(forth[0], back[0])), int(forth[0] + back[0])
    return float(fewer), min(1.0, 2 * float(stats.binom.cdf(fewer, both, 0.5))), 0


def _read_table(table: ArrayLike, test: str) -> tuple[Integers, list[str]]:
    counts = read_counts(table, "table")
    rows, columns = counts.any(axis=1), counts.any(axis=0)
    kept = counts[np.ix_(rows, columns)]
    if min(kept.shape) < 2:
        raise ValueError(f"{test} needs counts in at least two rows and two columns; {kept.shape} have any.")
    require_minimum(int(kept.sum()), MINIMUM_OBSERVATIONS, "observations", test)
    left_out = (int(np.count_nonzero(~rows)), int(np.count_nonzero(~columns)))
    notes = [f"Left out: {left_out[0]} row(s) and {left_out[1]} column(s) without a count."] if any(left_out) else []
    return kept, notes


def _read_square_of_two(table: ArrayLike) -> Integers | None:
    counts = read_counts(table, "table")
    if counts.shape != (2, 2):
        return None
    _read_table(counts, "Fisher's exact test")
    return counts


def _fisher_two_by_two(counts: Integers, alternative: Alternative, level: float) -> FisherResult:
    found = stats.contingency.odds_ratio(counts, kind="conditional")
    interval = found.confidence_interval(confidence_level=level, alternative=alternative)
    ratio = float(found.statistic)
    return FisherResult(
        test="Fisher's exact test",
        statistic=ratio,
        statistic_name="odds ratio (conditional maximum likelihood)",
        p=float(stats.fisher_exact(counts, alternative=alternative).pvalue),
        n=int(counts.sum()),
        unit="observations",
        effect_size=ratio,
        effect_name="odds ratio",
        alternative=alternative,
        interval=Interval(float(interval.low), float(interval.high), level, "odds ratio", "exact conditional"),
    )


def _cramers_v(counts: Integers) -> float:
    shares: Floats = counts / counts.sum()
    chance = np.outer(shares.sum(axis=1), shares.sum(axis=0))
    return math.sqrt(float(np.sum((shares - chance) ** 2 / chance)) / (min(counts.shape) - 1))
