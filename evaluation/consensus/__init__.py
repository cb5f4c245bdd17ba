"""One segmentation out of many: votes, STAPLE and where the raters disagree. No Django."""

from evaluation.consensus.disagreement import (
    VoxelKappa,
    count_votes,
    vote_entropy,
    vote_entropy_labels,
    voxel_fleiss_kappa,
)
from evaluation.consensus.label_staple import StapleLabels, staple_labels
from evaluation.consensus.label_voting import majority_vote_labels
from evaluation.consensus.leave_one_out import LeaveOneOut, leave_one_out_agreement, leave_one_out_consensus
from evaluation.consensus.staple import Staple, staple
from evaluation.consensus.voting import majority_vote

__all__ = [
    "LeaveOneOut",
    "Staple",
    "StapleLabels",
    "VoxelKappa",
    "count_votes",
    "leave_one_out_agreement",
    "leave_one_out_consensus",
    "majority_vote",
    "majority_vote_labels",
    "staple",
    "staple_labels",
    "vote_entropy",
    "vote_entropy_labels",
    "voxel_fleiss_kappa",
]
