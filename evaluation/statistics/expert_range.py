"""The statement "model inside the experts' range" of an inter-rater study, with its interval."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evaluation.statistics.resampling import bootstrap
from evaluation.statistics.results import Comparison, Interval, Result
from evaluation.statistics.samples import Floats, read_numbers, require_level, require_minimum

MINIMUM_PATIENTS = 3
MINIMUM_EXPERTS = 2
_EQUAL = 1e-12
_TEST = "Model inside the experts' range"


@dataclass(frozen=True, kw_only=True)
class ExpertRangeResult(Result):
    """Whether the model's mean is at or above the lowest expert's, and by how much it differs.

    statistic is the difference to the lowest expert, interval is its own; comparisons hold model
    minus each expert, every one with its interval. p is nan: the statement is no test.
    """

    inside: bool
    model_mean: float
    expert_means: tuple[tuple[str, float], ...]
    lowest_expert: str
    comparisons: tuple[Comparison, ...]
    seed: int
    resamples: int


def model_inside_expert_range(
    model: ArrayLike,
    experts: Mapping[str, ArrayLike],
    *,
    seed: int,
    resamples: int = 10_000,
    level: float = 0.95,
) -> ExpertRangeResult:
    """Return whether a model agrees with the consensus as well as the lowest of the experts.

    experts gives, per expert, one leave-one-out Jaccard per patient: against the consensus of all
    other raters. model is (patient,) or (patient, consensus): the model's Jaccard against the consensuses of
    the *same size*, that is of all raters but one, averaged over which one was left out; a consensus of all
    raters would be larger and favour the model. All follow the same order of patients.
    Each difference is model minus expert by patient, its interval BCa over patients with
    the same resamples for every expert. Experts with equal means: the first of them is the lowest.

    Needs three patients and two experts. Raises ValueError for undefined values (two empty
    masks): apply the report's policy to all raters of that patient first.
    """
    require_level(level)
    require_minimum(len(experts), MINIMUM_EXPERTS, "experts", _TEST)
    own = _read_model(model)
    readings = {name: _read_expert(values, name, len(own)) for name, values in experts.items()}
    means = {name: float(values.mean()) for name, values in readings.items()}
    lowest = min(means, key=lambda name: means[name])
    comparisons = tuple(
        _compare(own - values, name, seed=seed, resamples=resamples, level=level) for name, values in readings.items()
    )
    decisive = next(found for found in comparisons if found.second == lowest)
    spread = float((own - readings[lowest]).std(ddof=1))
    return ExpertRangeResult(
        test=f"{_TEST} (leave-one-out Jaccard, BCa bootstrap over patients)",
        statistic=decisive.difference,
        statistic_name="model − lowest expert, mean Jaccard",
        p=math.nan,
        n=len(own),
        unit="patients",
        effect_size=decisive.difference / spread if spread > 0 else math.nan,
        effect_name="Cohen's d_z",
        interval=decisive.interval,
        notes=("An interval, not a test: no p.",),
        inside=decisive.difference >= -_EQUAL,
        model_mean=float(own.mean()),
        expert_means=tuple(means.items()),
        lowest_expert=lowest,
        comparisons=comparisons,
        seed=seed,
        resamples=resamples,
    )


def _read_model(model: ArrayLike) -> Floats:
    values = read_numbers(model, "model", axes=1 if np.ndim(model) < 2 else 2)
    require_minimum(len(values), MINIMUM_PATIENTS, "patients", _TEST)
    _check_range(values, "model")
    return values if values.ndim == 1 else np.asarray(values.mean(axis=1), dtype=np.float64)


def _read_expert(values: ArrayLike, name: str, patients: int) -> Floats:
    numbers = read_numbers(values, f"expert {name!r}")
    if len(numbers) != patients:
        raise ValueError(
            f"expert {name!r} has {len(numbers)} patients and the model {patients}; they read the same ones."
        )
    _check_range(numbers, f"expert {name!r}")
    return numbers


def _check_range(values: Floats, name: str) -> None:
    if values.size and (values.min() < 0 or values.max() > 1):
        raise ValueError(f"{name} holds a value outside [0, 1]; these are Jaccard coefficients.")


def _compare(differences: Floats, expert: str, *, seed: int, resamples: int, level: float) -> Comparison:
    found = bootstrap(differences, "mean", seed=seed, resamples=resamples, level=level)
    interval = Interval(
        found.interval.low, found.interval.high, level, f"model − {expert}, mean Jaccard", found.interval.method
    )
    return Comparison("model", expert, found.statistic, math.nan, interval)
