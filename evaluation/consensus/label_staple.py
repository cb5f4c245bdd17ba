"""STAPLE for several labels: each rater has a confusion matrix in the place of a sensitivity and specificity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluation.consensus.label_votes import LabelVotes, read_label_votes
from evaluation.metrics.validation import check_count, check_number

Table = NDArray[np.float64]


@dataclass(frozen=True)
class StapleLabels:
    """The result of multi-label STAPLE.

    labels (x, y, z) is the most probable label, 0 where several are equally so; values are the label values, and
    confusion (rater, given, true) each rater's probability to give a label where another one is true, in the order
    of values; a true label without any weight has a column of zeros. priors (label,) are the labels' mean votes over
    the field.
    """

    labels: NDArray[Any]
    values: NDArray[np.int64]
    confusion: Table
    priors: Table
    iterations: int
    converged: bool
    votes: LabelVotes
    pattern_probability: Table

    def probability(self, label: int) -> NDArray[np.float64]:
        """Return the map (x, y, z) of one label's probability. Raises ValueError for a label that nobody gave."""
        place = np.flatnonzero(self.values == label)
        if not len(place):
            raise ValueError(f"Nobody gave the label {label}. The labels are {self.values.tolist()}.")
        return self.votes.spread(self.pattern_probability[:, place[0]])


def staple_labels(
    maps: ArrayLike | Sequence[ArrayLike], *, smallest_update: float = 1e-5, max_iterations: int = 10_000
) -> StapleLabels:
    """Return the multi-label STAPLE estimate of label maps (rater, x, y, z), 1 to 64 raters.

    The confusion matrices start from the plurality vote, the priors are the mean votes over the field, and the EM
    ends when no entry moves by smallest_update or more: as in ITK's filter, in float64 where ITK's default is
    float32. iterations counts completed rounds. Raises ValueError for what is no label map and for parameters out of
    range.

    Source: Rohlfing, Russakoff and Maurer, IEEE Trans Med Imaging 23(8), 2004, doi:10.1109/TMI.2004.830803.
    """
    check_number(smallest_update, name="smallest update", low=0, high=1, open_ends=True)
    check_count(max_iterations, name="largest number of iterations")
    votes = read_label_votes(maps)
    count = len(votes.labels)
    given = np.eye(count)[votes.patterns]  # (pattern, rater, label)
    priors = np.einsum("prl,p->l", given, votes.counts.astype(np.float64))
    priors /= priors.sum()
    confusion = _start(votes, given)
    rounds, converged = 0, False
    while rounds < max_iterations and not converged:
        weights = _expect(votes.patterns, confusion, priors)
        weights = _divide(weights, weights.sum(axis=1, keepdims=True))
        updated = np.einsum("prl,pt,p->rlt", given, weights, votes.counts.astype(np.float64), optimize=True)
        updated = _divide(updated, updated.sum(axis=1, keepdims=True))
        converged = bool(np.abs(updated - confusion).max() < smallest_update)
        confusion, rounds = updated, rounds + 1
    weights = _expect(votes.patterns, confusion, priors)
    best = weights == weights.max(axis=1, keepdims=True)
    chosen = np.where(best.sum(axis=1) == 1, best.argmax(axis=1), 0)
    values = votes.labels[chosen]
    return StapleLabels(
        labels=votes.spread(values.astype(np.uint8) if votes.labels[-1] <= 255 else values),
        values=votes.labels,
        confusion=confusion,
        priors=priors,
        iterations=rounds,
        converged=converged,
        votes=votes,
        pattern_probability=_divide(weights, weights.sum(axis=1, keepdims=True)),
    )


def _start(votes: LabelVotes, given: Table) -> Table:
    """Return the first confusion matrices: what each given label was by plurality vote; ties count for no label."""
    tally = votes.tally()
    best = tally == tally.max(axis=1, keepdims=True)
    clear = best & (best.sum(axis=1, keepdims=True) == 1)
    table = np.einsum("prl,pt,p->rlt", given, clear.astype(np.float64), votes.counts.astype(np.float64), optimize=True)
    return _divide(table, table.sum(axis=2, keepdims=True))


def _expect(patterns: NDArray[np.int64], confusion: Table, priors: Table) -> Table:
    """Return each pattern's unnormalised weight of every true label (pattern, label)."""
    weights = np.tile(priors, (len(patterns), 1))
    for rater in range(patterns.shape[1]):
        weights *= confusion[rater][patterns[:, rater]]
    return weights


def _divide(part: Table, whole: Table) -> Table:
    """Return part / whole, and 0 where the whole is 0: a label without any weight."""
    return np.divide(part, whole, out=np.zeros_like(part), where=whole != 0)
