"""Metrics of segmentations: exact, named, without Django. docs/metrics.md states every definition."""

from evaluation.metrics.overlap import (
    dice,
    jaccard,
    normalised_dice,
    precision,
    recall,
    volume_difference,
    volume_ml,
)
from evaluation.metrics.pairs import Pairwise, pairwise

__all__ = [
    "Pairwise",
    "dice",
    "jaccard",
    "normalised_dice",
    "pairwise",
    "precision",
    "recall",
    "volume_difference",
    "volume_ml",
]
