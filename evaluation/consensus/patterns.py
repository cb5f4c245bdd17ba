"""From a value per pattern of votes back to voxels, and the domains that figures over voxels depend on."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluation.metrics.validation import as_mask, check_choice
from evaluation.metrics.votes import Votes

DOMAINS = ("field", "box", "union")


def look_up(votes: Votes, values: NDArray[Any]) -> NDArray[Any]:
    """Return, inside the votes' box, the value that belongs to each voxel's pattern; values follow the histogram."""
    patterns, _ = votes.histogram
    if votes.codes.dtype.itemsize > 2:
        return np.asarray(values[np.searchsorted(patterns, votes.codes.astype(np.uint64))])
    table = np.zeros(1 << (8 * votes.codes.dtype.itemsize), values.dtype)
    table[patterns] = values
    return np.asarray(table[votes.codes])


def size_domain(votes: Votes, domain: str | ArrayLike) -> tuple[str, int]:
    """Return the name and the number of voxels of a domain.

    "field" is the whole array, "box" the smallest box around all votes, "union" the voxels with any vote (both the
    field when there is none); a mask of one's own has the name "mask". Raises ValueError when it leaves votes out.
    """
    if isinstance(domain, str):
        check_choice(domain, DOMAINS, name="domain")
        patterns, counts = votes.histogram
        size = {"field": votes.voxels, "box": votes.codes.size, "union": int(counts[patterns > 0].sum())}[domain]
        return domain, size or votes.voxels
    own = as_mask(domain, name="domain")
    if own.shape != votes.shape:
        raise ValueError(f"The domain has shape {own.shape} and the masks {votes.shape}. They need one grid.")
    voted = votes.spread(votes.codes != 0, outside=False)
    if np.any(voted & ~own) or not own.any():
        raise ValueError("The domain leaves out voxels that a rater marked. Use one that holds every mask.")
    return "mask", int(np.count_nonzero(own))
