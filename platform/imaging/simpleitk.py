"""Images on a grid as SimpleITK images (LPS) and back."""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk

from imaging.grid import Grid, Matrix
from imaging.volume import Voxels

LPS_FROM_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
DIRECTION_DECIMALS = 12
"""ITK inverts a direction with entries below about 1e-154 to nonsense; this is 1e-9 mm over a head."""


def to_simpleitk(array: Voxels, grid: Grid) -> sitk.Image:
    """Return a copy of an image [x, y, z] on `grid`; SimpleITK's axes are LPS."""
    image = sitk.GetImageFromArray(np.ascontiguousarray(array.transpose(2, 1, 0)))
    set_grid(image, grid)
    return image


def from_simpleitk(image: sitk.Image) -> tuple[Voxels, Matrix]:
    """Return the voxels [x, y, z] and the RAS+ affine of a 3-D SimpleITK image."""
    array: Voxels = sitk.GetArrayFromImage(image).transpose(2, 1, 0)
    affine = np.eye(4)
    affine[:3, :3] = np.reshape(image.GetDirection(), (3, 3)) * np.asarray(image.GetSpacing())
    affine[:3, 3] = image.GetOrigin()
    return array, LPS_FROM_RAS @ affine


def set_grid(image: sitk.Image, grid: Grid) -> None:
    """Give a SimpleITK image the geometry of `grid`."""
    affine = LPS_FROM_RAS @ grid.affine
    spacing = np.asarray(grid.spacing)
    image.SetSpacing(spacing.tolist())
    image.SetOrigin(affine[:3, 3].tolist())
    directions = np.round(affine[:3, :3] / spacing, DIRECTION_DECIMALS)
    image.SetDirection(directions.ravel().tolist())
