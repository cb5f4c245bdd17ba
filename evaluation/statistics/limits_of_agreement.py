"""Bland and Altman's limits of agreement between two measurements of the same subjects.

Sources: Bland, Altman, Stat Methods Med Res 8(2), 1999, doi:10.1177/096228029900800204;
Carkeet, Optom Vis Sci 92(3), 2015, doi:10.1097/OPX.0000000000000513 (exact intervals of the limits).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from evaluation.statistics.results import Interval, Result
from evaluation.statistics.samples import Floats, is_constant, read_pairs, require_level

MINIMUM_PAIRS = 3


@dataclass(frozen=True, kw_only=True)
class BlandAltmanResult(Result):
    """Bias (first − second) and limits of agreement, in the unit of the measurements.

    statistic is the bias, interval is its own, p tests bias = 0 (paired t), and the effect size is
    bias/SD. lower and upper are the limits with their intervals. slope is the change of the
    difference per unit of the mean with slope_p: a bias that grows with size makes the limits misleading.
    """

    interval: Interval
    standard_deviation: float
    lower: float
    upper: float
    lower_interval: Interval
    upper_interval: Interval
    slope: float
    slope_p: float
    coverage: float


def bland_altman(
    first: ArrayLike, second: ArrayLike, *, coverage: float = 0.95, level: float = 0.95
) -> BlandAltmanResult:
    """Return bias and limits of agreement of paired measurements, such as volumes in ml.

    The limits are bias ± z SD with z = 1.95996… for a coverage of 95 % (not 1.96, not 2). Their
    intervals are exact for normal differences, from the noncentral t distribution, each limit on
    its own. Equal differences give limits without width and p = nan, with a note.

    Needs three pairs. Raises ValueError for unequal lengths and undefined values.
    """
    require_level(coverage)
    require_level(level)
    one, other = read_pairs(first, second, minimum=MINIMUM_PAIRS, test="Bland–Altman analysis")
    differences, means = one - other, (one + other) / 2
    n, bias = len(one), float(differences.mean())
    constant = is_constant(differences, scale=float(np.max(np.abs([one, other]))))
    spread = 0.0 if constant else float(differences.std(ddof=1))
    z = float(stats.norm.ppf((1 + coverage) / 2))
    reach = float(stats.t.ppf((1 + level) / 2, n - 1)) * spread / math.sqrt(n)
    near, far = _limit_factors(n, z, level)
    slope, slope_p = (0.0, math.nan) if constant or is_constant(means) else _fit_slope(means, differences)
    method = "exact for normal differences (noncentral t)"
    return BlandAltmanResult(
        test="Bland–Altman limits of agreement",
        statistic=bias,
        statistic_name="bias (first − second)",
        p=math.nan if constant else float(stats.ttest_1samp(differences, 0.0).pvalue),
        n=n,
        unit="pairs",
        effect_size=math.nan if constant else bias / spread,
        effect_name="bias / SD of the differences",
        interval=Interval(bias - reach, bias + reach, level, "bias", "t distribution"),
        notes=("All differences are equal: bias is not tested.",) if constant else (),
        standard_deviation=spread,
        lower=bias - z * spread,
        upper=bias + z * spread,
        lower_interval=Interval(bias - far * spread, bias - near * spread, level, "lower limit", method),
        upper_interval=Interval(bias + near * spread, bias + far * spread, level, "upper limit", method),
        slope=slope,
        slope_p=slope_p,
        coverage=coverage,
    )


def _limit_factors(n: int, z: float, level: float) -> tuple[float, float]:
    """Return how many SD from the bias the interval of a limit begins and ends."""
    low, high = stats.nct.ppf([(1 - level) / 2, (1 + level) / 2], n - 1, z * math.sqrt(n)) / math.sqrt(n)
    return float(low), float(high)


def _fit_slope(means: Floats, differences: Floats) -> tuple[float, float]:
    line = stats.linregress(means, differences)
    return float(line.slope), float(line.pvalue)
