"""Versions: what lost and what was handed in stays, can be read by its rater only, and is swept in the end."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from annotation import services
from annotation.models import Draft
from annotation.notes import Effort, Notes
from annotation.versions import sweep_branches
from core import storage
from imaging.payload import encode_layers
from people.models import User
from studies.models import Assignment, Comment, Rating
from studies.services.running import return_assignment
from tests.factories import (
    ANSWERS,
    AssignmentFactory,
    DraftFactory,
    SubmittedAssignmentFactory,
    blob_layers,
)

pytestmark = pytest.mark.django_db


def rater_of(assignment: Assignment) -> User:
    assert assignment.rater.user is not None
    return assignment.rater.user


def client_of(assignment: Assignment) -> APIClient:
    client = APIClient()
    client.force_authenticate(rater_of(assignment))
    return client


def hand_in(assignment: Assignment, *, seed: int, sequence: int = 0, comment: str = "", answers: Any = ANSWERS) -> None:
    fresh = Assignment.objects.get(pk=assignment.pk)
    notes = Notes(comments=[{"id": "x", "voxel": [1, 2, 3], "text": comment}] if comment else [])
    saved = services.save_draft(
        assignment=fresh,
        payload=encode_layers(blob_layers(seed=seed)),
        base=services.base_token(fresh),
        sequence=sequence,
        notes=notes,
    )
    services.submit(assignment=fresh, by=rater_of(fresh), sequence=saved.sequence, answers=answers, effort=Effort())


def versions(assignment: Assignment) -> list[dict[str, Any]]:
    return list(client_of(assignment).get(reverse("v1:assignment-versions", args=[assignment.pk])).json())


def labels_of(assignment: Assignment, version: dict[str, Any]) -> bytes:
    answer: Any = client_of(assignment).get(version["labels"])
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_every_submission_of_a_reading_that_came_back_is_a_version() -> None:
    assignment = AssignmentFactory.create()
    hand_in(assignment, seed=1, comment="First.")
    return_assignment(assignment=Assignment.objects.get(), reason="Again.", by=assignment.study.created_by)
    hand_in(assignment, seed=2, sequence=1, comment="Second.")
    return_assignment(assignment=Assignment.objects.get(), reason="Again.", by=assignment.study.created_by)

    found = versions(assignment)

    assert [(one["kind"], one["number"]) for one in found] == [("submission", 2), ("submission", 1)]
    assert [one["comments"][0]["text"] for one in found] == ["Second.", "First."]
    assert [labels_of(assignment, one) for one in found] == [encode_layers(blob_layers(seed=n)) for n in (2, 1)]


def test_a_start_mask_that_was_handed_in_elsewhere_is_no_version_of_this_reading() -> None:
    earlier = SubmittedAssignmentFactory.create()
    again = AssignmentFactory.create(
        study=earlier.study, case=earlier.case, rater=earlier.rater, start=earlier.submission, occasion=2
    )
    hand_in(again, seed=5)
    Assignment.objects.filter(pk=again.pk).update(state=Assignment.State.RETURNED)
    assert len(versions(again)) == 1
    second = reverse("v1:assignment-submission", args=[again.pk, 2])
    assert client_of(again).get(second).status_code == 404


def test_what_was_handed_in_cannot_be_looked_up_while_it_is_handed_in() -> None:
    assignment = AssignmentFactory.create()
    branch = DraftFactory.create(assignment=assignment, branch=True)
    hand_in(assignment, seed=1)
    for name, more in (("versions", []), ("submission", [1]), ("draft", []), ("branch", [branch.pk])):
        address = reverse(f"v1:assignment-{name}", args=[assignment.pk, *more])
        assert client_of(assignment).get(address).status_code == 409


def test_comments_are_frozen_with_the_version_that_they_were_handed_in_with() -> None:
    assignment = AssignmentFactory.create()
    hand_in(assignment, seed=1, comment="First.")
    return_assignment(assignment=Assignment.objects.get(), reason="Again.", by=assignment.study.created_by)
    hand_in(assignment, seed=2, sequence=1, comment="Second.")
    assert [row.text for row in Comment.objects.all()] == ["First.", "Second."]
    assert [row.text for row in Comment.objects.current()] == ["Second."]


def test_that_a_mask_cannot_be_assessed_is_an_answer_with_a_reason_and_no_score() -> None:
    assignment = AssignmentFactory.create()
    hand_in(assignment, seed=1, answers={"cannot_be_assessed": "Motion on every sequence."})
    rating = Rating.objects.get()
    assert (rating.score, rating.answers) == (None, {"cannot_be_assessed": "Motion on every sequence."})


@pytest.mark.parametrize(
    ("days", "came", "state", "left"),
    [
        (89, 89, Assignment.State.SUBMITTED, 2),
        (91, 91, Assignment.State.SUBMITTED, 1),
        (91, 0, Assignment.State.SUBMITTED, 2),
        (91, 91, Assignment.State.RETURNED, 2),
    ],
)
def test_branches_go_some_time_after_the_reading_was_handed_in_and_they_came_and_the_trunk_stays(
    days: int, came: int, state: Assignment.State, left: int
) -> None:
    handed_in, saved = (timezone.now() - timedelta(days=number) for number in (days, came))
    assignment = SubmittedAssignmentFactory.create(submitted_at=handed_in, state=state)
    DraftFactory.create(assignment=assignment, saved_at=saved)
    DraftFactory.create(assignment=assignment, branch=True, origin=Draft.Origin.SERVER, saved_at=saved)
    sweep_branches()
    assert Draft.objects.count() == left
    assert Draft.objects.trunk().exists()
    assert storage.read(Draft.objects.trunk().get().content)
