"""What a rater must not learn, no answer tells: who made a mask, that a case comes back, what others did."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Case, Segmentation
from people.models import Rater, User
from studies.models import Assignment, Membership
from tests import factories as make
from tests.integration.access.table import EMPTY_MASK, TABLE
from tests.integration.access.world import World

pytestmark = pytest.mark.django_db
MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
UUID = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TOKEN = re.compile(rb"\b[0-9a-f]{64}\b")


def everything_that_is_answered(assignment: Assignment, user: User) -> list[tuple[str, int, dict[str, str], bytes]]:
    """Go through all that a rater can do with an assignment; return what came back, opaque ids and moments masked."""
    client = Client()
    client.force_login(user)

    def address(name: str, *more: Any) -> str:
        return reverse(f"v1:assignment-{name}", args=[assignment.pk, *more])

    def save(sequence: int, **query: str) -> Any:
        base = client.get(address("detail")).json()["base"]
        headers = {"X-Base": base, "X-Sequence": str(sequence)}
        path = address("draft") + ("?branch=browser" if query else "")
        comments = [{"voxel": [1, 2, 3], "text": "Here."}]
        return client.put(path, make.saving(EMPTY_MASK, comments=comments), content_type=make.SAVING, headers=headers)

    said: list[Any] = [client.get(reverse("v1:assignment-list")), client.get(reverse("v1:assignment-next"))]
    said += [client.get(address("detail")), client.post(address("open"))]
    said += [client.get(address("image", place)) for place in (0, 1, 2)]
    said += [client.get(address("thumbnail", place)) for place in (0, 1, 2)]
    said += [client.get(address("start")), client.get(address("draft"))]
    said += [client.get(address("previous")), client.get(address("probability", "tumour"))]
    said += [
        save(0),
        save(0),
        save(1),
        save(1, branch="1"),
        client.get(address("draft")),
        client.get(address("detail")),
    ]
    answers = {"sequence": 2, "answers": make.ANSWERS}
    said += [client.post(address("submit"), {"sequence": 2}, content_type="application/json")]
    said += [client.post(address("submit"), answers, content_type="application/json") for _ in range(2)]
    said += [client.get(address("detail")), client.get(reverse("v1:assignment-list"))]
    said += [
        client.get(address("versions")),
        client.get(address("submission", 1)),
        client.get(address("submission", 2)),
    ]
    return [_masked(response) for response in said]


def _masked(response: Any) -> tuple[str, int, dict[str, str], bytes]:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if response.get("Content-Type", "").startswith("application/json"):
        content = TOKEN.sub(b"<token>", UUID.sub(b"<id>", MOMENT.sub(b"<moment>", content)))
        content = re.sub(rb'"position":\d+', b'"position":<n>', content)
        content = re.sub(rb'branches/\d+/|"id":\d+|"kind":"branch","number":\d+', b"<row>", content)
    path = UUID.sub(b"<id>", str(response.request["PATH_INFO"]).encode()).decode()
    return path, response.status_code, dict(response.headers), content


def same_case_from_different_starts(**fields: bool) -> tuple[Assignment, Assignment]:
    """Two raters of one study read one case from equal voxels, of a network the one, of a person the other."""
    study, case = make.StudyFactory.create(**fields), make.PreparedCaseFactory.create()
    facts = {"case": case, "scheme": study.scheme, "seed": 3}
    by_network = make.SegmentationFactory.create(**facts, rater=study.start_rater, source="model")
    by_person = make.SegmentationFactory.create(**facts, rater=make.RaterFactory.create(), source="submission")
    assert by_network.sha256 == by_person.sha256
    made = []
    for start in (by_network, by_person):
        rater = make.MembershipFactory.create(study=study).rater
        made.append(make.AssignmentFactory.create(study=study, case=case, rater=rater, start=start))
    return made[0], made[1]


def owner(assignment: Assignment) -> User:
    assert assignment.rater.user is not None
    return assignment.rater.user


def test_a_mask_of_a_network_and_one_of_a_person_look_alike_in_every_answer() -> None:
    one, other = same_case_from_different_starts()
    first = everything_that_is_answered(one, owner(one))
    second = everything_that_is_answered(other, owner(other))
    assert first == second
    assert len({status for _, status, _, _ in first}) >= 5  # good and bad answers were compared


def test_outlines_tell_no_source_and_a_probability_that_the_study_does_not_show_is_nowhere() -> None:
    one, other = same_case_from_different_starts(outlines_start=True, outlines_previous=True)
    make.ProbabilityFactory.create(segmentation=one.start, label="tumour")
    assert everything_that_is_answered(one, owner(one)) == everything_that_is_answered(other, owner(other))


def test_what_others_handed_in_for_the_previous_exam_changes_no_answer() -> None:
    one, other = same_case_from_different_starts(outlines_previous=True)
    before = everything_that_is_answered(one, owner(one))
    case = make.PreparedCaseFactory.create(patient=one.case.patient, time_point="unknown")
    Case.objects.filter(pk=one.case.pk).update(time_point="post_3m")
    Case.objects.filter(pk=case.pk).update(time_point="pre_op")
    stranger = make.MembershipFactory.create(study=one.study).rater
    make.SubmittedAssignmentFactory.create(study=one.study, case=case, rater=stranger, start=None)
    assert everything_that_is_answered(other, owner(other)) == before


def test_a_case_that_comes_back_looks_like_one_that_does_not() -> None:
    """The repeat and another rater's first reading of it, in the same place of equal queues."""
    study, case, filler = (
        make.StudyFactory.create(),
        make.PreparedCaseFactory.create(),
        make.PreparedCaseFactory.create(),
    )
    members = [make.MembershipFactory.create(study=study) for _ in range(2)]
    repeats, reads_once = (member.rater for member in members)
    make.SubmittedAssignmentFactory.create(study=study, case=case, rater=repeats)
    make.SubmittedAssignmentFactory.create(study=study, case=filler, rater=reads_once)
    again = make.AssignmentFactory.create(study=study, case=case, rater=repeats, occasion=2)
    first = make.AssignmentFactory.create(study=study, case=case, rater=reads_once)
    assert again.position == first.position
    seen_again = everything_that_is_answered(again, owner(again))
    seen_first = everything_that_is_answered(first, owner(first))
    assert seen_again == seen_first


def test_the_token_of_equal_masks_differs_so_that_it_tells_no_repeat() -> None:
    one, other = same_case_from_different_starts()
    bases = []
    for assignment in (one, other):
        client = Client()
        client.force_login(owner(assignment))
        bases.append(client.get(reverse("v1:assignment-detail", args=[assignment.pk])).json()["base"])
    assert bases[0] != bases[1]


def test_private_answers_stay_out_of_shared_caches_and_carry_no_fingerprint() -> None:
    one, _ = same_case_from_different_starts()
    for name, status, headers, _ in everything_that_is_answered(one, owner(one)):
        if status == 200 and not headers["Content-Type"].startswith("application/json"):
            assert headers["Cache-Control"].startswith("private"), name
            assert "Cookie" in headers["Vary"], name
        assert not {"ETag", "Last-Modified", "Content-Disposition"} & set(headers), name


def secrets_of(segmentation: Segmentation) -> set[str]:
    return {segmentation.sha256, segmentation.content_id, str(segmentation.rater)}


def all_that_a_role_reads(world: World, role: str) -> list[tuple[str, bytes]]:
    """Ask for everything that can be read, with the ids of the world, and return what came back."""
    said = []
    for row in TABLE:
        if row.method == "GET" and row.name not in ("open-invitation",):
            response = world.ask(role, "GET", reverse(f"v1:{row.name}", args=row.arguments(world)))
            said.append((row.name, response.body))
    return said


@pytest.mark.parametrize("role", ["rater", "other_rater"])
def test_a_rater_reads_nowhere_who_else_takes_part_nor_where_a_mask_comes_from(world: World, role: str) -> None:
    others = set(world.people) - {role}
    secrets = {value for name in others for value in (world.people[name].name, world.people[name].email)}
    secrets |= secrets_of(world.things.start) | secrets_of(world.things.submission)
    secrets -= {world.people[role].name, str(Rater.objects.get(user=world.people[role]))}
    for name, content in all_that_a_role_reads(world, role):
        found = [secret for secret in secrets if re.search(rb"\b" + re.escape(secret.encode()) + rb"\b", content)]
        assert not found, name


@pytest.mark.parametrize("role", ["rater", "other_rater", "blinded_lead", "stranger", "other_lead"])
def test_nobody_who_is_blind_reads_a_mask_or_a_score_of_somebody_else(world: World, role: str) -> None:
    submission = world.things.submission
    for name, content in all_that_a_role_reads(world, role):
        assert submission.sha256.encode() not in content, name
        assert submission.content_id.encode() not in content, name
        assert content != _payload(submission), name
        if role != "other_rater":
            assert b'"score":4' not in content, name
            assert b"The rim was left out here." not in content, name


def test_whoever_may_see_the_results_reads_them(world: World) -> None:
    """So that the tests above cannot pass because nothing is ever shown."""
    read = dict(all_that_a_role_reads(world, "lead"))
    assert b'"score":4' in read["study-board-"]
    assert b"The rim was left out here." in read["study-reading"]
    assert _payload(world.things.submission) in [content for _, content in all_that_a_role_reads(world, "lead")]


def _payload(segmentation: Segmentation) -> bytes:
    from core import storage

    return storage.read(segmentation.content_id)


def test_a_lead_who_reads_is_shown_the_results_once_their_own_readings_are_in(world: World) -> None:
    board = reverse("v1:study-board-", args=[world.things.study.pk])
    assert world.ask("blinded_lead", "GET", board).json()["sees_results"] is False
    mine = Assignment.objects.filter(rater__user=world.people["blinded_lead"])
    assert [one.state for one in mine] == [Assignment.State.READY]
    submit = reverse("v1:assignment-submit", args=[mine[0].pk])
    body = b'{"sequence": 0, "answers": {"quality": "4"}}'
    done = world.ask("blinded_lead", "POST", submit, keep=True, data=body, content_type="application/json")
    assert done.status_code == 201
    assert Membership.objects.filter(user=world.people["blinded_lead"], role="lead").exists()
    assert world.ask("blinded_lead", "GET", board).json()["sees_results"] is True
    mask = reverse("v1:segmentation-detail", args=[world.things.submission.pk])
    assert world.ask("blinded_lead", "GET", mask).status_code == 200
