"""The methods paragraph of the report on segmentation by subgroup, from what was really computed."""

from __future__ import annotations

from evaluation.reports.kinds import Data, Inputs
from evaluation.reports.measuring import VARIANTS
from evaluation.reports.naming import Names
from evaluation.reports.numbers import count
from evaluation.reports.parameters import policy_words
from evaluation.reports.segmentation.tables import OVER
from evaluation.reports.subgroups import TITLES, patient_of

PAIRINGS = {
    "legacy": "every pair that overlaps counts, many to many (“legacy”)",
    "one_to_one": "each object has one partner at most: the assignment with the highest summed Dice, kept above 0.1 "
    "(“one to one”)",
}
TESTED = {"object_dice": "object-wise Dice", "dice": "voxel-wise Dice"}
POLICIES = {
    "leave_out": "Undefined figures are left out and counted",
    "one": "Where both masks are empty, overlap counts as 1 and distance as 0 mm",
}
DISTANCES = {
    "leave_out": "an infinite distance is left out and counted",
    "diagonal": "an infinite distance counts as the image's diagonal",
    "374": "an infinite distance counts as 374 mm",
}


def methods(inputs: Inputs, data: Data) -> str:
    """Return the methods paragraph."""
    chosen = inputs["parameters"]
    parts = [
        who(inputs),
        f"A case is positive from {chosen['smallest_ml']:g} ml of reference on and negative when the reference is "
        "empty; those in between are excluded. A positive case is found when the mask has that volume too and a Dice "
        f"of at least 0.1 %. Overlap and distance go over {OVER[chosen['over']]}; over- and under-segmentation over "
        "found ones.",
        f"Object-wise figures compare connected components (6 neighbours) of at least {chosen['min_voxels']} voxels; "
        f"{PAIRINGS[chosen['pairing']]}. Their HD95 is pooled; that of whole masks is {VARIANTS[chosen['hausdorff']]}. "
        f"{POLICIES[chosen['both_empty']]}; {DISTANCES[chosen['infinite']]}.",
        f"Intervals of means are BCa over patients, from three on ({chosen['resamples']} resamples, seed "
        f"{chosen['seed']}); those of "
        "shares are Wilson's, or BCa over patients where some have several cases.",
    ]
    divided = dict.fromkeys(row["attribute"] for row in data["detection"] if row["attribute"])
    if divided:
        parts.append(f"Subgroups: {', '.join(TITLES[key].lower() for key in divided)}.")
    if data["rater_tests"]:
        parts.append(
            f"Models and raters are compared by Wilcoxon's signed-rank test of the {TESTED[chosen['tested']]} (zeros "
            "dropped), paired by patient."
        )
    if data["group_tests"]:
        parts.append("Subgroups are compared by the Mann–Whitney U test, one mean Dice per patient.")
    if data["rater_tests"] or data["group_tests"]:
        parts.append("p is given as found and corrected by Holm's method over all tests of a table.")
    parts.append(f"Computed by Overread {inputs['code_version']} from frozen inputs.")
    return " ".join(parts)


def who(inputs: Inputs) -> str:
    """Return who was compared with whose masks, and what was left out."""
    names, reference = Names.of(inputs), inputs["parameters"]["reference"]
    others = [rater["name"] for rater in inputs["raters"] if rater["id"] != reference]
    patients = {patient_of(case) for case in inputs["cases"]}
    without, unusable = len(inputs["without_reference"]), len(inputs["left_out"])
    text = (
        f"The masks of {', '.join(others)} were compared with those of {names.raters[reference]}, the reference, in "
        f"{count(len(inputs['cases']), 'case')} of {count(len(patients), 'patient')}."
    )
    if without:
        text += f" {count(without, 'case')} of the study {'has' if without == 1 else 'have'} no such pair of masks."
    if words := policy_words(inputs["parameters"]):
        text += f" {words}"
    if unusable:
        text += f" {count(unusable, 'mask')} could not be used: another grid, or a scheme without these regions."
    kinds = {rater["id"]: rater["kind"] for rater in inputs["raters"]}
    if kinds[reference] == "consensus":
        text += " The reference is a consensus: people who voted in it are compared with their own votes among others."
    return text
