"""Consensus without the rater who is compared with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluation.consensus.patterns import look_up
from evaluation.consensus.staple import staple
from evaluation.consensus.voting import TIES
from evaluation.metrics.validation import Mask, as_rater_masks, check_choice, check_raters
from evaluation.metrics.votes import read_votes, unpack

METHODS = ("majority", "staple")


@dataclass(frozen=True)
class LeaveOneOut:
    """Agreement with the majority vote of all raters but one.

    dice and jaccard (rater,) compare rater r with the vote of the others; dice_of_others and jaccard_of_others
    (other, rater) compare masks that do not vote, such as models', with that same vote, so that all are compared
    with a consensus of the same size. nan where both masks are empty.
    """

    dice: NDArray[np.float64]
    jaccard: NDArray[np.float64]
    dice_of_others: NDArray[np.float64]
    jaccard_of_others: NDArray[np.float64]
    tie: str


def leave_one_out_consensus(
    masks: ArrayLike | Sequence[ArrayLike], *, method: str = "majority", tie: str = "background"
) -> Mask:
    """Return (rater, x, y, z): for each of 2 to 64 raters the consensus of all the others.

    Methods: "majority" with a tie rule as in majority_vote; "staple" over the full field, probability at least 0.5.
    Raises ValueError for fewer than two raters, an unknown method or tie rule, and as majority_vote does.
    """
    check_choice(method, METHODS, name="method")
    check_choice(tie, TIES, name="tie rule")
    found = as_rater_masks(masks, at_least=2)
    if method == "staple":
        return np.stack([staple(found[:rater] + found[rater + 1 :]).mask for rater in range(len(found))])
    votes = read_votes(found)
    chosen = _vote_without_each(votes.histogram[0], votes.raters, tie=tie)
    return np.stack([votes.spread(look_up(votes, column), outside=False) for column in chosen.T])


def leave_one_out_agreement(
    masks: ArrayLike | Sequence[ArrayLike],
    *,
    others: ArrayLike | Sequence[ArrayLike] = (),
    tie: str = "background",
) -> LeaveOneOut:
    """Return each rater's and each other mask's agreement with the majority vote of all raters but one.

    masks are the 2 or more raters who vote, others the masks that are only compared; together up to 64, of one
    shape. Computed from the histogram of votes, without making the consensus masks.
    """
    check_choice(tie, TIES, name="tie rule")
    voters = as_rater_masks(masks, at_least=2)
    compared = as_rater_masks(others) if len(others) else ()  # type: ignore[arg-type]
    check_raters(voters + compared, at_least=2)
    patterns, counts = read_votes(voters + compared).histogram
    marks = unpack(patterns, len(voters) + len(compared)).astype(np.float64)
    consensus = _vote_without_each(patterns, len(voters), tie=tie).astype(np.float64)
    weights = counts.astype(np.float64)[:, None]
    both = (marks * weights).T @ consensus
    total = (marks * weights).sum(axis=0)[:, None] + (consensus * weights).sum(axis=0)
    with np.errstate(invalid="ignore"):
        dice, jaccard = 2 * both / total, both / (total - both)
    return LeaveOneOut(
        dice=np.diagonal(dice).copy(),
        jaccard=np.diagonal(jaccard).copy(),
        dice_of_others=dice[len(voters) :],
        jaccard_of_others=jaccard[len(voters) :],
        tie=tie,
    )


def _vote_without_each(patterns: NDArray[np.uint64], raters: int, *, tie: str) -> NDArray[np.bool_]:
    """Return for each pattern whether the raters without rater r vote yes, as (pattern, rater)."""
    marks = unpack(patterns, raters).astype(np.int64)
    given = 2 * (marks.sum(axis=1, keepdims=True) - marks)
    return np.asarray(given >= raters - 1 if tie == "foreground" else given > raters - 1)
