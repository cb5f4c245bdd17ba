"""The methods paragraph of the report on lesions, made from what was really computed."""

from __future__ import annotations

from typing import Any

from evaluation.metrics.brats import CHALLENGES
from evaluation.reports.exams import RESAMPLED, interval_words, patient_of
from evaluation.reports.naming import Names
from evaluation.reports.numbers import count
from evaluation.reports.parameters import policy_words

Row = dict[str, Any]


def methods(inputs: Row, data: Row) -> str:
    """Return the methods paragraph."""
    names, parameters = Names.of(inputs), inputs["parameters"]
    compared = {row["case"] for row in data["images"]}
    patients = {patient_of(case) for case in inputs["cases"] if case["id"] in compared}
    found = ", ".join(names.raters[rater] for rater in inputs["methods"])
    rule = CHALLENGES[parameters["challenge"]]
    were = "was" if len(inputs["methods"]) == 1 else "were"
    parts = [
        f"{found} {were} compared with {names.raters[parameters['reference']]} on {count(len(compared), 'exam')} of "
        f"{count(len(patients), 'patient')}.",
        *[words for words in [policy_words(parameters)] if words],
        "Voxels are compared by the Dice coefficient and by the normalised Dice coefficient (nDSC, Raina et al. 2023), "
        f"{_rate(parameters)} N is the number of voxels of the image.",
        f"Lesions are the {parameters['connectivity']}-connected parts of a label. A marked lesion finds a true one "
        f"when their intersection over union is above {parameters['iou']:g}, one to one from the highest down "
        f"({_tie(parameters)}); F1, true positive rate and false discovery rate count them (after Andrearczyk et al. "
        "2025, who state the overlap alone).",
        "Figures are computed per exam, then summarised over the exams in which the reference has a lesion of the "
        "label; the others are counted.",
        "The lesion-wise metric of BraTS 2023 has rules of its own: the reference dilated "
        f"{count(rule.dilations, 'time')}, lesions up to {rule.left_out_mm3:g} mm³ left out.",
    ]
    if any(row["p_t"] is not None for row in data["tests"]):
        parts.append(
            f"Whether a method is better than {names.raters[parameters['baseline']]} is asked by paired one-tailed "
            "t tests over exams, with Wilcoxon's signed-rank test beside and Holm's correction."
        )
    if any(row["rho"] is not None for row in data["correlations"]):
        parts.append("Lesion volume and quality are correlated by Spearman's ρ over true lesions.")
    if data["tracks"]:
        parts += _followed(parameters, data, names)
    parts.append(interval_words(inputs))
    parts.append(f"Computed by Overread {inputs['code_version']} from frozen inputs.")
    return " ".join(parts)


def _rate(parameters: Row) -> str:
    if parameters["occurrence_rate"] == "source":
        return "with the occurrence rate r = 0.001 of its source;"
    return "with the occurrence rate r of the label in the reference's masks of this set;"


def _tie(parameters: Row) -> str:
    ties = {"larger_reference": "the larger true lesion first among equals", "order": "by place among equals"}
    return ties[parameters["tie"]]


def _followed(parameters: Row, data: Row, names: Names) -> list[str]:
    patients = {(row["centre"], row["patient"]) for row in data["followed"]}
    region = names.regions[parameters["followed"]]
    parts = [
        f"In {count(len(patients), 'patient')} with several exams the lesions ({region}, from "
        f"{parameters['least_ml']:g} ml) were followed: two lesions of "
        f"consecutive exams can be one when they share more than {100 * parameters['min_share']:g} % of the smaller; "
        "the largest overlap decides, one to one. Exams are taken to lie in one frame: no registration was made."
    ]
    if any(row["frame"] == RESAMPLED for row in data["followed"]):
        parts.append("Where their grids differ, voxels were brought together by the headers' coordinates.")
    return parts
