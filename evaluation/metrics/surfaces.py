"""The distances from the border of each rater's mask to the border of every other one, all raters in one pass.

The borders of all raters share one array of bits. Around each border point the neighbours are visited from near to
far, and the first one with a rater's bit is that rater's nearest border point. Pairs that lie further apart than the
visited ball are few, and a search through blocks of voxels answers them. Every distance is the root of the summed
squares of whole voxel steps times the spacing, in float64: nothing is rounded to a grid or to float32.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluation.metrics.surface_elements import CORNERS, rank_areas
from evaluation.metrics.surface_kernels import (
    gather_blocks,
    list_points,
    mark_surfel_borders,
    mark_voxel_borders,
    read_classes,
    search_ball,
    search_far,
)
from evaluation.metrics.votes import Votes

Spacing3 = tuple[float, float, float]
Distances = NDArray[np.float64]

BALL_RADIUS = {1: 500.0, 2: 25.0, 3: 10.0}
"""Radius of the visited ball in mean voxels, by the number of axes: 1,000 to 4,000 neighbours, by measurement."""


@dataclass(frozen=True)
class Surfaces:
    """The border points of all raters and how far each is from every rater's border.

    levels are the distances in mm that occur, ascending, and nearest (rater, point) holds places in them, -1 for a
    rater without a border. bits holds each point's raters. For surface elements (surfels), classes (rater, point)
    holds places in areas, the areas in mm²; else both are None.
    """

    bits: NDArray[np.unsignedinteger[Any]]
    levels: Distances
    nearest: NDArray[np.int32]
    classes: NDArray[np.uint8] | None
    areas: Distances | None

    def points_of(self, rater: int) -> NDArray[np.intp]:
        """Return the places of the points on one rater's border."""
        return np.flatnonzero(self.bits & self.bits.dtype.type(1 << rater))


def measure_surfaces(votes: Votes, spacing: Spacing3, *, surfels: bool) -> Surfaces:
    """Return the border points of coded votes and their distances to every rater's border.

    The spacing is in mm along the three axes of votes.codes (see Votes.orient). Border points are the voxels that
    6-neighbour erosion takes away, or, with surfels, the corners of voxels between full and empty ones. The world
    outside of the image is empty, so that an image's face is a border.
    """
    steps = np.array([1 if axis >= 3 - len(votes.shape) else 0 for axis in range(3)])
    offsets, ranks, levels = _list_ball(spacing, len(votes.shape))
    pads = np.abs(offsets).max(axis=0)
    codes = np.zeros(np.array(votes.codes.shape) + 2 * pads + steps, votes.codes.dtype)
    codes[tuple(slice(pad, pad + size) for pad, size in zip(pads, votes.codes.shape, strict=True))] = votes.codes
    borders = np.zeros_like(codes)
    mark = mark_surfel_borders if surfels else mark_voxel_borders
    strides = np.array(codes.strides) // codes.itemsize
    mark(codes.reshape(-1), strides * steps, borders.reshape(-1))
    found = int(np.count_nonzero(borders != 0))
    points: NDArray[np.int64] = np.empty(found, np.int64)
    bits: NDArray[Any] = np.empty(found, codes.dtype)
    list_points(borders.reshape(-1), points, bits)
    classes, areas = None, None
    if surfels:
        table, areas = rank_areas(spacing)
        corners = (np.array(CORNERS) - 1) * steps @ strides
        classes = read_classes(codes.reshape(-1), points, corners, votes.raters, table)
    del codes
    nearest = np.full((votes.raters, found), -1, np.int32)
    wanted = np.bitwise_or.reduce(bits) if found else 0
    ball = np.stack([offsets @ strides, ranks])
    open_pairs = search_ball(borders.reshape(-1), points, ball, np.uint64(wanted), nearest)
    if open_pairs:
        far = np.empty(open_pairs, np.float64)
        blocks = np.array(spacing), _block_grid(points, bits, borders.shape, spacing)
        search_far(borders, points, blocks, np.uint64(wanted), (nearest, far))
        levels = _add_levels(levels, far, nearest)
    return Surfaces(bits=bits, levels=levels, nearest=nearest, classes=classes, areas=areas)


def _block_grid(
    points: NDArray[np.int64], bits: NDArray[Any], shape: tuple[int, ...], spacing: Spacing3
) -> tuple[NDArray[Any], ...]:
    """Return the points' bits in small blocks and in 4×4×4 of them, and both blocks' sizes in voxels (x, y, z).

    A small block is about as long in mm along each axis, four mean voxels.
    """
    mean = float(np.prod(spacing)) ** (1 / 3)
    size = np.clip(np.rint(4 * mean / np.array(spacing)), 1, 16).astype(np.int64)
    small = gather_blocks(points, bits, np.array(shape), size)
    used = np.flatnonzero(small)
    large = gather_blocks(used, small.reshape(-1)[used], np.array(small.shape), np.array([4, 4, 4]))
    return small, size, large, 4 * size


def _add_levels(levels: Distances, far: Distances, nearest: NDArray[np.int32]) -> Distances:
    """Return the levels with the far distances behind them, and put their places into nearest (-2 - order)."""
    distinct, places = np.unique(far, return_inverse=True)
    rater, point = np.nonzero(nearest < -1)
    nearest[rater, point] = len(levels) + places[-2 - nearest[rater, point]]
    return np.concatenate([levels, distinct])


@lru_cache(maxsize=32)
def _list_ball(spacing: Spacing3, axes: int) -> tuple[NDArray[np.int64], NDArray[np.int32], Distances]:
    """Return the voxel steps (step, axis) inside a ball from near to far, the rank of each one's distance, and the
    distinct distances in mm.
    """
    used = spacing[3 - axes :]
    radius = BALL_RADIUS[axes] * float(np.prod(used)) ** (1 / axes)
    reach = [0] * (3 - axes) + [max(1, int(radius / size)) for size in used]
    grid = np.meshgrid(*[np.arange(-most, most + 1) for most in reach], indexing="ij")
    steps = np.stack([axis.reshape(-1) for axis in grid], axis=1)
    distances = np.sqrt(((steps * np.array(spacing)) ** 2).sum(axis=1))
    inside = distances <= radius
    steps, distances = steps[inside], distances[inside]
    order = np.argsort(distances, kind="stable")
    levels, ranks = np.unique(distances[order], return_inverse=True)
    return steps[order], ranks.astype(np.int32), levels
