"""Training samples from synthetic heads alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inference.engine.painting import Anatomy, draw_spec, paint
from inference.engine.preparation import MARGIN, normalise
from inference.engine.recipe import Recipe

FIRST_HOLD_OUT_SEED = 1_000_000
"""Training heads have seeds below this one, hold-out heads from it on."""


@dataclass(frozen=True)
class SyntheticSamples:
    """Endless FLAIR-like samples painted on a fixed set of synthetic heads."""

    anatomies: tuple[Anatomy, ...]
    recipe: Recipe
    seed: int

    @classmethod
    def make(
        cls, recipe: Recipe, *, heads: int, seed: int, report: Callable[[int], None] = lambda _: None
    ) -> SyntheticSamples:
        """Return samples over `heads` different heads; report gets the number made so far."""
        anatomies = []
        for number in range(heads):
            rng = np.random.default_rng([seed, 51, number])
            spec = draw_spec(recipe.patch, recipe.spacing, rng)
            anatomies.append(Anatomy.make(spec, seed * 10_000 % FIRST_HOLD_OUT_SEED + number))
            report(number + 1)
        return cls(tuple(anatomies), recipe, seed)

    def sample(self, index: int) -> tuple[Tensor, Tensor]:
        """Return a painted head (1, x, y, z), cropped and normalised as in prediction, and its truth."""
        rng = np.random.default_rng([self.seed, 61, index])
        anatomy = self.anatomies[int(rng.integers(len(self.anatomies)))]
        image, truth = paint(anatomy, rng)
        image, truth = _crop_to_head(image, truth, anatomy, self.recipe)
        shown = normalise(image, clip=self.recipe.clip)
        fitted = _fit(shown, self.recipe.patch, float(shown.min()))
        region = _fit(truth.astype(np.float32), self.recipe.patch, 0.0)
        return torch.from_numpy(fitted)[None], torch.from_numpy(region)[None]

    def manifest(self) -> Mapping[str, Any]:
        """Return what the samples are made of."""
        return {"kind": "synthetic heads", "heads": len(self.anatomies), "seed": self.seed, "patients": 0}


def _crop_to_head(
    image: NDArray[np.float32], truth: NDArray[np.bool_], anatomy: Anatomy, recipe: Recipe
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return both cut to the head's bounding box with the margin that prediction leaves."""
    if not anatomy.spec.skull_stripped:
        return image, truth  # a whole head fills the patch
    hits = np.argwhere(image > 0)
    steps = np.ceil(MARGIN / np.asarray(recipe.spacing)).astype(int)
    first = np.maximum(hits.min(axis=0) - steps, 0)
    last = hits.max(axis=0) + steps + 1
    box = tuple(slice(a, b) for a, b in zip(first, last, strict=True))
    return image[box], truth[box]


def _fit(array: NDArray[np.float32], shape: tuple[int, int, int], outside: float) -> NDArray[np.float32]:
    """Return the array in the middle of a patch filled with `outside`."""
    fitted = np.full(shape, outside, dtype=np.float32)
    into = []
    for length, room in zip(array.shape, shape, strict=True):
        start = (room - length) // 2
        into.append(slice(start, start + length))
    fitted[tuple(into)] = array
    return fitted
