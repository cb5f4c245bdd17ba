"""What reports against a reference choose and freeze: whose masks are the reference, and whose are compared with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from cases.models import Case, Segmentation
from core.errors import DomainError
from evaluation.reports import exams, freezing
from evaluation.reports.naming import name_of_consensus
from evaluation.reports.parameters import Chosen, Option, Options, Parameter
from people.models import Rater
from studies.models import Membership, Study

Row = dict[str, Any]
NO_REFERENCE = (
    "No case of this study has a reference. Import an expert's masks of its cases, naming the expert, or let a second "
    "person read."
)
NOTHING_TO_COMPARE = "Nobody but the reference has a mask of a case that the reference has too."


def references(study: Study) -> Options:
    """Return whose masks can be the reference: imported ones first, then a consensus, then the study's raters."""
    imported = [one for one in freezing.reference_options(study) if one.value]
    return (*imported, *_consensus(study), *_readers(study))


def compared_models(study: Study) -> Options:
    """Return the models that have masks of the study's cases; all are compared unless some are chosen."""
    return tuple(Option(one.value, one.label) for one in freezing.model_options(study))


REFERENCE = Parameter(
    "reference", "Reference", "choice", "Whose masks the others are compared with.", options=references
)
MODELS = Parameter("models", "Models", "choices", options=compared_models, may_be_empty=True)
PEOPLE = Parameter(
    "people", "Raters", "boolean", "Compare the readings of the study's raters like those of models.", default=True
)
SEED, RESAMPLES = exams.SEED, exams.RESAMPLES


def missing(study: Study) -> str:
    """Return why nothing can be compared with a reference now, or nothing."""
    found = references(study)
    if not found:
        return NO_REFERENCE
    others = {one.value for one in (*compared_models(study), *_readers(study))}
    return "" if others - {found[0].value} else NOTHING_TO_COMPARE


def freeze(study: Study, parameters: Chosen, *, regions: list[str], wants: Callable[[Row], bool] | None = None) -> Row:
    """Return every mask that has a reference, by hash, with the cases and raters; first readings of people.

    wants says of a case, by its frozen facts, whether the report is about it; by default all are. Raises DomainError
    when there is no such mask.
    """
    reason = missing(study)
    if reason:
        raise DomainError(reason)
    keep = parameters["withdrawn"] == "keep"
    cases = {case.pk: case for case in freezing.study_cases(study) if wants is None or wants(freezing.case_facts(case))}
    submitted, off_grid = freezing.on_the_grid(freezing.submissions(study, withdrawn=keep))
    readings = {(row.case_id, row.rater_id): row.submission for row in submitted if row.submission is not None}
    readers = {row.rater_id for row in freezing.submissions(study, withdrawn=True)}
    wanted = {parameters["reference"], *parameters["models"]} - readers
    stored, left_out = freezing.masks_by(wanted, cases=cases.values(), regions=regions)
    masks = {place: mask for place, mask in readings.items() if place[0] in cases}
    masks |= {(mask.case_id, mask.rater_id): mask for mask in stored}
    chosen = _with_reference(masks, parameters)
    if not chosen:
        raise DomainError(NOTHING_TO_COMPARE)
    without_reference = _without_reference(cases, chosen)
    if parameters["missing"] == "complete":
        chosen = freezing.keep_complete(chosen)
    present = {rater for _, rater in chosen}
    members = freezing.people(study, present)
    known = {row["id"] for row in members}
    others = {mask.rater_id: mask.rater for mask in chosen.values() if mask.rater_id not in known}
    return {
        "raters": [*members, *(freezing.rater_facts(rater, group=_group(rater)) for rater in others.values())],
        "cases": [freezing.case_facts(cases[pk]) for pk in sorted({case for case, _ in chosen})],
        "readings": [freezing.reading(chosen[place]) for place in sorted(chosen)],
        "without_reference": without_reference,
        "left_out": [*off_grid, *left_out],
    }


def _with_reference(
    masks: dict[tuple[int, int], Segmentation], parameters: Chosen
) -> dict[tuple[int, int], Segmentation]:
    """Return the reference's masks and those of chosen models and people for the same cases."""
    reference = parameters["reference"]
    has = {case for case, rater in masks if rater == reference}
    compared = {
        (case, rater): mask
        for (case, rater), mask in masks.items()
        if case in has and rater != reference and (rater in parameters["models"] or parameters["people"])
    }
    own = {(case, reference): masks[case, reference] for case, _ in compared}
    return compared | own


def _without_reference(cases: dict[int, Case], chosen: dict[tuple[int, int], Segmentation]) -> list[Row]:
    there = {case for case, _ in chosen}
    return [freezing.case_facts(case) for pk, case in cases.items() if pk not in there]


def _group(rater: Rater) -> str:
    return "model" if rater.kind == Rater.Kind.MODEL else "reference"


def _consensus(study: Study) -> Options:
    masks = Segmentation.objects.filter(case__study_cases__study=study, case__withdrawn_at__isnull=True)
    own = Rater.objects.filter(kind=Rater.Kind.CONSENSUS, name=name_of_consensus(study.pk))
    found = own.filter(pk__in=masks.values("rater"))
    return tuple(Option(rater.pk, f"{rater.name} (consensus)") for rater in found)


def _readers(study: Study) -> Options:
    """Return the raters who have handed something in."""
    there = {row.rater_id for row in freezing.submissions(study, withdrawn=True)}
    rows = Membership.objects.raters().filter(Q(study=study), rater__in=there).select_related("rater")
    return tuple(Option(row.rater.pk, row.rater.name) for row in rows.order_by("rater__name", "pk") if row.rater)
