"""Masks for the tests of the metrics: random, degenerate and awkward ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


def make_blob(rng: np.random.Generator, shape: tuple[int, ...] = (24, 20, 18), *, rough: float = 1.0) -> Mask:
    """Return an irregular blob: a random ball with a noisy surface."""
    grid = np.stack(np.meshgrid(*[np.arange(size) for size in shape], indexing="ij"))
    centre = np.array([size * rng.uniform(0.35, 0.65) for size in shape])
    distance = np.sqrt(((grid - centre.reshape((-1,) + (1,) * len(shape))) ** 2).sum(axis=0))
    radius = rng.uniform(0.2, 0.4) * min(shape)
    return np.asarray(distance + rng.normal(0, rough, shape) < radius)


def make_cases(seed: int = 0, shape: tuple[int, ...] = (14, 12, 10)) -> dict[str, tuple[Mask, Mask]]:
    """Return named pairs of masks that are not empty: noise, blobs, single voxels, faces, full images."""
    rng = np.random.default_rng(seed)
    empty = np.zeros(shape, dtype=bool)
    one, other, face, full = empty.copy(), empty.copy(), empty.copy(), ~empty
    one[tuple(size // 2 for size in shape)] = True
    other[tuple(0 for _ in shape)] = True
    face[0] = True
    sides = empty.copy()
    sides[..., -1], sides[-1] = True, True
    cases = {
        "single voxels": (one, other),
        "same voxel": (one, one),
        "face and full": (face, full),
        "three faces": (face, sides),
        "full and full": (full, full),
        "voxel and full": (one, full),
    }
    for number in range(4):
        cases[f"noise {number}"] = (rng.random(shape) < 0.1 * (number + 1), rng.random(shape) < 0.3)
        cases[f"blobs {number}"] = (make_blob(rng, shape), make_blob(rng, shape))
        cases[f"sparse {number}"] = (rng.random(shape) < 0.01, rng.random(shape) < 0.02)
    return {name: pair for name, pair in cases.items() if pair[0].any() and pair[1].any()}
