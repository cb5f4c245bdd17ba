"""The report on lesions as a kind: its choices, and what it freezes."""

from __future__ import annotations

from typing import Any

from core.errors import DomainError
from evaluation.reports import exams, freezing, sources
from evaluation.reports.kinds import Kind
from evaluation.reports.lesions import computing, figures, methods, tables
from evaluation.reports.parameters import MISSING, WITHDRAWN, Chosen, Option, Options, Parameter
from studies.models import Study

WHOLE_LESION = ("lesion", "tc", "wt")
"""The regions that are followed if nobody chose, the most fitting one first."""


def followed_options(study: Study) -> Options:
    """Return the labels and regions of the scheme, the whole lesion first."""
    found = freezing.region_options(study)
    rank = {key: place for place, key in enumerate(WHOLE_LESION)}
    return tuple(sorted(found, key=lambda one: rank.get(str(one.value), len(rank))))


PARAMETERS = (
    Parameter(
        "reference",
        "Reference",
        "choice",
        "Whose masks the methods are compared with.",
        options=sources.reference_first,
    ),
    Parameter(
        "methods",
        "Methods",
        "choices",
        "Models and people compared with the reference, which is never compared with itself.",
        options=sources.source_options,
    ),
    Parameter(
        "baseline",
        "Tested against",
        "choice",
        "The method that the others are tested to be better than.",
        options=sources.or_first_method,
    ),
    Parameter("regions", "Labels", "choices", "Labels and regions that are compared.", options=freezing.region_options),
    Parameter(
        "followed",
        "Followed over time",
        "choice",
        "The label or region whose parts are lesions.",
        options=followed_options,
    ),
    Parameter(
        "iou",
        "Least overlap of a match",
        "number",
        "A lesion is found by one whose intersection over union is above this.",
        default=0.25,
        minimum=0,
        maximum=0.99,
    ),
    Parameter(
        "connectivity",
        "Voxels of one lesion touch by",
        "choice",
        options=(
            Option(26, "faces, edges or corners (26)"),
            Option(18, "faces or edges (18)"),
            Option(6, "faces (6)"),
        ),
    ),
    Parameter(
        "tie",
        "Matches of equal overlap",
        "choice",
        options=(Option("larger_reference", "the larger true lesion first"), Option("order", "by place along x, y, z")),
    ),
    Parameter(
        "occurrence_rate",
        "Occurrence rate of the normalised Dice",
        "choice",
        options=(
            Option("set", "the reference's share of voxels in this set"),
            Option("source", "0.001 (Raina et al. 2023)"),
        ),
    ),
    Parameter(
        "challenge",
        "Rules of the BraTS 2023 lesion-wise metric",
        "choice",
        options=(Option("met", "metastases"), Option("gli", "glioma"), Option("men", "meningioma")),
    ),
    Parameter(
        "min_share",
        "Least overlap of one lesion at two exams",
        "number",
        "As a share of the smaller one.",
        default=0.1,
        minimum=0,
        maximum=0.99,
    ),
    Parameter(
        "least_ml",
        "Smallest part that is followed",
        "number",
        "Smaller parts are counted. Comparisons with the reference know no smallest size.",
        default=0.01,
        minimum=0,
        maximum=10,
        unit="ml",
    ),
    MISSING,
    WITHDRAWN,
    exams.RESAMPLES,
    exams.SEED,
)
TOO_FEW = (
    "This report compares methods with a reference. It needs masks by at least two raters or models: "
    "wait until readings are in, import a reference, or let a model segment the cases."
)
NOTHING_SHARED = "No case has both a mask of the reference and one of a method. Choose others."


def missing(study: Study) -> str:
    """Return why lesions cannot be compared now, or nothing."""
    return "" if len(sources.source_options(study)) >= 2 else TOO_FEW


def freeze(study: Study, parameters: Chosen) -> dict[str, Any]:
    """Return the masks of the reference and of the methods; the first method stands in for one that is not named."""
    if missing(study):
        raise DomainError(TOO_FEW)
    reference = parameters["reference"]
    wanted = [rater for rater in parameters["methods"] if rater != reference]
    regions = {*parameters["regions"], parameters["followed"]}
    masks, inputs = sources.freeze_masks(study, [reference, *wanted], regions=regions, parameters=parameters)
    there = {(mask.case_id, mask.rater_id) for mask in masks}
    found = [rater for rater in wanted if any((case, reference) in there for case, other in there if other == rater)]
    if not found:
        raise DomainError(NOTHING_SHARED)
    baseline = parameters["baseline"] or found[0]
    if baseline not in found:
        raise DomainError("The methods are tested against one of them. Choose a baseline that is among the methods.")
    return {**inputs, "parameters": {**parameters, "baseline": baseline}, "methods": found}


LESIONS = Kind(
    key="lesions",
    title="Lesions over time",
    description="Methods against a reference, lesion by lesion, and what becomes of each lesion from exam to exam.",
    parameters=PARAMETERS,
    missing=missing,
    freeze=freeze,
    compute=computing.compute,
    tables=tables.tables,
    figures=figures.figures,
    methods=methods.methods,
)
