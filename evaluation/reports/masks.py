"""The masks of one case as a computation gets them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class CaseMasks:
    """The masks (x, y, z) of one case, by rater and region key, on one grid of the given spacing (mm along x, y, z)."""

    masks: dict[int, dict[str, Mask]]
    spacing: tuple[float, float, float]

    @property
    def diagonal_mm(self) -> float:
        """Length of the image's diagonal in mm: the largest distance that two voxels of it could have."""
        shape = next(iter(next(iter(self.masks.values())).values())).shape
        return math.dist((0.0, 0.0, 0.0), [count * size for count, size in zip(shape, self.spacing, strict=True)])

    @property
    def voxel_ml(self) -> float:
        """Volume of a voxel in ml."""
        x, y, z = self.spacing
        return x * y * z / 1000
