"""Label maps from files: whole numbers from 0 to 255, however they were stored."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from imaging.errors import ImageError
from imaging.grid import Grid
from imaging.reading import DEFAULT_LIMITS, read_volume
from imaging.volume import ReadLimits, Removed, Voxels

Labels: TypeAlias = NDArray[np.uint8]

LARGEST_LABEL = 255
SHOWN_EXAMPLES = 3


@dataclass(frozen=True)
class LabelMap:
    """A label map read from a file: labels uint8 [x, y, z] on `grid`.

    counts gives the number of voxels of every value that occurs, 0 included.
    """

    labels: Labels
    grid: Grid
    counts: dict[int, int]
    removed: tuple[Removed, ...] = ()
    warnings: tuple[str, ...] = ()


def read_label_map(path: Path, limits: ReadLimits = DEFAULT_LIMITS) -> LabelMap:
    """Read a label map from any format of `read_volume`; floats are fine when they are whole.

    Raises ImageError, also for fractional, negative and too large values, naming examples.
    """
    volume = read_volume(path, limits)
    labels = as_labels(volume.array, name=path.name)
    return LabelMap(labels, volume.grid, count_labels(labels), volume.removed, volume.warnings)


def as_labels(array: Voxels, *, name: str) -> Labels:
    """Return the values as uint8 labels. Raises ImageError when they are not labels."""
    if np.issubdtype(array.dtype, np.floating):
        _refuse(
            array[array != np.rint(array)],
            "values that are not whole numbers",
            "This looks like a probability map or an interpolated mask: give the label map itself, "
            "or resample it with nearest neighbour.",
            name=name,
        )
    _refuse(array[array < 0], "negative values", "Labels are whole numbers from 0.", name=name)
    _refuse(
        array[array > LARGEST_LABEL],
        f"values above {LARGEST_LABEL}",
        "This looks like an image, not a label map.",
        name=name,
    )
    return np.asfortranarray(array.astype(np.uint8))


def count_labels(labels: Labels) -> dict[int, int]:
    """Return the number of voxels of each value that occurs, 0 included."""
    counts = np.bincount(labels.ravel(order="K"), minlength=1)
    return {value: int(count) for value, count in enumerate(counts) if count}


def _refuse(bad: Voxels, what: str, advice: str, *, name: str) -> None:
    if bad.size == 0:
        return
    examples = ", ".join(f"{value:g}" for value in np.unique(bad)[:SHOWN_EXAMPLES])
    raise ImageError(name, f"{bad.size:,} voxels have {what} (for example {examples})", advice)
