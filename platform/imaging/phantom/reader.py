"""A simulated rater: the truth, read with a human hand's deviations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, generate_binary_structure, label

from imaging.phantom.fields import Field, smooth_noise
from imaging.phantom.spec import Label

Labels = NDArray[np.uint8]

MARGIN = 8.0
"""mm. How far around the lesion a reader's boundary may move."""


@dataclass(frozen=True)
class Hand:
    """How one reader deviates, in mm and ml: drawn once per reading.

    wander is the standard deviation of the boundary, wavelength the length of its waves, offset
    how much too wide (positive) the lesion is drawn, overlook the volume (ml) below which a
    separate part is missed half of the time, extra the mean number of small false parts.
    """

    wander: float
    wavelength: float
    offset: float
    overlook: float
    extra: float

    @classmethod
    def draw(cls, skill: float, rng: np.random.Generator) -> Hand:
        """Return a hand of the given skill, from 0 (novice) to 1 (expert)."""
        clumsy = 1 - skill
        return cls(
            wander=0.6 + 0.65 * clumsy,
            wavelength=float(rng.uniform(9, 16)),
            offset=float(rng.normal(0, 0.25 + 0.35 * clumsy)),
            overlook=0.03 + 0.25 * clumsy,
            extra=0.15 + 0.8 * clumsy,
        )


def simulate_reader(labels: Labels, spacing: Sequence[float], seed: int, skill: float) -> Labels:
    """Return one simulated reading of a label map [x, y, z]; spacing is in mm along (x, y, z).

    The boundaries between all labels are displaced smoothly by about a millimetre, the lesion is
    drawn systematically a little wide or tight, small parts may be missed and small false ones
    added. skill goes from 0 (novice) to 1 (expert). The same arguments give the same reading; an
    empty map stays empty.

    Raises ValueError for labels that are not a three-dimensional uint8 map or a skill outside [0, 1].
    """
    if labels.ndim != 3 or labels.dtype != np.uint8:
        raise ValueError("A reading starts from a three-dimensional uint8 label map.")
    if not 0 <= skill <= 1:
        raise ValueError(f"Skill lies between 0 and 1, not at {skill}.")
    if not labels.any():
        return labels.copy()
    rng = np.random.default_rng([seed, 31])
    hand = Hand.draw(skill, rng)
    box = _box(labels > 0, spacing)
    part = _overlook_parts(labels[box], spacing, hand, rng)
    part = _displace(part, spacing, hand, rng)
    reading = np.zeros_like(labels)
    reading[box] = _add_false_parts(part, spacing, hand, rng)
    return reading


def _box(mask: NDArray[np.bool_], spacing: Sequence[float]) -> tuple[slice, slice, slice]:
    """Return the bounding box of the mask with MARGIN mm around it."""
    slices = []
    for axis, step in enumerate(spacing):
        hit = np.flatnonzero(mask.any(axis=tuple(a for a in range(3) if a != axis)))
        grow = int(np.ceil(MARGIN / step))
        slices.append(slice(max(int(hit[0]) - grow, 0), int(hit[-1]) + grow + 1))
    return slices[0], slices[1], slices[2]


def _overlook_parts(labels: Labels, spacing: Sequence[float], hand: Hand, rng: np.random.Generator) -> Labels:
    """Return the labels without the separate parts that the reader did not see."""
    parts, count = label(labels > 0, generate_binary_structure(3, 3))
    volumes = np.bincount(parts.ravel(), minlength=count + 1) * float(np.prod(spacing)) / 1000
    seen = rng.random(count + 1) < 1 - 0.5 ** (volumes / hand.overlook)
    seen[1 + int(np.argmax(volumes[1:]))] = True  # nobody misses the largest
    return np.where(seen[parts], labels, 0).astype(np.uint8)


def _displace(labels: Labels, spacing: Sequence[float], hand: Hand, rng: np.random.Generator) -> Labels:
    """Return the labels with every boundary moved: each label grows by its own smooth field.

    A voxel takes the label that it lies deepest in after each depth got its field. Where two labels
    meet, the boundary moves by half the difference of their fields.
    """
    axes = [np.arange(n, dtype=np.float32) * np.float32(s) for n, s in zip(labels.shape, spacing, strict=True)]
    values = [int(value) for value in np.unique(labels)]
    best = np.full(labels.shape, -np.inf, dtype=np.float32)
    moved = np.zeros_like(labels)
    for value in values:
        depth = _depth(labels == value, spacing)
        depth += np.float32(hand.wander * np.sqrt(2)) * smooth_noise(axes, hand.wavelength, rng)
        if value != Label.BACKGROUND:
            depth += np.float32(2 * hand.offset)
        deeper = depth > best
        moved[deeper] = value
        best[deeper] = depth[deeper]
    return moved


def _depth(mask: NDArray[np.bool_], spacing: Sequence[float]) -> Field:
    """Return the distance in mm to the mask's boundary, positive inside.

    The boundary lies between voxel centres, half a voxel nearer than the next voxel's centre.
    """
    if mask.all():
        return np.full(mask.shape, MARGIN, dtype=np.float32)
    inner = distance_transform_edt(mask, sampling=spacing)
    outer = distance_transform_edt(~mask, sampling=spacing)
    half = 0.5 * float(np.mean(spacing))
    return np.asarray(inner - outer - np.where(mask, half, -half), dtype=np.float32)


def _add_false_parts(labels: Labels, spacing: Sequence[float], hand: Hand, rng: np.random.Generator) -> Labels:
    """Return the labels with a few small round parts that are not there, near the lesion."""
    labels = labels.copy()
    present = [int(value) for value in np.unique(labels[labels > 0])]
    if not present:
        return labels
    value = int(Label.ED) if Label.ED in present else present[0]
    for _ in range(int(rng.poisson(hand.extra))):
        centre = [rng.uniform(0, n) for n in labels.shape]
        radius = float(rng.uniform(1.5, 3.2))
        square = sum(
            ((np.arange(n).reshape([-1 if a == axis else 1 for a in range(3)]) - c) * s) ** 2
            for axis, (n, c, s) in enumerate(zip(labels.shape, centre, spacing, strict=True))
        )
        labels[(square <= radius**2) & (labels == 0)] = value
    return labels
