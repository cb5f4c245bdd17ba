"""Handing in: once, whole, with the answers; nothing is lost when it is refused."""

from typing import Any

import numpy as np
import pytest

from annotation import services
from annotation.models import Draft
from annotation.notes import Effort, Notes
from cases.models import Access, Segmentation
from cases.services import read_layers
from core.errors import Conflict, DomainError
from imaging.payload import encode_layers
from people.models import User
from studies.models import Assignment, Rating
from studies.services.running import return_assignment
from tests.factories import ANSWERS, AssignmentFactory, blob_layers

pytestmark = pytest.mark.django_db


def rater_of(assignment: Assignment) -> User:
    assert assignment.rater.user is not None
    return assignment.rater.user


@pytest.fixture(autouse=True)
def _opened_long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotation.notes.SLACK_SECONDS", 3600)


def draft(assignment: Assignment, *, seed: int, sequence: int = 0, notes: Notes | None = None) -> Draft:
    return services.save_draft(
        assignment=assignment,
        payload=encode_layers(blob_layers(seed=seed)),
        base=services.base_token(assignment),
        sequence=sequence,
        notes=notes,
    )


def submit(assignment: Assignment, *, sequence: int, answers: Any = ANSWERS) -> Segmentation:
    fresh = Assignment.objects.get(pk=assignment.pk)
    effort = Effort(120, 4, {"added": {"t": 5}})
    return services.submit(assignment=fresh, by=rater_of(fresh), sequence=sequence, answers=answers, effort=effort)


def test_a_submission_is_the_draft_with_the_start_mask_as_parent() -> None:
    assignment = AssignmentFactory.create()
    saved = draft(assignment, seed=7)

    made = submit(assignment, sequence=saved.sequence)

    assignment.refresh_from_db()
    np.testing.assert_array_equal(read_layers(made), blob_layers(seed=7))
    assert (made.parent, made.rater, made.source) == (assignment.start, assignment.rater, "submission")
    assert (assignment.state, assignment.submission, assignment.active_seconds) == ("submitted", made, 120)


def test_a_mask_can_be_accepted_as_it_was_shown() -> None:
    assignment = AssignmentFactory.create()
    made = submit(assignment, sequence=0)
    assert assignment.start is not None
    assert made.sha256 == assignment.start.sha256


def test_the_score_is_derived_and_the_answers_are_kept() -> None:
    assignment = AssignmentFactory.create()
    submit(assignment, sequence=0)
    rating = Rating.objects.get()
    assert (rating.score, rating.answers, rating.segmentation) == (4, ANSWERS, assignment.start)


def test_a_second_submission_is_refused_and_makes_nothing() -> None:
    assignment = AssignmentFactory.create()
    stale = Assignment.objects.get(pk=assignment.pk)
    submit(assignment, sequence=0)
    before = Segmentation.objects.count()
    with pytest.raises(Conflict, match="already submitted"):
        services.submit(assignment=stale, by=rater_of(stale), sequence=0, answers=ANSWERS, effort=Effort())
    assert Segmentation.objects.count() == before
    assert Rating.objects.count() == 1


def test_a_submission_of_a_draft_that_was_overtaken_is_refused() -> None:
    assignment = AssignmentFactory.create()
    first = draft(assignment, seed=1)
    draft(assignment, seed=2, sequence=first.sequence)
    with pytest.raises(Conflict, match="another window"):
        submit(assignment, sequence=first.sequence)
    assert Assignment.objects.get().state == Assignment.State.OPEN


@pytest.mark.parametrize("answers", [None, {}, {"quality": "9"}, {"quality": "4", "other": True}])
def test_a_submission_without_right_answers_is_refused(answers: Any) -> None:
    assignment = AssignmentFactory.create()
    with pytest.raises(DomainError):
        submit(assignment, sequence=0, answers=answers)
    assert Assignment.objects.get().state == Assignment.State.READY


def test_an_empty_start_mask_is_not_scored() -> None:
    assignment = AssignmentFactory.create(start=None)
    made = submit(assignment, sequence=0, answers=None)
    assert not read_layers(made).any()
    assert not Rating.objects.exists()


def test_a_returned_reading_is_handed_in_again_as_a_new_version_on_top_of_the_old() -> None:
    assignment = AssignmentFactory.create()
    first = submit(assignment, sequence=draft(assignment, seed=1).sequence)
    return_assignment(
        assignment=Assignment.objects.get(), reason="The occipital part is missing.", by=assignment.study.created_by
    )
    again = Assignment.objects.get()
    assert (again.state, again.returned_reason) == ("returned", "The occipital part is missing.")

    second = submit(again, sequence=draft(again, seed=2, sequence=1).sequence)

    assert second.parent == first
    assert Segmentation.objects.filter(source="submission").count() == 2
    assert Rating.objects.current().count() == 1
    assert Rating.objects.count() == 2


def test_a_rater_gets_no_access_row_and_sees_no_segmentation() -> None:
    assignment = AssignmentFactory.create()
    submit(assignment, sequence=0)
    user = rater_of(assignment)
    assert not Access.objects.filter(user=user).exclude(grant=Access.Grant.BLIND).exists()
    assert not Segmentation.objects.visible_to(user).exists()
