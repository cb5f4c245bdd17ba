"""The surface distances from one mask's border to another's, sorted, and the figures taken from them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.metrics.surface_kernels import sort_by_counting
from evaluation.metrics.surfaces import Distances, Surfaces

TOLERANCE_SLACK = 1e-6
"""A distance equal to the tolerance is inside, whatever the last bits of its float64 say."""

NO_CLASSES: NDArray[np.uint8] = np.empty(0, np.uint8)


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


def direct(surfaces: Surfaces, start: int, end: int) -> Directed:
    """Return the sorted distances from the border of rater start to that of rater end; both have a border."""
    own = surfaces.own_points[start]
    classes = NO_CLASSES if surfaces.classes is None else surfaces.classes[start]
    ordered: NDArray[np.int64] = np.empty((2, len(own)), np.int64)
    sort_by_counting(surfaces.nearest[end], classes, own, surfaces.table, ordered)
    areas = None if surfaces.areas is None else surfaces.areas[ordered[1]]
    return Directed(distances=surfaces.levels[ordered[0]], areas=areas)


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
