"""Numbers in a report's data: what JSON can hold, the summary of a column, and how a figure is written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from evaluation.statistics import bootstrap, describe

Row = dict[str, Any]
INFINITE = "inf"
"""How data and tables write an infinite distance: JSON has no such number."""
MINIMUM_PATIENTS = 3
SUMMARY = ("mean", "sd", "low", "high", "median", "q1", "q3")


def plain(value: float) -> float | str | None:
    """Return a figure that JSON can hold: undefined is None, infinite is "inf" (or "-inf")."""
    number = float(value)
    if math.isnan(number):
        return None
    return number if math.isfinite(number) else (INFINITE if number > 0 else f"-{INFINITE}")


def number_of(value: float | str | None) -> float:
    """Return the number that `plain` wrote."""
    return math.nan if value is None else float(value)


def summarise(values: Sequence[float | str | None]) -> Row:
    """Return mean, SD, 95 % interval of the mean (t), median and quartiles of the finite values of a column.

    n counts the values used, n_undefined the undefined ones and n_infinite the infinite ones; a figure that cannot be
    computed is None.
    """
    if not values:
        return {"n": 0, "n_undefined": 0, "n_infinite": 0, **dict.fromkeys(SUMMARY)}
    found = describe([number_of(value) for value in values])
    figures = (
        found.mean,
        found.standard_deviation,
        found.interval.low,
        found.interval.high,
        found.median,
        *found.quartiles,
    )
    counts = {"n": found.n, "n_undefined": found.n_undefined, "n_infinite": found.n_infinite}
    return {**counts, **{name: plain(value) for name, value in zip(SUMMARY, figures, strict=True)}}


def summarise_patients(
    values: Sequence[float | str | None], patients: Sequence[object], *, seed: int, resamples: int
) -> Row:
    """Return `summarise` with the mean's interval from a BCa bootstrap over patients; patients gives each value's.

    Images of one patient are no independent observations, so whole patients are drawn. With fewer than three patients
    there is no interval.
    """
    found = summarise(values)
    kept = [(number_of(value), one) for value, one in zip(values, patients, strict=True)]
    kept = [(number, one) for number, one in kept if math.isfinite(number)]
    found["low"] = found["high"] = None
    if len({one for _, one in kept}) >= MINIMUM_PATIENTS:
        numbers, drawn = zip(*kept, strict=True)
        places = {one: place for place, one in enumerate(dict.fromkeys(drawn))}
        interval = bootstrap(numbers, patients=[places[one] for one in drawn], seed=seed, resamples=resamples).interval
        if interval is not None:
            found["low"], found["high"] = plain(interval.low), plain(interval.high)
    return found


def write(value: Any, digits: int | None = 3) -> str:
    """Return a value as a text of a table: a dash where it is undefined, ∞, a true minus."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value in (INFINITE, f"-{INFINITE}"):
        return "∞" if value == INFINITE else "\u2212∞"
    if isinstance(value, str) or digits is None:
        return f"{value}"
    written = f"{value:.{digits}f}"
    return written.lstrip("-") if not written.strip("-0.") else written.replace("-", "\u2212")


def write_p(value: float | None) -> str:
    """Return a p-value: three digits, and never 0."""
    if value is None:
        return "–"
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def count(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun."""
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"
