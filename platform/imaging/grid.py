"""A voxel grid in space, and the lossless way to the closest RAS+ grid and back."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias, TypeVar, cast

import nibabel as nib
import numpy as np
from nibabel.orientations import apply_orientation, inv_ornt_aff
from numpy.typing import ArrayLike, NDArray

Matrix: TypeAlias = NDArray[np.float64]
Scalar = TypeVar("Scalar", bound=np.generic)

GEOMETRY_TOLERANCE = 0.1
"""mm. Two geometries whose image corners lie closer than this are the same geometry."""


@dataclass(frozen=True, eq=False)
class Grid:
    """Where the voxels of an image lie.

    shape is the number of voxels along (x, y, z). affine is the 4×4 matrix from the voxel index
    to the voxel centre in mm, in RAS+ axes (x to the patient's right, y to the front, z up); it
    becomes a read-only float64 array. Equality is exact; `same_as` allows for rounding.

    Raises ValueError for a shape that is not three positive numbers and for an affine that is not
    finite, not invertible or not affine.
    """

    shape: tuple[int, int, int]
    affine: Matrix

    def __post_init__(self) -> None:
        shape = tuple(int(length) for length in self.shape)
        if len(shape) != 3 or min(shape) < 1:
            raise ValueError(f"A grid has three axes of at least one voxel, not {shape}.")
        object.__setattr__(self, "shape", shape)
        object.__setattr__(self, "affine", _checked_affine(self.affine))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Grid):
            return NotImplemented
        return self.shape == other.shape and bool(np.array_equal(self.affine, other.affine))

    def __hash__(self) -> int:
        return hash((self.shape, self.affine.tobytes()))

    @property
    def spacing(self) -> tuple[float, float, float]:
        """Distance of neighbouring voxel centres along each voxel axis, in mm."""
        x, y, z = np.linalg.norm(self.affine[:3, :3], axis=0)
        return float(x), float(y), float(z)

    @property
    def origin(self) -> tuple[float, float, float]:
        """Centre of voxel (0, 0, 0), in mm."""
        x, y, z = self.affine[:3, 3]
        return float(x), float(y), float(z)

    @property
    def voxel_count(self) -> int:
        """Number of voxels."""
        return math.prod(self.shape)

    @property
    def voxel_volume_ml(self) -> float:
        """Volume of one voxel in ml."""
        return float(abs(np.linalg.det(self.affine[:3, :3]))) / 1000

    @property
    def orientation(self) -> str:
        """Where each voxel axis points, for example 'LPS': x to the left, y to the back, z up."""
        return "".join(str(code) for code in nib.orientations.aff2axcodes(self.affine))

    @property
    def obliquity(self) -> float:
        """Largest angle between a voxel axis and the patient axis it is closest to, in degrees."""
        cosines = np.abs(self._directions).max(axis=0)
        return float(np.degrees(np.arccos(np.clip(cosines, -1, 1))).max())

    @property
    def is_sheared(self) -> bool:
        """Whether the voxel axes are not at right angles.

        Measured at the corners of the image against the closest grid with right angles and the
        same spacing, so that rounding in a header does not count: more than 0.1 mm is shear.
        """
        left, _, right = np.linalg.svd(self._directions)
        straight = (left @ right) * np.asarray(self.spacing)
        half = (np.asarray(self.shape, dtype=np.float64) - 1) / 2
        corners = np.array(list(itertools.product((-1, 1), repeat=3))).T * half[:, None]
        shift = (self.affine[:3, :3] - straight) @ corners
        return bool(np.linalg.norm(shift, axis=0).max() > GEOMETRY_TOLERANCE)

    @property
    def is_canonical(self) -> bool:
        """Whether the voxel axes already point right, front and up, as closely as they can."""
        return self.orientation == "RAS"

    @cached_property
    def corners(self) -> Matrix:
        """Centres of the eight corner voxels in mm, as rows."""
        ends = [(0, length - 1) for length in self.shape]
        return self.to_mm(np.array(list(itertools.product(*ends)), dtype=np.float64))

    @property
    def _directions(self) -> Matrix:
        directions: Matrix = self.affine[:3, :3] / np.linalg.norm(self.affine[:3, :3], axis=0)
        return directions

    def to_mm(self, voxels: ArrayLike) -> Matrix:
        """Return the positions in mm of voxel indices given as rows (n, 3)."""
        rows = np.asarray(voxels, dtype=np.float64)
        positions: Matrix = rows @ self.affine[:3, :3].T + self.affine[:3, 3]
        return positions

    def to_voxels(self, positions: ArrayLike) -> Matrix:
        """Return the (fractional) voxel indices of positions in mm given as rows (n, 3)."""
        rows = np.asarray(positions, dtype=np.float64) - self.affine[:3, 3]
        voxels: Matrix = np.linalg.solve(self.affine[:3, :3], rows.T).T.astype(np.float64)
        return voxels

    def canonical(self) -> Grid:
        """Return the same voxels with axes permuted and flipped to the closest RAS+ order."""
        turn = _turn_to_canonical(self)
        lengths: list[int] = [0, 0, 0]
        for axis, (target, _) in enumerate(turn.astype(int)):
            lengths[target] = self.shape[axis]
        affine = self.affine @ inv_ornt_aff(turn, self.shape)
        return Grid((lengths[0], lengths[1], lengths[2]), affine)

    def same_as(self, other: Grid, *, tolerance: float = GEOMETRY_TOLERANCE) -> bool:
        """Whether both have the same shape and corners not further apart than tolerance mm."""
        if self.shape != other.shape:
            return False
        apart = np.linalg.norm(self.corners - other.corners, axis=1)
        return bool(apart.max() <= tolerance)

    def to_json(self) -> dict[str, Any]:
        """Return {"shape": [nx, ny, nz], "affine": four rows of four numbers}, for JSON."""
        return {"shape": list(self.shape), "affine": self.affine.tolist()}

    @classmethod
    def from_json(cls, value: Any) -> Grid:
        """Return the grid that `to_json` wrote. Raises ValueError for anything else."""
        try:
            shape, affine = value["shape"], value["affine"]
        except (KeyError, TypeError):
            raise ValueError("A grid in JSON has a shape and an affine.") from None
        if not isinstance(shape, list) or any(type(length) is not int for length in shape):
            raise ValueError("The shape of a grid is a list of three whole numbers.")
        return cls(cast(tuple[int, int, int], tuple(shape)), affine)


def to_canonical(array: NDArray[Scalar], grid: Grid) -> tuple[NDArray[Scalar], Grid]:
    """Return the voxels of `grid` in the order of `grid.canonical()`, and that grid.

    Only permutes and flips: every value is kept, and `from_canonical` undoes it exactly.
    """
    _check_on_grid(array, grid)
    turned = apply_orientation(array, _turn_to_canonical(grid))
    return np.asfortranarray(turned), grid.canonical()


def from_canonical(array: NDArray[Scalar], native_grid: Grid) -> NDArray[Scalar]:
    """Return voxels given on `native_grid.canonical()` in the native order of `native_grid`."""
    canonical = native_grid.canonical()
    _check_on_grid(array, canonical)
    turn = _turn_to_canonical(native_grid)
    back = np.empty_like(turn)
    for axis, (target, flip) in enumerate(turn):
        back[int(target)] = (axis, flip)
    return np.asfortranarray(apply_orientation(array, back))


def _turn_to_canonical(grid: Grid) -> Matrix:
    """Return, per voxel axis, the patient axis it becomes and whether it is flipped (1, -1)."""
    return cast(Matrix, nib.orientations.io_orientation(grid.affine))


def _check_on_grid(array: NDArray[Any], grid: Grid) -> None:
    if array.shape != grid.shape:
        raise ValueError(f"An array of shape {array.shape} is not on a grid of shape {grid.shape}.")


def _checked_affine(value: ArrayLike | Sequence[Sequence[float]]) -> Matrix:
    """Return a read-only float64 copy without negative zeros."""
    try:
        affine = np.array(value, dtype=np.float64) + 0.0
    except (TypeError, ValueError):
        raise ValueError("An affine is four rows of four numbers.") from None
    if affine.shape != (4, 4) or not np.isfinite(affine).all():
        raise ValueError("An affine is four rows of four finite numbers.")
    if not np.array_equal(affine[3], [0, 0, 0, 1]):
        raise ValueError("The last row of an affine is 0 0 0 1.")
    lengths = np.linalg.norm(affine[:3, :3], axis=0)
    if lengths.min() <= 0 or abs(np.linalg.det(affine[:3, :3] / lengths)) < 1e-3:
        raise ValueError("The affine has no inverse: a voxel axis is zero or two of them coincide.")
    affine.flags.writeable = False
    return affine
