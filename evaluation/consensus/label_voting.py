"""Majority votes on label maps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluation.consensus.label_votes import read_label_votes
from evaluation.metrics.validation import check_choice

RULES = ("absolute", "plurality")
LABEL_TIES = ("background", "lowest", "highest")


def majority_vote_labels(
    maps: ArrayLike | Sequence[ArrayLike], *, rule: str = "absolute", tie: str = "background"
) -> NDArray[Any]:
    """Return the consensus label map (x, y, z) of label maps (rater, x, y, z), 1 to 64 raters.

    Rules: "absolute", a label needs more than half of the raters (exactly half is a tie); "plurality", the label with
    the most votes, background included, and several with the most are a tie (SimpleITK's LabelVoting). Ties go to
    "background", or to the "lowest" or "highest" label above 0 among the tied ones.

    The result is uint8, or int64 for labels above 255. Raises ValueError for what is no label map and for an unknown
    rule.
    """
    check_choice(rule, RULES, name="rule")
    check_choice(tie, LABEL_TIES, name="tie rule")
    votes = read_label_votes(maps)
    tally = votes.tally()
    if rule == "plurality":
        best = tally == tally.max(axis=1, keepdims=True)
        clear = best.sum(axis=1) == 1
        chosen = np.where(clear, best.argmax(axis=1), _break_tie(best, tie=tie))
    else:
        best = 2 * tally > votes.raters
        chosen = np.where(best.any(axis=1), best.argmax(axis=1), _break_tie(2 * tally == votes.raters, tie=tie))
    values = votes.labels[chosen]
    return votes.spread(values.astype(np.uint8) if votes.labels[-1] <= 255 else values)


def _break_tie(tied: NDArray[np.bool_], *, tie: str) -> NDArray[np.intp]:
    """Return the place of the label that each pattern's tied labels (pattern, label) give."""
    if tie == "background":
        return np.zeros(len(tied), np.intp)
    above = tied.copy()
    above[:, 0] = False
    if tie == "lowest":
        return np.where(above.any(axis=1), above.argmax(axis=1), 0)
    highest = above.shape[1] - 1 - above[:, ::-1].argmax(axis=1)
    return np.where(above.any(axis=1), highest, 0)
