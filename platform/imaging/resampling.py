"""Bring an image onto another grid by what the headers say; never a registration."""

from __future__ import annotations

from typing import Literal

import numpy as np
import SimpleITK as sitk

from imaging.grid import Grid
from imaging.simpleitk import from_simpleitk, set_grid, to_simpleitk
from imaging.volume import Voxels

Order = Literal[0, 1, 3]

_INTERPOLATORS = {0: sitk.sitkNearestNeighbor, 1: sitk.sitkLinear, 3: sitk.sitkBSpline}


def resample(array: Voxels, grid: Grid, to_grid: Grid, *, order: Order, outside: float = 0.0) -> Voxels:
    """Return the image [x, y, z] of `grid` on the voxels of `to_grid`.

    order 0 takes the nearest voxel and keeps the type (for labels), 1 interpolates linearly, 3 with
    a cubic B-spline; both give float32 (float64 from float64). Voxels outside the image get
    `outside`. Equal grids give an equal copy.
    """
    if array.shape != grid.shape:
        raise ValueError(f"An array of shape {array.shape} is not on a grid of shape {grid.shape}.")
    kept = array.dtype
    if order > 0 and array.dtype != np.float64:
        kept = np.dtype(np.float32)
    if grid == to_grid:
        return np.asfortranarray(array.astype(kept))
    source = array.astype(np.uint8) if array.dtype == np.bool_ else array.astype(kept, copy=False)
    moved = _resample(to_simpleitk(source, grid), to_grid, order, outside)
    return np.asfortranarray(moved.astype(kept, copy=False))


def _resample(image: sitk.Image, to_grid: Grid, order: Order, outside: float) -> Voxels:
    task = sitk.ResampleImageFilter()
    target = sitk.Image([1, 1, 1], sitk.sitkUInt8)
    set_grid(target, to_grid)
    task.SetSize(list(to_grid.shape))
    task.SetOutputOrigin(target.GetOrigin())
    task.SetOutputSpacing(target.GetSpacing())
    task.SetOutputDirection(target.GetDirection())
    task.SetInterpolator(_INTERPOLATORS[order])
    task.SetDefaultPixelValue(outside)
    array, _ = from_simpleitk(task.Execute(image))
    return array
