"""The votes of all raters on label maps: each combination of labels that occurs, once, and where it occurs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluation.metrics.validation import MAX_LABELS, as_rater_labels

LARGEST_KEY = 2**62


@dataclass(frozen=True)
class LabelVotes:
    """The combinations of labels that occur over the field.

    labels are the label values in use, ascending, background 0 first. patterns (pattern, rater) holds places in
    labels, its first row is all background; counts are the voxels of each pattern over the whole field, and where
    the pattern of each voxel inside the box.
    """

    labels: NDArray[np.int64]
    patterns: NDArray[np.int64]
    counts: NDArray[np.int64]
    where: NDArray[np.int64]
    box: tuple[slice, ...]
    shape: tuple[int, ...]

    @property
    def raters(self) -> int:
        """Number of raters."""
        return self.patterns.shape[1]

    def tally(self) -> NDArray[np.int64]:
        """Return how many raters gave each label in each pattern, as (pattern, label)."""
        return np.stack([(self.patterns == place).sum(axis=1) for place in range(len(self.labels))], axis=1)

    def spread(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return a map (x, y, z) from one value per pattern; outside of the box everybody said background."""
        full = np.full(self.shape, values[0])
        full[self.box] = values[self.where]
        return full


def read_label_votes(maps: ArrayLike | Sequence[ArrayLike]) -> LabelVotes:
    """Return the coded votes of 1 to 64 label maps (rater, x, y, z) of whole numbers ≥ 0.

    Raises ValueError for no label maps, different shapes, and more than 255 labels.
    """
    found = as_rater_labels(maps)
    box = _find_box(found)
    inside = [one[box] for one in found]
    labels = np.unique(np.concatenate([[0], *(np.unique(one) for one in inside)])).astype(np.int64)
    if len(labels) > MAX_LABELS + 1:
        raise ValueError(f"Up to {MAX_LABELS} labels are supported, not {len(labels) - 1}.")
    columns = [np.searchsorted(labels, one).reshape(-1) for one in inside]
    first, where = _group(columns, len(labels))
    patterns = np.stack([column[first] for column in columns], axis=1)
    counts = np.bincount(where, minlength=len(first)).astype(np.int64)
    patterns, counts, where = _put_background_first(patterns, counts, where)
    counts[0] += found[0].size - inside[0].size
    return LabelVotes(labels, patterns, counts, where.reshape(inside[0].shape), box, found[0].shape)


def _find_box(maps: Sequence[NDArray[np.int64]]) -> tuple[slice, ...]:
    """Return the smallest box that holds every label above 0, one voxel of background when there is none."""
    marked = maps[0] != 0
    for one in maps[1:]:
        marked |= one != 0
    box = []
    for axis in range(marked.ndim):
        used = np.flatnonzero(marked.any(axis=tuple(other for other in range(marked.ndim) if other != axis)))
        box.append(slice(int(used[0]), int(used[-1]) + 1) if len(used) else slice(0, 1))
    return tuple(box)


def _group(columns: Sequence[NDArray[np.intp]], base: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return, for the distinct rows of the columns, a first voxel each, and every voxel's place among them."""
    key: NDArray[Any] = np.zeros(len(columns[0]), np.int64)
    largest = 1
    for column in columns:
        if largest * base > LARGEST_KEY:
            distinct, key = np.unique(key, return_inverse=True)
            largest = len(distinct)
        key = key * base + column
        largest *= base
    _, first, where = np.unique(key, return_index=True, return_inverse=True)
    return first, where


def _put_background_first(
    patterns: NDArray[np.intp], counts: NDArray[np.int64], where: NDArray[np.intp]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the same with the all-background pattern in front, added without voxels where it does not occur."""
    if patterns[0].any():
        return np.insert(patterns, 0, 0, axis=0), np.insert(counts, 0, 0), where + 1
    return patterns, counts, where
