"""The report on scores as a kind: its choices, and what it freezes."""

from __future__ import annotations

from typing import Any

from cases.models import Case, Segmentation
from core.errors import DomainError
from evaluation.reports import freezing, subgroups
from evaluation.reports.kinds import Kind
from evaluation.reports.parameters import Chosen, Option, Options, Parameter
from evaluation.reports.scores import computing, figures, methods, tables
from studies.models import Membership, Rating, Study
from studies.rubrics import reason_not_assessed

Row = dict[str, Any]
NO_SCORES = "Nobody has scored a mask in this study yet."
OTHER_MASK = "they scored a newer mask by the same source than others did"
NO_RUBRIC = "This study asks its raters no questions: choose a rubric before a study starts."


def raters(study: Study) -> Options:
    """Return the median of all raters (0), and each rater."""
    rows = Membership.objects.raters().filter(study=study, rater__isnull=False).order_by("rater__name", "pk")
    each = tuple(Option(row.rater.pk, row.rater.name) for row in rows.select_related("rater") if row.rater is not None)
    return (Option(computing.MEDIAN, "the median of all raters"), *each)


PARAMETERS = (
    Parameter(
        "scored_by",
        "Score of a case",
        "choice",
        "Where masks or subgroups are compared, a case has one score.",
        options=raters,
    ),
    Parameter(
        "groups",
        "Subgroups",
        "choices",
        "Attributes of the cases by which scores are compared.",
        options=subgroups.options(["tumour_type", "multifocal", "recurrent", "operation"]),
        may_be_empty=True,
    ),
    Parameter(
        "acceptable", "Good enough from", "integer", "The share at or above is given.", 3, minimum=1, maximum=100
    ),
    Parameter(
        "zeros",
        "Equal pairs in Wilcoxon's test",
        "choice",
        options=(
            Option("drop", "left out before ranking"),
            Option("pratt", "ranked, then left out (Pratt)"),
            Option("split", "divided among both signs"),
        ),
    ),
    Parameter(
        "reference",
        "Reference",
        "choice",
        "Whose masks the scored ones are compared with, to list failures.",
        options=freezing.reference_options,
    ),
    Parameter("region", "Region of that comparison", "choice", options=freezing.region_options),
    Parameter("failure", "A failure is a Dice below", "number", default=0.3, minimum=0, maximum=1),
    Parameter(
        "withdrawn",
        "Raters who left the study",
        "choice",
        options=(Option("keep", "their scores are kept"), Option("leave_out", "left out")),
    ),
    Parameter("resamples", "Resamples", "integer", "Of Krippendorff's alpha.", 1000, minimum=100, maximum=10_000),
    Parameter("seed", "Seed", "integer", default=20260101, minimum=0, maximum=2**31 - 1),
)


def missing(study: Study) -> str:
    """Return why nothing can be said about scores now, or nothing."""
    if study.rubric is None:
        return NO_RUBRIC
    return "" if _ratings(study, withdrawn=True) else NO_SCORES


def freeze(study: Study, parameters: Chosen) -> Row:
    """Return every score with the mask that it is about, and the masks themselves by hash."""
    rated = _ratings(study, withdrawn=parameters["withdrawn"] == "keep")
    if not rated or study.rubric is None:
        raise DomainError(NO_SCORES)
    rated, other_masks = _of_one_mask(rated)
    cases = {row.assignment.case_id: row.assignment.case for row in rated}
    scored = {(row.assignment.case_id, row.segmentation.rater_id): row.segmentation for row in rated}
    references, left_out = _references(parameters, cases=list(cases.values()), scored=list(scored.values()))
    masks = {(row.case_id, row.rater_id): row for row in references} | scored
    scorers = {row.assignment.rater_id for row in rated}
    others = {row.rater_id: row.rater for row in masks.values() if row.rater_id not in scorers}
    several = len({(row.assignment.arm_id, row.segmentation.rater_id) for row in rated}) > len(
        {row.segmentation.rater_id for row in rated}
    )
    conditions = {_condition(row): _describe(row, arm=several) for row in rated}
    return {
        "raters": [
            *freezing.people(study, scorers | {row["rater"] for row in other_masks}),
            *(freezing.rater_facts(rater, group=str(rater.kind)) for rater in others.values()),
        ],
        "conditions": [{"key": key, **conditions[key]} for key in sorted(conditions)],
        "cases": [freezing.case_facts(case) for case in cases.values()],
        "readings": [freezing.reading(masks[place]) for place in sorted(masks)],
        "left_out": [*other_masks, *left_out],
        "ratings": [{**freezing.rating(row), "condition": _condition(row)} for row in rated],
        "scale": {"name": study.rubric["name"], "names": study.rubric.get("score_names") or {}},
    }


def _references(
    parameters: Chosen, *, cases: list[Case], scored: list[Segmentation]
) -> tuple[list[Segmentation], list[Row]]:
    """Return the reference's masks of these cases that lie on the grid of what was scored, and the others."""
    chosen = [] if not parameters["reference"] else [parameters["reference"]]
    found, left_out = freezing.masks_by(chosen, cases=cases, regions=[parameters["region"]])
    grids = {mask.case_id: mask.grid for mask in scored}
    fit = [mask for mask in found if mask.grid.same_as(grids[mask.case_id])]
    off = [
        {"case": mask.case_id, "rater": mask.rater_id, "reason": "it lies on another grid than the scored mask"}
        for mask in found
        if mask not in fit
    ]
    return fit, [*left_out, *off]


def _ratings(study: Study, *, withdrawn: bool) -> list[Rating]:
    """Return the scores and the "cannot be assessed" of the study; of a case shown again, those of the first time."""
    submitted = freezing.submissions(study, withdrawn=withdrawn, occasion=None)
    first: dict[tuple[Any, ...], Rating] = {}
    for row in freezing.current_ratings(submitted):
        if row.score is not None or reason_not_assessed(row.answers) is not None:
            first.setdefault((row.assignment.case_id, row.assignment.rater_id, _condition(row)), row)
    return list(first.values())


def _of_one_mask(rated: list[Rating]) -> tuple[list[Rating], list[Row]]:
    """Return the scores of the first mask of each source and case, and those of others, with the reason.

    A model can make a new mask of a case while a study runs: whoever begins later is shown the newer one, and scores
    of two masks are no scores of one thing.
    """
    first: dict[tuple[int, int], Segmentation] = {}
    for row in sorted(rated, key=lambda row: row.segmentation_id):
        first.setdefault((row.assignment.case_id, row.segmentation.rater_id), row.segmentation)
    used, left_out = [], []
    for row in rated:
        case, shown = row.assignment.case_id, row.segmentation
        if shown.sha256 == first[case, shown.rater_id].sha256:
            used.append(row)
        else:
            left_out.append({"case": case, "rater": row.assignment.rater_id, "reason": OTHER_MASK})
    return used, left_out


def _condition(row: Rating) -> str:
    return f"{row.segmentation.rater_id}/{row.assignment.arm.key}"


def _describe(row: Rating, *, arm: bool) -> Row:
    source = row.segmentation.rater
    return {
        "name": f"{source.name}, {row.assignment.arm.name}" if arm else source.name,
        "source": source.pk,
        "arm": row.assignment.arm.key,
    }


SCORES = Kind(
    key="scores",
    title="Scores",
    description="Raters' scores: their spread, paired comparison, agreement, subgroups, failures.",
    parameters=PARAMETERS,
    missing=missing,
    freeze=freeze,
    compute=computing.compute,
    tables=tables.tables,
    figures=figures.figures,
    methods=methods.methods,
)
