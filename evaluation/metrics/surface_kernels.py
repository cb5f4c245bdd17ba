"""The compiled loops over voxels behind the surface distances. Bit r of every code belongs to rater r."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def mark_voxel_borders(codes: Any, pads: Any, steps: Any, size: Any, borders: Any) -> int:
    """Mark the voxels that 6-neighbour erosion takes away; returns how many voxels lie on some border.

    codes is padded with zeros by pads, steps is 1 along the axes in use and 0 along the others, size is the box.
    """
    dx, dy, dz = steps[0], steps[1], steps[2]
    found = 0
    for x in range(pads[0], pads[0] + size[0]):
        for y in range(pads[1], pads[1] + size[1]):
            here, out = codes[x, y], borders[x, y]
            left, right, below, above = codes[x - dx, y], codes[x + dx, y], codes[x, y - dy], codes[x, y + dy]
            for z in range(pads[2], pads[2] + size[2]):
                inner = left[z] & right[z] & below[z] & above[z] & here[z - dz] & here[z + dz]
                edge = here[z] & ~inner
                out[z] = edge
                found += edge != 0
    return found


@njit(cache=True, nogil=True)
def mark_surfel_borders(codes: Any, pads: Any, steps: Any, size: Any, borders: Any) -> int:
    """Mark the corners whose 2×2×2 voxels are partly full; corner (x, y, z) lies before voxel (x, y, z)."""
    dx, dy, dz = steps[0], steps[1], steps[2]
    found = 0
    for x in range(pads[0], pads[0] + size[0] + dx):
        for y in range(pads[1], pads[1] + size[1] + dy):
            a, b, c, d = codes[x - dx, y - dy], codes[x - dx, y], codes[x, y - dy], codes[x, y]
            out = borders[x, y]
            for z in range(pads[2], pads[2] + size[2] + dz):
                some = a[z] | b[z] | c[z] | d[z] | a[z - dz] | b[z - dz] | c[z - dz] | d[z - dz]
                each = a[z] & b[z] & c[z] & d[z] & a[z - dz] & b[z - dz] & c[z - dz] & d[z - dz]
                edge = some & ~each
                out[z] = edge
                found += edge != 0
    return found


@njit(cache=True, nogil=True)
def list_points(borders: Any, points: Any, bits: Any) -> None:
    """Write the flat index and the raters' bits of every border point, in memory order."""
    place = 0
    for index in range(borders.size):
        if borders[index]:
            points[place] = index
            bits[place] = borders[index]
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
def search_ball(borders: Any, points: Any, ball: Any, wanted: Any, nearest: Any) -> int:
    """Write the rank (rater, point) of the distance from every point to each wanted rater's nearest border point.

    ball holds the flat offsets of the neighbours and their ranks, from near to far: one load answers for all raters.
    Returns how many pairs of point and rater stay without an answer; their entries are not written.
    """
    open_pairs = 0
    offsets, ranks = ball[0], ball[1]
    for place in range(points.size):
        need = wanted
        centre = points[place]
        for step in range(offsets.size):
            met = np.uint64(borders[centre + offsets[step]]) & need
            if met:
                need ^= met
                rater = 0
                while met:
                    if met & np.uint64(1):
                        nearest[rater, place] = ranks[step]
                    met >>= np.uint64(1)
                    rater += 1
                if not need:
                    break
        while need:
            open_pairs += 1
            need &= need - np.uint64(1)
    return open_pairs
