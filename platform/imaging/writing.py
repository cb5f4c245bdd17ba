"""Write images and masks with headers that say nothing but geometry."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Callable
from pathlib import Path

import nibabel as nib
import numpy as np
import SimpleITK as sitk

from imaging.errors import ImageError
from imaging.grid import Grid
from imaging.simpleitk import to_simpleitk
from imaging.volume import Voxels

SCANNER = 1
"""NIfTI code for both forms: positions in the scanner's frame."""


def nifti_bytes(array: Voxels, grid: Grid, *, compression: int = 6, slope: float = 1.0) -> bytes:
    """Return a .nii.gz file (NIfTI-1) of an image on `grid`; equal input gives equal bytes.

    Readers multiply the stored values by `slope`: quantities in whole steps need a byte per voxel.

    The header has geometry and type and nothing else: no text, no extension, no time stamp. Values
    keep their type, except that bool becomes uint8 and 64-bit integers the smallest type that
    holds them. Raises ValueError when shapes differ or an integer does not fit.
    """
    if array.shape != grid.shape:
        raise ValueError(f"An array of shape {array.shape} is not on a grid of shape {grid.shape}.")
    image = nib.Nifti1Image(_storable(array), grid.affine)
    image.header.set_xyzt_units("mm")
    image.set_sform(grid.affine, code=SCANNER)
    image.set_qform(grid.affine, code=SCANNER)
    if slope != 1:
        image.header.set_slope_inter(slope, 0)
    return gzip.compress(image.to_bytes(), compresslevel=compression, mtime=0)


def nrrd_bytes(array: Voxels, grid: Grid) -> bytes:
    """Return a .nrrd file (gzip inside) of an image on `grid`."""
    return _through_simpleitk(array, grid, ".nrrd")


def metaimage_bytes(array: Voxels, grid: Grid) -> bytes:
    """Return an .mha file (compressed) of an image on `grid`."""
    return _through_simpleitk(array, grid, ".mha")


WRITERS: dict[str, Callable[[Voxels, Grid], bytes]] = {
    ".nii.gz": nifti_bytes,
    ".nrrd": nrrd_bytes,
    ".mha": metaimage_bytes,
}
"""Writer of each file ending that can be asked for in an export."""


def write_nifti(array: Voxels, grid: Grid, path: Path) -> None:
    """Write `nifti_bytes` to a file."""
    path.write_bytes(nifti_bytes(array, grid))


def write_mask(mask: Voxels, native_grid: Grid, path: Path) -> None:
    """Write a mask given on its native grid as .nii.gz, .nrrd or .mha, by the path's ending."""
    for suffix, write in WRITERS.items():
        if path.name.lower().endswith(suffix):
            path.write_bytes(write(mask, native_grid))
            return
    raise ImageError(path.name, "a mask is written as .nii.gz, .nrrd or .mha", "Choose one.")


def _storable(array: Voxels) -> Voxels:
    if array.dtype == np.bool_:
        return array.astype(np.uint8)
    if array.dtype not in (np.int64, np.uint64):
        return array
    low, high = int(array.min(initial=0)), int(array.max(initial=0))
    for smaller in (np.uint8, np.int16, np.uint16, np.int32, np.uint32):
        if np.iinfo(smaller).min <= low and high <= np.iinfo(smaller).max:
            return array.astype(smaller)
    raise ValueError("The image has integers of more than 32 bits.")


def _through_simpleitk(array: Voxels, grid: Grid, suffix: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"image{suffix}"
        sitk.WriteImage(to_simpleitk(_storable(array), grid), str(path), useCompression=True)
        return path.read_bytes()
