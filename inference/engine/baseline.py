"""The robust threshold that every FLAIR model must beat to be worth shipping. No torch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inference.engine.postprocessing import Mask, largest_part

GAUSSIAN = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation."""


def threshold_segmentation(
    flair: NDArray[np.generic], brain: Mask, *, deviations: float = 2.0, scale: float = 1.0
) -> Mask:
    """Return the largest 26-connected part of the brain brighter than median + deviations × MAD.

    flair and brain are [x, y, z]. MAD is the median absolute deviation from the median, times
    `scale` (GAUSSIAN makes it estimate a standard deviation). An empty brain gives an empty mask.

    Raises ValueError when the shapes differ.
    """
    if flair.shape != brain.shape:
        raise ValueError("The image and the brain mask need the same shape.")
    values = flair[brain].astype(np.float64)
    if values.size == 0:
        return np.zeros(brain.shape, dtype=np.bool_)
    middle = np.median(values)
    spread = float(np.median(np.abs(values - middle))) * scale
    return largest_part(brain & (flair.astype(np.float64) > middle + deviations * spread))
