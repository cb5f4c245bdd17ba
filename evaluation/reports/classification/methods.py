"""The methods paragraph of the report on classification, from what was really computed."""

from __future__ import annotations

from evaluation.reports.classification.tables import GROUPS
from evaluation.reports.kinds import Data, Inputs
from evaluation.reports.measuring import VARIANTS
from evaluation.reports.naming import Names
from evaluation.reports.segmentation.methods import DISTANCES, who
from evaluation.reports.subgroups import TITLES

CASES = {
    "post": "post-operative exams",
    "early": "early post-operative exams (≤ 72 h)",
    "all": "all exams of the study",
}


def methods(inputs: Inputs, data: Data) -> str:
    """Return the methods paragraph."""
    chosen = inputs["parameters"]
    region = Names.of(inputs).regions[chosen["region"]]
    parts = [
        who(inputs),
        f"Included are {CASES[chosen['cases']]}. A case is residual tumour (positive) when the volume of {region} is "
        f"at least {chosen['threshold_ml']:g} ml, and a gross total resection otherwise, by the same rule for the "
        "reference and for every mask; overlap is not asked for. The unit of classification is the exam.",
        GROUPS.strip(),
        f"HD95 over true positives is {VARIANTS[chosen['hausdorff']]}; {DISTANCES[chosen['infinite']]}.",
        "Intervals: Wilson's for shares, or BCa over patients where some have several cases; BCa over patients "
        f"otherwise ({chosen['resamples']} resamples, seed {chosen['seed']}).",
        _folds(inputs, data),
    ]
    if data["tests"]:
        parts.append(
            "Models and raters are compared on the same cases: sensitivity and specificity by McNemar's test (without "
            "continuity correction), Dice of positive cases by Wilcoxon's signed-rank test paired by patient; p as "
            "found and corrected by Holm's method over the table."
        )
    parts.append(f"Computed by Overread {inputs['code_version']} from frozen inputs.")
    return " ".join(parts)


def _folds(inputs: Inputs, data: Data) -> str:
    chosen = inputs["parameters"]["folds"]
    if not chosen:
        return "Figures are over all cases at once: no folds were chosen."
    by = TITLES[chosen].lower()
    if not data["pooled"]:
        return f"No estimate is pooled: {by} puts all cases in one group."
    return (
        f"Pooled estimates go over the groups of {by} in the place of folds, since cases carry no fold of a "
        "cross-validation: the mean weighted by group size, with the SD of the pooled sample."
    )
