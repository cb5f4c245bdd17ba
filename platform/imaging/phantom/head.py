"""A complete synthetic examination."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imaging.grid import Grid
from imaging.phantom.contrast import render, tissue_brightness
from imaging.phantom.fields import Field
from imaging.phantom.spec import HeadSpec, Sequence
from imaging.phantom.tissues import make_tissues


@dataclass(frozen=True)
class SyntheticHead:
    """Four images of one made-up head, and the truth about it.

    images are float32 and labels uint8 (values of `Label`), all indexed [x, y, z] on grid; brain
    marks the voxels within the brain's envelope.
    """

    images: Mapping[Sequence, Field]
    labels: NDArray[np.uint8]
    brain: NDArray[np.bool_]
    grid: Grid
    spec: HeadSpec
    seed: int


def make_head(spec: HeadSpec, seed: int) -> SyntheticHead:
    """Return the head that spec and seed describe; asking again gives the same voxels."""
    tissues = make_tissues(spec, seed)
    images: dict[Sequence, Field] = {}
    for stream, sequence in enumerate(Sequence, start=11):
        rng = np.random.default_rng([seed, stream])
        brightness = tissue_brightness(sequence, enhancing=spec.enhancing, rng=rng)
        images[sequence] = render(tissues, brightness, noise=spec.noise, bias=spec.bias, rng=rng)
    return SyntheticHead(
        images=images, labels=tissues.labels, brain=tissues.brain, grid=tissues.grid, spec=spec, seed=seed
    )
