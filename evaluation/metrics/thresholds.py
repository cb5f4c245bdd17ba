"""Dice against the probability threshold, and the threshold that a validation fold chooses (FLAIR, EPMR)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluation.metrics.overlap import voxel_ml
from evaluation.metrics.validation import as_array, as_floats, as_mask, as_spacing

THRESHOLDS = tuple(round(0.1 * step, 1) for step in range(1, 11))
"""The ten thresholds of the raidionics validation code: 0.1 to 1.0."""

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class ThresholdCurve:
    """One case's Dice (nan: both empty) and predicted volume in ml at each threshold, and its reference volume."""

    thresholds: tuple[float, ...]
    dice: Vector
    prediction_ml: Vector
    reference_ml: float


@dataclass(frozen=True)
class ChosenThreshold:
    """The threshold with the best criterion, and the whole curve over all cases.

    criterion is the mean of mean_dice (over found cases, nan without one) and recall (found positive cases).
    """

    threshold: float
    thresholds: tuple[float, ...]
    mean_dice: Vector
    recall: Vector
    criterion: Vector
    positives: int


def threshold_curve(
    probability: ArrayLike,
    reference: ArrayLike,
    spacing: Sequence[float],
    *,
    thresholds: Sequence[float] = THRESHOLDS,
) -> ThresholdCurve:
    """Return the Dice and the volume of (probability ≥ threshold) against a reference mask of the same shape.

    Raises ValueError for probabilities outside of [0, 1] or NaN, different shapes, and thresholds outside of (0, 1]
    or not ascending.
    """
    values, true = as_array(probability, name="probability"), as_mask(reference, name="reference")
    size = as_spacing(spacing, true.ndim)
    steps = _check_thresholds(thresholds)
    if values.shape != true.shape:
        raise ValueError(f"The probability has shape {values.shape} and the reference {true.shape}.")
    if values.dtype.kind not in "biuf" or not bool(np.all((values >= 0) & (values <= 1))):
        raise ValueError("Probabilities lie between 0 and 1, without NaN.")
    marked = np.array([_count(values, steps), _count(values[true], steps)], np.float64)
    voxels = int(np.count_nonzero(true))
    with np.errstate(invalid="ignore"):
        dice = 2 * marked[1] / (marked[0] + voxels)
    return ThresholdCurve(tuple(steps.tolist()), dice, marked[0] * voxel_ml(size), voxels * voxel_ml(size))


def choose_threshold(
    curves: Sequence[ThresholdCurve], *, smallest_ml: float = 0.1, smallest_dice: float = 0.001
) -> ChosenThreshold:
    """Return the threshold that is best over the validation fold's cases; the lowest of equally good ones.

    A positive case has a reference of at least smallest_ml; it is found when the prediction has at least smallest_ml
    and the Dice is at least smallest_dice. Raises ValueError without a positive case and for curves over different
    thresholds.
    """
    positive = [curve for curve in curves if curve.reference_ml >= smallest_ml]
    if not positive:
        raise ValueError("No case with a reference: a threshold cannot be chosen.")
    if len({curve.thresholds for curve in curves}) != 1:
        raise ValueError("All curves need the same thresholds.")
    dice = np.stack([curve.dice for curve in positive])
    found = (dice >= smallest_dice) & (np.stack([curve.prediction_ml for curve in positive]) >= smallest_ml)
    n_found = found.sum(axis=0)
    mean_dice = np.divide((dice * found).sum(axis=0), n_found, out=np.full(dice.shape[1], math.nan), where=n_found > 0)
    recall = found.mean(axis=0)
    criterion = (np.nan_to_num(mean_dice) + recall) / 2
    return ChosenThreshold(
        threshold=positive[0].thresholds[int(np.argmax(criterion))],
        thresholds=positive[0].thresholds,
        mean_dice=mean_dice,
        recall=recall,
        criterion=criterion,
        positives=len(positive),
    )


def _check_thresholds(thresholds: Sequence[float]) -> Vector:
    steps = as_floats(thresholds, name="list of thresholds")
    inside = steps.ndim == 1 and bool(len(steps)) and bool(np.all((steps > 0) & (steps <= 1)))
    if not inside or not (np.diff(steps) > 0).all():
        raise ValueError(f"Thresholds ascend inside (0, 1], not {steps.tolist()}.")
    return steps


def _count(values: NDArray[Any], steps: Vector) -> list[int]:
    """Return how many values reach each step; steps take the values' own float type, so that 0.1 reaches 0.1."""
    limits = steps.astype(values.dtype) if values.dtype.kind == "f" else steps
    return [int(np.count_nonzero(values >= limit)) for limit in limits]
