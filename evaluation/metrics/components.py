"""Connected components of two masks, and which of them overlap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cc3d
import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from evaluation.metrics.validation import Mask, as_mask_pair
from evaluation.metrics.votes import Votes, read_votes

CONNECTIVITIES = (6, 18, 26)
Box = tuple[slice, slice, slice]


@dataclass(frozen=True)
class Components:
    """The components of a mask (x, y, z): labels 1 … n, and the voxels and the box of each one.

    sizes and boxes start with component 1. The numbers follow the components' centres along x, then y, then z, and
    not the order in memory.
    """

    labels: NDArray[np.integer[Any]]
    sizes: NDArray[np.int64]
    boxes: tuple[Box, ...]

    def __len__(self) -> int:
        return len(self.sizes)


@dataclass(frozen=True)
class Overlaps:
    """The pairs of components that share voxels: numbers from 1 in both masks, and how many voxels they share."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    voxels: NDArray[np.int64]


def drop_missing_axes(mask: Mask, axes: int) -> Mask:
    """Return a three-axis mask with its last axes alone: the ones that the masks have by themselves."""
    return mask.reshape(mask.shape[3 - axes :])


def split_pair(prediction: ArrayLike, reference: ArrayLike) -> tuple[Votes, Mask, Mask]:
    """Return both masks inside the box that holds them, with three axes in their own order."""
    votes = read_votes(as_mask_pair(prediction, reference))
    codes = votes.codes.T if votes.reversed_axes else votes.codes
    if votes.reversed_axes and len(votes.shape) < 3:
        codes = codes.transpose(2, 0, 1)
    return votes, (codes & 1).view(np.bool_), (codes >> 1 & 1).view(np.bool_)


def label_components(mask: Mask, *, connectivity: int) -> Components:
    """Return the components of a mask with three axes. Raises ValueError for a connectivity other than 6, 18, 26."""
    if connectivity not in CONNECTIVITIES:
        raise ValueError(f"The connectivity is one of {CONNECTIVITIES}, not {connectivity}.")
    if mask.size == 0:
        return Components(mask.astype(np.uint8), np.zeros(0, np.int64), ())
    own = mask if mask.flags.writeable else mask.copy()  # cc3d reads no array that is read-only
    labels, count = cc3d.connected_components(own, connectivity=connectivity, return_N=True)  # type: ignore[call-overload]
    sizes, boxes, centres = _describe(labels, count)
    order = np.lexsort((centres / np.maximum(sizes, 1)[:, None]).T[::-1])
    renumber = np.zeros(count + 1, labels.dtype)
    renumber[order + 1] = np.arange(1, count + 1)
    return Components(
        labels=_renumber(labels, renumber),
        sizes=sizes[order],
        boxes=tuple(
            (slice(x, x_end), slice(y, y_end), slice(z, z_end))
            for (x, y, z), (x_end, y_end, z_end) in boxes[order].tolist()
        ),
    )


def drop_small(found: Components, *, min_voxels: int) -> Components:
    """Return the components of at least min_voxels voxels, numbered anew."""
    kept = np.flatnonzero(found.sizes >= min_voxels)
    if len(kept) == len(found):
        return found
    renumber = np.zeros(len(found) + 1, found.labels.dtype)
    renumber[kept + 1] = np.arange(1, len(kept) + 1)
    labels = _renumber(found.labels.copy(), renumber)
    return Components(labels, found.sizes[kept], tuple(found.boxes[place] for place in kept))


def find_overlaps(first: NDArray[np.integer[Any]], second: NDArray[np.integer[Any]]) -> Overlaps:
    """Return which labels above 0 of two label arrays of one shape share voxels."""
    both = (first != 0) & (second != 0)
    ones, others = first[both].astype(np.int64), second[both].astype(np.int64)
    width = int(others.max(initial=0)) + 1
    keys, voxels = np.unique(ones * width + others, return_counts=True)
    return Overlaps(keys // width, keys % width, voxels)


def join_boxes(boxes: list[Box]) -> Box:
    """Return the smallest box that holds all the boxes."""
    x, y, z = (slice(min(box[axis].start for box in boxes), max(box[axis].stop for box in boxes)) for axis in range(3))
    return x, y, z


@njit(cache=True, nogil=True)
def _describe(labels: Any, count: int) -> Any:
    """Return, per component, its voxels, its box (low, end) and the sum of its coordinates."""
    sizes, sums = np.zeros(count, np.int64), np.zeros((count, 3), np.float64)
    boxes = np.zeros((count, 2, 3), np.int64)
    for x in range(labels.shape[0]):
        for y in range(labels.shape[1]):
            for z in range(labels.shape[2]):
                if not labels[x, y, z]:
                    continue
                own = np.int64(labels[x, y, z]) - 1
                for axis, place in enumerate((x, y, z)):
                    if sizes[own] == 0 or place < boxes[own, 0, axis]:
                        boxes[own, 0, axis] = place
                    boxes[own, 1, axis] = max(boxes[own, 1, axis], place + 1)
                    sums[own, axis] += place
                sizes[own] += 1
    return sizes, boxes, sums


@njit(cache=True, nogil=True)
def _renumber(labels: Any, numbers: Any) -> Any:
    """Replace each label above 0 by its new number, in place."""
    for x in range(labels.shape[0]):
        for y in range(labels.shape[1]):
            for z in range(labels.shape[2]):
                if labels[x, y, z]:
                    labels[x, y, z] = numbers[labels[x, y, z]]
    return labels
