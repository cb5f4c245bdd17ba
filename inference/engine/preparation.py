"""From images as they come to the array that a network sees. The same steps serve training. No torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from imaging.brain import background_value, head_mask, is_skull_stripped
from imaging.grid import Grid, to_canonical
from imaging.resampling import resample
from inference.engine.recipe import Recipe

Image = NDArray[np.float32]

MARGIN = 4.0
"""mm of air kept around the head."""


@dataclass(frozen=True)
class Prepared:
    """What a network sees: array (channel, x, y, z), float32, on a RAS+ grid of the recipe's spacing."""

    array: NDArray[np.float32]
    grid: Grid


def prepare(images: Sequence[NDArray[np.generic]], grid: Grid, recipe: Recipe) -> Prepared:
    """Return the images of one examination as the recipe wants them.

    images hold one array [x, y, z] on `grid` per channel, in the recipe's order. They are turned to
    the canonical axes, cropped to the head, resampled linearly (averaging where voxels become
    larger) and normalised.

    Raises ValueError when the number of images or a shape is wrong, or an image is constant or not finite.
    """
    if len(images) != len(recipe.channels):
        raise ValueError(f"This model needs {', '.join(recipe.channels)}; {len(images)} images were given.")
    cleaned = [_clean(image, grid, channel) for image, channel in zip(images, recipe.channels, strict=True)]
    head, canonical = to_canonical(head_mask(cleaned[0], grid), grid)
    target = _target_grid(head, canonical, recipe.spacing)
    channels = []
    for image in cleaned:
        turned, _ = to_canonical(image, grid)
        smooth = gaussian_filter(turned, _averaging_widths(canonical, target))
        channels.append(normalise(resample(smooth, canonical, target, order=1), clip=recipe.clip))
    return Prepared(np.stack(channels), target)


def normalise(image: NDArray[np.generic], *, clip: tuple[float, float]) -> Image:
    """Return the image clipped to two percentiles, with zero mean and unit variance.

    Percentiles, mean and variance are those of the non-zero voxels; zero voxels (air around a
    skull-stripped brain) get the same shift and stay the darkest. An image without contrast
    becomes 0 everywhere.
    """
    values = np.asarray(image, dtype=np.float32)
    tissue = values[values != 0]
    if tissue.size == 0:
        return np.zeros_like(values)
    low, high = np.percentile(tissue, clip)
    clipped = np.clip(tissue, low, high)
    spread = float(clipped.std())
    if spread == 0:
        return np.zeros_like(values)
    lowest = min(float(low), 0.0)
    return np.asarray((np.clip(values, lowest, high) - clipped.mean()) / spread, dtype=np.float32)


def _clean(image: NDArray[np.generic], grid: Grid, channel: str) -> Image:
    """Return the image as float32 whose cut-out background, if it has one, is 0 and darkest."""
    if image.shape != grid.shape:
        raise ValueError(f"The {channel} image has shape {image.shape}, its grid {grid.shape}.")
    values = np.asarray(image, dtype=np.float32)
    if not np.isfinite(values).all():
        raise ValueError(f"The {channel} image holds values that are not finite.")
    if values.min() == values.max():
        raise ValueError(f"The {channel} image has the same value everywhere.")
    if not is_skull_stripped(values, grid):
        return values
    tissue = values != background_value(values)
    darkest = float(values[tissue].min())
    if darkest >= 0 and background_value(values) == 0:
        return values
    floor = float(np.percentile(values[tissue], 0.5))
    return np.where(tissue, np.maximum(values - floor, 0), 0).astype(np.float32)


def _target_grid(head: NDArray[np.bool_], grid: Grid, spacing: Sequence[float]) -> Grid:
    """Return the grid of the wanted spacing that covers the head's bounding box with a margin."""
    first, last = _bounds(head)
    step = np.asarray(grid.spacing)
    first = np.maximum(first - MARGIN / step, 0)
    last = np.minimum(last + MARGIN / step, np.asarray(grid.shape) - 1)
    wanted = np.asarray(spacing, dtype=np.float64)
    extent = (last - first + 1) * step
    counts = np.maximum(np.ceil(extent / wanted - 1e-6), 1).astype(int)
    affine = grid.affine.copy()
    affine[:3, :3] = grid.affine[:3, :3] / step * wanted
    middle = grid.to_mm(((first + last) / 2)[None])[0]
    affine[:3, 3] = middle - affine[:3, :3] @ ((counts - 1) / 2)
    return Grid((int(counts[0]), int(counts[1]), int(counts[2])), affine)


def _bounds(mask: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the first and last index of the mask along each axis; the whole array when it is empty."""
    if not mask.any():
        return np.zeros(3), np.asarray(mask.shape, dtype=np.float64) - 1
    hits = [np.flatnonzero(mask.any(axis=tuple(a for a in range(3) if a != axis))) for axis in range(3)]
    return np.array([h[0] for h in hits], dtype=np.float64), np.array([h[-1] for h in hits], dtype=np.float64)


def _averaging_widths(grid: Grid, target: Grid) -> list[float]:
    """Return Gaussian widths in voxels that smooth as much as averaging over a target voxel would."""
    ratios = (new / old for new, old in zip(target.spacing, grid.spacing, strict=True))
    return [float(np.sqrt(max(ratio**2 - 1, 0) / 12)) for ratio in ratios]
