"""One mask against the reference, case by case: the row from which the tables of several kinds of report are made."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from evaluation.metrics import hausdorff95, objectwise
from evaluation.metrics.overlap import count_overlap, precision_of_counts, ratio
from evaluation.reports.kinds import Inputs, Load, Tell
from evaluation.reports.masks import Mask
from evaluation.reports.numbers import INFINITE, plain
from evaluation.reports.parameters import Option, Parameter

Row = dict[str, Any]
OVERLAPS = ("dice", "jaccard", "recall", "precision")
DISTANCE = "hausdorff95"
LARGEST_MM = 374.0
"""What BraTS puts in the place of an infinite distance."""

VARIANTS = {
    "directed": "directed: the larger of the two directions' percentiles (MONAI, Metrics Reloaded)",
    "pooled": "pooled: the percentile of both directions together (medpy, raidionics)",
    "surfel": "surfel: by area of surface elements (surface-distance, BraTS 2023)",
}
HAUSDORFF = Parameter(
    "hausdorff",
    "HD95 of whole masks",
    "choice",
    "Libraries differ; object-wise distances are pooled.",
    options=tuple(Option(key, words) for key, words in VARIANTS.items()),
)
BOTH_EMPTY = Parameter(
    "both_empty",
    "Both masks empty",
    "choice",
    "Overlap and distance are undefined where neither mask has a voxel.",
    options=(Option("leave_out", "left out and counted"), Option("one", "overlap 1, distance 0 mm")),
)
INFINITE_DISTANCE = Parameter(
    "infinite",
    "Distance to an empty mask",
    "choice",
    "It has no bound where only one of the masks is empty.",
    options=(
        Option("leave_out", "left out and counted"),
        Option("diagonal", "the image's diagonal"),
        Option("374", "374 mm (BraTS)"),
    ),
)


def measure(prediction: Mask, reference: Mask, spacing: tuple[float, float, float], *, hausdorff: str) -> Row:
    """Return volumes in ml, overlap and HD95 in mm of two masks (x, y, z), and the image's diagonal in mm."""
    tp, fp, fn = count_overlap(prediction, reference)
    voxel_ml = math.prod(spacing) / 1000
    return {
        "reference_ml": (tp + fn) * voxel_ml,
        "prediction_ml": (tp + fp) * voxel_ml,
        "dice": plain(ratio(2 * tp, 2 * tp + fp + fn)),
        "jaccard": plain(ratio(tp, tp + fp + fn)),
        "recall": plain(ratio(tp, tp + fn)),
        "precision": plain(precision_of_counts(tp, fp, fn)),
        DISTANCE: plain(hausdorff95(prediction, reference, spacing, variant=hausdorff)),
        "diagonal_mm": math.dist((0, 0, 0), [size * step for size, step in zip(reference.shape, spacing, strict=True)]),
    }


def measure_objects(
    prediction: Mask, reference: Mask, spacing: tuple[float, float, float], *, pairing: str, min_voxels: int
) -> Row:
    """Return the object-wise figures under their own names, with the number of objects on both sides."""
    found = objectwise(prediction, reference, spacing, pairing=pairing, min_voxels=min_voxels)
    return {
        **{f"object_{name}": plain(getattr(found, name)) for name in ("dice", "recall", "precision", "f1", DISTANCE)},
        "n_reference_objects": found.reference_objects,
        "n_objects": found.prediction_objects,
    }


def with_policy(row: Row, metric: str, parameters: Row) -> float | str | None:
    """Return a case's figure as a table takes it: what is undefined or infinite by the report's named policies."""
    value, distance = row[metric], metric.endswith(DISTANCE)
    if row["reference_ml"] == 0 and row["prediction_ml"] == 0 and parameters["both_empty"] == "one":
        return 0.0 if distance else 1.0
    if value == INFINITE and parameters["infinite"] != "leave_out":
        return row["diagonal_mm"] if parameters["infinite"] == "diagonal" else LARGEST_MM
    return value  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Pair:
    """Somebody's masks of a case and the reference's, by region, on one grid; spacing in mm along (x, y, z)."""

    case: Row
    rater: int
    masks: dict[str, Mask]
    reference: dict[str, Mask]
    spacing: tuple[float, float, float]


def pairs_of(inputs: Inputs, load: Load, report: Tell) -> Iterable[Pair]:
    """Return every mask beside its reference, case by case; report is told the percentage done of all cases."""
    reference = inputs["parameters"]["reference"]
    order = [rater["id"] for rater in inputs["raters"] if rater["id"] != reference]
    for number, case in enumerate(inputs["cases"]):
        report(100 * number / len(inputs["cases"]), f"Comparing the masks of case {number + 1}")
        found = load(case["id"])
        for rater in order:
            if rater in found.masks:
                yield Pair(case, rater, found.masks[rater], found.masks[reference], found.spacing)
