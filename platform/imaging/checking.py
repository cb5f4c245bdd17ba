"""Checks that every format shares: axes, sizes, spacing, shear, values."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from imaging.errors import ImageError, describe_shape
from imaging.grid import Grid, Matrix
from imaging.volume import ReadLimits, Voxels

SMALLEST_SPACING = 0.01
"""mm; smaller voxels are a wrong unit."""
LARGEST_SPACING = 100.0
"""mm; larger voxels are a wrong unit."""


def spatial_shape(sizes: Sequence[int], *, name: str) -> tuple[int, int, int]:
    """Return the three lengths of an image, with trailing axes of length one left out.

    Raises ImageError for zero lengths, for 2-D images (also a single slice in 3-D) and for four
    and more axes.
    """
    if not sizes or min(sizes) < 1:
        raise ImageError(
            name,
            f"an axis has no voxels (size {describe_shape(tuple(sizes)) or 'none'})",
            "Save the image again with the program that made it.",
        )
    lengths = list(sizes)
    while len(lengths) > 3 and lengths[-1] == 1:
        lengths.pop()
    if len(lengths) > 3:
        raise ImageError(
            name,
            f"the image is {len(lengths)}-D ({describe_shape(tuple(lengths))}), not 3-D",
            "Give one 3-D volume per file, for example one time point or one average.",
        )
    if len(lengths) < 3 or min(lengths) == 1:
        raise ImageError(
            name,
            f"the image is 2-D ({describe_shape(tuple(lengths))}), not 3-D",
            "Give the whole stack of slices as one volume.",
        )
    return lengths[0], lengths[1], lengths[2]


def check_size(shape: tuple[int, int, int], bytes_per_voxel: int, limits: ReadLimits, *, name: str) -> int:
    """Return the bytes of all voxels. Raises ImageError above the limits."""
    needed = math.prod(shape) * bytes_per_voxel
    if max(shape) > limits.axis or needed > limits.decoded_bytes:
        raise ImageError(
            name,
            f"the image is too large: {describe_shape(shape)} voxels, {needed / 2**20:,.0f} MiB "
            f"(allowed: {limits.axis} along an axis, {limits.decoded_bytes / 2**20:,.0f} MiB)",
            "Crop or resample it.",
        )
    return needed


def make_grid(shape: tuple[int, int, int], affine: Matrix, *, name: str) -> Grid:
    """Return the grid of an image. Raises ImageError for impossible, sheared or absurd geometry."""
    try:
        grid = Grid(shape, affine)
    except ValueError as error:
        raise ImageError(
            name,
            f"its geometry is not usable ({str(error).rstrip('.')})",
            "Save the image again with the program that made it.",
        ) from None
    low, high = min(grid.spacing), max(grid.spacing)
    if low < SMALLEST_SPACING or high > LARGEST_SPACING:
        voxel = " × ".join(f"{length:g}" for length in grid.spacing)
        raise ImageError(
            name,
            f"its voxels measure {voxel} mm, which no MRI has",
            "The header probably states a wrong unit; write the spacing in millimetres.",
        )
    if grid.is_sheared:
        raise ImageError(
            name,
            "its voxel axes are not at right angles (shear)",
            "Resample it to a grid with right angles first; a tilted gantry or an affine "
            "registration written into the header makes such files.",
        )
    return grid


def check_values(array: Voxels, *, name: str) -> tuple[str, ...]:
    """Return warnings about the values. Raises ImageError when one is not a finite number."""
    if np.issubdtype(array.dtype, np.floating):
        bad = array.size - int(np.count_nonzero(np.isfinite(array)))
        if bad:
            raise ImageError(
                name,
                f"{bad:,} of {array.size:,} voxels are not a number or infinite (NaN, Inf)",
                "Set them to the background value and save the file again.",
            )
    if array.min() == array.max():
        return (f"Every voxel has the same value ({array.flat[0]:g}).",)
    return ()
