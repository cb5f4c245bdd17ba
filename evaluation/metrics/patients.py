"""Figures over patients from their volumes and Dice: resection class (EPMR), detection and volume bias (FLAIR)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluation.metrics.overlap import ratio
from evaluation.metrics.validation import as_floats, check_number

RESIDUAL_ML = 0.175
"""Residual tumour from this volume on, gross total resection (GTR) below it (EPMR)."""

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Classification:
    """A two-by-two table over patients, positive meaning residual tumour; nan where a group is empty."""

    tp: int
    fn: int
    fp: int
    tn: int

    @property
    def sensitivity(self) -> float:
        """TP / (TP + FN), also the patient-wise recall."""
        return ratio(self.tp, self.tp + self.fn)

    @property
    def specificity(self) -> float:
        """TN / (TN + FP)."""
        return ratio(self.tn, self.tn + self.fp)

    @property
    def balanced_accuracy(self) -> float:
        """The mean of sensitivity and specificity."""
        return (self.sensitivity + self.specificity) / 2

    @property
    def accuracy(self) -> float:
        """The share of patients in the right group."""
        return ratio(self.tp + self.tn, self.tp + self.fn + self.fp + self.tn)

    @property
    def precision(self) -> float:
        """TP / (TP + FP)."""
        return ratio(self.tp, self.tp + self.fp)

    @property
    def f1(self) -> float:
        """2 TP / (2 TP + FP + FN)."""
        return ratio(2 * self.tp, 2 * self.tp + self.fp + self.fn)


def is_residual(volume_ml: float, *, threshold_ml: float = RESIDUAL_ML) -> bool:
    """Return whether a volume in ml is residual tumour (at or above the threshold) and not a GTR."""
    check_number(volume_ml, name="volume in ml", low=0)
    check_number(threshold_ml, name="threshold in ml", low=0)
    return volume_ml >= threshold_ml


def classify_resections(
    prediction_ml: ArrayLike, reference_ml: ArrayLike, *, threshold_ml: float = RESIDUAL_ML
) -> Classification:
    """Return how the predicted volumes (patient,) in ml sort patients into residual tumour and GTR.

    Raises ValueError for volumes that are negative, not finite or not one per patient.
    """
    check_number(threshold_ml, name="threshold in ml", low=0)
    predicted, true = (values >= threshold_ml for values in _volumes(prediction_ml, reference_ml))
    return Classification(
        tp=int(np.sum(predicted & true)),
        fn=int(np.sum(~predicted & true)),
        fp=int(np.sum(predicted & ~true)),
        tn=int(np.sum(~predicted & ~true)),
    )


@dataclass(frozen=True)
class PatientDice:
    """EPMR's means of the Dice: over positive patients (DSC-P), and over true positive ones (DSC-TP) in two readings.

    over_found_volumes takes pairs with both volumes at or above the threshold; over_found_overlaps only those of them
    whose masks overlap (the paper's printed figures). nan without a patient; the n stand beside them.
    """

    over_positives: float
    over_found_volumes: float
    over_found_overlaps: float
    n_positives: int
    n_found_volumes: int
    n_found_overlaps: int


def average_dice(
    dice: ArrayLike, prediction_ml: ArrayLike, reference_ml: ArrayLike, *, threshold_ml: float = RESIDUAL_ML
) -> PatientDice:
    """Return DSC-P and both DSC-TP from each patient's Dice and volumes in ml.

    A positive patient's Dice is defined, 0 for a miss; Dice of other patients may be nan. Raises ValueError for
    volumes as classify_resections does, and for a positive patient without a Dice in [0, 1].
    """
    check_number(threshold_ml, name="threshold in ml", low=0)
    predicted, true = _volumes(prediction_ml, reference_ml)
    scores = _scores(dice, len(true))
    positive = true >= threshold_ml
    if not np.all((scores[positive] >= 0) & (scores[positive] <= 1)):
        raise ValueError("Every patient with residual tumour needs a Dice between 0 and 1.")
    found = positive & (predicted >= threshold_ml)
    overlapping = found & (scores > 0)
    return PatientDice(
        over_positives=_mean(scores[positive]),
        over_found_volumes=_mean(scores[found]),
        over_found_overlaps=_mean(scores[overlapping]),
        n_positives=int(positive.sum()),
        n_found_volumes=int(found.sum()),
        n_found_overlaps=int(overlapping.sum()),
    )


@dataclass(frozen=True)
class DetectionRate:
    """FLAIR's detection rate over positive cases; false_positives are predictions on empty references.

    true_positive (case,) marks the cases that the segmentation figures go over.
    """

    rate: float
    tp: int
    fn: int
    negatives: int
    false_positives: int
    excluded: int
    true_positive: NDArray[np.bool_]


def detection_rate(
    dice: ArrayLike,
    prediction_ml: ArrayLike,
    reference_ml: ArrayLike,
    *,
    smallest_ml: float = 0.1,
    smallest_dice: float = 0.001,
) -> DetectionRate:
    """Return the share of positive cases that were found.

    Cases with a reference above 0 and below smallest_ml are excluded, empty references are negatives. Found means a
    prediction of at least smallest_ml (our reading) with a Dice of at least smallest_dice. Raises ValueError for
    volumes that are negative, not finite or not one per case, and for a positive case without a Dice.
    """
    check_number(smallest_ml, name="smallest volume in ml", low=0)
    check_number(smallest_dice, name="smallest Dice", low=0, high=1)
    predicted, true = _volumes(prediction_ml, reference_ml)
    scores = _scores(dice, len(true))
    positive, negative, said = true >= smallest_ml, true == 0, predicted >= smallest_ml
    if np.isnan(scores[positive]).any():
        raise ValueError("Every case with a reference needs a Dice; a miss has 0.")
    found = positive & said & (scores >= smallest_dice)
    return DetectionRate(
        rate=ratio(int(found.sum()), int(positive.sum())),
        tp=int(found.sum()),
        fn=int(positive.sum() - found.sum()),
        negatives=int(negative.sum()),
        false_positives=int((negative & said).sum()),
        excluded=int((~positive & ~negative).sum()),
        true_positive=found,
    )


@dataclass(frozen=True)
class VolumeBias:
    """Cases with more and with less than the reference's volume, and the median [quartiles] of |difference| in ml."""

    over: int
    under: int
    equal: int
    over_ml: tuple[float, float, float]
    under_ml: tuple[float, float, float]


def volume_bias(prediction_ml: ArrayLike, reference_ml: ArrayLike) -> VolumeBias:
    """Return over- and under-segmentation of the given (true positive) cases from their volumes in ml.

    The triples are (lower quartile, median, upper quartile), nan without such a case. Raises ValueError as
    detection_rate does.
    """
    predicted, true = _volumes(prediction_ml, reference_ml)
    more = predicted - true
    return VolumeBias(
        over=int((more > 0).sum()),
        under=int((more < 0).sum()),
        equal=int((more == 0).sum()),
        over_ml=_quartiles(more[more > 0]),
        under_ml=_quartiles(-more[more < 0]),
    )


def _volumes(prediction_ml: ArrayLike, reference_ml: ArrayLike) -> tuple[Vector, Vector]:
    predicted, true = (as_floats(values, name="list of volumes") for values in (prediction_ml, reference_ml))
    if predicted.ndim != 1 or predicted.shape != true.shape:
        raise ValueError(f"Give one volume per case on both sides, not {predicted.shape} and {true.shape}.")
    both = np.concatenate([predicted, true])
    if not (np.isfinite(both).all() and (both >= 0).all()):
        raise ValueError("Volumes are finite and 0 ml or more.")
    return predicted, true


def _scores(dice: ArrayLike | Sequence[float], cases: int) -> Vector:
    scores = as_floats(dice, name="list of Dice")
    if scores.shape != (cases,):
        raise ValueError(f"Give one Dice per case: {cases}, not shape {scores.shape}.")
    if np.any((scores < 0) | (scores > 1)):
        raise ValueError("A Dice lies between 0 and 1, or is nan where both masks are empty.")
    return scores


def _mean(values: Vector) -> float:
    return float(values.mean()) if len(values) else math.nan


def _quartiles(values: Vector) -> tuple[float, float, float]:
    if not len(values):
        return math.nan, math.nan, math.nan
    low, middle, high = np.percentile(values, [25, 50, 75])
    return float(low), float(middle), float(high)
