"""STAPLE: the hidden segmentation and each rater's sensitivity and specificity, by expectation maximisation.

Warfield, Zou and Wells, IEEE Trans Med Imaging 23(7), 2004, doi:10.1109/TMI.2004.828354. The start (the mean vote),
the prior (the mean vote over the domain), and the end (no sensitivity or specificity moves by more than 1e-7) are
those of ITK's filter, so that mask and iterations agree with SimpleITK's. Voxels with the same votes share their
probability: an iteration works on the histogram of the patterns and not on the voxels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluation.consensus.patterns import look_up, size_domain
from evaluation.metrics.validation import Mask, as_mask, as_rater_masks, check_count, check_number
from evaluation.metrics.votes import Counts, Votes, read_votes, unpack

SMALLEST_CHANGE = 1e-14
"""The EM ends when every squared change of a sensitivity and specificity is at or below this (ITK's constant)."""

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Staple:
    """The result of STAPLE.

    probability (x, y, z) is each voxel's probability to be foreground, mask where it is at least threshold;
    sensitivity and specificity have one value per rater, nan where nothing defines them (no foreground, or no
    background, in the estimate). The prior depends on the domain, which is therefore recorded: its name and its
    number of voxels. unmarked is the probability of the domain's voxels that nobody marked (nan: there are none).
    The map of probabilities takes 8 bytes a voxel: it is made when it is first asked for, and then kept.
    """

    mask: Mask
    sensitivity: Vector
    specificity: Vector
    iterations: int
    converged: bool
    prior: float
    unmarked: float
    domain: str
    domain_voxels: int
    threshold: float
    _shares: _Shares = field(repr=False, compare=False)

    @cached_property
    def probability(self) -> NDArray[np.float64]:
        return self._shares.spread()


@dataclass(frozen=True)
class _Shares:
    """The probability of each pattern of votes, outside of their box, and nothing outside of a domain of one's own."""

    votes: Votes
    values: Vector
    outside: float
    inside: Mask | None

    def spread(self) -> NDArray[np.float64]:
        return self._limit(self.votes.spread(look_up(self.votes, self.values), outside=self.outside))

    def mark(self, threshold: float) -> Mask:
        marked = self.votes.spread(look_up(self.votes, self.values >= threshold), outside=self.outside >= threshold)
        return self._limit(marked)

    def _limit(self, full: NDArray[Any]) -> NDArray[Any]:
        if self.inside is not None:
            full[~self.inside] = 0
        return full


def staple(
    masks: ArrayLike | Sequence[ArrayLike],
    *,
    domain: str | ArrayLike = "field",
    threshold: float = 0.5,
    max_iterations: int = 10_000,
    confidence_weight: float = 1.0,
) -> Staple:
    """Return the STAPLE estimate of masks (rater, x, y, z), 1 to 64 raters.

    The prior is the mean vote over the domain, times confidence_weight, and the domain changes the answer: "field"
    is the whole array (SimpleITK), "box" the smallest box around all votes, "union" the voxels with any vote; a mask
    (x, y, z) of one's own is recorded as "mask" and must hold every vote. Voxels outside of the domain have the
    probability 0. iterations counts as ITK's GetElapsedIterations does, from 0.

    Without any vote the probability is 0 and the sensitivity undefined (nan); when every rater marks the whole
    domain it is 1 and the specificity undefined. Raises ValueError for no masks, an unknown domain, a vote outside of
    it, and a threshold, weight or number of iterations out of range.
    """
    _check_parameters(threshold, max_iterations, confidence_weight)
    votes = read_votes(as_rater_masks(masks))
    name, size = size_domain(votes, domain)
    patterns, counts = votes.histogram
    weights = _restrict(patterns, counts, size)
    marks = unpack(patterns, votes.raters).astype(np.float64)
    estimate = _maximise(marks, weights, max_iterations=max_iterations, confidence_weight=confidence_weight)
    shown = np.where(weights > 0, estimate.probability, 0.0)
    unmarked = float(estimate.probability[0]) if patterns[0] == 0 and weights[0] > 0 else math.nan
    outside = float(shown[0]) if name == "field" and patterns[0] == 0 else 0.0
    inside = None if isinstance(domain, str) else as_mask(domain).copy()
    shares = _Shares(votes, shown, outside, inside)
    return Staple(
        mask=shares.mark(threshold),
        sensitivity=estimate.sensitivity,
        specificity=estimate.specificity,
        iterations=estimate.iterations,
        converged=estimate.converged,
        prior=estimate.prior,
        unmarked=unmarked,
        domain=name,
        domain_voxels=size,
        threshold=threshold,
        _shares=shares,
    )


@dataclass(frozen=True)
class _Estimate:
    """The EM's end: the probability of each pattern and the raters' parameters."""

    probability: Vector
    sensitivity: Vector
    specificity: Vector
    iterations: int
    converged: bool
    prior: float


def _maximise(marks: Vector, weights: Vector, *, max_iterations: int, confidence_weight: float) -> _Estimate:
    """Run the EM on patterns: marks (pattern, rater) of 0 and 1, weights their voxels."""
    probability: Vector = np.asarray(marks.mean(axis=1))
    prior = float(probability @ weights / weights.sum()) * confidence_weight
    sensitivity: Vector = np.full(marks.shape[1], -10.0)
    specificity: Vector = sensitivity
    iteration, converged = 0, False
    for iteration in range(max_iterations):
        before = sensitivity, specificity
        sensitivity, specificity = _rate(marks, weights, probability)
        probability = _expect(marks, sensitivity, specificity, prior)
        moved = [_still(new, old) for new, old in zip((sensitivity, specificity), before, strict=True)]
        converged = iteration > 0 and all(moved)
        if converged:
            break
    else:
        iteration = max_iterations
    return _Estimate(probability, sensitivity, specificity, iteration, converged, prior)


def _rate(marks: Vector, weights: Vector, probability: Vector) -> tuple[Vector, Vector]:
    """Return each rater's sensitivity and specificity against the probabilities; nan where 0 / 0."""
    inside, outside = weights * probability, weights * (1 - probability)
    with np.errstate(invalid="ignore", divide="ignore"):
        return inside @ marks / inside.sum(), outside @ (1 - marks) / outside.sum()


def _expect(marks: Vector, sensitivity: Vector, specificity: Vector, prior: float) -> Vector:
    """Return each pattern's probability to be foreground; an undefined parameter belongs to a side without weight."""
    if prior in {0.0, 1.0}:
        return np.full(len(marks), float(prior))
    yes = np.where(marks > 0, sensitivity, 1 - sensitivity).prod(axis=1) * prior
    no = np.where(marks > 0, 1 - specificity, specificity).prod(axis=1) * (1 - prior)
    with np.errstate(invalid="ignore"):
        return np.asarray(yes / (yes + no))


def _still(new: Vector, old: Vector) -> bool:
    return not bool(np.any((new - old) ** 2 > SMALLEST_CHANGE))


def _restrict(patterns: NDArray[np.uint64], counts: Counts, size: int) -> Vector:
    """Return the patterns' voxels inside a domain of the given size: only unmarked voxels can lie outside of it."""
    weights = counts.astype(np.float64)
    marked = int(counts[patterns > 0].sum())
    weights[patterns == 0] = size - marked
    return weights


def _check_parameters(threshold: float, max_iterations: int, confidence_weight: float) -> None:
    check_number(threshold, name="threshold", low=0, high=1)
    check_number(confidence_weight, name="confidence weight", low=0, high=1)
    check_count(max_iterations, name="largest number of iterations")
    if not (threshold and confidence_weight):
        raise ValueError("The threshold and the confidence weight are above 0.")
