"""All pairs of raters at once, for masks and for every label and region of label maps."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluation.metrics.directed import Directed, direct, hausdorff, overlap_within
from evaluation.metrics.distances import (
    HAUSDORFF_VARIANTS,
    SURFACE_DICE_VARIANTS,
    check_tolerance,
)
from evaluation.metrics.overlap import voxel_ml
from evaluation.metrics.regions import all_labels, select_region
from evaluation.metrics.surfaces import Spacing3, measure_surfaces
from evaluation.metrics.validation import as_rater_labels, as_rater_masks, as_spacing, check_choice
from evaluation.metrics.votes import Votes, read_votes

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Pairwise:
    """Agreement of every rater with every other one, as symmetric matrices (rater, rater).

    Distances in mm, volume_ml (rater,) in ml. Both masks of a pair empty, the diagonal included: nan. One empty: ∞
    for the distance, 0 for the rest. The variants and the tolerance belong to the figures and stand beside them.
    """

    dice: Matrix
    jaccard: Matrix
    hausdorff95: Matrix
    surface_dice: Matrix
    volume_ml: NDArray[np.floating[Any]]
    tolerance_mm: float
    hausdorff_variant: str
    surface_variant: str


def pairwise(
    masks: ArrayLike | Sequence[ArrayLike],
    spacing: Sequence[float],
    *,
    tolerance_mm: float = 2.0,
    hausdorff_variant: str = "directed",
    surface_variant: str = "surfel",
) -> Pairwise:
    """Return the agreement of all pairs of 2 to 64 raters.

    Masks have shape (rater, x, y, z), or are a sequence of masks; spacing is the voxel size in mm along their axes.
    The figures are those of dice, jaccard, hausdorff95 and surface_dice for each pair, in the variants named.

    Raises ValueError for values other than 0 and 1 (see pairwise_labels for label maps), different shapes, fewer
    than 2 or more than 64 raters, an incomplete spacing, an unknown variant and a negative tolerance.
    """
    check_choice(hausdorff_variant, HAUSDORFF_VARIANTS, name="variant of the Hausdorff distance")
    check_choice(surface_variant, SURFACE_DICE_VARIANTS, name="variant of the surface Dice")
    check_tolerance(tolerance_mm)
    found = as_rater_masks(masks, at_least=2)
    size = as_spacing(spacing, found[0].ndim)
    votes = read_votes(found)
    dice, jaccard, voxels = overlap_matrices(votes)
    distances, overlaps = _surface_matrices(
        votes,
        votes.orient(size),
        tolerance_mm=tolerance_mm,
        hausdorff_variant=hausdorff_variant,
        surface_variant=surface_variant,
    )
    return Pairwise(
        dice=dice,
        jaccard=jaccard,
        hausdorff95=distances,
        surface_dice=overlaps,
        volume_ml=voxels * voxel_ml(size),
        tolerance_mm=tolerance_mm,
        hausdorff_variant=hausdorff_variant,
        surface_variant=surface_variant,
    )


def pairwise_labels(
    maps: ArrayLike | Sequence[ArrayLike],
    spacing: Sequence[float],
    *,
    regions: Mapping[str, Collection[int]] | None = None,
    tolerance_mm: float = 2.0,
    hausdorff_variant: str = "directed",
    surface_variant: str = "surfel",
) -> dict[str, Pairwise]:
    """Return the pairwise agreement on every region of label maps (rater, x, y, z), by the region's name.

    regions names sets of labels, such as {"WT": (1, 2, 4), "ET": (4,)}; without it, every label above 0 that occurs
    is a region of its own, named by its number. Raises ValueError as pairwise does, and for labels that are no whole
    numbers ≥ 0 and for a region without labels.
    """
    labels = as_rater_labels(maps, at_least=2)
    return {
        name: pairwise(
            [select_region(one, members) for one in labels],
            spacing,
            tolerance_mm=tolerance_mm,
            hausdorff_variant=hausdorff_variant,
            surface_variant=surface_variant,
        )
        for name, members in (regions or all_labels(labels)).items()
    }


def overlap_matrices(votes: Votes) -> tuple[Matrix, Matrix, NDArray[np.int64]]:
    """Return Dice and Jaccard (rater, rater) and the voxels of each rater; nan where both masks are empty."""
    both = votes.pairs
    voxels = np.diagonal(both).copy()
    total = voxels[:, None] + voxels[None, :]
    with np.errstate(invalid="ignore"):
        return 2 * both / total, both / (total - both), voxels


def _surface_matrices(
    votes: Votes, spacing: Spacing3, *, tolerance_mm: float, hausdorff_variant: str, surface_variant: str
) -> tuple[Matrix, Matrix]:
    """Return the Hausdorff and the surface Dice matrix; both come from one distance pass when both want surfels."""
    distances, overlaps = _empty_matrices(votes)
    for surfels in (True, False):
        wants_distance = (hausdorff_variant == "surfel") == surfels
        wants_overlap = (surface_variant == "surfel") == surfels
        if not (wants_distance or wants_overlap):
            continue
        for i, j, there, back in _each_pair(votes, spacing, surfels=surfels):
            if wants_distance:
                distances[i, j] = distances[j, i] = hausdorff(there, back, variant=hausdorff_variant)
            if wants_overlap:
                overlaps[i, j] = overlaps[j, i] = overlap_within(there, back, tolerance_mm=tolerance_mm)
    return distances, overlaps


def _empty_matrices(votes: Votes) -> tuple[Matrix, Matrix]:
    """Return matrices that hold what empty masks give: nan for two, ∞ mm and 0 for one; a mask fits itself."""
    filled = np.diagonal(votes.pairs) > 0
    neither = ~filled[:, None] & ~filled[None, :]
    distances = np.where(neither, math.nan, math.inf)
    overlaps = np.where(neither, math.nan, 0.0)
    own = np.flatnonzero(filled)
    distances[own, own], overlaps[own, own] = 0.0, 1.0
    return distances, overlaps


def _each_pair(votes: Votes, spacing: Spacing3, *, surfels: bool) -> Iterator[tuple[int, int, Directed, Directed]]:
    """Yield the sorted distances in both directions for every pair of raters with voxels."""
    surfaces = measure_surfaces(votes, spacing, surfels=surfels)
    filled = [rater for rater, points in enumerate(surfaces.own_points) if len(points)]
    for i, j in combinations(filled, 2):
        yield i, j, direct(surfaces, i, j), direct(surfaces, j, i)
