"""The votes of all raters as one integer per voxel: bit r is set where rater r marked the voxel.

One pass over the masks finds the box that holds every vote, a second one codes the votes inside of it. Overlaps of
all pairs, majority votes, STAPLE and Fleiss' kappa follow from the histogram of the at most 2^raters patterns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evaluation.metrics.validation import Mask

Codes = NDArray[np.unsignedinteger[Any]]
Patterns = NDArray[np.uint64]
Counts = NDArray[np.int64]


BLOCK = 512
"""Voxels that are asked at once whether any of them is marked."""


@dataclass(frozen=True)
class Votes:
    """The coded votes of some raters inside the smallest box that holds them all.

    codes has three axes, the last one contiguous: missing axes of the masks come first with length 1, and the axes
    are reversed when the masks are stored in Fortran order.
    """

    codes: Codes
    origin: tuple[int, int, int]
    field: tuple[int, int, int]
    shape: tuple[int, ...]
    reversed_axes: bool
    raters: int

    @property
    def voxels(self) -> int:
        """Number of voxels of the full field."""
        return int(np.prod(self.shape))

    @cached_property
    def histogram(self) -> tuple[Patterns, Counts]:
        """The distinct patterns over the full field, ascending, and how many voxels hold each of them."""
        patterns, counts = _count_patterns(self.codes)
        outside = self.voxels - self.codes.size
        if len(patterns) and patterns[0] == 0:
            counts[0] += outside
        elif outside:
            patterns = np.concatenate([np.zeros(1, np.uint64), patterns])
            counts = np.concatenate([np.array([outside], np.int64), counts])
        return patterns, counts

    @cached_property
    def pairs(self) -> Counts:
        """The voxels that raters i and j both marked, for all pairs (rater, rater); the diagonal is the volume."""
        patterns, counts = self.histogram
        marks = unpack(patterns, self.raters).astype(np.float64)
        # Counts stay below 2^53, so that the floating point product is exact and runs in BLAS.
        return np.rint((marks * counts[:, None]).T @ marks).astype(np.int64)

    def orient(self, spacing: Sequence[float]) -> tuple[float, float, float]:
        """Return the spacing of the three axes of codes; 1 mm along axes that the masks do not have."""
        own = tuple(reversed(spacing)) if self.reversed_axes else tuple(spacing)
        return (1.0, 1.0, 1.0)[len(own) :] + own  # type: ignore[return-value]

    def spread(self, inside: NDArray[Any], *, outside: float | bool) -> NDArray[Any]:
        """Return a full-size array in the masks' own axes from values inside the box and one value outside of it."""
        # Zeros come untouched from the system: only the box costs time and memory.
        full = np.full(self.field, outside, inside.dtype) if outside else np.zeros(self.field, inside.dtype)
        full[self.box] = inside
        return self.in_own_axes(full)

    def in_own_axes(self, full: NDArray[Any]) -> NDArray[Any]:
        """Return an array over the three-axis field in the masks' own shape."""
        kept = full.reshape(full.shape[3 - len(self.shape) :])
        return kept.T if self.reversed_axes else kept

    @property
    def box(self) -> tuple[slice, slice, slice]:
        """The box of codes inside the three-axis field."""
        first, second, third = (
            slice(start, start + size) for start, size in zip(self.origin, self.codes.shape, strict=True)
        )
        return first, second, third


def read_votes(masks: Sequence[Mask]) -> Votes:
    """Return the coded votes of 1 to 64 checked masks of one shape; the masks are not changed."""
    reversed_axes = masks[0].ndim > 1 and all(mask.flags.f_contiguous and not mask.flags.c_contiguous for mask in masks)
    views = [_three_axes(mask.T if reversed_axes else mask) for mask in masks]
    field = views[0].shape
    box = _find_box(views)
    codes = np.zeros([stop - start for start, stop in box], _code_type(len(views)))
    origin = (box[0][0], box[1][0], box[2][0])
    for rater, view in enumerate(views):
        bit = codes.dtype.type(1 << rater)
        if view.flags.c_contiguous:
            _add_vote(codes, view, origin, bit)
        else:  # only the box is copied
            part = view[tuple(slice(start, stop) for start, stop in box)]
            _add_vote(codes, np.ascontiguousarray(part), (0, 0, 0), bit)
    return Votes(
        codes=codes,
        origin=origin,
        field=field,  # type: ignore[arg-type]
        shape=masks[0].shape,
        reversed_axes=reversed_axes,
        raters=len(views),
    )


def unpack(patterns: Patterns, raters: int) -> NDArray[np.uint8]:
    """Return the votes of each pattern as an array (pattern, rater) of 0 and 1."""
    return ((patterns[:, None] >> np.arange(raters, dtype=np.uint64)) & np.uint64(1)).astype(np.uint8)


def _three_axes(mask: Mask) -> NDArray[np.uint8]:
    return mask.view(np.uint8).reshape((1,) * (3 - mask.ndim) + mask.shape)


def _code_type(raters: int) -> type[np.unsignedinteger[Any]]:
    return next(kind for kind, bits in _CODE_TYPES if raters <= bits)


_CODE_TYPES: tuple[tuple[type[np.unsignedinteger[Any]], int], ...] = (
    (np.uint8, 8),
    (np.uint16, 16),
    (np.uint32, 32),
    (np.uint64, 64),
)


def _find_box(views: Sequence[NDArray[np.uint8]]) -> list[tuple[int, int]]:
    """Return where the votes of all raters begin and end along each axis, nothing but zeros when there is none."""
    field = views[0].shape
    low, high, columns = np.array(field[:2]), np.zeros(2, np.int64), np.zeros(field[2], np.uint8)
    for view in views:
        _find_marks(np.ascontiguousarray(view), low, high, columns)
    used = np.flatnonzero(columns)
    if not len(used):
        return [(0, 0)] * 3
    ends = [(int(start), int(stop)) for start, stop in zip(low, high, strict=True)]
    return [*ends, (int(used[0]), int(used[-1]) + 1)]


def _count_patterns(codes: Codes) -> tuple[Patterns, Counts]:
    if codes.dtype.itemsize <= 2:
        table = _tally(codes.reshape(-1), np.zeros(1 << (8 * codes.dtype.itemsize), np.int64))
        used = np.flatnonzero(table)
        return used.astype(np.uint64), table[used]
    flat = codes.reshape(-1)
    marked = flat[flat != 0]
    patterns, counts = np.unique(marked, return_counts=True)
    blank = flat.size - marked.size
    if blank:
        patterns, counts = np.insert(patterns, 0, 0), np.insert(counts, 0, blank)
    return patterns.astype(np.uint64), counts.astype(np.int64)


@njit(cache=True, nogil=True)
def _find_marks(mask: Any, low: Any, high: Any, columns: Any) -> None:
    """Widen [low, high) along x and y and mark the columns along z that a mask needs.

    A mask is mostly empty, and a whole plane is passed over as fast as memory is read.
    """
    for x in range(mask.shape[0]):
        first, stop = _find_span(mask[x].reshape(-1))
        if first == stop:
            continue
        top, bottom = first // mask.shape[2], (stop - 1) // mask.shape[2] + 1
        low[0], high[0] = min(low[0], x), max(high[0], x + 1)
        low[1], high[1] = min(low[1], top), max(high[1], bottom)
        for y in range(top, bottom):
            line = mask[x, y]
            for z in range(line.size):
                columns[z] |= line[z]


@njit(cache=True, nogil=True)
def _find_span(plane: Any) -> Any:
    """Return the place of the first voxel that is marked, and the one after the last; twice the size for none."""
    first, stop, start = plane.size, plane.size, 0
    while start + BLOCK <= plane.size:
        seen = np.uint8(0)
        for step in range(BLOCK):
            seen |= plane[np.uint64(start + step)]
        if seen:
            first, stop = min(first, start), start + BLOCK
        start += BLOCK
    if first == plane.size:
        first = start
    for place in range(start, plane.size):
        stop = plane.size if plane[place] else stop
    while first < stop and not plane[first]:
        first += 1
    while first < stop and not plane[stop - 1]:
        stop -= 1
    return first, stop


@njit(cache=True, nogil=True)
def _add_vote(codes: Any, mask: Any, origin: Any, bit: Any) -> None:
    """Set a rater's bit in the codes of the box that begins at origin."""
    for x in range(codes.shape[0]):
        for y in range(codes.shape[1]):
            own = codes[x, y]
            line = mask[x + origin[0], y + origin[1], origin[2] : origin[2] + own.size]
            for z in range(own.size):
                own[z] |= line[z] * bit


@njit(cache=True, nogil=True)
def _tally(codes: Any, table: Any) -> Any:
    """Count the codes; most are like the one before, and a run of them is added at once."""
    last, start = np.int64(0), 0
    for index in range(codes.size):
        code = np.int64(codes[index])
        if code != last:
            table[last] += index - start
            last, start = code, index
    table[last] += codes.size - start
    return table
