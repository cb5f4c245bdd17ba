"""How bright each tissue is on each sequence, and the imperfections of a scanner."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from imaging.phantom.fields import Field, smooth_noise
from imaging.phantom.spec import Sequence
from imaging.phantom.tissues import Tissue, TissueMap

_COLUMNS = (Sequence.T1, Sequence.T1C, Sequence.T2, Sequence.FLAIR)

# Brightness relative to white matter on T1, as a 1.5 to 3 T examination of a glioma shows them.
_TABLE: dict[Tissue, tuple[float, float, float, float]] = {
    Tissue.FLUID: (0.24, 0.24, 1.45, 0.14),
    Tissue.GREY: (0.70, 0.74, 0.82, 0.74),
    Tissue.WHITE: (1.00, 1.02, 0.58, 0.60),
    Tissue.NUCLEI: (0.82, 0.86, 0.68, 0.70),
    Tissue.CAPS: (0.93, 0.94, 0.70, 0.80),
    Tissue.NC: (0.42, 0.44, 1.25, 0.66),
    Tissue.ED: (0.66, 0.67, 1.12, 1.16),
    Tissue.ET: (0.64, 1.42, 0.95, 1.02),
    Tissue.RC: (0.30, 0.32, 1.42, 0.22),
    Tissue.BONE: (0.08, 0.08, 0.07, 0.07),
    Tissue.MARROW: (0.85, 0.88, 0.40, 0.45),
    Tissue.FAT: (1.45, 1.45, 0.90, 0.85),
    Tissue.MUSCLE: (0.55, 0.66, 0.35, 0.45),
    Tissue.SINUS: (0.35, 1.40, 0.15, 0.20),
    Tissue.PLEXUS: (0.55, 1.30, 1.00, 0.60),
}

NON_ENHANCING_CORE: dict[Sequence, float] = {
    Sequence.T1: 0.58,
    Sequence.T1C: 0.60,
    Sequence.T2: 1.22,
    Sequence.FLAIR: 1.08,
}
"""Brightness of a core that is solid tumour without enhancement rather than necrosis."""

_TEXTURED = (Tissue.NC, Tissue.ED, Tissue.ET)


def tissue_brightness(sequence: Sequence, *, enhancing: bool, rng: np.random.Generator) -> dict[Tissue, float]:
    """Return the brightness of every tissue on one sequence, with a patient's own variation."""
    column = _COLUMNS.index(sequence)
    bright = {tissue: row[column] for tissue, row in _TABLE.items()}
    if not enhancing:
        bright[Tissue.NC] = NON_ENHANCING_CORE[sequence]
    return {tissue: value * float(rng.uniform(0.94, 1.06)) for tissue, value in bright.items()}


def render(
    tissues: TissueMap,
    brightness: Mapping[Tissue, float],
    *,
    noise: float,
    bias: float,
    texture: float = 0.09,
    rng: np.random.Generator,
) -> Field:
    """Return one image [x, y, z] of the head, scaled like a magnitude image (0 to about 1000).

    Each voxel is the mean of its tissues; lesions get a texture (relative standard deviation), the
    coil a smooth sensitivity that deviates by at most bias, and each of the two receiver channels
    Gaussian noise, so that the magnitude is Rician. Skull-stripped heads are 0 outside the brain.
    """
    spec = tissues.spec
    axes = [
        (np.arange(n, dtype=np.float32) * np.float32(s / spec.scale))
        for n, s in zip(spec.shape, spec.spacing, strict=True)
    ]
    image: Field = np.zeros(spec.shape, dtype=np.float32)
    grain = 1 + texture * (0.7 * smooth_noise(axes, 11, rng) + 0.7 * smooth_noise(axes, 5, rng))
    grain = np.clip(grain, 0.5, 1.5).astype(np.float32)
    for tissue, part in tissues.parts.items():
        value = np.float32(brightness[tissue])
        image += part * grain * value if tissue in _TEXTURED else part * value
    image *= _sensitivity(axes, bias, rng)
    image = _rician(image, noise, rng)
    if spec.skull_stripped:
        image *= tissues.brain
    return image * np.float32(600)


def _sensitivity(axes: list[Field], bias: float, rng: np.random.Generator) -> Field:
    """Return a smooth factor whose largest deviation from 1 is bias."""
    field = smooth_noise(axes, 160, rng)
    field -= field.mean()
    return np.asarray(1 + field * np.float32(bias / max(float(np.abs(field).max()), 1e-6)), dtype=np.float32)


def _rician(image: Field, noise: float, rng: np.random.Generator) -> Field:
    """Return the magnitude of the image with Gaussian noise in both receiver channels."""
    real = image + np.float32(noise) * rng.standard_normal(image.shape, dtype=np.float32)
    imaginary = np.float32(noise) * rng.standard_normal(image.shape, dtype=np.float32)
    return np.asarray(np.hypot(real, imaginary), dtype=np.float32)
