"""The surface distances from one mask's border to another's, sorted, and the figures taken from them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluation.metrics.surfaces import Distances, Surfaces

TOLERANCE_SLACK = 1e-6
"""A distance equal to the tolerance is inside, whatever the last bits of its float64 say."""

LARGEST_TABLE = 1 << 18
"""Up to this many keys are counted in a table; more are sorted."""


@dataclass(frozen=True)
class Directed:
    """Distances in mm from each border point of one mask to the border of the other, ascending.

    areas holds the surface area in mm² of each point, None when every border voxel counts the same.
    """

    distances: Distances
    areas: Distances | None

    def percentile(self, percent: float) -> float:
        """Return the percentile: linear between border voxels, the first to reach the share of area for surfels."""
        if self.areas is None:
            return percentile_of_sorted(self.distances, percent)
        share = np.cumsum(self.areas) / np.sum(self.areas)
        place = int(np.searchsorted(share, percent / 100))
        return float(self.distances[min(place, len(self.distances) - 1)])

    def within(self, tolerance_mm: float) -> tuple[float, float]:
        """Return how much of the border lies within the tolerance, and all of it: voxels, or mm² for surfels."""
        inside = int(np.searchsorted(self.distances, tolerance_mm * (1 + TOLERANCE_SLACK), side="right"))
        if self.areas is None:
            return float(inside), float(len(self.distances))
        return float(np.sum(self.areas[:inside])), float(np.sum(self.areas))

    def total(self) -> tuple[float, float]:
        """Return the sum of the distances, each times its area for surfels, and the voxels or mm² it goes over."""
        if self.areas is None:
            return float(np.sum(self.distances)), float(len(self.distances))
        return float(np.sum(self.distances * self.areas)), float(np.sum(self.areas))


def direct(surfaces: Surfaces, start: int, end: int, *, points: NDArray[np.intp] | None = None) -> Directed:
    """Return the sorted distances from the border of rater start to that of rater end.

    Both raters have a border. points are surfaces.points_of(start), for callers that ask for several ends.
    """
    own = surfaces.points_of(start) if points is None else points
    keys = surfaces.nearest[end, own]
    if surfaces.classes is None or surfaces.areas is None:
        used, counts = _count(keys, len(surfaces.levels))
        return Directed(distances=np.repeat(surfaces.levels[used], counts), areas=None)
    width = len(surfaces.areas)
    keys = keys.astype(np.int64) * width + surfaces.classes[start, own]
    used, counts = _count(keys, len(surfaces.levels) * width)
    return Directed(
        distances=np.repeat(surfaces.levels[used // width], counts),
        areas=np.repeat(surfaces.areas[used % width], counts),
    )


def _count(keys: NDArray[np.integer[Any]], limit: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the distinct keys, all below the limit, ascending, and how often each occurs."""
    if limit > LARGEST_TABLE:
        used, counts = np.unique(keys, return_counts=True)
        return used, counts
    table = np.bincount(keys, minlength=1)
    used = np.flatnonzero(table)
    return used, table[used]


def percentile_of_sorted(ascending: Distances, percent: float) -> float:
    """Return the percentile of ascending values, linear between the two nearest ones (NumPy's default)."""
    place = (len(ascending) - 1) * (percent / 100)
    below = math.floor(place)
    low, high = float(ascending[below]), float(ascending[min(below + 1, len(ascending) - 1)])
    part = place - below
    return low + (high - low) * part if part < 0.5 else high - (high - low) * (1 - part)


def hausdorff(there: Directed, back: Directed, *, variant: str, percent: float = 95.0) -> float:
    """Return the percentile Hausdorff distance in mm of a variant from the distances in both directions."""
    if variant == "pooled":
        return percentile_of_sorted(np.sort(np.concatenate([there.distances, back.distances])), percent)
    return max(there.percentile(percent), back.percentile(percent))


def overlap_within(there: Directed, back: Directed, *, tolerance_mm: float) -> float:
    """Return the surface Dice at a tolerance in mm from the distances in both directions."""
    (inside, whole), (inside_back, whole_back) = there.within(tolerance_mm), back.within(tolerance_mm)
    return (inside + inside_back) / (whole + whole_back)
