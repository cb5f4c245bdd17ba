"""Overlap and volume of two masks: counts of voxels and their ratios.

Empty masks: the ratios divide nothing by nothing only where they are undefined, and then are nan. What a table puts
in their place is the decision of the report.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from evaluation.metrics.validation import as_mask, as_mask_pair, as_spacing, check_number

MM3_PER_ML = 1000.0


def ratio(part: float, whole: float) -> float:
    """Return part / whole, nan when the whole is 0 (an undefined figure, never a silent number)."""
    return part / whole if whole else math.nan


def count_overlap(prediction: ArrayLike, reference: ArrayLike) -> tuple[int, int, int]:
    """Return the voxels of both masks, of the prediction alone and of the reference alone: TP, FP, FN."""
    first, second = as_mask_pair(prediction, reference)
    both = int(np.count_nonzero(first & second))
    return both, int(np.count_nonzero(first)) - both, int(np.count_nonzero(second)) - both


def dice(prediction: ArrayLike, reference: ArrayLike) -> float:
    """Return the Dice coefficient 2 TP / (2 TP + FP + FN) of two masks, in [0, 1].

    Both empty: nan. One empty: 0. Raises ValueError when the shapes differ or a mask holds more than 0 and 1.

    Source: Dice, Ecology 26(3), 1945, doi:10.2307/1932409.
    """
    tp, fp, fn = count_overlap(prediction, reference)
    return ratio(2 * tp, 2 * tp + fp + fn)


def jaccard(prediction: ArrayLike, reference: ArrayLike) -> float:
    """Return the Jaccard index TP / (TP + FP + FN) of two masks, in [0, 1]; with D the Dice, J = D / (2 − D).

    Both empty: nan. One empty: 0. Raises ValueError when the shapes differ or a mask holds more than 0 and 1.
    """
    tp, fp, fn = count_overlap(prediction, reference)
    return ratio(tp, tp + fp + fn)


def recall(prediction: ArrayLike, reference: ArrayLike) -> float:
    """Return TP / (TP + FN), the part of the reference that was found. Reference empty: nan."""
    tp, _, fn = count_overlap(prediction, reference)
    return ratio(tp, tp + fn)


def precision(prediction: ArrayLike, reference: ArrayLike) -> float:
    """Return TP / (TP + FP), the part of the prediction that is right. Both empty: nan. One empty: 0."""
    return precision_of_counts(*count_overlap(prediction, reference))


def precision_of_counts(tp: int, fp: int, fn: int) -> float:
    """Return the precision from counts of voxels: 0 when nothing was predicted although there was something."""
    if tp + fp == 0 and fn:
        return 0.0
    return ratio(tp, tp + fp)


def volume_ml(mask: ArrayLike, spacing: Sequence[float]) -> float:
    """Return the volume of a mask in ml; spacing is the voxel size in mm per array axis (an area of 1 mm for missing
    axes). Raises ValueError for a spacing that is incomplete, not finite or not positive.
    """
    found = as_mask(mask)
    return int(np.count_nonzero(found)) * voxel_ml(as_spacing(spacing, found.ndim))


def volume_difference(prediction: ArrayLike, reference: ArrayLike, spacing: Sequence[float]) -> float:
    """Return the predicted minus the reference volume in ml: above 0 is over-, below 0 under-segmentation."""
    first, second = as_mask_pair(prediction, reference)
    more = int(np.count_nonzero(first)) - int(np.count_nonzero(second))
    return more * voxel_ml(as_spacing(spacing, first.ndim))


def voxel_ml(spacing: Sequence[float]) -> float:
    """Return the volume of one voxel in ml from its size in mm."""
    return math.prod(spacing) / MM3_PER_ML


def normalised_dice(prediction: ArrayLike, reference: ArrayLike, *, occurrence_rate: float) -> float:
    """Return the normalised Dice (nDSC) = 2 TP / (κ FP + FN + 2 TP), comparable between lesion loads.

    κ = (1 − r) G / (r (N − G)) with G the voxels of the reference, N those of the whole array (the domain: crop it
    the same way everywhere, and store N and r with the figure) and r the occurrence_rate, the mean share of positive
    voxels over the set, 0.001 in the source.

    Both empty or a reference that fills the domain: nan. Reference empty: κ is 0, so that 0 / 0 is undefined, but
    the one rule for empty masks gives 0. Raises ValueError unless 0 < r < 1.

    Source: Raina et al., 2023, arXiv:2302.05432.
    """
    tp, fp, fn = count_overlap(prediction, reference)
    return normalised_dice_of_counts(tp, fp, fn, voxels=np.asarray(reference).size, occurrence_rate=occurrence_rate)


def normalised_dice_of_counts(tp: int, fp: int, fn: int, *, voxels: int, occurrence_rate: float) -> float:
    """Return the normalised Dice from counts of voxels in a domain of the given number of voxels."""
    check_number(occurrence_rate, name="occurrence rate", low=0, high=1, open_ends=True)
    if tp + fn == voxels:
        return math.nan
    if tp + fn == 0:
        return 0.0 if fp else math.nan
    kappa = (1 - occurrence_rate) * (tp + fn) / (occurrence_rate * (voxels - tp - fn))
    return ratio(2 * tp, kappa * fp + fn + 2 * tp)
