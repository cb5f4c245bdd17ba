"""Drafts: kept, never overwritten unseen, never anybody else's."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from annotation import services
from annotation.models import Draft
from core.errors import Conflict, DomainError
from imaging.payload import encode_layers
from people.models import User
from studies.models import Assignment, Study
from tests.factories import AssignmentFactory, UserFactory, blob_layers

pytestmark = pytest.mark.django_db


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def rater_of(assignment: Assignment) -> User:
    assert assignment.rater.user is not None
    return assignment.rater.user


def put(client: APIClient, assignment: Assignment, payload: bytes, sequence: int, **query: str) -> Any:
    url = f"/api/v1/assignments/{assignment.pk}/draft/"
    if query:
        url += "?" + "&".join(f"{key}={value}" for key, value in query.items())
    headers = {"X-Base": services.base_token(assignment), "X-Sequence": str(sequence)}
    return client.put(url, payload, content_type="application/gzip", headers=headers)


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
    kept = put(client, assignment, second, 0, branch="1")
    shown = client.get(f"/api/v1/assignments/{assignment.pk}/").json()

    assert (refused.status_code, refused.json()["sequence"]) == (409, 1)
    assert kept.status_code == 200
    assert labels_behind(client, shown["draft"]["labels"]) == first
    assert [labels_behind(client, one["labels"]) for one in shown["branches"]] == [second]


def test_keeping_the_same_branch_twice_keeps_one() -> None:
    assignment = AssignmentFactory.create()
    client = client_of(rater_of(assignment))
    put(client, assignment, encode_layers(blob_layers(seed=1)), 0)
    for _ in range(2):
        put(client, assignment, encode_layers(blob_layers(seed=2)), 0, branch="1")
    assert Draft.objects.filter(branch=True).count() == 1


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
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
    assert "closed" in answer.json()["detail"]


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
