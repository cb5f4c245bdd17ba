"""Agreement, tests and resampling: pure functions on arrays, without Django.

Each returns a frozen record with the test's full name, statistic, p, n, effect size and, where it
has one, an unrounded confidence interval; each refuses too few or undefined values with a
ValueError that says what is wrong. docs/statistics.md states every definition.
"""

from evaluation.statistics.contingency import (
    ChiSquareResult,
    FisherResult,
    SymmetryResult,
    bowker,
    chi_square,
    fisher_exact,
)
from evaluation.statistics.description import (
    Description,
    PooledEstimate,
    describe,
    describe_counts,
    pool_fold_summaries,
    pool_folds,
)
from evaluation.statistics.expert_range import ExpertRangeResult, model_inside_expert_range
from evaluation.statistics.intraclass import IccForm, IccResult, icc, icc_forms
from evaluation.statistics.kappa import (
    KappaResult,
    cohen_kappa,
    count_votes,
    cross_tabulate,
    fleiss_kappa,
    votes_from_patterns,
)
from evaluation.statistics.krippendorff import AlphaResult, krippendorff_alpha
from evaluation.statistics.limits_of_agreement import BlandAltmanResult, bland_altman
from evaluation.statistics.means import AnovaResult, PairedTResult, anova, paired_t
from evaluation.statistics.mixed_effects import MixedEffectsResult, linear_mixed_effects
from evaluation.statistics.multiplicity import HolmResult, holm
from evaluation.statistics.ranks import SignedRankResult, TwoGroupResult, mann_whitney, spearman, wilcoxon
from evaluation.statistics.resampling import BootstrapResult, SignFlipResult, bootstrap, sign_flip
from evaluation.statistics.results import Comparison, Interval, Result

__all__ = [
    "AlphaResult",
    "AnovaResult",
    "BlandAltmanResult",
    "BootstrapResult",
    "ChiSquareResult",
    "Comparison",
    "Description",
    "ExpertRangeResult",
    "FisherResult",
    "HolmResult",
    "IccForm",
    "IccResult",
    "Interval",
    "KappaResult",
    "MixedEffectsResult",
    "PairedTResult",
    "PooledEstimate",
    "Result",
    "SignFlipResult",
    "SignedRankResult",
    "SymmetryResult",
    "TwoGroupResult",
    "anova",
    "bland_altman",
    "bootstrap",
    "bowker",
    "chi_square",
    "cohen_kappa",
    "count_votes",
    "cross_tabulate",
    "describe",
    "describe_counts",
    "fisher_exact",
    "fleiss_kappa",
    "holm",
    "icc",
    "icc_forms",
    "krippendorff_alpha",
    "linear_mixed_effects",
    "mann_whitney",
    "model_inside_expert_range",
    "paired_t",
    "pool_fold_summaries",
    "pool_folds",
    "sign_flip",
    "spearman",
    "votes_from_patterns",
    "wilcoxon",
]
