"""The agreement of one case's masks as a computation: people, models and the people's majority at once. No Django.

A row of figures holds, per region, all that the pages of a study and of a case show, so that nothing is computed when
somebody looks. Undefined figures (two empty masks) and infinite ones (one empty mask) are None: the volumes beside
them tell which.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluation.consensus import count_votes, leave_one_out_agreement, majority_vote, vote_entropy_labels
from evaluation.metrics import pairwise

Mask = NDArray[np.bool_]
Labels = NDArray[np.uint8]
Box = tuple[slice, slice, slice]
Figures = dict[str, Any]

METHOD: Figures = {
    "version": 1,
    "tolerance_mm": 2.0,
    "hausdorff_variant": "directed",
    "surface_variant": "surfel",
    "tie": "background",
}
"""How the figures are made; part of what a row is known by, so that a change of method makes every row anew."""
METRICS = ("dice", "jaccard", "hausdorff95", "surface_dice")
OVERLAPS = ("dice", "jaccard")
MINIMUM_READERS = 2
DEEPEST = 255


@dataclass(frozen=True)
class Disagreement:
    """The entropy (x, y, z) of the people's labels in one layer, as whole steps of `bits_per_step`."""

    steps: NDArray[np.uint8]
    bits_per_step: float
    most_bits: float


def box_of(labels: Sequence[Labels]) -> Box:
    """Return the smallest box that holds every label of label maps (layer, x, y, z); one voxel when there is none."""
    used = np.zeros(labels[0].shape[1:], bool)
    for one in labels:
        used |= one.any(axis=0)
    spans = []
    for axis in range(3):
        found = np.flatnonzero(used.any(axis=tuple(other for other in range(3) if other != axis)))
        spans.append(slice(int(found[0]), int(found[-1]) + 1) if len(found) else slice(0, 1))
    first, second, third = spans
    return first, second, third


def compare_region(masks: Sequence[Mask], *, people: int, spacing: Sequence[float], voxel_ml: float) -> Figures:
    """Return the figures of one region: masks (x, y, z) of the people first, then those of the models.

    spacing is in mm along the masks' axes. `pairs` are rows of two places in masks and the METRICS; `consensus` holds
    the METRICS of each mask against the majority of all people, `others` the OVERLAPS against the majority of the
    people but one (for a model the mean over whom is left out). Both are None where fewer than two people vote.
    """
    voters = list(masks[:people])
    vote = majority_vote(voters, tie=METHOD["tie"]) if people >= MINIMUM_READERS else None
    compared = [*masks, vote] if vote is not None else list(masks)
    figures: Figures = {
        "volume_ml": [int(np.count_nonzero(mask)) * voxel_ml for mask in masks],
        "pairs": [],
        "consensus": None,
        "others": None,
        "disagreement": None,
    }
    if len(compared) > 1:
        found = pairwise(
            compared,
            spacing,
            tolerance_mm=METHOD["tolerance_mm"],
            hausdorff_variant=METHOD["hausdorff_variant"],
            surface_variant=METHOD["surface_variant"],
        )
        table = np.stack([getattr(found, name) for name in METRICS], axis=-1)
        figures["pairs"] = [[i, j, *_plain(table[i, j])] for i in range(len(masks)) for j in range(i + 1, len(masks))]
        if vote is not None:
            figures["consensus"] = [_plain(table[i, -1]) for i in range(len(masks))]
    if vote is not None:
        figures["consensus_ml"] = int(np.count_nonzero(vote)) * voxel_ml
        figures["others"] = _against_others(voters, masks[people:])
        figures["disagreement"] = _disagreement(voters, voxel_ml)
    return figures


def people_dice(figures: Figures, people: int) -> float | None:
    """Return the mean Dice over all pairs of people; None when no pair has one."""
    values = [row[2] for row in figures["pairs"] if row[1] < people and row[2] is not None]
    return float(np.mean(values)) if values else None


def map_disagreement(maps: Sequence[Labels], *, values: int, shape: tuple[int, int, int], box: Box) -> Disagreement:
    """Return where people disagree in one layer: the entropy of their labels in the box, on the whole grid.

    maps (x, y, z) are the people's labels inside the box; `values` counts the layer's labels, background included.
    Steps of 1/255 of the highest entropy that so many people and labels can have: an error of at most half of that.
    """
    most = math.log2(min(len(maps), values))
    steps = np.zeros(shape, np.uint8)
    steps[box] = np.rint(vote_entropy_labels(maps) * (DEEPEST / most)).astype(np.uint8)
    return Disagreement(steps=steps, bits_per_step=most / DEEPEST, most_bits=most)


def _against_others(voters: Sequence[Mask], models: Sequence[Mask]) -> list[list[float | None]] | None:
    if len(voters) <= MINIMUM_READERS:
        return None
    found = leave_one_out_agreement(voters, others=models, tie=METHOD["tie"])
    own = [[found.dice[i], found.jaccard[i]] for i in range(len(voters))]
    theirs = [[_mean(found.dice_of_others[i]), _mean(found.jaccard_of_others[i])] for i in range(len(models))]
    return [_plain(row) for row in [*own, *theirs]]


def _disagreement(voters: Sequence[Mask], voxel_ml: float) -> Figures:
    """Return the volume that somebody marked, the part of it that not everybody did, and its mean entropy in bits."""
    counts, _, _ = count_votes(voters)
    share = np.arange(len(counts)) / len(voters)
    bits = _binary_entropy(share)
    anybody = int(counts[1:].sum())
    return {
        "union_ml": anybody * voxel_ml,
        "disputed_ml": int(counts[1:-1].sum()) * voxel_ml,
        "mean_bits": float(counts @ bits / anybody) if anybody else None,
    }


def _binary_entropy(share: NDArray[np.float64]) -> NDArray[np.float64]:
    result = np.zeros_like(share)
    inner = (share > 0) & (share < 1)
    p = share[inner]
    result[inner] = -(p * np.log2(p) + (1 - p) * np.log2(1 - p))
    return result


def _mean(values: NDArray[np.float64]) -> float:
    defined = values[np.isfinite(values)]
    return float(defined.mean()) if len(defined) else math.nan


def _plain(values: Any) -> list[float | None]:
    return [float(value) if math.isfinite(value) else None for value in values]
