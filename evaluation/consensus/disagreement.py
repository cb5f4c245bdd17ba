"""Where the raters disagree, and how much beyond chance they agree on voxels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluation.consensus.label_votes import read_label_votes
from evaluation.consensus.patterns import look_up, size_domain
from evaluation.metrics.validation import as_rater_masks
from evaluation.metrics.votes import read_votes, unpack


@dataclass(frozen=True)
class VoxelKappa:
    """Fleiss' kappa over voxels; it depends on the domain, which is recorded. nan when chance agreement is 1."""

    kappa: float
    observed: float
    expected: float
    raters: int
    domain: str
    domain_voxels: int
    votes: tuple[int, ...]


def vote_entropy(masks: ArrayLike | Sequence[ArrayLike]) -> NDArray[np.float64]:
    """Return the entropy (x, y, z) of the raters' votes in bits: 0 where all agree, 1 where half says yes.

    Masks have shape (rater, x, y, z), 1 to 64 raters. Raises ValueError as majority_vote does.
    """
    votes = read_votes(as_rater_masks(masks))
    patterns, _ = votes.histogram
    yes = unpack(patterns, votes.raters).mean(axis=1)
    return votes.spread(look_up(votes, _entropy(np.stack([yes, 1 - yes], axis=1))), outside=0.0)


def vote_entropy_labels(maps: ArrayLike | Sequence[ArrayLike]) -> NDArray[np.float64]:
    """Return the entropy (x, y, z) of the raters' labels in bits, 0 where all agree; maps are (rater, x, y, z)."""
    votes = read_label_votes(maps)
    return votes.spread(_entropy(votes.tally() / votes.raters))


def count_votes(
    masks: ArrayLike | Sequence[ArrayLike], *, domain: str | ArrayLike = "field"
) -> tuple[NDArray[np.int64], str, int]:
    """Return how many voxels of the domain have 0, 1, … raters' votes, the domain's name and its voxels.

    The domains are those of staple. These counts are all that Fleiss' kappa needs.
    """
    votes = read_votes(as_rater_masks(masks))
    name, size = size_domain(votes, domain)
    patterns, counts = votes.histogram
    given = unpack(patterns, votes.raters).sum(axis=1, dtype=np.int64)
    table = np.bincount(given, weights=counts, minlength=votes.raters + 1).astype(np.int64)
    table[0] += size - votes.voxels
    return table, name, size


def voxel_fleiss_kappa(masks: ArrayLike | Sequence[ArrayLike], *, domain: str | ArrayLike = "field") -> VoxelKappa:
    """Return Fleiss' kappa of the raters' votes on voxels, over a domain (see staple); 2 to 64 raters.

    Raises ValueError for fewer than two raters and as staple does.

    Source: Fleiss, Psychological Bulletin 76(5), 1971, doi:10.1037/h0031619.
    """
    table, name, size = count_votes(masks, domain=domain)
    raters = len(table) - 1
    if raters < 2:
        raise ValueError("Fleiss' kappa compares raters: give at least two.")
    yes = np.arange(raters + 1)
    no = raters - yes
    agreeing = table @ (yes * (yes - 1) + no * (no - 1))
    observed = float(agreeing) / (size * raters * (raters - 1))
    share = float(table @ yes) / (size * raters)
    expected = share**2 + (1 - share) ** 2
    return VoxelKappa(
        kappa=(observed - expected) / (1 - expected) if 0 < share < 1 else math.nan,
        observed=observed,
        expected=expected,
        raters=raters,
        domain=name,
        domain_voxels=size,
        votes=tuple(int(count) for count in table),
    )


def _entropy(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the entropy in bits of each row of shares (pattern, choice)."""
    logs = np.log2(shares, out=np.zeros_like(shares), where=shares > 0)
    return np.asarray(np.abs((shares * logs).sum(axis=1)))
