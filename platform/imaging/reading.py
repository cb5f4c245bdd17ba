"""Read one 3-D image from a file of a stranger."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from imaging.decompression import GZIP_MAGIC, open_gzip, read_piece
from imaging.errors import ImageError
from imaging.formats import is_dicom, refuse_other_format
from imaging.metaimage import looks_like_metaimage, read_metaimage
from imaging.nifti import looks_like_nifti, read_nifti
from imaging.nrrd import looks_like_nrrd, read_nrrd
from imaging.volume import ReadLimits, Volume

DEFAULT_LIMITS = ReadLimits()
IMAGE_SUFFIXES = (".nii", ".nii.gz", ".nrrd", ".nhdr", ".mha", ".mhd")
"""Endings of the files that `read_volume` takes."""


def is_image_name(name: str) -> bool:
    """Whether a file of this name is one that `read_volume` takes."""
    return name.lower().endswith(IMAGE_SUFFIXES)


def read_volume(path: Path, limits: ReadLimits = DEFAULT_LIMITS) -> Volume:
    """Read a 3-D image: NIfTI-1/2, NRRD or MetaImage, known by its content and not by its name.

    Everything is checked before a decoder sees it. Raises ImageError, which names the file and the
    reason, for anything that is not one 3-D image of finite real numbers on a grid with right
    angles. No other exception is raised for a bad file.
    """
    name = path.name
    try:
        start = _start(path)
        return _reader(start, path)(path, limits)
    except OSError as error:
        raise _unreadable(name, error) from error


def _start(path: Path) -> bytes:
    """Return the first bytes of the file, unpacked when it is gzip."""
    with path.open("rb") as stream:
        start = stream.read(600)
        if not start:
            raise ImageError(path.name, "the file is empty (0 bytes)", "Copy it again.")
        if start[:2] != GZIP_MAGIC:
            return start
        stream.seek(0)
        return read_piece(open_gzip(stream), 600, name=path.name)


def _reader(start: bytes, path: Path) -> Callable[[Path, ReadLimits], Volume]:
    if is_dicom(start):  # its free preamble may imitate any other format
        raise refuse_other_format(path.name, start)
    if looks_like_nifti(start):
        return read_nifti
    if looks_like_nrrd(start):
        return read_nrrd
    if looks_like_metaimage(start) and path.suffix.lower() in {".mha", ".mhd"}:
        return read_metaimage
    raise refuse_other_format(path.name, start)


def _unreadable(name: str, error: OSError) -> ImageError:
    if isinstance(error, PermissionError):
        return ImageError(name, "no permission to read it", "Allow reading and try again.")
    if isinstance(error, FileNotFoundError):
        return ImageError(name, "the file is not there", "Choose it again.")
    if isinstance(error, IsADirectoryError):
        return ImageError(name, "it is a folder, not a file", "Choose the files inside.")
    return ImageError(name, "it cannot be read from the disk", "Try again, or copy it elsewhere.")
