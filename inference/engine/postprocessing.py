"""From probabilities to a mask. No torch."""

from __future__ import annotations

import cc3d
import numpy as np
from numpy.typing import NDArray

from imaging.grid import Grid, from_canonical, to_canonical
from inference.engine.recipe import Recipe

Mask = NDArray[np.bool_]


def postprocess(probability: NDArray[np.float32], brain: Mask, grid: Grid, recipe: Recipe) -> Mask:
    """Return the mask of one region from its probabilities [x, y, z] on `grid`.

    Probabilities outside the brain count as 0; an empty brain mask limits nothing. What reaches the
    recipe's threshold is kept, without its smallest parts.

    Raises ValueError when the shapes differ.

    Source: Faanes et al. 2026, post-processing.
    """
    if not probability.shape == brain.shape == grid.shape:
        raise ValueError("Probabilities, brain mask and grid need the same shape.")
    mask: Mask = probability >= recipe.threshold
    if brain.any():
        mask &= brain
    return drop_small_parts(mask, grid, smallest=recipe.smallest_part, slices=recipe.slices)


def drop_small_parts(mask: Mask, grid: Grid, *, smallest: float, slices: int) -> Mask:
    """Return the mask without parts under `smallest` ml or seen in fewer than `slices` axial slices in a row.

    Parts are 26-connected. Axial means along the axis closest to head-foot, whatever the voxel order;
    a connected part always covers consecutive slices.
    """
    turned, _ = to_canonical(mask, grid)
    parts = cc3d.connected_components(np.ascontiguousarray(turned), connectivity=26)
    statistics = cc3d.statistics(parts)
    volumes = np.asarray(statistics["voxel_counts"]) * grid.voxel_volume_ml
    seen = np.array([box[2].stop - box[2].start for box in statistics["bounding_boxes"]])
    keep = (volumes >= smallest) & (seen >= slices)
    keep[0] = False
    return from_canonical(np.asarray(keep[parts]), grid)


def largest_part(mask: Mask) -> Mask:
    """Return the largest 26-connected part; an empty mask stays empty."""
    if not mask.any():
        return mask.copy()
    return np.asarray(cc3d.largest_k(np.ascontiguousarray(mask), k=1, connectivity=26) > 0)
