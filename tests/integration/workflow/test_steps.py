"""The pipeline: each step asks for what is due, and doing it again does nothing new."""

import pytest

from cases.models import Series
from jobs.models import Job
from studies.models import Assignment, Study
from tests.factories import (
    AssignmentFactory,
    PreparedCaseFactory,
    RaterFactory,
    SegmentationFactory,
    StudyCaseFactory,
    StudyFactory,
)
from workflow import steps

pytestmark = pytest.mark.django_db


def asked() -> list[tuple[str, str]]:
    return sorted(Job.objects.exclude(kind="workflow.advance").values_list("kind", "key"))


def test_a_case_without_browser_copies_is_prepared_once() -> None:
    case = PreparedCaseFactory.create()
    Series.objects.filter(case=case).update(browser_copy=None)
    steps.advance()
    steps.advance()
    assert asked() == [("cases.prepare", str(case.pk))]


def test_a_running_study_asks_its_model_for_the_start_masks_that_are_missing() -> None:
    study = StudyFactory.create()
    due, there = PreparedCaseFactory.create(), PreparedCaseFactory.create()
    for case in (due, there):
        StudyCaseFactory.create(study=study, case=case)
    SegmentationFactory.create(case=there, rater=study.start_rater, scheme=study.scheme)
    steps.advance()
    steps.advance()
    assert asked() == [("inference.predict", f"{study.start_rater_id}:{due.pk}")]


def test_a_draft_study_asks_for_nothing() -> None:
    study = StudyFactory.create(state=Study.State.DRAFT)
    StudyCaseFactory.create(study=study)
    steps.advance()
    assert asked() == []


def test_a_waiting_assignment_becomes_ready_with_the_start_mask() -> None:
    assignment = AssignmentFactory.create(state=Assignment.State.WAITING, start=None)
    steps.make_assignments_workable()
    assignment.refresh_from_db()
    assert assignment.state == Assignment.State.WAITING

    mask = SegmentationFactory.create(
        case=assignment.case, rater=assignment.study.start_rater, scheme=assignment.study.scheme
    )
    steps.make_assignments_workable()
    assignment.refresh_from_db()
    assert (assignment.state, assignment.start) == (Assignment.State.READY, mask)


def test_what_the_source_handed_in_elsewhere_is_shown_to_nobody() -> None:
    expert = RaterFactory.create()
    assignment = AssignmentFactory.create(study__start_rater=expert, state="waiting", start=None)
    fields = {"case": assignment.case, "rater": expert, "series": assignment.series, "scheme": assignment.study.scheme}
    SegmentationFactory.create(**fields, source="submission")
    steps.advance()
    assert Assignment.objects.get(pk=assignment.pk).state == "waiting"
    imported = SegmentationFactory.create(**fields)
    SegmentationFactory.create(**fields, source="submission")
    steps.advance()
    assert Assignment.objects.get(pk=assignment.pk).start == imported


def test_without_a_model_the_mask_to_start_from_is_empty() -> None:
    assignment = AssignmentFactory.create(
        study=StudyFactory.create(start_rater=None), state=Assignment.State.WAITING, start=None
    )
    steps.make_assignments_workable()
    assignment.refresh_from_db()
    assert (assignment.state, assignment.start) == (Assignment.State.READY, None)


def test_a_submitted_assignment_stays_as_it_is() -> None:
    assignment = AssignmentFactory.create()
    start = assignment.start
    SegmentationFactory.create(case=assignment.case, rater=assignment.study.start_rater, scheme=assignment.study.scheme)
    steps.advance()
    assignment.refresh_from_db()
    assert assignment.start == start
