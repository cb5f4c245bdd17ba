"""The report on classification as a kind: its choices, and what it freezes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evaluation.metrics.patients import RESIDUAL_ML
from evaluation.reports import against_reference, freezing, measuring, subgroups
from evaluation.reports.classification import computing, figures, methods, tables
from evaluation.reports.kinds import Kind
from evaluation.reports.parameters import MISSING, WITHDRAWN, Chosen, Option, Options, Parameter
from studies.models import Study

Row = dict[str, Any]
INCLUDED: dict[str, Callable[[Row], bool]] = {
    "post": lambda case: case["post_operative"] is True,
    "early": lambda case: case["time_point_key"] == "early_post_op",
    "all": lambda _: True,
}
RESIDUAL = "et"
"""What EPMR calls residual tumour: the enhancing part."""


def included(study: Study) -> Options:
    """Return which exams can be asked for: those choices that the study has a case for."""
    cases = [freezing.case_facts(case) for case in freezing.study_cases(study)]
    return tuple(Option(key, methods.CASES[key]) for key, wants in INCLUDED.items() if any(map(wants, cases)))


def regions(study: Study) -> Options:
    """Return labels and regions, enhancing tumour first."""
    return tuple(sorted(freezing.region_options(study), key=lambda one: one.value != RESIDUAL))


PARAMETERS = (
    against_reference.REFERENCE,
    against_reference.MODELS,
    against_reference.PEOPLE,
    Parameter("cases", "Exams", "choice", options=included),
    Parameter("region", "Residual tumour is", "choice", options=regions),
    Parameter(
        "threshold_ml",
        "Residual tumour from",
        "number",
        "Below it, a gross total resection; by volume on both sides.",
        default=RESIDUAL_ML,
        minimum=0.001,
        maximum=100,
        unit="ml",
    ),
    Parameter(
        "folds",
        "Pool estimates over",
        "choice",
        "Groups in the place of folds: cases carry no fold of a cross-validation.",
        options=(Option("", "nothing"), *subgroups.options([])),
    ),
    measuring.HAUSDORFF,
    measuring.INFINITE_DISTANCE,
    MISSING,
    WITHDRAWN,
    against_reference.RESAMPLES,
    against_reference.SEED,
)


def freeze(study: Study, parameters: Chosen) -> Row:
    """Return the masks of the chosen exams that have a reference, by hash."""

    def wants(case: Row) -> bool:
        return INCLUDED[parameters["cases"]](case)

    return against_reference.freeze(study, parameters, regions=[parameters["region"]], wants=wants)


CLASSIFICATION = Kind(
    key="classification",
    title="Classification of resections",
    description="Residual tumour or gross total resection by volume: models and raters against a reference.",
    parameters=PARAMETERS,
    missing=against_reference.missing,
    freeze=freeze,
    compute=computing.compute,
    tables=tables.tables,
    figures=figures.figures,
    methods=methods.methods,
)
