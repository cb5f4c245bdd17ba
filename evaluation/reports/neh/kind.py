"""The NEH report as a kind: its choices, and what it freezes."""

from __future__ import annotations

from typing import Any

from cases import schemes
from core.errors import DomainError
from evaluation.reports import exams, freezing, sources
from evaluation.reports.kinds import Kind
from evaluation.reports.neh import computing, figures, methods, tables
from evaluation.reports.neh.intensities import SEQUENCES
from evaluation.reports.parameters import MISSING, WITHDRAWN, Chosen, Option, Options, Parameter
from studies.models import Study

NEEDED = ("et", "ed", "neh")
COMPARED = ("et", "tc", "wt", "neh")
"""The regions that are compared if nobody chose: those of the paper."""
PERFUSION = "rCBV"


def region_options(study: Study) -> Options:
    """Return the labels and regions of the study's scheme; those of the paper come first and are the default."""
    found = {str(one.value): one.label for one in freezing.region_options(study)}
    order = [*(key for key in COMPARED if key in found), *(key for key in found if key not in COMPARED)]
    return tuple(Option(key, found[key], chosen=key in COMPARED) for key in order)


PARAMETERS = (
    Parameter(
        "methods", "Methods", "choices", "Models and people whose masks are taken.", options=sources.source_options
    ),
    Parameter("regions", "Regions compared", "choices", options=region_options),
    Parameter(
        "exams",
        "Intensity and rCBV",
        "choice",
        options=(Option("pre_op", "on pre-operative exams"), Option("all", "on all exams")),
    ),
    Parameter(
        "scale",
        "Intensities",
        "choice",
        "Stored units differ between scanners.",
        options=(Option("stored", "as stored (the paper)"), Option("brain_z", "in SD from the brain's mean")),
    ),
    Parameter("rims_of", "Rims around the ET of", "choice", options=sources.or_first_method),
    Parameter(
        "vessel_percentile",
        "Vessels",
        "number",
        "rCBV above this percentile of the brain outside of ET is left out; 100 leaves nothing out.",
        default=99.5,
        minimum=50,
        maximum=100,
        unit="%",
    ),
    Parameter("neh_of", "NEH before surgery by", "choice", options=sources.or_first_method),
    Parameter("et_of", "ET at recurrence by", "choice", options=sources.or_first_method),
    Parameter(
        "later",
        "Recurrence is",
        "choice",
        options=(
            Option("recurrence", "the first exam marked as recurrence"),
            Option("last", "the patient's last exam"),
        ),
    ),
    Parameter("tolerance_mm", "Tolerance of the surface Dice", "number", default=2.0, minimum=0, maximum=50, unit="mm"),
    Parameter("near_mm", "Near the edge", "number", default=5.0, minimum=0, maximum=50, unit="mm"),
    Parameter("flips", "Sign flips", "integer", default=10_000, minimum=100, maximum=1_000_000),
    Parameter("draws", "Places of the spatial null", "integer", default=1_000, minimum=100, maximum=100_000),
    MISSING,
    WITHDRAWN,
    exams.RESAMPLES,
    Parameter("seed", "Seed", "integer", default=20260101, minimum=0, maximum=2**31 - 10_000),
)
NO_LABELS = (
    "This report needs enhancing tumour (et), oedema (ed) and hypercellular tumour (neh). The label scheme of this "
    "study has no {lacking}. Make a study with one that has them, such as “Glioma with hypercellular tumour (NEH)”."
)
NO_MASKS = (
    "This report needs masks with NEH by at least one model or rater: wait until readings are in, import masks, or let "
    "a model segment the cases."
)
NOT_A_METHOD = "Rims, NEH and ET are taken from the methods. Choose among them, or leave the first one."


def missing(study: Study) -> str:
    """Return why the report cannot be made now, or nothing; single parts that lack data are named in the report."""
    known = {key for key, _ in schemes.keys_of(study.scheme.definition)}
    lacking = [key for key in NEEDED if key not in known]
    if lacking:
        return NO_LABELS.format(lacking=", ".join(lacking))
    return "" if sources.source_options(study) else NO_MASKS


def freeze(study: Study, parameters: Chosen) -> dict[str, Any]:
    """Return the masks of the methods and the images of their cases; 0 becomes the first method that has masks."""
    if reason := missing(study):
        raise DomainError(reason)
    regions = {*parameters["regions"], *NEEDED}
    masks, inputs = sources.freeze_masks(study, parameters["methods"], regions=regions, parameters=parameters)
    found = [rater["id"] for rater in inputs["raters"]]
    if not found:
        raise DomainError(NO_MASKS)
    chosen = {name: parameters[name] or found[0] for name in ("rims_of", "neh_of", "et_of")}
    if not set(chosen.values()) <= set(found):
        raise DomainError(NOT_A_METHOD)
    cases = {mask.case_id: mask.case for mask in masks}
    series = freezing.images(cases.values(), sequences=(*SEQUENCES, PERFUSION))
    return {**inputs, "parameters": {**parameters, **chosen}, "methods": found, "series": series}


NEH = Kind(
    key="neh",
    title="Hypercellular tumour (NEH)",
    description="Methods' agreement, intensity and rCBV by compartment, and NEH before surgery against the recurrence.",
    parameters=PARAMETERS,
    missing=missing,
    freeze=freeze,
    compute=computing.compute,
    tables=tables.tables,
    figures=figures.figures,
    methods=methods.methods,
)
