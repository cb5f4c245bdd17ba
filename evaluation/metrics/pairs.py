"""All pairs of raters at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluation.metrics.overlap import voxel_ml
from evaluation.metrics.validation import as_rater_masks, as_spacing
from evaluation.metrics.votes import Votes, count_pairs, read_votes

Matrix = NDArray[np.float64]


def overlap_matrices(votes: Votes) -> tuple[Matrix, Matrix, NDArray[np.int64]]:
    """Return Dice and Jaccard (rater, rater) and the voxels of each rater; nan where both masks are empty."""
    both = count_pairs(votes)
    voxels = np.diagonal(both).copy()
    total = voxels[:, None] + voxels[None, :]
    with np.errstate(invalid="ignore"):
        return 2 * both / total, both / (total - both), voxels


@dataclass(frozen=True)
class Pairwise:
    """Agreement of every rater with every other one, as matrices (rater, rater), and each rater's volume in ml.

    Overlaps are nan where both masks of a pair are empty; see docs/metrics.md for one empty mask.
    """

    dice: Matrix
    jaccard: Matrix
    volume_ml: NDArray[np.floating[Any]]


def pairwise(masks: ArrayLike | Sequence[ArrayLike], spacing: Sequence[float]) -> Pairwise:
    """Return the agreement of all pairs of 2 to 64 raters from masks (rater, x, y, z) and the voxel size in mm."""
    found = as_rater_masks(masks, at_least=2)
    size = as_spacing(spacing, found[0].ndim)
    dice, jaccard, voxels = overlap_matrices(read_votes(found))
    return Pairwise(dice=dice, jaccard=jaccard, volume_ml=voxels * voxel_ml(size))
