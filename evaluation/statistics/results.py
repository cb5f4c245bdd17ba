"""What every method of this room returns: frozen records that carry their own name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Alternative: TypeAlias = Literal["two-sided", "greater", "less"]


@dataclass(frozen=True)
class Interval:
    """A confidence interval, never rounded.

    of names the quantity that it encloses and method says how it was found; level is the
    coverage, 0.95 for 95 %. A one-sided interval has an infinite end.
    """

    low: float
    high: float
    level: float
    of: str
    method: str

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True, kw_only=True)
class Result:
    """One figure of a report: the test's full name, statistic, p, n and effect size.

    test names the method with the variant that was really computed, and unit says what n counts
    (pairs, patients, subjects ...). A method that gives an interval or a coefficient without a
    null hypothesis has p = nan and says so in notes. A statistic that the data leave undefined
    (0/0, such as a correlation of constant values) is nan, again with a note; it is never a
    silent number.
    """

    test: str
    statistic: float
    statistic_name: str
    p: float
    n: int
    unit: str
    effect_size: float
    effect_name: str
    alternative: Alternative = "two-sided"
    interval: Interval | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """One pair out of several: first minus second, with its adjusted p and interval."""

    first: str
    second: str
    difference: float
    p: float
    interval: Interval | None = None
