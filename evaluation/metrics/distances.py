"""Surface distances of two masks, in mm: each variant that libraries disagree on has a name.

Empty masks: both empty → nan. One empty → ∞ for distances, 0 for the surface Dice.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from evaluation.metrics.directed import Directed, direct, hausdorff, overlap_within
from evaluation.metrics.surfaces import measure_surfaces
from evaluation.metrics.validation import as_mask_pair, as_spacing, check_choice, check_number
from evaluation.metrics.votes import Votes, read_votes

HAUSDORFF_VARIANTS = ("directed", "pooled", "surfel")
SURFACE_DICE_VARIANTS = ("surfel", "voxel")
AVERAGE_VARIANTS = ("pooled", "directed", "surfel")


def hausdorff95(
    prediction: ArrayLike, reference: ArrayLike, spacing: Sequence[float], *, variant: str = "directed"
) -> float:
    """Return the 95th percentile Hausdorff distance in mm.

    Masks have one to three axes, spacing is the voxel size in mm along the same axes. Variants: "directed", the
    larger of the two directions' percentiles (MONAI, Metrics Reloaded); "pooled", the percentile of both directions
    together (medpy, raidionics); "surfel", directed with surface elements weighted by area (surface-distance, BraTS
    2023). Border voxels are those that 6-neighbour erosion takes away; an image's face counts as border.

    Both empty: nan. One empty: ∞. Raises ValueError for no masks, different shapes and an unknown variant.
    """
    check_choice(variant, HAUSDORFF_VARIANTS, name="variant of the Hausdorff distance")
    masks = as_mask_pair(prediction, reference)
    size = as_spacing(spacing, masks[0].ndim)
    votes = read_votes(masks)
    missing = value_of_empty(votes, one=math.inf)
    if missing is not None:
        return missing
    return hausdorff(*measure_both(votes, size, surfels=variant == "surfel"), variant=variant)


def surface_dice(
    prediction: ArrayLike,
    reference: ArrayLike,
    spacing: Sequence[float],
    *,
    tolerance_mm: float,
    variant: str = "surfel",
) -> float:
    """Return the part of both surfaces that lies within tolerance_mm of the other one, in [0, 1].

    Variants: "surfel", by area of surface elements (surface-distance); "voxel", by border voxels (MONAI, Metrics
    Reloaded). A distance equal to the tolerance is inside (up to a relative 1e-6).

    Both empty: nan. One empty: 0. Raises ValueError as hausdorff95 does, and for a negative or infinite tolerance.
    """
    check_choice(variant, SURFACE_DICE_VARIANTS, name="variant of the surface Dice")
    check_tolerance(tolerance_mm)
    masks = as_mask_pair(prediction, reference)
    size = as_spacing(spacing, masks[0].ndim)
    votes = read_votes(masks)
    missing = value_of_empty(votes, one=0.0)
    if missing is not None:
        return missing
    return overlap_within(*measure_both(votes, size, surfels=variant == "surfel"), tolerance_mm=tolerance_mm)


def average_surface_distance(
    prediction: ArrayLike, reference: ArrayLike, spacing: Sequence[float], *, variant: str = "pooled"
) -> float:
    """Return the average symmetric surface distance in mm.

    Variants: "pooled", the mean over the border voxels of both masks (MONAI, medpy); "directed", the mean of the two
    directions' means (MASD of Metrics Reloaded); "surfel", the area-weighted mean over both surfaces (the two
    directions that surface-distance gives, weighted by their areas).

    Both empty: nan. One empty: ∞. Raises ValueError as hausdorff95 does.
    """
    check_choice(variant, AVERAGE_VARIANTS, name="variant of the average surface distance")
    masks = as_mask_pair(prediction, reference)
    size = as_spacing(spacing, masks[0].ndim)
    votes = read_votes(masks)
    missing = value_of_empty(votes, one=math.inf)
    if missing is not None:
        return missing
    return average(*measure_both(votes, size, surfels=variant == "surfel"), variant=variant)


def average(there: Directed, back: Directed, *, variant: str) -> float:
    """Return the average surface distance of a variant from the distances in both directions."""
    (total, weight), (total_back, weight_back) = there.total(), back.total()
    if variant == "directed":
        return (total / weight + total_back / weight_back) / 2
    return (total + total_back) / (weight + weight_back)


def measure_both(votes: Votes, spacing: Sequence[float], *, surfels: bool) -> tuple[Directed, Directed]:
    """Return the sorted distances in both directions for the coded votes of two masks with voxels."""
    surfaces = measure_surfaces(votes, votes.orient(spacing), surfels=surfels)
    return direct(surfaces, 0, 1), direct(surfaces, 1, 0)


def value_of_empty(votes: Votes, *, one: float) -> float | None:
    """Return nan when both masks are empty, the given value when one is, and None when both have voxels."""
    patterns, _ = votes.histogram
    filled = int(np.bitwise_or.reduce(patterns))
    if filled == 0b11:
        return None
    return one if filled else math.nan


def check_tolerance(tolerance_mm: float) -> None:
    """Raise ValueError unless the tolerance is a finite distance of 0 mm or more."""
    check_number(tolerance_mm, name="tolerance in mm", low=0)
