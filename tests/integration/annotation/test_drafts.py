"""Drafts: kept, never overwritten unseen, never anybody else's."""

from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from annotation import services
from annotation.models import Draft
from core.errors import Conflict, DomainError
from imaging.payload import encode_layers
from people.models import User
from studies.models import Assignment, Study
from tests.factories import SAVING, AssignmentFactory, SubmittedAssignmentFactory, UserFactory, blob_layers, saving

pytestmark = pytest.mark.django_db


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def rater_of(assignment: Assignment) -> User:
    assert assignment.rater.user is not None
    return assignment.rater.user


def put(
    client: APIClient,
    assignment: Assignment,
    payload: bytes,
    sequence: int,
    *,
    branch: str = "",
    save_key: str = "",
    **notes: Any,
) -> Any:
    url = f"/api/v1/assignments/{assignment.pk}/draft/"
    if branch:
        url += f"?branch={branch}"
    headers = {"X-Base": services.base_token(assignment), "X-Sequence": str(sequence), "X-Save": save_key}
    return client.put(url, saving(payload, **notes), content_type=SAVING, headers=headers)


def labels_behind(client: APIClient, url: str) -> bytes:
    answer: Any = client.get(url)
    assert answer.headers["Content-Encoding"] == "gzip"
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_a_draft_comes_back_as_it_was_saved() -> None:
    assignment = AssignmentFactory.create()
    client = client_of(rater_of(assignment))
    payload = encode_layers(blob_layers(seed=3))

    saved = put(client, assignment, payload, 0)
    shown = client.get(f"/api/v1/assignments/{assignment.pk}/").json()

    assert (saved.status_code, saved.json()["sequence"]) == (200, 1)
    assert shown["draft"]["sequence"] == 1
    assert labels_behind(client, shown["draft"]["labels"]) == payload


def test_a_save_from_a_second_window_is_refused_and_can_be_kept_beside() -> None:
    assignment = AssignmentFactory.create()
    client = client_of(rater_of(assignment))
    first, second = encode_layers(blob_layers(seed=1)), encode_layers(blob_layers(seed=2))
    put(client, assignment, first, 0)

    refused = put(client, assignment, second, 0)
    kept = put(client, assignment, second, 0, branch="browser")
    shown = client.get(f"/api/v1/assignments/{assignment.pk}/").json()
    versions = client.get(f"/api/v1/assignments/{assignment.pk}/versions/").json()

    assert (refused.status_code, refused.json()["sequence"]) == (409, 1)
    assert kept.status_code == 200
    assert labels_behind(client, shown["draft"]["labels"]) == first
    assert [labels_behind(client, one["labels"]) for one in versions] == [second]


def test_a_refused_save_learns_by_its_key_that_the_save_there_is_its_own() -> None:
    assignment = AssignmentFactory.create()
    client = client_of(rater_of(assignment))
    payload = encode_layers(blob_layers())

    first = put(client, assignment, payload, 0, save_key="one")
    again = put(client, assignment, payload, 0, save_key="two")
    other = put(client, assignment, payload, 1, save_key="three")

    assert (first.json()["save_key"], again.status_code, again.json()["save_key"]) == ("one", 409, "one")
    assert other.json()["save_key"] == "three"
    assert client.get(f"/api/v1/assignments/{assignment.pk}/").json()["draft"]["save_key"] == "three"
    assert put(client, assignment, payload, 2, save_key="x" * 37).status_code == 422


def test_work_that_comes_after_the_case_was_handed_in_is_kept_beside_it_and_changes_nothing() -> None:
    assignment = SubmittedAssignmentFactory.create()
    client = client_of(rater_of(assignment))
    handed_in = assignment.submission

    refused = put(client, assignment, encode_layers(blob_layers(seed=8)), 0)
    kept = put(client, assignment, encode_layers(blob_layers(seed=8)), 0, branch="browser")

    assert (refused.status_code, refused.json()["code"], kept.status_code) == (409, "handed_in", 200)
    assignment.refresh_from_db()
    assert (assignment.state, assignment.submission) == (Assignment.State.SUBMITTED, handed_in)
    assert [draft.branch for draft in Draft.objects.all()] == [True]
    assert client.get(f"/api/v1/assignments/{assignment.pk}/versions/").status_code == 409


def test_nobody_but_a_present_rater_keeps_anything_beside_a_case() -> None:
    assignment = SubmittedAssignmentFactory.create()
    payload = encode_layers(blob_layers())
    for stranger in (UserFactory.create(), assignment.study.created_by):
        assert put(client_of(stranger), assignment, payload, 0, branch="browser").status_code == 404
    rater = rater_of(assignment)
    assignment.study.memberships.filter(rater=assignment.rater).update(ended_at=timezone.now())
    assert put(client_of(rater), assignment, payload, 0, branch="browser").status_code == 404
    assert not Draft.objects.exists()


def test_keeping_the_same_branch_twice_keeps_one() -> None:
    assignment = AssignmentFactory.create()
    client = client_of(rater_of(assignment))
    put(client, assignment, encode_layers(blob_layers(seed=1)), 0)
    for _ in range(2):
        put(client, assignment, encode_layers(blob_layers(seed=2)), 0, branch="browser")
    assert Draft.objects.filter(branch=True).count() == 1


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (encode_layers(np.full_like(blob_layers(), 7)), "the scheme has 1"),
        (b"", "cut off"),
        (b"no gzip at all", "not valid gzip"),
        (encode_layers(blob_layers())[:-9], "cut off"),
        (encode_layers(blob_layers(layers=2)), "more than"),
    ],
)
def test_labels_that_do_not_fit_the_grid_are_refused(payload: bytes, reason: str) -> None:
    assignment = AssignmentFactory.create()
    answer = put(client_of(rater_of(assignment)), assignment, payload, 0)
    assert answer.status_code == 422
    assert reason in answer.json()["detail"]
    assert not Draft.objects.exists()


def test_a_draft_made_on_another_start_mask_is_refused() -> None:
    assignment = AssignmentFactory.create()
    with pytest.raises(Conflict, match="start mask has changed"):
        services.save_draft(
            assignment=assignment, payload=encode_layers(blob_layers()), base="of something else", sequence=0
        )


def test_the_same_mask_has_another_token_in_another_assignment() -> None:
    one = AssignmentFactory.create()
    other = AssignmentFactory.create(study=one.study, start=one.start, case=one.case, rater=one.rater, occasion=2)
    assert one.start == other.start
    assert services.base_token(one) != services.base_token(other)


def test_saving_a_draft_opens_the_assignment() -> None:
    assignment = AssignmentFactory.create()
    put(client_of(rater_of(assignment)), assignment, encode_layers(blob_layers()), 0)
    assignment.refresh_from_db()
    assert assignment.state == Assignment.State.OPEN
    assert assignment.start_shown


@pytest.mark.parametrize("path", ["", "start/", "draft/", "series/0/image/", "series/0/thumbnail/"])
def test_nobody_else_reaches_an_assignment(path: str) -> None:
    assignment = AssignmentFactory.create()
    for stranger in (UserFactory.create(), assignment.study.created_by, UserFactory.create(administrator=True)):
        assert client_of(stranger).get(f"/api/v1/assignments/{assignment.pk}/{path}").status_code == 404


def test_a_closed_study_takes_no_drafts_and_keeps_those_it_has() -> None:
    assignment = AssignmentFactory.create()
    client = client_of(rater_of(assignment))
    put(client, assignment, encode_layers(blob_layers()), 0)
    Study.objects.update(state=Study.State.CLOSED)

    answer = put(client, assignment, encode_layers(blob_layers(seed=5)), 1)

    assert (answer.status_code, Draft.objects.get().sequence) == (422, 1)
    assert answer.json()["code"] == "study_closed"
    beside = put(client, assignment, encode_layers(blob_layers(seed=5)), 1, branch="browser")
    assert (beside.status_code, Draft.objects.count()) == (422, 1)


def test_a_waiting_assignment_shows_no_labels_yet() -> None:
    assignment = AssignmentFactory.create(state=Assignment.State.WAITING, start=None)
    answer = client_of(rater_of(assignment)).get(f"/api/v1/assignments/{assignment.pk}/start/")
    assert answer.status_code == 422
    with pytest.raises(DomainError, match="not ready yet"):
        services.save_draft(
            assignment=assignment,
            payload=encode_layers(blob_layers()),
            base=services.base_token(assignment),
            sequence=0,
        )


NOTES: dict[str, Any] = {
    "answers": {"quality": "3"},
    "comments": [{"id": "8f14e45f-ceea-4c5a-9d3b-0d5d3e7f1a11", "voxel": [1, 2, 3], "text": "Cavity, not necrosis."}],
    "active_seconds": 40,
    "idle_seconds": 5,
    "edits": {"added": {"t": 12}, "removed": {}, "tools": {"brush": 2}},
}


def test_notes_are_kept_with_the_labels_and_come_back_on_another_machine() -> None:
    assignment = AssignmentFactory.create()
    client = client_of(rater_of(assignment))
    put(client, assignment, encode_layers(blob_layers()), 0, **NOTES)
    assert client.get(f"/api/v1/assignments/{assignment.pk}/").json()["notes"] == NOTES


def test_a_save_that_is_refused_keeps_its_notes_in_the_branch() -> None:
    assignment = AssignmentFactory.create()
    client = client_of(rater_of(assignment))
    put(client, assignment, encode_layers(blob_layers(seed=1)), 0)
    put(client, assignment, encode_layers(blob_layers(seed=2)), 0, branch="browser", **NOTES)
    (branch,) = client.get(f"/api/v1/assignments/{assignment.pk}/versions/").json()
    assert (branch["kind"], branch["origin"], branch["comments"]) == ("branch", "browser", NOTES["comments"])
    labels = blob_layers(seed=2)
    millilitres = assignment.series.grid.canonical().voxel_volume_ml * int(np.count_nonzero(labels == 1))
    assert branch["volumes_ml"] == {"t": pytest.approx(millilitres)}


def test_more_time_than_has_passed_is_not_believed() -> None:
    assignment = AssignmentFactory.create()
    client = client_of(rater_of(assignment))
    client.post(f"/api/v1/assignments/{assignment.pk}/open/")
    put(client, assignment, encode_layers(blob_layers()), 0, active_seconds=9000, idle_seconds=9000)
    notes = client.get(f"/api/v1/assignments/{assignment.pk}/").json()["notes"]
    assert 60 <= notes["active_seconds"] + notes["idle_seconds"] <= 70
