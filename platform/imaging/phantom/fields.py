"""Smooth random fields and soft shapes: the clay of the synthetic heads.

All arrays are float32 and indexed [x, y, z]; all lengths are in mm. A signed distance is negative
inside its shape. Distances to ellipsoids are first-order approximations: exact on the surface, and
close to it as good as the partial volume of a voxel needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

Field: TypeAlias = NDArray[np.float32]
Point: TypeAlias = tuple[float, float, float]


@dataclass(frozen=True)
class Points:
    """The positions (x, y, z) of the voxels of one grid, three fields of one shape."""

    x: Field
    y: Field
    z: Field

    @property
    def axes(self) -> tuple[Field, Field, Field]:
        """The three coordinates in order."""
        return self.x, self.y, self.z


def smooth_noise(axes: Sequence[Field], wavelength: float, rng: np.random.Generator) -> Field:
    """Return a smooth random field with standard deviation near 1 on a rectangular grid.

    axes are the voxel positions along x, y and z (one-dimensional). Structures are about
    wavelength mm long. White noise on a coarse lattice is spread by Gaussians along one axis after
    the other, which costs three matrix products.
    """
    bases = [_gaussian_basis(axis, wavelength / 2) for axis in axes]
    field = rng.standard_normal([basis.shape[1] for basis in bases]).astype(np.float32)
    for basis in bases:
        field = np.tensordot(field, basis, axes=(0, 1))
    return field


def _gaussian_basis(axis: Field, step: float) -> Field:
    """Return the (position, lattice node) weights whose squares add to 1 at each position."""
    nodes = np.arange(axis.min() - 2 * step, axis.max() + 2.01 * step, step, dtype=np.float32)
    weights = np.exp(-0.5 * ((axis[:, None] - nodes[None, :]) / (0.8 * step)) ** 2)
    norm = np.sqrt(np.sum(weights**2, axis=1, keepdims=True))
    return np.asarray(weights / norm, dtype=np.float32)


@dataclass(frozen=True)
class NoiseLattice:
    """A smooth random field that can be asked at any position; outside its box it is mirrored."""

    values: Field
    origin: float
    step: float

    @classmethod
    def make(cls, half_width: float, wavelength: float, rng: np.random.Generator) -> NoiseLattice:
        """Return a lattice over the cube [-half_width, half_width]³ mm."""
        step = wavelength / 6
        axis = np.arange(-half_width, half_width + step, step, dtype=np.float32)
        return cls(smooth_noise([axis] * 3, wavelength, rng), -half_width, step)

    def at(self, points: Points) -> Field:
        """Return the field at the points, linearly interpolated."""
        indices = np.stack([(axis - self.origin) / self.step for axis in points.axes])
        sampled = map_coordinates(self.values, indices, order=1, mode="mirror")
        return np.asarray(sampled, dtype=np.float32)


def ellipsoid(points: Points, centre: Point, radii: Point) -> Field:
    """Return the approximate signed distance to an ellipsoid with axes along x, y and z."""
    first = np.zeros_like(points.x)
    second = np.zeros_like(points.x)
    for axis, middle, radius in zip(points.axes, centre, radii, strict=True):
        scaled = ((axis - middle) / radius) ** 2
        first += scaled
        second += scaled / radius**2
    k = np.sqrt(first)
    return np.asarray(k * (k - 1) / np.sqrt(second + 1e-12), dtype=np.float32)


def tube(points: Points, spine: Sequence[Point], radii: Sequence[float]) -> Field:
    """Return the signed distance to a tube along the spine, its radius changing linearly."""
    distance = np.full_like(points.x, np.inf)
    for (start, end), (r0, r1) in zip(pairwise(spine), pairwise(radii), strict=True):
        along = np.asarray(end, np.float32) - np.asarray(start, np.float32)
        offsets = [axis - np.float32(s) for axis, s in zip(points.axes, start, strict=True)]
        part = sum(o * a for o, a in zip(offsets, along, strict=True)) / np.dot(along, along)
        part = np.clip(part, 0, 1)
        square = sum((o - part * a) ** 2 for o, a in zip(offsets, along, strict=True))
        np.minimum(distance, np.sqrt(square) - (r0 + (r1 - r0) * part), out=distance)
    return distance


def nearest(*distances: Field) -> Field:
    """Return the distance to the union of several shapes."""
    return np.asarray(np.minimum.reduce(distances), dtype=np.float32)


def smooth_union(first: Field, second: Field, blend: float) -> Field:
    """Return the distance to both shapes melted together over about blend mm."""
    h = np.clip(0.5 + 0.5 * (second - first) / blend, 0, 1)
    return np.asarray(second + (first - second) * h - blend * h * (1 - h), dtype=np.float32)


def inside(distance: Field, width: float) -> Field:
    """Return the part in [0, 1] of each voxel inside the shape; width is the voxel size in mm."""
    return np.asarray(np.clip(0.5 - distance / width, 0, 1), dtype=np.float32)
