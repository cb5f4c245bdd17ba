"""Segmentation of one examination by one network."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import torch
from monai.inferers.utils import sliding_window_inference
from numpy.typing import NDArray
from torch import Tensor, nn

from imaging.grid import Grid
from imaging.resampling import resample
from inference.engine.preparation import prepare
from inference.engine.recipe import Recipe


class Cancelled(Exception):
    """The caller asked to stop; nothing was produced."""


def segment(
    images: Sequence[NDArray[np.generic]],
    grid: Grid,
    recipe: Recipe,
    network: nn.Module,
    *,
    report: Callable[[int], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> NDArray[np.float32]:
    """Return the probabilities (region, x, y, z) of the recipe's regions on the input grid.

    images hold one array [x, y, z] on `grid` per channel, in the recipe's order. report gets the
    percentage done, once per window; cancelled is asked before each window. Outside of the part
    that the network saw, probabilities are 0.

    Raises ValueError for images that do not fit the recipe, Cancelled when cancelled() turned true.
    """
    prepared = prepare(images, grid, recipe)
    device = next(network.parameters()).device
    seen = torch.from_numpy(prepared.array)[None].to(device)
    probabilities = _predict(seen, recipe, network, report=report, cancelled=cancelled)
    regions = probabilities.cpu().numpy()
    return np.stack([resample(region, prepared.grid, grid, order=1) for region in regions])


def _predict(
    seen: Tensor, recipe: Recipe, network: nn.Module, *, report: Callable[[int], None], cancelled: Callable[[], bool]
) -> Tensor:
    """Return probabilities (region, x, y, z) for a prepared image (1, channel, x, y, z)."""
    views = [(), (2,)] if recipe.mirror else [()]
    total = len(views) * count_windows(seen.shape[2:], recipe)
    done = 0

    def predictor(window: Tensor) -> Tensor:
        nonlocal done
        if cancelled():
            raise Cancelled
        result: Tensor = torch.sigmoid(network(window))
        done += 1
        report(min(100, round(100 * done / total)))
        return result

    network.eval()
    mean = torch.zeros((len(recipe.regions), *seen.shape[2:]), device=seen.device)
    with torch.inference_mode():
        for flips in views:
            output = sliding_window_inference(
                seen.flip(flips),
                recipe.patch,
                sw_batch_size=1,
                predictor=predictor,
                overlap=recipe.overlap,
                mode="gaussian",
                padding_mode="constant",
                cval=float(seen.min()),
            )
            mean += torch.as_tensor(output).flip(flips)[0] / len(views)
    return mean


def count_windows(shape: Sequence[int], recipe: Recipe) -> int:
    """Return how many windows cover an image of this shape (voxels along x, y, z)."""
    counts = []
    for length, window in zip(shape, recipe.patch, strict=True):
        step = max(int(window * (1 - recipe.overlap)), 1)
        counts.append(1 if length <= window else math.ceil((length - window) / step) + 1)
    return math.prod(counts)
