"""One segmentation out of many: votes, STAPLE and where the raters disagree. No Django."""

from evaluation.consensus.voting import majority_vote

__all__ = ["majority_vote"]
