"""The masks of the benchmark: eight raters of one tumour, or of thirty metastases, made from fixed seeds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

RATERS = 8
Masks = NDArray[np.bool_]


@dataclass(frozen=True)
class Scene:
    """What is drawn: the grid, the voxel size in mm, the number of lesions and how far raters differ in mm (SD)."""

    shape: tuple[int, int, int]
    spacing: tuple[float, float, float]
    lesions: int
    wobble_mm: float
    challenge: str


SCENES = {
    "tumour": Scene((240, 240, 155), (1.0, 1.0, 1.0), 1, 2.0, "gli"),
    "metastases": Scene((240, 240, 155), (1.0, 1.0, 1.0), 30, 0.7, "met"),
    "fine tumour": Scene((512, 512, 176), (0.5, 0.5, 1.0), 1, 2.0, "gli"),
}


def load_masks(name: str, folder: Path, *, raters: int = RATERS) -> Masks:
    """Return the masks (rater, x, y, z) of a scene, made once per folder."""
    path = folder / f"{name.replace(' ', '-')}-{raters}.npy"
    if not path.exists():
        scene = SCENES[name]
        make = draw_tumour if scene.lesions == 1 else draw_metastases
        np.save(path, make(scene, raters=raters))
    return np.asarray(np.load(path))


def draw_tumour(scene: Scene, *, raters: int) -> Masks:
    """Return a lobed tumour of about 100 ml with a smooth error of its own for each rater."""
    rng = np.random.default_rng(1)
    radius = (100_000 * 3 / 4 / np.pi) ** (1 / 3)
    offsets = [
        ((np.arange(size) - size / 2) * step).reshape([-1 if axis == own else 1 for axis in range(3)])
        for own, (size, step) in enumerate(zip(scene.shape, scene.spacing, strict=True))
    ]
    depth = np.sqrt(offsets[0] ** 2 + offsets[1] ** 2 + offsets[2] ** 2).astype(np.float32)
    depth += _smooth_noise(rng, scene, width_mm=6, size_mm=4)
    return np.stack(
        [depth + _smooth_noise(rng, scene, width_mm=4, size_mm=scene.wobble_mm) < radius for _ in range(raters)]
    )


def draw_metastases(scene: Scene, *, raters: int) -> Masks:
    """Return balls of 2 to 6 mm that each rater places, sizes and sometimes misses in an own way."""
    rng = np.random.default_rng(2)
    masks = np.zeros((raters, *scene.shape), dtype=bool)
    for _ in range(scene.lesions):
        centre = np.array([rng.uniform(40, size - 40) for size in scene.shape])
        radius = rng.uniform(2, 6)
        for mask in masks:
            if rng.random() < 0.1:
                continue
            own = centre + rng.normal(0, scene.wobble_mm, 3)
            part = tuple(slice(int(place) - 10, int(place) + 11) for place in own)
            grid = np.ogrid[part]
            apart = sum((axis - place) ** 2 for axis, place in zip(grid, own, strict=True))
            mask[part] |= apart < (radius + rng.normal(0, scene.wobble_mm)) ** 2
    return masks


def _smooth_noise(rng: np.random.Generator, scene: Scene, *, width_mm: float, size_mm: float) -> NDArray[np.float32]:
    noise = rng.standard_normal(scene.shape, dtype=np.float32)
    smooth = gaussian_filter(noise, [width_mm / step for step in scene.spacing], truncate=2.5)
    return np.asarray(smooth * np.float32(size_mm / smooth.std()))
