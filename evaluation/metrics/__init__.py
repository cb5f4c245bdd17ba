"""Metrics of segmentations: exact, named, without Django. docs/metrics.md states every definition."""

from evaluation.metrics.comparison import Comparison, compare, compare_labels
from evaluation.metrics.distances import average_surface_distance, hausdorff95, surface_dice
from evaluation.metrics.overlap import (
    dice,
    jaccard,
    normalised_dice,
    precision,
    recall,
    volume_difference,
    volume_ml,
)
from evaluation.metrics.pairs import Pairwise, pairwise, pairwise_labels

__all__ = [
    "Comparison",
    "Pairwise",
    "average_surface_distance",
    "compare",
    "compare_labels",
    "dice",
    "hausdorff95",
    "jaccard",
    "normalised_dice",
    "pairwise",
    "pairwise_labels",
    "precision",
    "recall",
    "surface_dice",
    "volume_difference",
    "volume_ml",
]
