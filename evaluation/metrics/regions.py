"""Regions: sets of labels of a label map, as masks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluation.metrics.validation import Mask


def select_region(labels: NDArray[np.integer[Any]], members: Collection[int]) -> Mask:
    """Return the voxels whose label is one of the members. Raises ValueError for none, and for background (0)."""
    wanted = sorted(set(members)) if all(isinstance(member, Integral) for member in members) else []
    if not wanted or wanted[0] < 1:
        raise ValueError(f"A region is one or more whole labels above 0, not {list(members)}.")
    mask = labels == wanted[0]
    for label in wanted[1:]:
        mask |= labels == label
    return np.asarray(mask)


def all_labels(maps: Sequence[NDArray[np.integer[Any]]]) -> dict[str, tuple[int, ...]]:
    """Return every label above 0 that some map holds as a region of its own, named by its number, ascending."""
    found = sorted({int(label) for one in maps for label in _list_labels(one)} - {0})
    return {str(label): (label,) for label in found}


def _list_labels(labels: NDArray[np.integer[Any]]) -> NDArray[Any]:
    if labels.dtype.itemsize <= 2:
        return np.flatnonzero(np.bincount(labels.reshape(-1, order="A")))
    return np.asarray(np.unique(labels))
