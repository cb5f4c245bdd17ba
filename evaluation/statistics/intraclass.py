"""Intraclass correlation of the two-way layout: every rater judged every subject.

Names are McGraw and Wong's: A is absolute agreement, C consistency; 1 is the reliability of one
rater, k that of the mean of the k raters. In Shrout and Fleiss's words ICC(A,1) is ICC(2,1),
ICC(A,k) is ICC(2,k), ICC(C,1) is ICC(3,1) and ICC(C,k) is ICC(3,k); the random and the mixed model
share these formulas.

Sources: Shrout, Fleiss, Psychol Bull 86(2), 1979, doi:10.1037/0033-2909.86.2.420;
McGraw, Wong, Psychol Methods 1(1), 1996, doi:10.1037/1082-989X.1.1.30 (and its correction, 1(4)).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from evaluation.statistics.results import Interval, Result
from evaluation.statistics.samples import Floats, read_ratings, require_choice, require_level

IccForm: TypeAlias = Literal["A,1", "C,1", "A,k", "C,k"]

MINIMUM_SUBJECTS = 3
_ROUNDING = 1e-13
_UNDEFINED = "Undefined: the variance in its denominator is not above 0; the subjects hardly differ."


@dataclass(frozen=True, kw_only=True)
class IccResult(Result):
    """An ICC with the F test of "no difference between subjects" and the layout's mean squares.

    statistic and effect_size are the coefficient; f is the F ratio that p belongs to, with its
    degrees of freedom; mean_squares are those of subjects, raters and residual.
    """

    interval: Interval
    form: IccForm
    raters: int
    f: float
    degrees_of_freedom: tuple[int, int]
    mean_squares: tuple[float, float, float]


@dataclass(frozen=True)
class _Layout:
    """The two-way analysis of variance without replication."""

    n: int
    k: int
    subjects: float
    raters: float
    residual: float

    @property
    def f(self) -> float:
        """Mean square of subjects over that of the residual; ∞ without residual, nan for 0/0."""
        if self.residual == 0:
            return math.nan if self.subjects == 0 else math.inf
        return self.subjects / self.residual

    @property
    def degrees_of_freedom(self) -> tuple[int, int]:
        """Degrees of freedom of subjects and residual."""
        return self.n - 1, (self.n - 1) * (self.k - 1)


def icc(ratings: ArrayLike, form: IccForm = "C,1", *, level: float = 0.95) -> IccResult:
    """Return one intraclass correlation of ratings (subject, rater), with its interval.

    The default is ICC(C,1): two-way, consistency, single rater. Needs a full table of at least
    three subjects and two raters. It can be negative. Where its denominator, an estimated variance,
    is not positive, the coefficient is undefined: nan, with a note. That is so when all ratings are
    equal, and for the k forms when the subjects' means are.

    Raises ValueError for an unknown form, a missing rating, fewer subjects or raters.
    """
    require_choice(form, get_args(IccForm), "form")
    require_level(level)
    layout = _analyse(read_ratings(ratings, subjects=MINIMUM_SUBJECTS, test=f"ICC({form})"))
    value = _coefficient(layout, form)
    p = math.nan if math.isnan(layout.f) else float(stats.f.sf(layout.f, *layout.degrees_of_freedom))
    undefined = math.isnan(value)
    low, high = (math.nan, math.nan) if undefined else _limits(layout, form, level)
    return IccResult(
        test=f"ICC({form}), two-way {'absolute agreement' if form[0] == 'A' else 'consistency'}",
        statistic=value,
        statistic_name=f"ICC({form})",
        p=p,
        n=layout.n,
        unit="subjects",
        effect_size=value,
        effect_name=f"ICC({form})",
        alternative="greater",
        interval=Interval(low, high, level, f"ICC({form})", "F distribution (McGraw and Wong 1996)"),
        notes=(_UNDEFINED,) if undefined else (),
        form=form,
        raters=layout.k,
        f=layout.f,
        degrees_of_freedom=layout.degrees_of_freedom,
        mean_squares=(layout.subjects, layout.raters, layout.residual),
    )


def icc_forms(ratings: ArrayLike, *, level: float = 0.95) -> dict[IccForm, IccResult]:
    """Return ICC(A,1), ICC(C,1), ICC(A,k) and ICC(C,k) of the same ratings (subject, rater)."""
    return {form: icc(ratings, form, level=level) for form in get_args(IccForm)}


def _analyse(ratings: Floats) -> _Layout:
    n, k = ratings.shape
    centred = ratings - ratings.mean()
    of_subjects, of_raters = centred.mean(axis=1), centred.mean(axis=0)
    residual = centred - of_subjects[:, None] - of_raters[None, :]
    squares = np.array([k * np.sum(of_subjects**2), n * np.sum(of_raters**2), np.sum(residual**2)])
    scale = max(float(np.sum(centred**2)), float(np.max(np.abs(ratings))) ** 2 * _ROUNDING)
    squares[squares <= _ROUNDING * scale] = 0.0
    between, across, within = squares / np.array([n - 1, k - 1, (n - 1) * (k - 1)])
    return _Layout(n, k, float(between), float(across), float(within))


def _coefficient(layout: _Layout, form: IccForm) -> float:
    """Return the coefficient, nan where its denominator (a variance) is not positive."""
    n, k = layout.n, layout.k
    parts = [layout.subjects] if form[-1] == "k" else [layout.subjects, (k - 1) * layout.residual]
    if form[0] == "A":
        divisor = n if form[-1] == "k" else n / k
        parts += [layout.raters / divisor, -layout.residual / divisor]
    total = math.fsum(parts)
    if total <= _ROUNDING * max(*parts, layout.residual):
        return math.nan
    return (layout.subjects - layout.residual) / total


def _limits(layout: _Layout, form: IccForm, level: float) -> tuple[float, float]:
    single = _limits_of_agreement(layout, level) if form[0] == "A" else _limits_of_consistency(layout, level)
    if form[-1] == "1":
        return single
    low, high = (_step_up(limit, layout.k) for limit in single)
    return low, high


def _limits_of_consistency(layout: _Layout, level: float) -> tuple[float, float]:
    upper, (above, below) = (1 + level) / 2, layout.degrees_of_freedom
    if math.isinf(layout.f):
        return 1.0, 1.0
    ratios = (layout.f / stats.f.ppf(upper, above, below), layout.f * stats.f.ppf(upper, below, above))
    low, high = ((ratio - 1) / (ratio + layout.k - 1) for ratio in ratios)
    return float(low), float(high)


def _limits_of_agreement(layout: _Layout, level: float) -> tuple[float, float]:
    n, k = layout.n, layout.k
    rho = _coefficient(layout, "A,1")
    if rho == 1:
        return 1.0, 1.0
    a = k * rho / (n * (1 - rho))
    b = 1 + k * rho * (n - 1) / (n * (1 - rho))
    across, within = a * layout.raters, b * layout.residual
    spread = across**2 / (k - 1) + within**2 / ((n - 1) * (k - 1))
    freedom = (across + within) ** 2 / spread if spread else float((n - 1) * (k - 1))
    noise = k * layout.raters + (k * n - k - n) * layout.residual
    upper = (1 + level) / 2
    down, up = stats.f.ppf(upper, n - 1, freedom), stats.f.ppf(upper, freedom, n - 1)
    low = n * (layout.subjects / down - layout.residual) / (noise + n * layout.subjects / down)
    high = n * (up * layout.subjects - layout.residual) / (noise + n * up * layout.subjects)
    return float(low), float(high)


def _step_up(single: float, k: int) -> float:
    """Return the reliability of the mean of k raters (Spearman and Brown)."""
    below = 1 + (k - 1) * single
    return -math.inf if below <= 0 else k * single / below
