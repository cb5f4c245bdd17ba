"""Majority votes of raters, for masks and for label maps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from evaluation.consensus.patterns import look_up
from evaluation.metrics.validation import Mask, as_rater_masks, check_choice
from evaluation.metrics.votes import Votes, read_votes, unpack

TIES = ("background", "foreground")


def majority_vote(masks: ArrayLike | Sequence[ArrayLike], *, tie: str = "background") -> Mask:
    """Return the voxels that more than half of the raters marked, as a mask (x, y, z).

    Masks have shape (rater, x, y, z), or are a sequence of masks, with up to 64 raters; 8 raters need 5 votes. With
    an even number of raters a voxel with exactly half of the votes goes to the tie rule, "background" (the strict
    majority) or "foreground".

    Raises ValueError for no rater, different shapes, values other than 0 and 1 and an unknown tie rule.
    """
    check_choice(tie, TIES, name="tie rule")
    return vote_by_count(read_votes(as_rater_masks(masks)), tie=tie)


def vote_by_count(votes: Votes, *, tie: str) -> Mask:
    """Return the majority mask of coded votes in the masks' own axes."""
    patterns, _ = votes.histogram
    given = 2 * unpack(patterns, votes.raters).sum(axis=1, dtype=np.int64)
    chosen = given >= votes.raters if tie == "foreground" else given > votes.raters
    return votes.spread(look_up(votes, chosen), outside=False)
