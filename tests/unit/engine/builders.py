"""Small recipes, images and networks for the engine's tests."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from imaging.grid import Grid
from inference.engine.recipe import Recipe


def small_recipe(**changes: Any) -> Recipe:
    values: dict[str, Any] = {
        "name": "tiny",
        "network": "attention-unet",
        "network_args": {"filters": [4, 6, 8], "dropout": 0.1},
        "channels": ("FLAIR",),
        "regions": ("FH",),
        "spacing": (2.0, 2.0, 2.0),
        "patch": (16, 16, 16),
    }
    return Recipe(**{**values, **changes})


def brain_with_lesion(shape: tuple[int, int, int], grid: Grid) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """A skull-stripped ellipsoid of 100 with noise, and a ball of 300 in it, placed in mm."""
    positions = grid.to_mm(np.argwhere(np.ones(shape))).reshape(*shape, 3)
    centre = grid.to_mm((np.array(shape)[None] - 1) / 2)[0]
    extent = np.abs(grid.affine[:3, :3]) @ np.array(shape)
    brain = (((positions - centre) / (0.42 * extent)) ** 2).sum(axis=-1) < 1
    lesion = (((positions - centre - 0.12 * extent) ** 2).sum(axis=-1) < (0.13 * extent.min()) ** 2) & brain
    noise = np.random.default_rng(0).normal(0, 3, shape)
    image = np.where(brain, 100 + noise, 0) + np.where(lesion, 200, 0)
    return image.astype(np.float32), lesion


class Brighter(nn.Module):
    """A network whose logits are large where the (normalised) image is brighter than a level."""

    def __init__(self, level: float) -> None:
        super().__init__()
        self.level = nn.Parameter(torch.tensor(level))

    def forward(self, image: Tensor) -> Tensor:
        return 8 * (image - self.level)
