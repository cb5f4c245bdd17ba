"""The life of a case, in order. Each step finds what is due and asks for the work; doing it again does nothing new.

import → browser copies → pre-segmentation → assignments become workable → (people read) → agreement, case by case.
A report is asked for by a lead, never by the pipeline.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from cases.models import Case, Segmentation, Series
from evaluation.agreement.keeping import ask_for_changed_cases
from jobs.services import enqueue
from studies.models import Assignment, Study, StudyCase


def prepare_cases() -> None:
    """Ask for the browser copies of cases that have none."""
    waiting = Series.objects.unprepared().filter(case=OuterRef("pk"))
    for case in Case.objects.present().filter(Exists(waiting), reference__isnull=False).values_list("pk", flat=True):
        enqueue("cases.prepare", key=str(case), case=case)


def presegment() -> None:
    """Ask the model of each running study for the start masks that are missing."""
    running = Study.objects.filter(state=Study.State.RUNNING, start_rater__kind="model")
    for study in running.select_related("start_rater"):
        there = Segmentation.objects.filter(
            case=OuterRef("case"), rater=study.start_rater, scheme=study.scheme, series=OuterRef("case__reference")
        )
        due = StudyCase.objects.filter(study=study, starts_empty=False, case__in=Case.objects.present().prepared())
        for case in due.exclude(Exists(there)).values_list("case_id", flat=True):
            key = f"{study.start_rater_id}:{case}"
            enqueue("inference.predict", key=key, queue="gpu", rater=study.start_rater_id, case=case)


def make_assignments_workable() -> None:
    """Give waiting assignments their start mask, or an empty one where the arm, the study or the case shows none."""
    waiting = Assignment.objects.filter(state=Assignment.State.WAITING, study__state=Study.State.RUNNING)
    prepared = waiting.filter(case__in=Case.objects.prepared()).select_related("study", "arm")
    given_up = set(StudyCase.objects.filter(starts_empty=True).values_list("study_id", "case_id"))
    for assignment in prepared:
        source = assignment.arm.start_rater_id or _of_the_study(assignment, given_up)
        shows = assignment.arm.shows_start_mask and source is not None
        start = _start_mask(assignment, source) if shows else None
        if shows and start is None:
            continue
        still = Assignment.objects.filter(pk=assignment.pk, state=Assignment.State.WAITING)
        still.update(state=Assignment.State.READY, start=start)


def _of_the_study(assignment: Assignment, given_up: set[tuple[int, int]]) -> int | None:
    """Return the study's start rater, unless a lead gave up on their mask of this case."""
    given = (assignment.study_id, assignment.case_id) in given_up
    return None if given else assignment.study.start_rater_id


def _start_mask(assignment: Assignment, source: int | None) -> Segmentation | None:
    """Return the source's newest mask on the grid that the assignment is drawn on.

    What a person handed in is a reading of the study that asked for it, and shown to nobody else's raters.
    """
    masks = Segmentation.objects.filter(
        case=assignment.case_id, rater=source, scheme=assignment.study.scheme_id, series=assignment.series_id
    ).exclude(source=Segmentation.Source.SUBMISSION)
    return masks.order_by("-created_at", "-pk").first()


def compare_readings() -> None:
    """Ask for the agreement of the cases whose readings came in, went back, or were made anew."""
    ask_for_changed_cases()


STEPS = (prepare_cases, presegment, make_assignments_workable, compare_readings)


def advance() -> None:
    """Do every step."""
    for step in STEPS:
        step()
