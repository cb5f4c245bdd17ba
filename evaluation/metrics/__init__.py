"""Metrics of segmentations: exact, named, without Django. docs/metrics.md states every definition."""

from evaluation.metrics.brats import BratsLesionwise, brats_lesionwise
from evaluation.metrics.comparison import Comparison, compare, compare_labels
from evaluation.metrics.compartments import CompartmentValues, measure_compartments
from evaluation.metrics.distances import average_surface_distance, hausdorff95, surface_dice
from evaluation.metrics.lesions import LesionDetection, LesionMatch, lesion_detection
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
from evaluation.metrics.patients import (
    Classification,
    DetectionRate,
    PatientDice,
    VolumeBias,
    average_dice,
    classify_resections,
    detection_rate,
    is_residual,
    volume_bias,
)
from evaluation.metrics.spatial import SpatialNull, SpatialRelation, relate, relocate_at_random, rim
from evaluation.metrics.thresholds import ChosenThreshold, ThresholdCurve, choose_threshold, threshold_curve

__all__ = [
    "BratsLesionwise",
    "ChosenThreshold",
    "Classification",
    "Comparison",
    "CompartmentValues",
    "DetectionRate",
    "LesionDetection",
    "LesionMatch",
    "Objectwise",
    "Pairwise",
    "PatientDice",
    "SpatialNull",
    "SpatialRelation",
    "ThresholdCurve",
    "VolumeBias",
    "average_dice",
    "average_surface_distance",
    "brats_lesionwise",
    "choose_threshold",
    "classify_resections",
    "compare",
    "compare_labels",
    "detection_rate",
    "dice",
    "hausdorff95",
    "is_residual",
    "jaccard",
    "lesion_detection",
    "measure_compartments",
    "normalised_dice",
    "objectwise",
    "pairwise",
    "pairwise_labels",
    "precision",
    "recall",
    "relate",
    "relocate_at_random",
    "rim",
    "surface_dice",
    "threshold_curve",
    "volume_bias",
    "volume_difference",
    "volume_ml",
]
