"""The methods paragraph of the inter-rater report, made from what was really computed."""

from __future__ import annotations

from typing import Any

from evaluation.reports.inter_rater.policies import FIXED_MM
from evaluation.reports.numbers import count

Row = dict[str, Any]
EMPTY = {
    "leave_out": "left out and counted",
    "one": "counted as perfect agreement (overlap 1, distance 0 mm), since both left an absent structure blank",
}
INFINITE = {
    "leave_out": "left out and counted",
    "diagonal": "counted as the length of the image's diagonal",
    "fixed": f"counted as {FIXED_MM:g} mm",
}
TIES = {"background": "background", "foreground": "the structure"}
HAUSDORFF = {
    "directed": "the larger of the two directions' 95th percentiles of surface distances",
    "pooled": "the 95th percentile of the surface distances of both directions together",
    "surfel": "the larger of the two directions' 95th percentiles of distances between surface elements, by area",
}
SURFACE = {"surfel": "the share of the surfaces' area", "voxel": "the share of surface voxels"}
DOMAINS = {
    "field": "the whole image",
    "box": "the smallest box around all votes",
    "union": "the voxels with at least one vote",
}


def methods(inputs: Row, data: Row) -> str:
    """Return the methods paragraph."""
    return " ".join(
        [
            *_material(inputs, data),
            *_consensus(inputs, data),
            *_metrics(inputs),
            *_statistics(inputs, data),
            f"Computed by Overread {inputs['code_version']} from frozen inputs.",
        ]
    )


def _material(inputs: Row, data: Row) -> list[str]:
    study, parameters = inputs["study"], inputs["parameters"]
    people = _of(inputs, "expert", "novice")
    experts = len(_of(inputs, "expert"))
    used = {row["case"] for row in data["cases"]}
    patients = {(case["centre"], case["patient"]) for case in inputs["cases"] if case["id"] in used}
    read = sum(row["rater"] in {one["id"] for one in people} and row["case"] in used for row in inputs["readings"])
    blinded = ", blinded to the source of the start mask" if study["blinded"] else ""
    parts = [
        f"{count(len(people), 'rater')} ({count(experts, 'expert')}, {count(len(people) - experts, 'novice')}) handed "
        f"in {count(read, 'reading')} of {count(len(used), 'case')} of {count(len(patients), 'patient')} under "
        f"protocol version {study['protocol_version']}{blinded}; {_not_in(data['missing'])}.",
    ]
    if parameters["missing"] == "complete":
        parts.append(f"Only cases with a mask of every rater are compared ({len(used)} of {len(inputs['cases'])}).")
    withdrawn = sum(one["withdrawn"] for one in people)
    if parameters["withdrawn"] == "leave_out":
        parts.append("Readings of people who left the study are left out.")
    elif withdrawn:
        parts.append(f"Readings of {count(withdrawn, 'person', 'people')} who left the study are kept.")
    if inputs["left_out"]:
        parts.append(
            f"{count(len(inputs['left_out']), 'mask')} could not be compared and {_was(inputs['left_out'])} left out."
        )
    return [*parts, f"Readings started from {_start(study)}."]


def _start(study: Row) -> str:
    """Return what was drawn on; of a case shown from two sources, only the first reading is in the report."""
    if study.get("second_mask"):
        return f"the masks of {study['start_mask']} or of {study['second_mask']}, whichever a rater was shown first"
    return f"the masks of {study['start_mask']}" if study["start_mask"] else "an empty mask"


def _consensus(inputs: Row, data: Row) -> list[str]:
    parts = []
    if data["consensus"]:
        parts.append(
            "The consensus of a case is the majority vote of all people who read it (more than half of them; a tie is "
            f"{TIES[inputs['parameters']['tie']]}).",
        )
    if any(row["others"] for row in data["readings"]):
        parts.append("The consensus of the others leaves out the person compared with it.")
    models = [one["name"] for one in _of(inputs, "model")]
    if models:
        parts.append(
            f"{', '.join(models)} {'is' if len(models) == 1 else 'are'} compared like a rater and in no consensus; a "
            "model is compared with each consensus that leaves one person out, and the mean is taken, so that the "
            "consensus has the same size for all."
        )
    reference = [one["name"] for one in _of(inputs, "reference")]
    if reference:
        parts.append(f"The reference is the imported masks of {reference[0]}; they are in no consensus.")
    return parts


def _metrics(inputs: Row) -> list[str]:
    chosen = inputs["parameters"]
    return [
        "Masks are compared on the grid that was drawn on: Jaccard index and Dice coefficient of voxels; HD95 "
        f"({chosen['hausdorff_variant']}: {HAUSDORFF[chosen['hausdorff_variant']]}); surface Dice "
        f"({chosen['surface_variant']}: {SURFACE[chosen['surface_variant']]} within {chosen['tolerance_mm']:g} mm).",
        f"Where both masks are empty, figures are undefined and {EMPTY[chosen['both_empty']]}; where one is empty, "
        f"overlap is 0 and the distance, which is infinite, is {INFINITE[chosen['infinite']]}.",
    ]


def _statistics(inputs: Row, data: Row) -> list[str]:
    chosen = inputs["parameters"]
    resamples = f"{chosen['resamples']:,}".replace(",", "\u202f")
    parts = [
        "Intervals of means are BCa bootstraps over patients, drawn whole "
        f"({resamples} resamples, seed {chosen['seed']}); fewer than three patients have none."
    ]
    if any(row["inside"] is not None for row in data["expert_range"]):
        parts.append(
            "A model is inside the experts' range when its mean Jaccard to the consensus of the others is at or above "
            "the lowest expert's; the difference to each expert is given with its interval."
        )
    if any(row["form"] for row in data["volumes"]):
        parts.append("Volumes are compared by the intraclass correlation (two-way, McGraw and Wong 1996).")
    if any(row["bias"] is not None for row in data["bland_altman"]):
        parts.append("Limits of agreement of volumes are Bland and Altman's, with exact intervals (Carkeet 2015).")
    if data["staple"]:
        worst = max(row["iterations"] for row in data["staple"])
        parts.append(
            f"STAPLE (Warfield 2004) and Fleiss' kappa are computed case by case over {DOMAINS[chosen['domain']]}; "
            f"STAPLE took {worst} iterations at most."
        )
    return parts


def _not_in(missing: list[Row]) -> str:
    if not missing:
        return "nothing that was asked for is missing"
    return (
        f"{count(len(missing), 'reading')} that {_was(missing)} asked for {'is' if len(missing) == 1 else 'are'} not in"
    )


def _of(inputs: Row, *groups: str) -> list[Row]:
    return [one for one in inputs["raters"] if one["group"] in groups]


def _was(things: list[Row]) -> str:
    return "was" if len(things) == 1 else "were"
