"""Object-wise metrics: the parts of a multifocal tumour, paired and measured (FLAIR, by raidionics' rules)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linear_sum_assignment

from evaluation.metrics.components import (
    Components,
    drop_missing_axes,
    drop_small,
    find_overlaps,
    join_boxes,
    label_components,
    split_pair,
)
from evaluation.metrics.distances import hausdorff95
from evaluation.metrics.overlap import ratio
from evaluation.metrics.validation import as_spacing, check_choice, check_number

PAIRINGS = ("legacy", "one_to_one")
SMALLEST_DICE = 0.1
"""One-to-one pairs are kept above this Dice."""


@dataclass(frozen=True)
class ObjectPair:
    """A true object and a predicted one that belong together: voxel-wise ratios and the pooled HD95 in mm."""

    reference: int
    prediction: int
    dice: float
    recall: float
    precision: float
    hausdorff95: float
    reference_voxels: int
    prediction_voxels: int


@dataclass(frozen=True)
class Objectwise:
    """Means over the pairs (dice, hausdorff95 in mm) and shares of objects in a pair (recall, precision, f1).

    No object at all: every figure is nan. Objects in one mask alone, or no pair: Dice, precision and F1 0 and the
    distance ∞; recall 0, or nan without a true object.
    """

    dice: float
    recall: float
    precision: float
    f1: float
    hausdorff95: float
    pairs: tuple[ObjectPair, ...]
    reference_objects: int
    prediction_objects: int
    pairing: str
    min_voxels: int
    connectivity: int


def objectwise(
    prediction: ArrayLike,
    reference: ArrayLike,
    spacing: Sequence[float],
    *,
    pairing: str = "legacy",
    min_voxels: int = 50,
    connectivity: int = 6,
) -> Objectwise:
    """Return the object-wise metrics of two masks; spacing is the voxel size in mm per array axis.

    Objects are connected components of at least min_voxels voxels. Pairings: "legacy", every pair that overlaps,
    many to many (what papers before mid-2025 used); "one_to_one", the assignment with the highest summed Dice, kept
    where it is above 0.1. recall is the share of true objects in some pair, precision that of predicted ones, f1
    their harmonic mean.

    Raises ValueError for no masks and an unknown pairing or connectivity (6, 18, 26).

    Source: Faanes et al., 2026, whose pairing is that of the raidionics validation code.
    """
    check_choice(pairing, PAIRINGS, name="pairing")
    check_number(min_voxels, name="smallest number of voxels", low=0)
    _, predicted, true = split_pair(prediction, reference)
    size = as_spacing(spacing, np.asarray(reference).ndim)
    found = drop_small(label_components(predicted, connectivity=connectivity), min_voxels=min_voxels)
    wanted = drop_small(label_components(true, connectivity=connectivity), min_voxels=min_voxels)
    pairs = tuple(_measure(found, wanted, pair, spacing=size) for pair in _pair(found, wanted, pairing=pairing))
    recall = ratio(len({pair.reference for pair in pairs}), len(wanted))
    precision = ratio(len({pair.prediction for pair in pairs}), len(found))
    if len(wanted) and not len(found):
        precision = 0.0
    empty = not len(wanted) and not len(found)
    return Objectwise(
        dice=math.nan if empty else _mean([pair.dice for pair in pairs], nothing=0.0),
        recall=recall,
        precision=precision,
        f1=math.nan if empty else (2 * precision * recall / (precision + recall) if pairs else 0.0),
        hausdorff95=math.nan if empty else _mean([pair.hausdorff95 for pair in pairs], nothing=math.inf),
        pairs=pairs,
        reference_objects=len(wanted),
        prediction_objects=len(found),
        pairing=pairing,
        min_voxels=min_voxels,
        connectivity=connectivity,
    )


def _pair(found: Components, wanted: Components, *, pairing: str) -> list[tuple[int, int, int]]:
    """Return the pairs (true, predicted, shared voxels) of a pairing, in the order of the true objects."""
    overlaps = find_overlaps(wanted.labels, found.labels)
    table = list(zip(overlaps.first.tolist(), overlaps.second.tolist(), overlaps.voxels.tolist(), strict=True))
    if pairing == "legacy" or not table:
        return table
    dice = np.zeros((len(wanted), len(found)))
    for true, predicted, shared in table:
        dice[true - 1, predicted - 1] = 2 * shared / (wanted.sizes[true - 1] + found.sizes[predicted - 1])
    rows, columns = linear_sum_assignment(dice, maximize=True)
    chosen = {
        (row + 1, column + 1) for row, column in zip(rows, columns, strict=True) if dice[row, column] > SMALLEST_DICE
    }
    return [entry for entry in table if entry[:2] in chosen]


def _measure(
    found: Components, wanted: Components, pair: tuple[int, int, int], *, spacing: tuple[float, ...]
) -> ObjectPair:
    true, predicted, shared = pair
    box = join_boxes([wanted.boxes[true - 1], found.boxes[predicted - 1]])
    sizes = int(wanted.sizes[true - 1]), int(found.sizes[predicted - 1])
    masks = [
        drop_missing_axes(labels[box] == number, len(spacing))
        for labels, number in ((found.labels, predicted), (wanted.labels, true))
    ]
    return ObjectPair(
        reference=true,
        prediction=predicted,
        dice=2 * shared / sum(sizes),
        recall=shared / sizes[0],
        precision=shared / sizes[1],
        hausdorff95=hausdorff95(masks[0], masks[1], spacing, variant="pooled"),
        reference_voxels=sizes[0],
        prediction_voxels=sizes[1],
    )


def _mean(values: list[float], *, nothing: float) -> float:
    return float(np.mean(values)) if values else nothing
