"""From a value per pattern of votes back to voxels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluation.metrics.votes import Votes


def look_up(votes: Votes, values: NDArray[Any]) -> NDArray[Any]:
    """Return, inside the votes' box, the value that belongs to each voxel's pattern; values follow the histogram."""
    patterns, _ = votes.histogram
    if votes.codes.dtype.itemsize > 2:
        return np.asarray(values[np.searchsorted(patterns, votes.codes.astype(np.uint64))])
    table = np.zeros(1 << (8 * votes.codes.dtype.itemsize), values.dtype)
    table[patterns] = values
    return np.asarray(table[votes.codes])
