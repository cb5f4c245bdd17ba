"""The distances from the border of each rater's mask to the border of every other one, all raters in one pass.

The borders of all raters share one array of bits. Around each border point the neighbours are visited from near to
far, and the first one with a rater's bit is that rater's nearest border point. Pairs that lie further apart than the
visited ball are few, and a search through blocks of voxels answers them. Every distance is the root of the summed
squares of whole voxel steps times the spacing, in float64: nothing is rounded to a grid or to float32.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluation.metrics.surface_elements import CORNERS, rank_areas
from evaluation.metrics.surface_kernels import (
    count_points,
    gather_blocks,
    list_own_points,
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

BALL_RADIUS = {1: 500.0, 2: 25.0, 3: 12.0}
"""Radius of the visited ball in mean voxels, by the number of axes: 1,000 to 7,000 neighbours, by measurement."""


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

    @cached_property
    def own_points(self) -> tuple[NDArray[np.int64], ...]:
        """The places of the points on each rater's border."""
        counts = np.zeros(len(self.nearest), np.int64)
        count_points(self.bits, counts)
        own: NDArray[np.int64] = np.empty(int(counts.sum()), np.int64)
        ends = np.cumsum(counts)
        list_own_points(self.bits, ends - counts, own)
        return tuple(np.split(own, ends[:-1]))

    @cached_property
    def table(self) -> NDArray[np.int32]:
        """Zeros to count in, by level and class of area; `sort_by_counting` leaves them as zeros."""
        return np.zeros((len(self.levels), 1 if self.areas is None else len(self.areas)), np.int32)


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
        far, pairs = np.empty(open_pairs, np.float64), np.empty(open_pairs, np.int64)
        blocks = np.array(spacing), _block_grid(points, bits, borders.shape, spacing)
        search_far(borders, points, blocks, np.uint64(wanted), (nearest, far, pairs))
        distinct, places = np.unique(far, return_inverse=True)
        nearest.reshape(-1)[pairs] = len(levels) + places
        levels = np.concatenate([levels, distinct])
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


@lru_cache(maxsize=32)
def _list_ball(spacing: Spacing3, axes: int) -> tuple[NDArray[np.int64], NDArray[np.int32], Distances]:
    """Return the voxel steps (step, axis) inside a ball from near to far, the rank of each one's distance, and the
    distinct distances in mm; the last step is repeated to make their number a multiple of four.
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
    order = np.append(order, np.repeat(order[-1:], -len(order) % 4))
    levels, ranks = np.unique(distances[order], return_inverse=True)
    return steps[order], ranks.astype(np.int32), levels
