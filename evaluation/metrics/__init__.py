"""Metrics of segmentations: exact, named, without Django. docs/metrics.md states every definition."""

from evaluation.metrics.brats import BratsLesionwise, brats_lesionwise
from evaluation.metrics.comparison import Comparison, compare, compare_labels
from evaluation.metrics.distances import average_surface_distance, hausdorff95, surface_dice
from evaluation.metrics.lesions import LesionDetection, lesion_detection
from evaluation.metrics.objects import Objectwise, objectwise
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
    "BratsLesionwise",
    "Comparison",
    "LesionDetection",
    "Objectwise",
    "Pairwise",
    "average_surface_distance",
    "brats_lesionwise",
    "compare",
    "compare_labels",
    "dice",
    "hausdorff95",
    "jaccard",
    "lesion_detection",
    "normalised_dice",
    "objectwise",
    "pairwise",
    "pairwise_labels",
    "precision",
    "recall",
    "surface_dice",
    "volume_difference",
    "volume_ml",
]
