"""The surface distances from one mask's border to another's, from near to far, and the figures taken from them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from evaluation.metrics.surface_kernels import count_levels, sort_by_counting
from evaluation.metrics.surfaces import Distances, Surfaces

TOLERANCE_SLACK = 1e-6
"""A distance equal to the tolerance is inside, whatever the last bits of its float64 say."""


@dataclass(frozen=True)
class DirectedVoxels:
    """How many border voxels of one mask lie at each distance in mm, ascending, from the border of the other."""

    levels: Distances
    counts: NDArray[np.int64]

    @cached_property
    def ends(self) -> NDArray[np.int64]:
        """How many border voxels lie at each distance or nearer."""
        return np.cumsum(self.counts)

    def percentile(self, percent: float) -> float:
        """Return the percentile, linear between the two nearest border voxels (NumPy's default)."""
        last = int(self.ends[-1]) - 1
        place = last * (percent / 100)
        below = math.floor(place)
        part = place - below
        low, high = (float(self.levels[np.searchsorted(self.ends, n, "right")]) for n in (below, min(below + 1, last)))
        return low + (high - low) * part if part < 0.5 else high - (high - low) * (1 - part)

    def within(self, tolerance_mm: float) -> tuple[float, float]:
        """Return how many border voxels lie within the tolerance, and how many there are."""
        place = int(np.searchsorted(self.levels, tolerance_mm * (1 + TOLERANCE_SLACK), side="right"))
        return float(self.ends[place - 1]) if place else 0.0, float(self.ends[-1])

    def total(self) -> tuple[float, float]:
        """Return the sum of the distances and the number of border voxels."""
        return float(self.counts @ self.levels), float(self.ends[-1])

    def pool(self, other: DirectedVoxels) -> DirectedVoxels:
        """Return the border voxels of both directions together."""
        return DirectedVoxels(self.levels, self.counts + other.counts)


@dataclass(frozen=True)
class DirectedSurfels:
    """Distances in mm from each surface element of one mask to those of the other, ascending, and its area in mm²."""

    distances: Distances
    areas: Distances

    def percentile(self, percent: float) -> float:
        """Return the first distance at which the elements so near make up the share of the area."""
        share = np.cumsum(self.areas) / np.sum(self.areas)
        place = int(np.searchsorted(share, percent / 100))
        return float(self.distances[min(place, len(self.distances) - 1)])

    def within(self, tolerance_mm: float) -> tuple[float, float]:
        """Return the area within the tolerance and the whole area in mm²."""
        inside = int(np.searchsorted(self.distances, tolerance_mm * (1 + TOLERANCE_SLACK), side="right"))
        return float(np.sum(self.areas[:inside])), float(np.sum(self.areas))

    def total(self) -> tuple[float, float]:
        """Return the sum of the distances, each times its area, and the whole area in mm²."""
        return float(np.sum(self.distances * self.areas)), float(np.sum(self.areas))


Directed: TypeAlias = DirectedVoxels | DirectedSurfels


def direct(surfaces: Surfaces, start: int, end: int) -> Directed:
    """Return the distances from the border of rater start to that of rater end; both have a border."""
    own = surfaces.own_points[start]
    if surfaces.classes is None or surfaces.areas is None:
        counts = np.zeros(len(surfaces.levels), np.int64)
        count_levels(surfaces.nearest[end], own, counts)
        return DirectedVoxels(surfaces.levels, counts)
    ordered: NDArray[np.int64] = np.empty((2, len(own)), np.int64)
    sort_by_counting(surfaces.nearest[end], surfaces.classes[start], own, surfaces.table, ordered)
    return DirectedSurfels(surfaces.levels[ordered[0]], surfaces.areas[ordered[1]])


def hausdorff(there: Directed, back: Directed, *, variant: str, percent: float = 95.0) -> float:
    """Return the percentile Hausdorff distance in mm of a variant from the distances in both directions."""
    if variant == "pooled" and isinstance(there, DirectedVoxels) and isinstance(back, DirectedVoxels):
        return there.pool(back).percentile(percent)
    return max(there.percentile(percent), back.percentile(percent))


def overlap_within(there: Directed, back: Directed, *, tolerance_mm: float) -> float:
    """Return the surface Dice at a tolerance in mm from the distances in both directions."""
    (inside, whole), (inside_back, whole_back) = there.within(tolerance_mm), back.within(tolerance_mm)
    return (inside + inside_back) / (whole + whole_back)
