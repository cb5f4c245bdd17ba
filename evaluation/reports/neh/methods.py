"""The methods paragraph of the NEH report, made from what was really computed."""

from __future__ import annotations

from typing import Any

from evaluation.reports.exams import RESAMPLED, interval_words, patient_of
from evaluation.reports.naming import Names
from evaluation.reports.numbers import count
from evaluation.reports.parameters import policy_words

Row = dict[str, Any]


def methods(inputs: Row, data: Row) -> str:
    """Return the methods paragraph."""
    names = Names.of(inputs)
    patients = {patient_of(case) for case in inputs["cases"]}
    found = [names.raters[rater] for rater in inputs["methods"]]
    parts = [
        f"Masks by {_listed(found)} of {count(len(inputs['cases']), 'exam')} of {count(len(patients), 'patient')} "
        "were used (after Brawanski et al. 2026).",
        *[words for words in [policy_words(inputs["parameters"])] if words],
    ]
    if data["agreement"]:
        parts.append(_agreement(inputs))
    if data["intensities"]:
        parts.append(_intensity(inputs))
    if data["perfusion"]:
        parts.append(_perfusion(inputs, names))
    if data["spatial"]:
        parts += _recurrence(inputs, data, names)
    parts.append(interval_words(inputs))
    parts.append(f"Computed by Overread {inputs['code_version']} from frozen inputs.")
    return " ".join(parts)


def _agreement(inputs: Row) -> str:
    return (
        "Methods were compared with each other by the Dice coefficient, the Jaccard index, the 95th percentile of the "
        "Hausdorff distance (directed) and the surface Dice (surfel, "
        f"τ = {inputs['parameters']['tolerance_mm']:g} mm); this is agreement, not accuracy."
    )


def _intensity(inputs: Row) -> str:
    where = "pre-operative exams" if inputs["parameters"]["exams"] == "pre_op" else "all exams"
    scaled = "" if inputs["parameters"]["scale"] == "stored" else ", in standard deviations from the brain's mean"
    return (
        f"Mean intensities of ED and NEH were measured on {where}{scaled}, and compared per sequence by a linear mixed "
        "model with the patient as random effect (likelihood ratio; Holm over all models)."
    )


def _perfusion(inputs: Row, names: Names) -> str:
    parameters = inputs["parameters"]
    vessels = (
        "no vessels were left out"
        if parameters["vessel_percentile"] == 100
        else f"voxels above the {parameters['vessel_percentile']:g}th percentile of the brain outside of ET were taken "
        "for vessels and left out (our rule; the paper has none)"
    )
    return (
        f"Mean rCBV was measured by compartment and in rims of 0–2, 0–4 and 0–6 mm outside of the ET of "
        f"{names.raters[parameters['rims_of']]}, without NC, outside of ET and inside an approximate brain mask; "
        f"{vessels}. Means were compared by analysis of variance, as published, and by a linear mixed model with the "
        "patient as random effect."
    )


def _recurrence(inputs: Row, data: Row, names: Names) -> list[str]:
    parameters = inputs["parameters"]
    used = sum(row["mean_edge_distance"] is not None for row in data["spatial"])
    later = "first exam marked as recurrence" if parameters["later"] == "recurrence" else "last exam"
    parts = [
        f"In {count(len(data['spatial']), 'patient')} the pre-operative NEH of {names.raters[parameters['neh_of']]} "
        f"was held against the ET of {names.raters[parameters['et_of']]} at the patient's {later}; "
        f"{count(used, 'patient')} had both. No registration was made: both exams are taken to lie in one frame."
    ]
    if any(row["frame"] == RESAMPLED for row in data["spatial"]):
        parts.append("Where their grids differ, NEH was brought onto the later grid by the headers' coordinates.")
    parts.append(
        f"Near means up to {parameters['near_mm']:g} mm from the edge of ET. Means over patients were tested by sign "
        f"flips ({parameters['flips']} flips, seed {parameters['seed']}) against the published baselines and against "
        "each benchmark."
    )
    if data["null"]:
        parts.append(
            f"In the spatial null, NEH was shifted to {parameters['draws']} places drawn evenly from all those inside "
            "the brain (an approximate mask with everything that was marked), with a seed per patient."
        )
    return parts


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
