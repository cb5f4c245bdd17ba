"""Several tests in one table: Holm's correction.

Source: Holm, Scand J Stat 6(2), 1979, https://www.jstor.org/stable/4615733.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evaluation.statistics.samples import read_sample, require_level


@dataclass(frozen=True)
class HolmResult:
    """Adjusted p-values in the order given, and which hypotheses fall at level alpha."""

    p: tuple[float, ...]
    adjusted: tuple[float, ...]
    rejected: tuple[bool, ...]
    alpha: float
    n: int
    test: str = "Holm's correction"


def holm(p_values: ArrayLike, *, alpha: float = 0.05) -> HolmResult:
    """Return Holm's step-down adjustment, which holds the family-wise error at alpha.

    Needs one p. Raises ValueError for a p outside [0, 1] or undefined: leave an undefined test
    out of the table's family, and say so.
    """
    require_level(alpha)
    p = read_sample(p_values, "p_values", minimum=1, test="Holm's correction")
    if p.min() < 0 or p.max() > 1:
        raise ValueError(f"p-values lie between 0 and 1; {p.min()} to {p.max()} given.")
    order = np.argsort(p, kind="stable")
    left = np.arange(len(p), 0, -1)
    adjusted, rejected = np.empty(len(p)), np.empty(len(p), bool)
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * left), 1.0)
    rejected[order] = np.logical_and.accumulate(p[order] <= alpha / left)
    return HolmResult(
        p=tuple(float(value) for value in p),
        adjusted=tuple(float(value) for value in adjusted),
        rejected=tuple(bool(value) for value in rejected),
        alpha=alpha,
        n=len(p),
    )
