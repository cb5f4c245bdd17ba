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
    count_marks,
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
        raters = len(self.nearest)
        own: NDArray[np.int64] = np.empty(count_points(self.bits, raters) + 1, np.int64)
        return tuple(np.split(own[:-1], list_own_points(self.bits, raters, own)[:-1]))

    @cached_property
    def table(self) -> NDArray[np.int32]:
        """Zeros to count in, by level and class of area; `sort_by_counting` leaves them as zeros."""
        return np.zeros((len(self.levels), 0 if self.areas is None else len(self.areas)), np.int32)


def measure_surfaces(votes: Votes, spacing: Spacing3, *, surfels: bool) -> Surfaces:
    """Return the border points of coded votes and their distances to every rater's border.

    The spacing is in mm along the three axes of votes.codes (see Votes.orient). Border points are the voxels that
    6-neighbour erosion takes away, or, with surfels, the corners of voxels between full and empty ones. The world
    outside of the image is empty, so that an image's face is a border.
    """
    steps = np.array([1 if axis >= 3 - len(votes.shape) else 0 for axis in range(3)])
    neighbours, ranks, levels = _list_ball(spacing, len(votes.shape))
    pads = np.abs(neighbours).max(axis=0, initial=0)
    shape = np.array(votes.codes.shape) + 2 * pads + steps
    codes, borders = _padded(shape, votes.codes.dtype), _padded(shape, votes.codes.dtype)
    inner = tuple(slice(pad, pad + size) for pad, size in zip(pads, votes.codes.shape, strict=True))
    _in_space(codes, shape)[inner] = votes.codes
    strides = np.array([shape[1] * shape[2], shape[2], 1])
    mark = mark_surfel_borders if surfels else mark_voxel_borders
    mark(codes, strides * steps, borders)
    words = borders.view(np.uint64)
    found = count_marks(borders, words)
    points: NDArray[np.int64] = np.empty(found, np.int64)
    bits: NDArray[Any] = np.empty(found, codes.dtype)
    list_points(borders, words, points, bits)
    classes, areas = None, None
    if surfels:
        table, areas = rank_areas(spacing)
        corners = (np.array(CORNERS) - 1) * steps @ strides
        classes = read_classes(codes, points, corners, votes.raters, table)
    del codes
    nearest: NDArray[np.int32] = np.empty((votes.raters, found), np.int32)
    left: NDArray[np.uint64] = np.empty(found, np.uint64)
    wanted = np.bitwise_or.reduce(bits) if found else 0
    ball = neighbours @ strides, ranks
    open_pairs = search_ball(borders, points, ball, np.uint64(wanted), (nearest, left))
    if open_pairs:
        far, (own, places) = np.empty(open_pairs), np.empty((2, open_pairs), np.int64)
        space = _in_space(borders, shape)
        blocks = np.array(spacing), _block_grid(points, bits, space.shape, spacing)
        search_far(space, points, blocks, (left, votes.raters), (far, own, places))
        distinct, ranks_beyond = np.unique(far, return_inverse=True)
        nearest[own, places] = len(levels) + ranks_beyond
        levels = np.concatenate([levels, distinct])
    return Surfaces(bits=bits, levels=levels, nearest=nearest, classes=classes, areas=areas)


def _padded(shape: NDArray[np.int64], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Return flat zeros for an array of that shape, and up to seven bytes more, so that whole words can be read."""
    size = int(np.prod(shape)) * dtype.itemsize
    return np.zeros(max(1, -(-size // 8)), np.uint64).view(dtype)


def _in_space(flat: NDArray[Any], shape: NDArray[np.int64]) -> NDArray[Any]:
    return flat[: int(np.prod(shape))].reshape(tuple(shape))


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
    """Return the voxel steps (step, axis) inside a ball from near to far, the rank of the distance of each four of
    them, and the distinct distances in mm, 0 first.

    Only one of two opposite steps is listed, and the last step of each distance is repeated to fill its four.
    """
    used = spacing[3 - axes :]
    radius = BALL_RADIUS[axes] * float(np.prod(used)) ** (1 / axes)
    reach = [0] * (3 - axes) + [max(1, int(radius / size)) for size in used]
    grid = np.meshgrid(*[np.arange(-most, most + 1) for most in reach], indexing="ij")
    steps = np.stack([axis.reshape(-1) for axis in grid], axis=1)
    steps = steps[len(steps) // 2 :]  # the centre and what follows it in memory
    distances = np.sqrt(((steps * np.array(spacing)) ** 2).sum(axis=1))
    inside = distances <= radius
    levels, ranks, counts = np.unique(distances[inside], return_inverse=True, return_counts=True)
    order = np.argsort(ranks, kind="stable")[1:]
    ends = np.cumsum(counts[1:])
    fours = -(-counts[1:] // 4)
    own = np.repeat(np.arange(len(fours)), 4 * fours)
    place = np.arange(len(own)) - np.repeat(4 * (np.cumsum(fours) - fours), 4 * fours)
    chosen = np.minimum((ends - counts[1:])[own] + place, ends[own] - 1)
    return steps[inside][order[chosen]], np.repeat(np.arange(1, len(levels)), fours).astype(np.int32), levels
