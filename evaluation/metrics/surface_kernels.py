"""The compiled loops over voxels behind the surface distances. Bit r of every code belongs to rater r."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def mark_voxel_borders(codes: Any, offsets: Any, borders: Any) -> None:
    """Mark the voxels that 6-neighbour erosion takes away.

    codes is flat and padded with zeros; offsets are the flat steps to the next voxel along each axis, 0 along axes
    that the masks do not have. Unsigned indices let the compiler work on many voxels at once.
    """
    x, y, z = np.uint64(offsets[0]), np.uint64(offsets[1]), np.uint64(offsets[2])
    first = max(offsets[0], offsets[1], offsets[2])
    for index in range(first, codes.size - first):
        i = np.uint64(index)
        inner = codes[i - x] & codes[i + x] & codes[i - y] & codes[i + y] & codes[i - z] & codes[i + z]
        borders[i] = codes[i] & ~inner


@njit(cache=True, nogil=True)
def mark_surfel_borders(codes: Any, offsets: Any, borders: Any) -> None:
    """Mark the corners whose 2×2×2 voxels are partly full; corner (x, y, z) lies before voxel (x, y, z).

    The arguments are those of mark_voxel_borders.
    """
    x, y, z = np.uint64(offsets[0]), np.uint64(offsets[1]), np.uint64(offsets[2])
    for index in range(offsets[0] + offsets[1] + offsets[2], codes.size):
        i = np.uint64(index)
        a, b, c, d = codes[i], codes[i - x], codes[i - y], codes[i - x - y]
        e, f, g, h = codes[i - z], codes[i - x - z], codes[i - y - z], codes[i - x - y - z]
        borders[i] = (a | b | c | d | e | f | g | h) & ~(a & b & c & d & e & f & g & h)


@njit(cache=True, nogil=True)
def count_marks(borders: Any, words: Any) -> int:
    """Return the number of border points; words is borders eight bytes at a time."""
    size, found = borders.size // words.size, 0
    for word in range(words.size):
        if words[word]:
            for index in range(word * size, word * size + size):
                found += borders[np.uint64(index)] != 0
    return found


@njit(cache=True, nogil=True)
def list_points(borders: Any, words: Any, points: Any, bits: Any) -> None:
    """Write the flat index and the raters' bits of every border point, in memory order; words as in count_marks."""
    size, place = borders.size // words.size, 0
    for word in range(words.size):
        if words[word]:
            for index in range(word * size, word * size + size):
                if borders[np.uint64(index)]:
                    points[place] = index
                    bits[place] = borders[np.uint64(index)]
                    place += 1


@njit(cache=True, nogil=True)
def read_classes(codes: Any, points: Any, corners: Any, raters: int, table: Any) -> Any:
    """Return the area class (rater, point) of each rater's 2×2×2 voxels around every point.

    corners holds the flat offsets of the eight voxels in the order of the code's bits, codes is flat.
    """
    around = np.zeros(8, np.uint64)
    classes = np.empty((raters, points.size), np.uint8)
    for place in range(points.size):
        for bit in range(8):
            around[bit] = codes[points[place] + corners[bit]]
        for rater in range(raters):
            code = np.uint64(0)
            for bit in range(8):
                code |= ((around[bit] >> np.uint64(rater)) & np.uint64(1)) << np.uint64(bit)
            classes[rater, place] = table[code]
    return classes


@njit(cache=True, nogil=True)
def search_ball(borders: Any, points: Any, ball: Any, wanted: Any, answers: Any) -> int:
    """Find the rank of the distance from every point to each wanted rater's nearest border point.

    ball is (steps, ranks): the flat offset to one of two opposite neighbours, from near to far, and the rank of the
    distance of each four of them. One load answers for all raters, and eight neighbours as far as each other, of
    which most are empty, are asked at once. answers is (nearest, left): the ranks (rater, point), -1 without an answer,
    and the wanted raters without one as bits of each point. Returns the number of pairs of point and wanted rater left.
    """
    (steps, ranks), (nearest, left) = ball, answers
    raters, open_pairs = nearest.shape[0], 0
    found = np.empty(raters, np.int32)
    for place in range(points.size):
        centre = points[place]
        need = wanted & ~np.uint64(borders[np.uint64(centre)])
        found[:] = 0
        four = 0
        while need and four < ranks.size:
            a, b, c, d = steps[4 * four], steps[4 * four + 1], steps[4 * four + 2], steps[4 * four + 3]
            # Unsigned indices spare the test for places counted from the end.
            near = borders[np.uint64(centre + a)] | borders[np.uint64(centre - a)]
            near |= borders[np.uint64(centre + b)] | borders[np.uint64(centre - b)]
            near |= borders[np.uint64(centre + c)] | borders[np.uint64(centre - c)]
            near |= borders[np.uint64(centre + d)] | borders[np.uint64(centre - d)]
            met = np.uint64(near) & need
            if met:
                need ^= met
                for rater in range(raters):
                    found[rater] += np.int32((met >> np.uint64(rater)) & np.uint64(1)) * ranks[four]
            four += 1
        left[place] = need
        for rater in range(raters):
            without = (need | ~wanted) >> np.uint64(rater) & np.uint64(1)
            nearest[rater, place] = np.int32(-1) if without else found[rater]
        while need:
            open_pairs += 1
            need &= need - np.uint64(1)
    return open_pairs


@njit(cache=True, nogil=True)
def list_own_points(bits: Any, raters: int, own: Any) -> Any:
    """Write the places of each rater's points, one rater after another, and return where each rater's end.

    Without a branch: a place that is no point of the rater's is written over. own has one entry more than needed.
    """
    ends: Any = np.empty(raters, np.int64)
    done: Any = 0
    for rater in range(raters):
        for place in range(bits.size):
            own[done] = place
            done += np.int64((np.uint64(bits[place]) >> np.uint64(rater)) & np.uint64(1))
        ends[rater] = done
    return ends


@njit(cache=True, nogil=True)
def count_points(bits: Any, raters: int) -> Any:
    """Return the number of points of all raters together."""
    total = np.uint64(0)
    for place in range(bits.size):
        for rater in range(raters):
            total += (np.uint64(bits[place]) >> np.uint64(rater)) & np.uint64(1)
    return np.int64(total)


@njit(cache=True, nogil=True)
def count_levels(keys: Any, own: Any, counts: Any) -> None:
    """Count the own points at each level; keys holds each point's level."""
    for index in range(own.size):
        counts[np.uint64(keys[own[index]])] += 1


@njit(cache=True, nogil=True)
def sort_by_counting(keys: Any, classes: Any, own: Any, table: Any, ordered: Any) -> None:
    """Write the levels and the classes of the own points, ascending, into ordered (2, point).

    keys holds each point's level, classes its class; table (level, class) is zeros before and after.
    """
    low: Any = np.int64(table.shape[0])
    high: Any = np.int64(-1)
    for index in range(own.size):
        point = own[index]
        level = np.int64(keys[point])
        kind = np.int64(classes[point])
        table[level, kind] += 1
        low, high = min(low, level), max(high, level)
    done = 0
    for row in range(low, high + 1):
        for column in range(table.shape[1]):
            count = table[row, column]
            if count:
                table[row, column] = 0
                for _ in range(count):
                    ordered[0, done] = row
                    ordered[1, done] = column
                    done += 1


@njit(cache=True, nogil=True)
def gather_blocks(points: Any, bits: Any, shape: Any, size: Any) -> Any:
    """Return the bits of the points in each block of the given size (x, y, z); points are flat indices of shape."""
    blocks = np.zeros(
        (
            (shape[0] + size[0] - 1) // size[0],
            (shape[1] + size[1] - 1) // size[1],
            (shape[2] + size[2] - 1) // size[2],
        ),
        np.uint64,
    )
    for place in range(points.size):
        line, z = divmod(points[place], shape[2])
        x, y = divmod(line, shape[1])
        blocks[x // size[0], y // size[1], z // size[2]] |= np.uint64(bits[place])
    return blocks


@njit(cache=True, nogil=True)
def square_gaps(place: int, size: int, count: int, step: float, gaps: Any) -> None:
    """Write the squared distance along one axis from a voxel to each of count blocks of size voxels, in mm²."""
    for block in range(count):
        first, last = block * size, block * size + size - 1
        apart = max(first - place, place - last, 0) * step
        gaps[block] = apart * apart


@njit(cache=True, nogil=True)
def search_block(borders: Any, corner: Any, size: Any, centre: Any, state: Any) -> None:
    """Improve the squared distances in state from the voxel centre with the border points of one block.

    state is (spacing, need, best, found): the raters asked for as bits, and per rater the squared distance in mm²
    and the flat index of the nearest point so far.
    """
    spacing, need, best, found = state
    shape = borders.shape
    for x in range(corner[0], min(corner[0] + size[0], shape[0])):
        dx = (x - centre[0]) * spacing[0]
        for y in range(corner[1], min(corner[1] + size[1], shape[1])):
            dy = (y - centre[1]) * spacing[1]
            line = borders[x, y]
            for z in range(corner[2], min(corner[2] + size[2], shape[2])):
                met = np.uint64(line[np.uint64(z)]) & need
                if met:
                    dz = (z - centre[2]) * spacing[2]
                    apart = dx * dx + dy * dy + dz * dz
                    rater = 0
                    while met:
                        if met & np.uint64(1) and apart < best[rater]:
                            best[rater] = apart
                            found[rater] = (x * shape[1] + y) * shape[2] + z
                        met >>= np.uint64(1)
                        rater += 1


@njit(cache=True, nogil=True)
def worst_of(need: Any, best: Any) -> float:
    """Return the largest of the squared distances of the raters asked for."""
    worst, rater = 0.0, 0
    while need:
        if need & np.uint64(1) and best[rater] > worst:
            worst = best[rater]
        need >>= np.uint64(1)
        rater += 1
    return worst


@njit(cache=True, nogil=True)
def search_blocks(borders: Any, levels: Any, centre: Any, state: Any, gaps: Any) -> None:
    """Find the nearest border points of the raters asked for, through two levels of blocks.

    levels is (small, small_size, large, large_size), a large block being 4×4×4 small ones; gaps is work space
    (2, axis, block). Blocks without the raters' bits, or beyond all their distances so far, are passed over.
    """
    small, small_size, large, large_size = levels
    spacing, need, best, _ = state
    for axis in range(3):
        square_gaps(centre[axis], large_size[axis], large.shape[axis], spacing[axis], gaps[0, axis])
        square_gaps(centre[axis], small_size[axis], small.shape[axis], spacing[axis], gaps[1, axis])
    far, near = gaps[0], gaps[1]
    worst = worst_of(need, best)
    for i in range(large.shape[0]):
        for j in range(large.shape[1]):
            if far[0, i] + far[1, j] >= worst:
                continue
            for k in range(large.shape[2]):
                if not large[i, j, k] & need or far[0, i] + far[1, j] + far[2, k] >= worst:
                    continue
                for x in range(4 * i, min(4 * i + 4, small.shape[0])):
                    for y in range(4 * j, min(4 * j + 4, small.shape[1])):
                        for z in range(4 * k, min(4 * k + 4, small.shape[2])):
                            apart = near[0, x] + near[1, y] + near[2, z]
                            if small[x, y, z] & need and apart < worst:
                                corner = (x * small_size[0], y * small_size[1], z * small_size[2])
                                search_block(borders, corner, small_size, centre, state)
                                worst = worst_of(need, best)


@njit(cache=True, nogil=True)
def search_far(borders: Any, points: Any, blocks: Any, left: Any, answers: Any) -> None:
    """Answer the pairs of point and rater that the ball left open.

    left is (bits, raters): each point's open raters as bits, and the number of all raters; answers is (far, own,
    places): each pair's distance in mm, rater and place among the points; blocks is (spacing, levels of
    search_blocks). The answer for the point before is the first guess for the next one: neighbours in memory are
    neighbours on the surface.
    """
    spacing, levels = blocks
    (open_bits, raters), (far, own, places) = left, answers
    shape = borders.shape
    best, found = np.empty(raters, np.float64), np.full(raters, -1, np.int64)
    gaps = np.empty((2, 3, max(levels[0].shape)), np.float64)
    place = 0
    for point in range(points.size):
        need = open_bits[point]
        if not need:
            continue
        line, z = divmod(points[point], shape[2])
        x, y = divmod(line, shape[1])
        for rater in range(raters):
            best[rater] = np.inf
            if found[rater] >= 0:
                row, last = divmod(found[rater], shape[2])
                dx, dy = (row // shape[1] - x) * spacing[0], (row % shape[1] - y) * spacing[1]
                dz = (last - z) * spacing[2]
                best[rater] = dx * dx + dy * dy + dz * dz
        search_blocks(borders, levels, (x, y, z), (spacing, need, best, found), gaps)
        for rater in range(raters):
            if need & (np.uint64(1) << np.uint64(rater)):
                far[place], own[place], places[place] = np.sqrt(best[rater]), rater, point
                place += 1
