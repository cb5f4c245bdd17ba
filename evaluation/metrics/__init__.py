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
from evaluation.metrics.tracking import LesionMap, Sighting, Track, follow_lesions, map_lesions, overlap_shares

__all__ = [
    "BratsLesionwise",
    "ChosenThreshold",
    "Classification",
    "Comparison",
    "CompartmentValues",
    "DetectionRate",
    "LesionDetection",
    "LesionMap",
    "LesionMatch",
    "Objectwise",
    "Pairwise",
    "PatientDice",
    "Sighting",
    "SpatialNull",
    "SpatialRelation",
    "ThresholdCurve",
    "Track",
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
    "follow_lesions",
    "hausdorff95",
    "is_residual",
    "jaccard",
    "lesion_detection",
    "map_lesions",
    "measure_compartments",
    "normalised_dice",
    "objectwise",
    "overlap_shares",
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
