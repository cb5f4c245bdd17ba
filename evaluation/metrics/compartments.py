"""Intensity and rCBV of an image by compartment (NEH paper)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evaluation.metrics.validation import as_array, as_mask


@dataclass(frozen=True)
class CompartmentValues:
    """The image's values inside one compartment: moments over the n finite ones; unusable counts the others.

    mean, median and quartiles are nan without a usable voxel, sd (n − 1) without a second one.
    """

    mean: float
    sd: float
    median: float
    quartiles: tuple[float, float]
    n: int
    unusable: int


def measure_compartments(
    image: ArrayLike, compartments: Mapping[str, ArrayLike], *, usable: ArrayLike | None = None
) -> dict[str, CompartmentValues]:
    """Return the values of an image (x, y, z) inside each compartment's mask, by name.

    The unit is the image's. Voxels that are NaN or infinite, or outside of the optional usable mask (vessels, say),
    are left out and counted. Raises ValueError when a mask's shape is not the image's.
    """
    values = as_array(image, name="image")
    if values.dtype.kind not in "biuf":
        raise ValueError(f"The image has type {values.dtype}. Use numbers.")
    good = np.isfinite(values) if values.dtype.kind == "f" else np.ones(values.shape, np.bool_)
    if usable is not None:
        good &= _fit(as_mask(usable, name="mask of usable voxels"), values.shape, name="mask of usable voxels")
    found = {}
    for name, mask in compartments.items():
        inside = _fit(as_mask(mask, name=name), values.shape, name=name)
        kept = values[inside & good].astype(np.float64)
        found[name] = _summarise(kept, unusable=int(np.count_nonzero(inside)) - len(kept))
    return found


def _fit(mask: ArrayLike, shape: tuple[int, ...], *, name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    array = np.asarray(mask)
    if array.shape != shape:
        raise ValueError(f"The {name} has shape {array.shape} and the image {shape}. Put both on one grid first.")
    return array


def _summarise(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]], *, unusable: int) -> CompartmentValues:
    if not len(values):
        return CompartmentValues(math.nan, math.nan, math.nan, (math.nan, math.nan), 0, unusable)
    low, middle, high = np.percentile(values, [25, 50, 75])
    return CompartmentValues(
        mean=float(values.mean()),
        sd=float(values.std(ddof=1)) if len(values) > 1 else math.nan,
        median=float(middle),
        quartiles=(float(low), float(high)),
        n=len(values),
        unusable=unusable,
    )
