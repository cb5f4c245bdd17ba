"""One segmentation out of many: votes, STAPLE and where the raters disagree. No Django."""

from evaluation.consensus.staple import Staple, staple
from evaluation.consensus.voting import majority_vote

__all__ = ["Staple", "majority_vote", "staple"]
