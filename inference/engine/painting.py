"""Synthetic FLAIR images whose look is drawn far wider than any scanner's (domain randomisation). No torch.

A network that has seen every plausible brightness, blur, noise and coil does not hold on to the look of
our heads, and so transfers to real ones. Idea: Billot et al. 2023, arXiv:2107.09559; the rules are ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import affine_transform, gaussian_filter, zoom

from imaging.phantom.fields import Field, smooth_noise
from imaging.phantom.spec import HeadSpec, Stage
from imaging.phantom.tissues import Tissue, make_tissues

WHOLE_TUMOUR = (Tissue.NC, Tissue.ED, Tissue.ET)
"""What a FLAIR hyperintensity mask covers: tumour and oedema, never a resection cavity."""

_MARROW_LIKE = (Tissue.BONE, Tissue.MARROW, Tissue.FAT, Tissue.MUSCLE, Tissue.SINUS)


@dataclass(frozen=True)
class Anatomy:
    """One head ready to be painted: the part of each voxel [x, y, z] that each tissue fills, as 0 … 255."""

    parts: Mapping[Tissue, NDArray[np.uint8]]
    brain: NDArray[np.bool_]
    spec: HeadSpec

    @classmethod
    def make(cls, spec: HeadSpec, seed: int) -> Anatomy:
        """Return the head that spec and seed describe."""
        tissues = make_tissues(spec, seed)
        parts = {tissue: np.round(part * 255).astype(np.uint8) for tissue, part in tissues.parts.items() if part.any()}
        return cls(parts=parts, brain=tissues.brain, spec=spec)


def draw_spec(shape: tuple[int, int, int], spacing: tuple[float, float, float], rng: np.random.Generator) -> HeadSpec:
    """Return random wishes for one training head."""
    stages = (Stage.UNTREATED, Stage.RESIDUAL, Stage.CLEARED, Stage.HEALTHY)
    return HeadSpec(
        shape=shape,
        spacing=spacing,
        stage=stages[int(rng.choice(4, p=[0.78, 0.12, 0.05, 0.05]))],
        foci=int(rng.choice([1, 1, 1, 2, 3])),
        enhancing=bool(rng.random() < 0.6),
        tumour_radius=float(rng.uniform(5, 27)),
        skull_stripped=bool(rng.random() < 0.7),
    )


def paint(anatomy: Anatomy, rng: np.random.Generator) -> tuple[Field, NDArray[np.bool_]]:
    """Return a random FLAIR-like image [x, y, z] of the head (0 = air) and its whole tumour."""
    bright = _draw_brightness(enhancing=anatomy.spec.enhancing, rng=rng)
    image = _compose(anatomy, bright, rng)
    target = sum(anatomy.parts[t].astype(np.float32) for t in WHOLE_TUMOUR if t in anatomy.parts)
    truth: Field = np.broadcast_to(np.asarray(target, dtype=np.float32) / np.float32(255), image.shape).copy()
    mask = _brain_cut(anatomy, rng) if anatomy.spec.skull_stripped else None
    if mask is not None:
        image = _leave_dura(image, mask, rng) * mask
    if rng.random() < 0.5:
        image, truth, mask = _turn(image, truth, mask, rng)
    image = _acquire(image, anatomy.spec, rng)
    if mask is not None:
        image = image * mask
    if rng.random() < 0.5:
        image, truth = image[::-1], truth[::-1]
    return np.ascontiguousarray(image, dtype=np.float32), np.ascontiguousarray(truth > 0.5)


def _draw_brightness(*, enhancing: bool, rng: np.random.Generator) -> dict[Tissue, float]:
    """Return a brightness per tissue: lesions brighter than grey matter, fluid dark, the rest free."""

    def of(low: float, high: float) -> float:
        return float(rng.uniform(low, high))

    white = 1.0
    grey = white * of(0.98, 1.45)
    healthy = max(white, grey)
    faint = rng.random() < 0.25
    oedema = healthy * (of(1.08, 1.3) if faint else of(1.25, 2.2))
    fluid = of(0.03, 0.5)
    bright = {
        Tissue.WHITE: white,
        Tissue.GREY: grey,
        Tissue.NUCLEI: white * of(0.9, 1.4),
        Tissue.CAPS: white * of(1.0, 1.5),
        Tissue.FLUID: fluid,
        Tissue.RC: fluid * of(0.7, 1.8),
        Tissue.PLEXUS: white * of(0.4, 1.5),
        Tissue.ED: oedema,
        Tissue.ET: healthy * of(0.95, 1.9),
        Tissue.NC: white * of(0.25, 1.9) if enhancing else oedema * of(0.8, 1.15),
    }
    bright |= {tissue: of(0.05, 0.3) for tissue in (Tissue.BONE,)}
    bright |= {tissue: of(0.2, 1.7) for tissue in _MARROW_LIKE if tissue is not Tissue.BONE}
    return bright


def _compose(anatomy: Anatomy, bright: Mapping[Tissue, float], rng: np.random.Generator) -> Field:
    """Return the mixture of tissues, each with its grain; oedema may fade into white matter."""
    axes = _axes(anatomy.spec)
    tissue_grain = 1 + rng.uniform(0, 0.08) * smooth_noise(axes, rng.uniform(5, 40), rng)
    lesion_grain = 1 + rng.uniform(0.02, 0.18) * smooth_noise(axes, rng.uniform(5, 25), rng)
    image: Field = np.zeros(anatomy.spec.shape, dtype=np.float32)
    lesion: Field = np.zeros(anatomy.spec.shape, dtype=np.float32)
    for tissue, stored in anatomy.parts.items():
        part = stored.astype(np.float32) / 255
        if tissue is Tissue.ED:
            image += part * np.float32(bright[Tissue.WHITE])
            lesion += part * (np.float32(bright[tissue]) * lesion_grain - np.float32(bright[Tissue.WHITE]))
        elif tissue in WHOLE_TUMOUR:
            image += part * np.float32(bright[tissue]) * lesion_grain
        else:
            image += part * np.float32(bright[tissue])
    fade = rng.uniform(0, 1.2)
    combined = image * tissue_grain + gaussian_filter(lesion, fade)
    return np.asarray(np.maximum(combined, 0), dtype=np.float32)


def _axes(spec: HeadSpec) -> list[Field]:
    return [np.arange(n, dtype=np.float32) * np.float32(s) for n, s in zip(spec.shape, spec.spacing, strict=True)]


def _brain_cut(anatomy: Anatomy, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Return a brain mask as extraction tools make them: here a little tight, there a little wide."""
    soft = gaussian_filter(anatomy.brain.astype(np.float32), 1.5)
    wander = 0.12 * smooth_noise(_axes(anatomy.spec), 40, rng)
    return np.asarray(soft > np.clip(rng.uniform(0.3, 0.8) + wander, 0.1, 0.95))


def _leave_dura(image: Field, mask: NDArray[np.bool_], rng: np.random.Generator) -> Field:
    """Return the image with patches of something else along the cut edge: dura, fat, vessels, eyes."""
    edge = 1 - gaussian_filter(mask.astype(np.float32), 1.0)
    patches = smooth_noise([np.arange(n, dtype=np.float32) for n in image.shape], 14, rng) > rng.uniform(0.3, 2)
    weight = np.clip(edge * 2, 0, 1) * patches
    return np.asarray(image * (1 - weight) + weight * np.float32(rng.uniform(0.2, 1.8)), dtype=np.float32)


def _turn(
    image: Field, truth: Field, mask: NDArray[np.bool_] | None, rng: np.random.Generator
) -> tuple[Field, Field, NDArray[np.bool_] | None]:
    """Turn head, truth and brain mask by up to 15° about each axis, and zoom by up to 12 %."""
    matrix = np.eye(3)
    for axis, angle in enumerate(np.deg2rad(rng.uniform(-15, 15, 3))):
        first, second = [(1, 2), (0, 2), (0, 1)][axis]
        turn = np.eye(3)
        turn[first, first] = turn[second, second] = np.cos(angle)
        turn[first, second], turn[second, first] = -np.sin(angle), np.sin(angle)
        matrix = matrix @ turn
    matrix *= rng.uniform(0.9, 1.12, 3)
    middle = (np.asarray(image.shape) - 1) / 2
    offset = middle - matrix @ middle

    def move(volume: NDArray[np.generic]) -> Field:
        moved = affine_transform(np.asarray(volume, np.float32), matrix, offset=offset, order=1)
        return np.asarray(moved, dtype=np.float32)

    return move(image), move(truth), None if mask is None else move(mask) > 0.5


def _acquire(image: Field, spec: HeadSpec, rng: np.random.Generator) -> Field:
    """Return the image as some scanner might give it: coil, gamma, resolution and noise all random."""
    top = float(np.percentile(image, 99.5)) + 1e-6
    image = top * (np.clip(image / top, 0, 4) ** np.float32(rng.uniform(0.75, 1.35)))
    field = smooth_noise(_axes(spec), rng.uniform(90, 220), rng)
    image = image * np.exp(np.clip(field, -2, 2) * np.float32(rng.uniform(0, 0.22)))
    image = gaussian_filter(image, rng.uniform(0, 0.7, 3))
    if rng.random() < 0.4:
        image = _thicken(image, int(rng.choice(3, p=[0.15, 0.15, 0.7])), int(rng.integers(2, 4)))
    noise = np.float32(rng.uniform(0.003, 0.07))
    real = image + noise * rng.standard_normal(image.shape, dtype=np.float32)
    return np.asarray(np.hypot(real, noise * rng.standard_normal(image.shape, dtype=np.float32)), dtype=np.float32)


def _thicken(image: Field, axis: int, factor: int) -> Field:
    """Return the image as interpolated from slices `factor` voxels thick across an axis."""
    length = image.shape[axis] // factor * factor
    kept = np.moveaxis(image, axis, 0)
    slabs = kept[:length].reshape(length // factor, factor, *kept.shape[1:]).mean(axis=1)
    thick = zoom(slabs, (kept.shape[0] / slabs.shape[0], 1, 1), order=1, grid_mode=True, mode="nearest")
    return np.asarray(np.moveaxis(thick, 0, axis), dtype=np.float32)
