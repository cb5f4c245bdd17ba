"""What reading a file gives: the voxels, their grid, and what was said about or left out of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from numpy.typing import NDArray

from imaging.grid import Grid

Voxels: TypeAlias = NDArray[Any]

SHOWN_TEXT = 80


@dataclass(frozen=True)
class ReadLimits:
    """How much a file may ask for before it is decoded.

    decoded_bytes bounds the voxels of one image in memory; axis bounds the voxels along one axis.
    """

    decoded_bytes: int = 1 << 30
    axis: int = 4096


@dataclass(frozen=True)
class Removed:
    """A text found in a header, sidecar or name that is not taken over, to be shown as removed."""

    where: str
    text: str

    @classmethod
    def of(cls, where: str, text: str) -> Removed:
        """Return the entry with control characters replaced and a long text shortened."""
        clean = "".join(letter if letter.isprintable() else " " for letter in text).strip()
        return cls(where, clean if len(clean) <= SHOWN_TEXT else clean[: SHOWN_TEXT - 1] + "…")


@dataclass(frozen=True)
class Volume:
    """A 3-D image read from a file.

    array is indexed [x, y, z] in the file's own order; stored integers stay integers when the
    header does not scale them. stored_as names the type in the file ("int16"), format the file
    format ("NIfTI-1"). removed lists header texts that were left out, warnings what a person
    should know before using the image.
    """

    array: Voxels
    grid: Grid
    format: str
    stored_as: str
    removed: tuple[Removed, ...] = ()
    warnings: tuple[str, ...] = ()
