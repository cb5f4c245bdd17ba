"""The area of the surface inside a block of 2×2×2 voxels, for each of its 256 fillings.

A surface point lies where eight voxels meet. Marching cubes cuts the block half way along every edge between a full
and an empty voxel; when five to eight voxels are full, the empty ones are cut out instead. The cut-out voxels fall
into groups joined by edges, and each group gives flat pieces whose normals follow from its form alone. A piece with
the normal n (per unit voxel) has the area |(n_x s_y s_z, n_y s_x s_z, n_z s_x s_y)|.

The areas are those of DeepMind's surface-distance (doi:10.2196/26151), found here from the geometry of the block.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Normal = tuple[float, float, float]

CORNERS = tuple((bit >> 2 & 1, bit >> 1 & 1, bit & 1) for bit in range(8))


@lru_cache(maxsize=64)
def rank_areas(spacing: tuple[float, float, float]) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Return the class of each of the 256 codes and the area in mm² of each class, classes in ascending area.

    Bit 4i + 2j + k of a code is set when voxel (i, j, k) of the block is full; spacing is in mm along (x, y, z).
    """
    areas = np.array([_area(code, spacing) for code in range(256)])
    steps, classes = np.unique(areas, return_inverse=True)
    return classes.astype(np.uint8), steps


def _area(code: int, spacing: tuple[float, float, float]) -> float:
    full = [corner for bit, corner in enumerate(CORNERS) if code >> bit & 1]
    empty = [corner for corner in CORNERS if corner not in full]
    cut = full if len(full) <= 4 else empty
    sx, sy, sz = spacing
    return math.fsum(
        math.hypot(x * sy * sz, y * sx * sz, z * sx * sy) for group in _groups(cut) for x, y, z in _pieces(group)
    )


def _groups(corners: list[tuple[int, int, int]]) -> list[list[tuple[int, int, int]]]:
    """Return the corners in groups that are joined by edges of the block."""
    left, groups = list(corners), []
    while left:
        group = [left.pop()]
        for corner in group:
            near = [other for other in left if _edge(corner, other) is not None]
            group += near
            left = [other for other in left if other not in near]
        groups.append(group)
    return groups


def _edge(first: tuple[int, int, int], second: tuple[int, int, int]) -> int | None:
    """Return the axis of the edge between two corners, None when no edge joins them."""
    apart = [axis for axis in range(3) if first[axis] != second[axis]]
    return apart[0] if len(apart) == 1 else None


def _pieces(group: list[tuple[int, int, int]]) -> list[Normal]:
    """Return the normals (absolute, in voxels²) of the pieces that cut a group of one to four corners out."""
    edges = [_edge(a, b) for place, a in enumerate(group) for b in group[place + 1 :]]
    axes = [axis for axis in edges if axis is not None]
    even = (0.125, 0.125, 0.125)
    if len(group) == 1:
        return [even]
    if len(group) == 2:
        return [_across(axes[0], 0.25)] * 2
    if len(group) == 3:
        return [_along(3 - sum(axes), 0.5), (0.25, 0.25, 0.25), even]
    if len(axes) == 4:  # a whole side of the block
        return [_along(3 - sum(set(axes)), 0.5)] * 2
    if max(sum(_edge(a, b) is not None for b in group) for a in group) == 3:  # a corner and its three neighbours
        return [even, even, (0.25, 0.25, 0.25), (0.25, 0.25, 0.25)]
    first, last = _end_axes(group)
    return [even, (0.375, 0.375, 0.375), _across(first, 0.25), _across(last, 0.25)]


def _end_axes(path: list[tuple[int, int, int]]) -> list[int]:
    """Return the axes of the two outer edges of a path of four corners."""
    degree = {a: [axis for b in path if (axis := _edge(a, b)) is not None] for a in path}
    return [axes[0] for axes in degree.values() if len(axes) == 1]


def _along(axis: int, size: float) -> Normal:
    return tuple(size if axis == other else 0.0 for other in range(3))  # type: ignore[return-value]


def _across(axis: int, size: float) -> Normal:
    return tuple(0.0 if axis == other else size for other in range(3))  # type: ignore[return-value]
