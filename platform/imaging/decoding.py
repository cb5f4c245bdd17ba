"""The common end of NRRD and MetaImage: voxel bytes found, unpacked, and decoded by SimpleITK.

The decoder never sees a stranger's file. It gets a file that we wrote, with a header made of what we
checked and the voxels uncompressed inside; so no header can send it to another file, and none can
make it unpack more than the limits allow. Its geometry must agree with ours.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import SimpleITK as sitk

from imaging.decompression import unpack_bytes
from imaging.errors import ImageError
from imaging.grid import Grid
from imaging.simpleitk import from_simpleitk
from imaging.volume import Voxels

EXCESS = 1 << 20
"""Bytes that a stored image may be longer than its voxels."""


@dataclass(frozen=True)
class VoxelSource:
    """Where the voxels of an image are: a file, where they start in it and how they are packed.

    method is 'raw', 'zlib', 'gzip' or 'bzip2'; a start below zero means: at the end of the file.
    """

    path: Path
    start: int
    method: str
    name: str

    def read(self, expected: int) -> bytes:
        """Return exactly `expected` bytes of voxels. Raises ImageError when they are not there."""
        size = self.path.stat().st_size
        start = size - expected if self.start < 0 else self.start
        stored = max(0, size - start)
        if stored > expected + EXCESS:
            raise ImageError(
                self.name,
                f"it holds {stored:,} bytes for voxels that need {expected:,}",
                "The header is wrong; save the image again with the program that made it.",
            )
        with self.path.open("rb") as stream:
            stream.seek(max(0, start))
            return unpack_bytes(stream.read(stored), self.method, expected, name=self.name)


def find_sibling(path: Path, reference: str) -> Path:
    """Return the data file that a header names, which must lie beside the header.

    Raises ImageError for any reference with a folder in it, for links, and when it is not there.
    """
    name = path.name
    if not reference or {"/", "\\", "\0"} & set(reference):
        raise ImageError(
            name,
            "its header refers to a file in another folder, which is not followed",
            "Put header and data file into one folder, or save the image as one file.",
        )
    sibling = path.parent / reference
    if reference in {".", ".."} or sibling.is_symlink() or (sibling.exists() and not sibling.is_file()):
        raise ImageError(name, "its header refers to something that is not a file", "Save the image as one file.")
    if not sibling.exists():
        raise ImageError(
            name,
            f"its data file {reference} is not there",
            "Give header and data file together, or save the image as one file (.nrrd, .mha).",
        )
    return sibling


def decode(header: str, voxels: bytes, suffix: str, grid: Grid, *, name: str) -> Voxels:
    """Return the voxels [x, y, z] of a clean header followed by raw voxels.

    Raises ImageError when the decoder fails or understands the geometry otherwise than `grid`.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"image{suffix}"
        with path.open("wb") as stream:
            stream.write(header.encode("ascii"))
            stream.write(voxels)
        try:
            image = sitk.ReadImage(str(path))
        except RuntimeError as error:
            raise ImageError(
                name, "its voxels cannot be decoded", "Save the image again with the program that made it."
            ) from error
    array, affine = from_simpleitk(image)
    if array.shape != grid.shape or not Grid(grid.shape, affine).same_as(grid):
        raise ImageError(
            name,
            "two readers understand its geometry differently",
            "Save the image as NIfTI (.nii.gz) with the program that made it.",
        )
    return array
