"""The report on lesions as a computation: frozen inputs and masks in, tables out. No Django.

Every method (a model or a rater) is compared with one reference rater, exam by exam and label by label: voxels (Dice,
normalised Dice), lesions (F1, TPR, FDR) and, under its own name, the lesion-wise metric of BraTS 2023. Exams in which
the reference has no lesion of the label are left out of its means, and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from evaluation.metrics import LesionDetection, brats_lesionwise, lesion_detection
from evaluation.metrics.overlap import count_overlap, normalised_dice_of_counts, ratio
from evaluation.reports.exams import by_patient, summarise_exams
from evaluation.reports.lesions import comparing, following
from evaluation.reports.masks import CaseMasks
from evaluation.reports.numbers import plain

Row = dict[str, Any]
SOURCE_RATE = 0.001
"""The occurrence rate r in the source of the normalised Dice (Raina et al. 2023)."""
METRICS = ("dice", "ndsc", "f1", "tpr", "fdr", "brats_dice", "brats_hausdorff95")
ALL, FIRST = "all", "first"


@dataclass(frozen=True)
class Compared:
    """One method and the reference in one region of one exam, in counts of voxels; voxels is the size of the image."""

    case: int
    region: str
    rater: int
    tp: int
    fp: int
    fn: int
    voxels: int
    voxel_ml: float
    lesions: LesionDetection
    brats_dice: float
    brats_hausdorff95: float


def compute(inputs: Row, load: Callable[[int], CaseMasks], *, report: Callable[[float, str], None]) -> Row:
    """Return the report's data from frozen inputs.

    load gives the masks of a case by its id; report is told the percentage done and the step. The same inputs and
    masks give the same data.
    """
    compared: list[Compared] = []
    followed = following.Followed(inputs)
    for number, case in enumerate(inputs["cases"]):
        report(90 * number / len(inputs["cases"]), f"Comparing the lesions of exam {number + 1}")
        found = load(case["id"])
        compared += _compare_case(inputs, case["id"], found)
        followed.add(case["id"], found)
    report(92, "Following the lesions over time")
    rates = _occurrence_rates(inputs, compared)
    images = [_image(row, rates[row.region]) for row in compared]
    lesions = [row for one in compared for row in _lesions(one, rates[one.region])]
    first = {exams[0]["id"] for exams in by_patient(_with_reference(inputs, compared)).values()}
    return {
        "images": images,
        "lesions": lesions,
        "occurrence_rates": [{"region": region, "occurrence_rate": rate} for region, rate in rates.items()],
        "summary": list(_summaries(inputs, images, first)),
        "tests": comparing.tests(inputs, images),
        "correlations": list(comparing.correlations(inputs, lesions, first)),
        **followed.data(),
    }


def _compare_case(inputs: Row, case: int, found: CaseMasks) -> Iterable[Compared]:
    parameters = inputs["parameters"]
    if parameters["reference"] not in found.masks:
        return
    for rater in sorted(set(found.masks) - {parameters["reference"]}):
        for region in parameters["regions"]:
            yield _compare(case, region, rater, found, parameters)


def _compare(case: int, region: str, rater: int, found: CaseMasks, parameters: Row) -> Compared:
    prediction, reference = found.masks[rater][region], found.masks[parameters["reference"]][region]
    tp, fp, fn = count_overlap(prediction, reference)
    brats = brats_lesionwise(prediction, reference, found.spacing, challenge=parameters["challenge"])
    rules = {name: parameters[name] for name in ("iou", "connectivity", "tie")}
    return Compared(
        case=case,
        region=region,
        rater=rater,
        tp=tp,
        fp=fp,
        fn=fn,
        voxels=reference.size,
        voxel_ml=found.voxel_ml,
        lesions=lesion_detection(prediction, reference, **rules),
        brats_dice=brats.dice,
        brats_hausdorff95=brats.hausdorff95,
    )


def _occurrence_rates(inputs: Row, compared: list[Compared]) -> dict[str, float | None]:
    """Return r by region: that of the source, or the share of the reference's voxels in all images of the set."""
    regions = inputs["parameters"]["regions"]
    if inputs["parameters"]["occurrence_rate"] == "source":
        return dict.fromkeys(regions, SOURCE_RATE)
    found: dict[str, float | None] = {}
    for region in regions:
        images = {row.case: (row.tp + row.fn, row.voxels) for row in compared if row.region == region}
        lesion, voxels = np.sum(list(images.values()), axis=0) if images else (0, 0)
        found[region] = float(lesion / voxels) if 0 < lesion < voxels else None
    return found


def _image(row: Compared, rate: float | None) -> Row:
    """Return the figures of one exam; undefined ones are None."""
    ndsc = normalised_dice_of_counts(row.tp, row.fp, row.fn, voxels=row.voxels, occurrence_rate=rate) if rate else None
    detection = row.lesions
    return {
        "case": row.case,
        "region": row.region,
        "rater": row.rater,
        "reference_ml": (row.tp + row.fn) * row.voxel_ml,
        "prediction_ml": (row.tp + row.fp) * row.voxel_ml,
        "dice": plain(ratio(2 * row.tp, 2 * row.tp + row.fp + row.fn)),
        "ndsc": None if ndsc is None else plain(ndsc),
        "voxels": row.voxels,
        "occurrence_rate": rate,
        "tp": detection.tp,
        "fp": detection.fp,
        "fn": detection.fn,
        **{name: plain(getattr(detection, name)) for name in ("f1", "tpr", "fdr")},
        "brats_dice": plain(row.brats_dice),
        "brats_hausdorff95": plain(row.brats_hausdorff95),
        "reference_empty": row.tp + row.fn == 0,
    }


def _lesions(row: Compared, rate: float | None) -> Iterable[Row]:
    """Return every true lesion: its volume, and the Dice and nDSC of what was found of it (0: missed).

    They are numbered for the reader: those found by their place along x, y, z, then those missed.
    """
    base = {"case": row.case, "region": row.region, "rater": row.rater}
    for number, match in enumerate(row.lesions.matches, start=1):
        yield {
            **base,
            "lesion": number,
            "volume_ml": match.reference_voxels * row.voxel_ml,
            "found": True,
            "iou": match.iou,
            "dice": match.dice,
            "ndsc": plain(match.normalised_dice(voxels=row.voxels, occurrence_rate=rate)) if rate else None,
        }
    for number, voxels in enumerate(row.lesions.missed, start=len(row.lesions.matches) + 1):
        yield {
            **base,
            "lesion": number,
            "volume_ml": voxels * row.voxel_ml,
            "found": False,
            "iou": 0.0,
            "dice": 0.0,
            "ndsc": 0.0 if rate else None,
        }


def _with_reference(inputs: Row, compared: list[Compared]) -> list[Row]:
    there = {row.case for row in compared}
    return [case for case in inputs["cases"] if case["id"] in there]


def _summaries(inputs: Row, images: list[Row], first: set[int]) -> Iterable[Row]:
    for region in inputs["parameters"]["regions"]:
        for rater in inputs["methods"]:
            for subset in (ALL, FIRST):
                rows = [row for row in images if (row["region"], row["rater"]) == (region, rater)]
                rows = [row for row in rows if subset == ALL or row["case"] in first]
                true = [row for row in rows if not row["reference_empty"]]
                empty = [row for row in rows if row["reference_empty"]]
                base = {
                    "region": region,
                    "rater": rater,
                    "subset": subset,
                    "n_left_out": len(empty),
                    "n_false": sum(row["prediction_ml"] > 0 for row in empty),
                }
                for metric in METRICS:
                    yield {
                        **base,
                        "metric": metric,
                        **summarise_exams(inputs, [(row["case"], row[metric]) for row in true]),
                    }
