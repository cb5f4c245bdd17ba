"""Lesion-wise detection: which predicted lesions match true ones, one to one (RESEG)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluation.metrics.components import Components, find_overlaps, label_components, split_pair
from evaluation.metrics.overlap import normalised_dice_of_counts, ratio
from evaluation.metrics.validation import check_choice, check_number

TIES = ("larger_reference", "order")


@dataclass(frozen=True)
class LesionMatch:
    """One true lesion and the predicted one that matches it, in voxels; numbers follow the lesions' centres."""

    reference: int
    prediction: int
    iou: float
    dice: float
    shared_voxels: int
    reference_voxels: int
    prediction_voxels: int

    def normalised_dice(self, *, voxels: int, occurrence_rate: float) -> float:
        """Return the lesion's nDSC in a domain of the given number of voxels; see metrics.normalised_dice."""
        tp = self.shared_voxels
        return normalised_dice_of_counts(
            tp,
            self.prediction_voxels - tp,
            self.reference_voxels - tp,
            voxels=voxels,
            occurrence_rate=occurrence_rate,
        )


@dataclass(frozen=True)
class LesionDetection:
    """Counts of lesions and their ratios; missed and false hold the voxels of each lesion without a match.

    Without any lesion f1 is nan; without a true lesion tpr is nan; without a predicted one fdr is nan.
    """

    tp: int
    fp: int
    fn: int
    f1: float
    tpr: float
    fdr: float
    matches: tuple[LesionMatch, ...]
    missed: tuple[int, ...]
    false: tuple[int, ...]
    iou: float
    connectivity: int
    tie: str


def lesion_detection(
    prediction: ArrayLike,
    reference: ArrayLike,
    *,
    iou: float = 0.25,
    connectivity: int = 26,
    tie: str = "larger_reference",
) -> LesionDetection:
    """Return how many lesions (connected components) were found, missed and made up.

    A predicted lesion matches a true one when their intersection over union is above iou (equal is not enough). One
    lesion has one match: pairs are taken from the highest IoU down. Among equal IoU, "larger_reference" takes the
    pair with the larger true lesion, then the larger predicted one; "order", and what is still equal, the lesions
    whose centres come first along x, y, z. F1 = TP / (TP + (FP + FN) / 2), TPR = TP / (TP + FN),
    FDR = FP / (TP + FP).

    Raises ValueError for no masks, an iou outside of [0, 1), and an unknown connectivity (6, 18, 26) or tie rule.

    Source: Andrearczyk et al., 2025 (IoU above 25 %); the pairing, connectivity and tie rule are ours.
    """
    check_choice(tie, TIES, name="tie rule")
    check_number(iou, name="IoU threshold", low=0, high=1)
    if iou == 1:
        raise ValueError("No IoU is above 1: the IoU threshold lies below it.")
    _, predicted, true = split_pair(prediction, reference)
    found = label_components(predicted, connectivity=connectivity)
    wanted = label_components(true, connectivity=connectivity)
    matches = _match(found, wanted, iou=iou, tie=tie)
    tp = len(matches)
    fp, fn = len(found) - tp, len(wanted) - tp
    return LesionDetection(
        tp=tp,
        fp=fp,
        fn=fn,
        f1=ratio(tp, tp + (fp + fn) / 2),
        tpr=ratio(tp, tp + fn),
        fdr=ratio(fp, tp + fp),
        matches=matches,
        missed=_sizes_without(wanted.sizes, [match.reference for match in matches]),
        false=_sizes_without(found.sizes, [match.prediction for match in matches]),
        iou=iou,
        connectivity=connectivity,
        tie=tie,
    )


def _match(found: Components, wanted: Components, *, iou: float, tie: str) -> tuple[LesionMatch, ...]:
    """Return the one-to-one matches, from the highest IoU down, in the order of the true lesions."""
    overlaps = find_overlaps(wanted.labels, found.labels)
    true, predicted = wanted.sizes[overlaps.first - 1], found.sizes[overlaps.second - 1]
    overlap = overlaps.voxels / (true + predicted - overlaps.voxels)
    keys = [overlaps.second, overlaps.first, -overlap]
    if tie == "larger_reference":
        keys[2:2] = [-predicted, -true]
    taken: tuple[set[int], set[int]] = set(), set()
    matches = []
    for pair in np.lexsort(keys):
        first, second = int(overlaps.first[pair]), int(overlaps.second[pair])
        if overlap[pair] <= iou or first in taken[0] or second in taken[1]:
            continue
        taken[0].add(first)
        taken[1].add(second)
        shared, sizes = int(overlaps.voxels[pair]), (int(true[pair]), int(predicted[pair]))
        dice = 2 * shared / sum(sizes)
        matches.append(LesionMatch(first, second, float(overlap[pair]), dice, shared, *sizes))
    return tuple(sorted(matches, key=lambda match: match.reference))


def _sizes_without(sizes: NDArray[np.int64], matched: Sequence[int]) -> tuple[int, ...]:
    left = np.delete(sizes, np.array(matched, dtype=np.int64) - 1)
    return tuple(int(size) for size in left)
