"""Every metric of two masks in one record, with flags for empty masks."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from numpy.typing import ArrayLike

from evaluation.metrics.brats import BratsLesionwise, brats_lesionwise
from evaluation.metrics.directed import hausdorff, overlap_within
from evaluation.metrics.distances import average, check_tolerance, measure_both, value_of_empty
from evaluation.metrics.lesions import LesionDetection, lesion_detection
from evaluation.metrics.objects import Objectwise, objectwise
from evaluation.metrics.overlap import (
    normalised_dice_of_counts,
    precision_of_counts,
    ratio,
    voxel_ml,
)
from evaluation.metrics.regions import all_labels, select_region
from evaluation.metrics.validation import as_labels, as_mask_pair, as_spacing
from evaluation.metrics.votes import Votes, read_votes


@dataclass(frozen=True)
class Comparison:
    """What two masks have in common. Distances in mm, volumes in ml, counts in voxels.

    lesions, objects and brats are the records of lesion_detection, objectwise and brats_lesionwise. A figure that is
    undefined is nan and one without a bound is ∞; the flags say why: both_empty, or one of prediction_empty and
    reference_empty.
    """

    tp: int
    fp: int
    fn: int
    tn: int
    dice: float
    jaccard: float
    recall: float
    precision: float
    normalised_dice: float
    prediction_ml: float
    reference_ml: float
    volume_difference: float
    hausdorff95_directed: float
    hausdorff95_pooled: float
    hausdorff95_surfel: float
    average_surface_distance: float
    surface_dice_surfel: float
    surface_dice_voxel: float
    tolerance_mm: float
    occurrence_rate: float
    lesions: LesionDetection
    objects: Objectwise
    brats: BratsLesionwise
    both_empty: bool
    prediction_empty: bool
    reference_empty: bool


@dataclass(frozen=True)
class _Distances:
    """The surface figures of one pair."""

    directed: float
    pooled: float
    surfel: float
    average: float
    dice_surfel: float
    dice_voxel: float


def compare(
    prediction: ArrayLike,
    reference: ArrayLike,
    spacing: Sequence[float],
    *,
    tolerance_mm: float = 2.0,
    occurrence_rate: float = 0.001,
    iou: float = 0.25,
    pairing: str = "legacy",
    challenge: str = "gli",
) -> Comparison:
    """Return all metrics of two masks, in every variant, with flags for empty ones.

    tolerance_mm belongs to the surface Dice, occurrence_rate to the normalised Dice (domain: the whole array), iou to
    lesions, pairing to objects, challenge to brats; spacing is in mm. Raises ValueError as the single functions do.
    """
    check_tolerance(tolerance_mm)
    first, second = as_mask_pair(prediction, reference)
    size = as_spacing(spacing, first.ndim)
    votes = read_votes((first, second))
    tp, fp, fn = _count(votes)
    distances = _measure(votes, size, tolerance_mm=tolerance_mm)
    return Comparison(
        tp=tp,
        fp=fp,
        fn=fn,
        tn=first.size - tp - fp - fn,
        dice=ratio(2 * tp, 2 * tp + fp + fn),
        jaccard=ratio(tp, tp + fp + fn),
        recall=ratio(tp, tp + fn),
        precision=precision_of_counts(tp, fp, fn),
        normalised_dice=normalised_dice_of_counts(tp, fp, fn, voxels=first.size, occurrence_rate=occurrence_rate),
        prediction_ml=(tp + fp) * voxel_ml(size),
        reference_ml=(tp + fn) * voxel_ml(size),
        volume_difference=(fp - fn) * voxel_ml(size),
        hausdorff95_directed=distances.directed,
        hausdorff95_pooled=distances.pooled,
        hausdorff95_surfel=distances.surfel,
        average_surface_distance=distances.average,
        surface_dice_surfel=distances.dice_surfel,
        surface_dice_voxel=distances.dice_voxel,
        tolerance_mm=tolerance_mm,
        occurrence_rate=occurrence_rate,
        lesions=lesion_detection(first, second, iou=iou),
        objects=objectwise(first, second, size, pairing=pairing),
        brats=brats_lesionwise(first, second, size, challenge=challenge),
        both_empty=tp + fp + fn == 0,
        prediction_empty=tp + fp == 0,
        reference_empty=tp + fn == 0,
    )


def compare_labels(
    prediction: ArrayLike,
    reference: ArrayLike,
    spacing: Sequence[float],
    *,
    regions: Mapping[str, Collection[int]] | None = None,
    tolerance_mm: float = 2.0,
    occurrence_rate: float = 0.001,
    iou: float = 0.25,
    pairing: str = "legacy",
    challenge: str = "gli",
) -> dict[str, Comparison]:
    """Return the comparison of every region of two label maps, by the region's name; see pairwise_labels."""
    maps = as_labels(prediction, name="prediction"), as_labels(reference, name="reference")
    return {
        name: compare(
            select_region(maps[0], members),
            select_region(maps[1], members),
            spacing,
            tolerance_mm=tolerance_mm,
            occurrence_rate=occurrence_rate,
            iou=iou,
            pairing=pairing,
            challenge=challenge,
        )
        for name, members in (regions or all_labels(maps)).items()
    }


def _count(votes: Votes) -> tuple[int, int, int]:
    """Return TP, FP and FN from the coded votes of prediction and reference."""
    (predicted, tp), (_, true) = votes.pairs.tolist()
    return tp, predicted - tp, true - tp


def _measure(votes: Votes, spacing: Sequence[float], *, tolerance_mm: float) -> _Distances:
    far, none = value_of_empty(votes, one=math.inf), value_of_empty(votes, one=0.0)
    if far is not None and none is not None:
        return _Distances(far, far, far, far, none, none)
    voxels = measure_both(votes, spacing, surfels=False)
    surfels = measure_both(votes, spacing, surfels=True)
    return _Distances(
        directed=hausdorff(*voxels, variant="directed"),
        pooled=hausdorff(*voxels, variant="pooled"),
        surfel=hausdorff(*surfels, variant="surfel"),
        average=average(*voxels, variant="pooled"),
        dice_surfel=overlap_within(*surfels, tolerance_mm=tolerance_mm),
        dice_voxel=overlap_within(*voxels, tolerance_mm=tolerance_mm),
    )
