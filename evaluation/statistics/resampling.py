"""Answers by resampling, over patients and with a stored seed: BCa bootstrap, sign flips.

Sources: Efron, J Am Stat Assoc 82(397), 1987, doi:10.1080/01621459.1987.10478410 (BCa);
Phipson, Smyth, Stat Appl Genet Mol Biol 9(1), 2010, doi:10.2202/1544-6115.1585 (p is never 0).
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from evaluation.statistics.results import Alternative, Interval, Result
from evaluation.statistics.samples import (
    Floats,
    is_constant,
    read_labels,
    read_numbers,
    require_alternative,
    require_choice,
    require_level,
    require_minimum,
)

BootstrapMethod: TypeAlias = Literal["BCa", "percentile"]
Statistic: TypeAlias = Callable[[Floats], float]

MINIMUM_PATIENTS = 3
MINIMUM_DEVIATIONS = 2
_FEW = 10
_EQUAL = 1e-12
_AT_ONCE = 2_000_000
"""Rows of resamples that are held at a time: 16 MB for each of three arrays."""
_NAMED: dict[str, Callable[..., Any]] = {"mean": np.mean, "median": np.median}


@dataclass(frozen=True, kw_only=True)
class BootstrapResult(Result):
    """A bootstrapped figure; interval holds its confidence interval, p is nan (it is no test)."""

    interval: Interval
    standard_error: float
    method: BootstrapMethod
    seed: int
    resamples: int


@dataclass(frozen=True, kw_only=True)
class SignFlipResult(Result):
    """A sign-flip test; p is that of the stated alternative, the others stand beside it."""

    p_greater: float
    p_less: float
    p_two_sided: float
    baseline: float
    seed: int
    flips: int


def bootstrap(
    values: ArrayLike,
    statistic: Statistic | Literal["mean", "median"] = "mean",
    *,
    seed: int,
    patients: Sequence[object] | NDArray[np.generic] | None = None,
    resamples: int = 10_000,
    level: float = 0.95,
    method: BootstrapMethod = "BCa",
    name: str | None = None,
) -> BootstrapResult:
    """Return a statistic of values with its bootstrap interval over patients.

    values is (row,) or (row, column); patients gives each row's patient, by default one per row.
    Whole patients are drawn with replacement, with all their rows, never single rows of a patient.
    statistic gets the drawn rows in float64 and returns one number; name is what it is called. BCa uses the
    jackknife over patients. Equal replicates give an interval without width; a statistic that is undefined
    in some resample is refused.

    Needs three patients; below ten the interval is noted as unreliable. Raises ValueError otherwise.
    """
    _check_bootstrap(method, resamples, level)
    table = read_numbers(values, "values", axes=1 if np.ndim(values) < 2 else 2)
    rows = _rows_by_patient(len(table), patients)
    require_minimum(len(rows), MINIMUM_PATIENTS, "patients", "The bootstrap")
    compute = _named(statistic) if isinstance(statistic, str) else statistic
    label = name or (statistic if isinstance(statistic, str) else "statistic")
    estimate = float(compute(table))
    low, high, error = _interval(table, rows, statistic, method=method, resamples=resamples, level=level, seed=seed)
    if math.isnan(estimate) or math.isnan(low):
        raise ValueError(f"The {label} is undefined in a resample; give a statistic that is defined for all of them.")
    return BootstrapResult(
        test=f"{method} bootstrap over patients",
        statistic=estimate,
        statistic_name=label,
        p=math.nan,
        n=len(rows),
        unit="patients",
        effect_size=estimate,
        effect_name=label,
        interval=Interval(low, high, level, label, f"{method} bootstrap, {resamples} resamples, seed {seed}"),
        notes=(
            "An interval, not a test: no p.",
            *((f"Fewer than {_FEW} patients: the interval is unreliable.",) if len(rows) < _FEW else ()),
        ),
        standard_error=error,
        method=method,
        seed=seed,
        resamples=resamples,
    )


def sign_flip(
    deviations: ArrayLike,
    *,
    seed: int,
    baseline: float = 0.0,
    flips: int = 10_000,
    alternative: Alternative = "two-sided",
    patients: Sequence[object] | NDArray[np.generic] | None = None,
) -> SignFlipResult:
    """Return the sign-flip permutation test that deviations from a baseline lie evenly about 0.

    The statistic is the mean of values − baseline. Each flip draws a sign for every value, or for every
    patient when patients are given, so that a patient's values turn together. p = (1 + #extreme)/(1 + flips),
    where a flip whose mean equals the observed one is extreme; two-sided compares absolute means.
    The effect size is the mean over the SD (of the patients' sums when they turn together); nan when
    that SD is 0. A distance tested against 0 is always above it: choose a baseline that could be wrong.

    Needs two values (patients). Raises ValueError for undefined values.
    """
    require_alternative(alternative)
    require_minimum(flips, 1, "flips", "The sign-flip test")
    if not math.isfinite(baseline):
        raise ValueError("The baseline of the sign-flip test is a finite number.")
    centred = read_numbers(deviations, "deviations") - baseline
    sums = np.array([centred[rows].sum() for rows in _rows_by_patient(len(centred), patients)])
    require_minimum(len(sums), MINIMUM_DEVIATIONS, "values" if patients is None else "patients", "The sign-flip test")
    greater, less, either = _count_extreme(sums, flips=flips, seed=seed)
    p_values = {
        key: (1 + count) / (1 + flips)
        for key, count in zip(("greater", "less", "two-sided"), (greater, less, either), strict=True)
    }
    constant = is_constant(sums, scale=float(np.max(np.abs(sums))) + abs(baseline))
    return SignFlipResult(
        test=f"Sign-flip permutation test ({flips} flips)",
        statistic=float(centred.mean()),
        statistic_name="mean deviation",
        p=p_values[alternative],
        n=len(sums),
        unit="values" if patients is None else "patients",
        effect_size=math.nan if constant else float(sums.mean() / sums.std(ddof=1)),
        effect_name="Cohen's d_z",
        alternative=alternative,
        notes=("All deviations are equal: no effect size.",) if constant else (),
        p_greater=p_values["greater"],
        p_less=p_values["less"],
        p_two_sided=p_values["two-sided"],
        baseline=baseline,
        seed=seed,
        flips=flips,
    )


def _check_bootstrap(method: str, resamples: int, level: float) -> None:
    require_choice(method, ("BCa", "percentile"), "method")
    require_level(level)
    require_minimum(resamples, 100, "resamples", "The bootstrap")


def _rows_by_patient(count: int, patients: Sequence[object] | NDArray[np.generic] | None) -> list[NDArray[np.intp]]:
    """Return the row numbers of each patient, patients in order of first appearance."""
    if patients is None:
        return [np.array([row]) for row in range(count)]
    names = read_labels(patients, "patients")
    if len(names) != count:
        raise ValueError(f"patients has {len(names)} entries for {count} rows.")
    rows: dict[object, list[int]] = {}
    for row, name in enumerate(names):
        rows.setdefault(name, []).append(row)
    return [np.array(found) for found in rows.values()]


def _named(statistic: str) -> Statistic:
    require_choice(statistic, tuple(_NAMED), "statistic")
    compute = _NAMED[statistic]
    return lambda rows: float(compute(rows))


def _interval(
    table: Floats,
    rows: list[NDArray[np.intp]],
    statistic: Statistic | str,
    *,
    method: BootstrapMethod,
    resamples: int,
    level: float,
    seed: int,
) -> tuple[float, float, float]:
    """Return the interval and the standard error; a statistic with a name is computed of all resamples at once."""
    compute = _named(statistic) if isinstance(statistic, str) else statistic

    def of_patients(drawn: NDArray[np.intp]) -> float:
        return float(compute(table[np.concatenate([rows[patient] for patient in drawn])]))

    together = isinstance(statistic, str) and table.size == len(table)
    resampled = _Resamples(table.ravel(), rows, _NAMED[str(statistic)]) if together else of_patients
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = stats.bootstrap(
            (np.arange(len(rows)),),
            resampled,
            n_resamples=resamples,
            vectorized=together,
            confidence_level=level,
            method=method,
            rng=np.random.default_rng(seed),
        )
    replicates = np.asarray(found.bootstrap_distribution, dtype=np.float64)
    if np.all(np.isfinite(replicates)) and is_constant(replicates):
        return float(replicates[0]), float(replicates[0]), 0.0
    limits = found.confidence_interval
    return float(limits.low), float(limits.high), float(found.standard_error)


class _Resamples:
    """A named statistic of many resamples at once, to the last bit that of each alone.

    Resamples with equally many rows are computed together: their rows, in the order drawn, fill a table.
    """

    def __init__(self, values: Floats, rows: list[NDArray[np.intp]], compute: Callable[..., Floats]) -> None:
        self._values, self._compute = values, compute
        self._sizes = np.array([len(own) for own in rows])
        self._is_row = np.arange(self._sizes.max()) < self._sizes[:, np.newaxis]
        self._rows = np.zeros(self._is_row.shape, dtype=np.intp)
        self._rows[self._is_row] = np.concatenate(rows)

    def __call__(self, drawn: NDArray[np.intp], axis: int) -> Floats:
        """Return the statistic of each resample; drawn holds the patients of each along its last axis."""
        flat = np.moveaxis(drawn, axis, -1).reshape(-1, drawn.shape[axis])
        step = max(1, _AT_ONCE // (flat.shape[1] * self._rows.shape[1]))
        parts = [self._of_some(flat[start : start + step]) for start in range(0, len(flat), step)]
        return np.concatenate(parts).reshape(np.delete(drawn.shape, axis))

    def _of_some(self, drawn: NDArray[np.intp]) -> Floats:
        found = np.empty(len(drawn))
        lengths = self._sizes[drawn].sum(axis=1)
        for length in np.unique(lengths):
            chosen = drawn[lengths == length]
            rows = self._rows[chosen][self._is_row[chosen]].reshape(-1, length)
            found[lengths == length] = self._compute(self._values[rows], axis=1)
        return found


def _count_extreme(sums: Floats, *, flips: int, seed: int) -> tuple[int, int, int]:
    """Return how many flips are at or above, at or below, and at least as far from 0 as the sum found.

    Equality allows for the rounding of a sum in another order.
    """
    rng = np.random.default_rng(seed)
    found, slack = float(sums.sum()), _EQUAL * float(np.abs(sums).sum())
    greater = less = either = 0
    batch = max(1, 2_000_000 // len(sums))
    for start in range(0, flips, batch):
        signs = 2.0 * rng.integers(0, 2, (min(batch, flips - start), len(sums))) - 1.0
        flipped = signs @ sums
        greater += int(np.count_nonzero(flipped >= found - slack))
        less += int(np.count_nonzero(flipped <= found + slack))
        either += int(np.count_nonzero(np.abs(flipped) >= abs(found) - slack))
    return greater, less, either
