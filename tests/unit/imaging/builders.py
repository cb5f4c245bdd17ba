"""Grids and images for the tests of imaging, small and made on the spot."""

from __future__ import annotations

import itertools
from typing import TypeAlias, cast

import numpy as np

from imaging.grid import Grid, Matrix
from imaging.volume import Voxels

Turn: TypeAlias = tuple[tuple[int, int, int], tuple[int, int, int]]

ALL_TURNS: list[Turn] = [
    cast(Turn, (order, flips))
    for order in itertools.permutations((0, 1, 2))
    for flips in itertools.product((1, -1), repeat=3)
]
"""The 48 ways to put voxel axes along patient axes: which axis, and whether it is flipped."""


def rotation(degrees: tuple[float, float, float]) -> Matrix:
    """Return a rotation about x, then y, then z."""
    matrix = np.eye(3)
    for axis, angle in enumerate(np.radians(degrees)):
        turn = np.eye(3)
        first, second = (axis + 1) % 3, (axis + 2) % 3
        turn[first, first] = turn[second, second] = np.cos(angle)
        turn[first, second], turn[second, first] = -np.sin(angle), np.sin(angle)
        matrix = turn @ matrix
    return matrix


def make_grid(
    shape: tuple[int, int, int] = (5, 6, 7),
    *,
    turn: Turn = ALL_TURNS[0],
    spacing: tuple[float, float, float] = (1.0, 1.0, 1.0),
    degrees: tuple[float, float, float] = (0.0, 0.0, 0.0),
    origin: tuple[float, float, float] = (-12.5, 7.25, 31.0),
) -> Grid:
    """Return a grid whose voxel axis i runs along patient axis turn[0][i], then rotated."""
    order, flips = turn
    axes = np.zeros((3, 3))
    for axis, (patient_axis, flip) in enumerate(zip(order, flips, strict=True)):
        axes[patient_axis, axis] = flip
    affine = np.eye(4)
    affine[:3, :3] = rotation(degrees) @ axes * np.asarray(spacing)
    affine[:3, 3] = origin
    return Grid(shape, affine)


def number_voxels(shape: tuple[int, ...]) -> Voxels:
    """Return an image in which every voxel has another value."""
    return np.arange(1, int(np.prod(shape)) + 1, dtype=np.int16).reshape(shape)
