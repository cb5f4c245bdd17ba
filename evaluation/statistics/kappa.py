"""Agreement of categories beyond chance: Cohen's kappa for two raters, Fleiss' for many.

Sources: Cohen, Educ Psychol Meas 20(1), 1960, doi:10.1177/001316446002000104, and Psychol Bull
70(4), 1968, doi:10.1037/h0026256 (weights); Fleiss, Cohen, Everitt, Psychol Bull 72(5), 1969,
doi:10.1037/h0028106 (standard errors); Fleiss, Psychol Bull 76(5), 1971, doi:10.1037/h0031619;
Fleiss, Nee, Landis, Psychol Bull 86(5), 1979, doi:10.1037/0033-2909.86.5.974 (null variance);
Gwet, Br J Math Stat Psychol 61(1), 2008, doi:10.1348/000711006X126600 (variance when kappa is not 0).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from evaluation.statistics.results import Interval, Result
from evaluation.statistics.samples import (
    Floats,
    Integers,
    read_counts,
    read_labels,
    require_choice,
    require_level,
    require_minimum,
)

KappaWeights: TypeAlias = Literal["none", "linear", "quadratic"]

MINIMUM_SUBJECTS = 2
_UNDEFINED = "Undefined: only one category was used, so chance agreement is 1."
_CUT_OFF = "The large-sample interval is cut off where kappa ends: there are few subjects for it."


@dataclass(frozen=True, kw_only=True)
class KappaResult(Result):
    """A kappa with what it is made of: observed agreement, chance agreement, its standard error.

    standard_error belongs to the interval; p tests kappa = 0 with the null standard error.
    """

    interval: Interval
    observed: float
    expected: float
    standard_error: float
    raters: int


def cohen_kappa(
    first: Sequence[object] | NDArray[np.generic],
    second: Sequence[object] | NDArray[np.generic],
    *,
    weights: KappaWeights = "none",
    categories: Sequence[object] | None = None,
    level: float = 0.95,
) -> KappaResult:
    """Return Cohen's kappa of two raters' categories for the same subjects.

    Weights count the steps between categories in the order of `categories`, linearly or squared.
    Without `categories` these are the sorted categories in use: name all of them when a level of an
    ordinal scale may be absent, as its absence would shorten the distance of its neighbours.
    Standard errors are the large-sample ones of Fleiss, Cohen and Everitt. Kappa is nan, with a
    note, when both raters used the same single category. An interval that the normal approximation takes beyond
    −1 or 1, which kappa cannot reach, is cut off there; its method and a note say so.

    Needs two subjects. Raises ValueError for unequal lengths, a missing or an unknown category.
    """
    require_choice(weights, ("none", "linear", "quadratic"), "weights")
    require_level(level)
    table = _cross(read_labels(first, "first"), read_labels(second, "second"), categories)
    n = int(table.sum())
    require_minimum(n, MINIMUM_SUBJECTS, "subjects", "Cohen's kappa")
    agreement = _agreement_weights(len(table), weights)
    shares = table / n
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    observed = float(np.sum(agreement * shares))
    expected = float(rows @ agreement @ columns)
    name = "Cohen's kappa" if weights == "none" else f"Cohen's kappa, {weights} weights"
    if math.isclose(expected, 1.0, rel_tol=0, abs_tol=1e-15):
        return _result(name, (math.nan, observed, expected), (math.nan, math.nan), (n, 2), level)
    kappa = (observed - expected) / (1 - expected)
    errors = _cohen_errors(shares, agreement, kappa, expected)
    return _result(name, (kappa, observed, expected), errors, (n, 2), level)


def fleiss_kappa(counts: ArrayLike, *, weights: ArrayLike | None = None, level: float = 0.95) -> KappaResult:
    """Return Fleiss' kappa of counts (subject, category): how many raters chose each category.

    weights gives each row's multiplicity, so that millions of voxels come as a histogram of their
    few vote patterns (`votes_from_patterns`); a row of weight 0 counts for nothing. Every subject
    has the same number of raters, at least two. p tests kappa = 0 with the null variance of Fleiss,
    Nee and Landis; the interval uses Gwet's variance over subjects (n − 1). Neighbouring voxels are
    not independent: of a voxel-wise kappa, quote the coefficient and neither p nor interval.

    Needs two subjects. Raises ValueError for fractions, negative counts, unequal numbers of raters.
    """
    require_level(level)
    votes = read_counts(counts, "counts")
    times = _read_multiplicity(weights, len(votes))
    votes, times = votes[times > 0], times[times > 0]
    n = int(times.sum())
    require_minimum(n, MINIMUM_SUBJECTS, "subjects", "Fleiss' kappa")
    raters = _raters_of(votes)
    per_subject = ((votes * (votes - 1)).sum(axis=1)) / (raters * (raters - 1))
    shares = (times @ votes) / (n * raters)
    observed, expected = float(times @ per_subject) / n, float(shares @ shares)
    if int(np.count_nonzero(shares)) == 1:
        return _result("Fleiss' kappa", (math.nan, observed, 1.0), (math.nan, math.nan), (n, raters), level)
    kappa = (observed - expected) / (1 - expected)
    parts = (per_subject - expected) / (1 - expected)
    parts = parts - 2 * (1 - kappa) * (votes @ shares / raters - expected) / (1 - expected)
    error = math.sqrt(float(times @ (parts - kappa) ** 2) / (n * (n - 1)))
    errors = (error, _fleiss_null_error(shares, n, raters))
    return _result("Fleiss' kappa", (kappa, observed, expected), errors, (n, raters), level)


def count_votes(
    ratings: Sequence[Sequence[object]] | NDArray[np.generic], *, categories: Sequence[object] | None = None
) -> Integers:
    """Return counts (subject, category) of ratings (subject, rater), for `fleiss_kappa`.

    Categories are in the order given, else sorted. Raises ValueError for a missing rating, rows of
    unequal length and a category that is not in the list.
    """
    rows = [read_labels(row, f"row {index} of ratings") for index, row in enumerate(ratings)]
    if len({len(row) for row in rows}) > 1:
        raise ValueError("The rows of ratings differ in length; every subject needs the same number of raters.")
    names = _order_categories([item for row in rows for item in row], categories)
    index = {name: position for position, name in enumerate(names)}
    counts = np.zeros((len(rows), len(names)), dtype=np.int64)
    for subject, row in enumerate(rows):
        for item in row:
            counts[subject, index[item]] += 1
    return counts


def votes_from_patterns(histogram: ArrayLike, *, raters: int) -> tuple[Integers, Integers]:
    """Return counts and weights for `fleiss_kappa` from a histogram of binary vote patterns.

    histogram[c] is the number of voxels whose code is c, where bit r of c is rater r's vote, so it
    has 2**raters entries. The counts are (raters + 1, 2): background and object votes.
    """
    voxels = read_counts(histogram, "histogram", axes=1)
    require_minimum(raters, 2, "raters", "Fleiss' kappa")
    if len(voxels) != 2**raters:
        raise ValueError(f"A histogram of {raters} raters has {2**raters} entries; {len(voxels)} given.")
    codes = np.arange(len(voxels))
    marked = ((codes[:, None] >> np.arange(raters)) & 1).sum(axis=1)
    weights = np.array([voxels[marked == votes].sum() for votes in range(raters + 1)], dtype=np.int64)
    votes = np.arange(raters + 1)
    return np.stack([raters - votes, votes], axis=1), weights


def cross_tabulate(
    first: Sequence[object] | NDArray[np.generic],
    second: Sequence[object] | NDArray[np.generic],
    *,
    categories: Sequence[object] | None = None,
) -> Integers:
    """Return the square table of paired categories: first in rows, second in columns.

    Categories are in the order given, else sorted. Raises ValueError as `cohen_kappa` does.
    """
    return _cross(read_labels(first, "first"), read_labels(second, "second"), categories)


def _cross(first: list[object], second: list[object], categories: Sequence[object] | None) -> Integers:
    if len(first) != len(second):
        raise ValueError(f"The raters judged {len(first)} and {len(second)} subjects; both judge the same ones.")
    names = _order_categories([*first, *second], categories)
    index = {name: position for position, name in enumerate(names)}
    table = np.zeros((len(names), len(names)), dtype=np.int64)
    for one, other in zip(first, second, strict=True):
        table[index[one], index[other]] += 1
    return table


def _order_categories(used: list[object], categories: Sequence[object] | None) -> list[object]:
    if categories is None:
        try:
            return sorted(set(used))  # type: ignore[type-var]
        except TypeError:
            raise ValueError("The categories have no common order; give them as `categories`.") from None
    names = read_labels(categories, "categories")
    if len(set(names)) != len(names):
        raise ValueError("categories names one of them twice.")
    unknown = sorted({repr(item) for item in used} - {repr(name) for name in names}) if set(used) - set(names) else []
    if unknown:
        raise ValueError(f"Not among the categories: {', '.join(unknown)}.")
    return names


def _agreement_weights(size: int, weights: KappaWeights) -> Floats:
    if weights == "none" or size == 1:
        return np.eye(size)
    steps = np.abs(np.subtract.outer(np.arange(size), np.arange(size))) / (size - 1)
    return np.asarray(1 - (steps if weights == "linear" else steps**2), dtype=np.float64)


def _cohen_errors(shares: Floats, agreement: Floats, kappa: float, expected: float) -> tuple[float, float]:
    """Return the standard errors for the interval and under kappa = 0, both times √n."""
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    by_row, by_column = agreement @ columns, rows @ agreement
    margins = by_row[:, None] + by_column[None, :]
    spread = np.sum(shares * (agreement - margins * (1 - kappa)) ** 2)
    full = float(spread) - (kappa - expected * (1 - kappa)) ** 2
    null = float(np.sum(np.outer(rows, columns) * (agreement - margins) ** 2)) - expected**2
    full_error, null_error = (math.sqrt(max(value, 0.0)) / (1 - expected) for value in (full, null))
    return full_error, null_error


def _fleiss_null_error(shares: Floats, n: int, raters: int) -> float:
    chance = shares * (1 - shares)
    total = float(chance.sum())
    skew = float(np.sum(chance * (1 - 2 * shares)))
    return math.sqrt(2 * max(total**2 - skew, 0.0) / (n * raters * (raters - 1))) / total


def _read_multiplicity(weights: ArrayLike | None, rows: int) -> Integers:
    if weights is None:
        return np.ones(rows, dtype=np.int64)
    times = read_counts(weights, "weights", axes=1)
    if len(times) != rows:
        raise ValueError(f"weights has {len(times)} entries for {rows} rows of counts.")
    return times


def _raters_of(votes: Integers) -> int:
    totals = np.unique(votes.sum(axis=1))
    if len(totals) > 1:
        raise ValueError(
            f"Subjects have between {totals[0]} and {totals[-1]} raters; Fleiss' kappa needs the same number for all "
            "(Krippendorff's alpha allows for missing ratings)."
        )
    require_minimum(int(totals[0]), 2, "raters per subject", "Fleiss' kappa")
    return int(totals[0])


def _result(
    name: str, values: tuple[float, float, float], errors: tuple[float, float], size: tuple[int, int], level: float
) -> KappaResult:
    kappa, observed, expected = values
    error, null_error = errors
    if name.startswith("Cohen"):
        error, null_error = error / math.sqrt(size[0]), null_error / math.sqrt(size[0])
    reach = float(stats.norm.ppf((1 + level) / 2)) * error
    p = float(2 * stats.norm.sf(abs(kappa) / null_error)) if null_error > 0 else math.nan
    cut = kappa - reach < -1 or kappa + reach > 1
    method = "large-sample normal" + (", cut off at −1 and 1" if cut else "")
    return KappaResult(
        test=name,
        statistic=kappa,
        statistic_name="kappa",
        p=p,
        n=size[0],
        unit="subjects",
        effect_size=kappa,
        effect_name="kappa",
        interval=Interval(_clip(kappa - reach), _clip(kappa + reach), level, "kappa", method),
        notes=(_UNDEFINED,) if math.isnan(kappa) else (_CUT_OFF,) if cut else (),
        observed=observed,
        expected=expected,
        standard_error=error,
        raters=size[1],
    )


def _clip(limit: float) -> float:
    """Return a limit inside [−1, 1]; nan stays nan."""
    return float(np.clip(limit, -1.0, 1.0))
