"""The methods paragraph of the report on scores, from what was really computed."""

from __future__ import annotations

from evaluation.reports.exams import interval_words
from evaluation.reports.kinds import Data, Inputs
from evaluation.reports.naming import Names
from evaluation.reports.numbers import count
from evaluation.reports.parameters import policy_words
from evaluation.reports.subgroups import TITLES, patient_of

ZEROS = {
    "drop": "pairs without a difference left out before ranking",
    "pratt": "pairs without a difference ranked and then left out (Pratt)",
    "split": "the ranks of pairs without a difference divided among both signs",
}


def methods(inputs: Inputs, data: Data) -> str:
    """Return the methods paragraph."""
    parts = [_what(inputs), _left_out(inputs), policy_words(inputs["parameters"]), _scale(inputs), _one_score(inputs)]
    tested = {row["question"] for row in data["paired_tests"] if row["p"] is not None}
    if tested:
        parts.append(
            "Paired scores are compared by Wilcoxon's signed-rank test "
            f"({ZEROS[inputs['parameters']['zeros']]}) and Bowker's test of symmetry; Pearson's chi-square test on the "
            "same crosstab asks whether the scores are associated, and not whether they differ."
        )
    if data["agreement"]:
        parts.append(
            "Agreement between raters is the intraclass correlation over the cases that all of them scored (two-way; "
            "McGraw and Wong 1996), Cohen's weighted kappa of every two raters, and Krippendorff's ordinal alpha."
        )
    if data["group_tests"]:
        by = ", ".join(TITLES[key].lower() for key in dict.fromkeys(row["attribute"] for row in data["group_tests"]))
        parts.append(
            f"Subgroups ({by}) are compared by Pearson's chi-square test, by Fisher's exact test as well where an "
            "expected count is below 5 (10 000 random tables beyond 2×2), and every two groups by the Mann–Whitney "
            "U test; cases count as independent."
        )
    if tested or data["group_tests"]:
        parts.append("Each table of tests gives p as found and corrected by Holm's method over all tests of the table.")
    parts.append(_overlap(inputs, data))
    parts.append(interval_words(inputs))
    parts.append(f"Computed by Overread {inputs['code_version']} from frozen inputs (seed {_seed(inputs)}).")
    return " ".join(part for part in parts if part)


def _what(inputs: Inputs) -> str:
    ratings = inputs["ratings"]
    patients = {patient_of(case) for case in inputs["cases"]}
    unassessed = sum(row["not_assessed"] for row in ratings)
    blind = ", blinded to the source of the mask" if inputs["study"]["blinded"] else ""
    sources = ", ".join(one["name"] for one in inputs["conditions"])
    return (
        f"{count(len(_scorers(inputs)), 'rater')} gave {count(len(ratings) - unassessed, 'score')} to masks of "
        f"{count(len(inputs['cases']), 'case')} of {count(len(patients), 'patient')}{blind}; scored were the masks of: "
        f"{sources}. {_unassessed(unassessed)}"
    )


def _left_out(inputs: Inputs) -> str:
    number = len(inputs["left_out"])
    if not number:
        return ""
    return f"{count(number, 'score or mask', 'scores or masks')} could not be used: see “Left out”."


def _unassessed(number: int) -> str:
    if not number:
        return "Every mask could be assessed."
    return f"{count(number, 'mask')} could not be assessed and {'has' if number == 1 else 'have'} no score."


def _scale(inputs: Inputs) -> str:
    named = sorted(inputs["scale"]["names"].items(), key=lambda item: -int(item[0]))
    words = ", ".join(f"{level} {name}" for level, name in named)
    levels = f" ({words})" if words else ""
    return f"The scale is “{inputs['scale']['name']}”{levels}; scores are derived from the answers."


def _one_score(inputs: Inputs) -> str:
    chosen = inputs["parameters"]["scored_by"]
    if chosen:
        return f"Where masks or subgroups are compared, the scores of {Names.of(inputs).raters[chosen]} are used."
    if len(_scorers(inputs)) == 1:
        return ""
    return (
        "Where masks or subgroups are compared, a case has one score: the median of the raters who scored it, the "
        "lower of the two middle ones for an even number."
    )


def _overlap(inputs: Inputs, data: Data) -> str:
    reference = inputs["parameters"]["reference"]
    if not reference:
        return "No reference was chosen: failures by Dice are not listed."
    names = Names.of(inputs)
    failed = sum(row["failure"] for row in data["overlap"])
    return (
        f"{count(len(data['overlap']), 'scored mask')} of {names.regions[inputs['parameters']['region']]} compared "
        f"with the masks of {names.raters[reference]}; {failed} had a Dice below {inputs['parameters']['failure']:g}."
    )


def _scorers(inputs: Inputs) -> set[int]:
    return {row["rater"] for row in inputs["ratings"]}


def _seed(inputs: Inputs) -> int:
    return int(inputs["parameters"]["seed"])
