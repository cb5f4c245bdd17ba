"""What no browser of ours would send: every one gets a clear refusal, never an error of the server."""

import json
from typing import Any

import pytest
from django.test import Client

from annotation import services
from annotation.models import Draft
from core.parsers import LARGEST_JSON
from imaging.payload import encode_layers
from people.models import User
from studies.models import Assignment, Study
from tests.factories import (
    ANSWERS,
    SAVING,
    AssignmentFactory,
    CentreFactory,
    PreparedCaseFactory,
    SegmentationFactory,
    StudyFactory,
    SubmittedAssignmentFactory,
    UserFactory,
    blob_layers,
    preset_scheme,
    saving,
)

pytestmark = pytest.mark.django_db

HUGE = 10**30
ODD_NUMBERS = ["²", "９", str(HUGE), "9" * 5000, "-1", "1.5", "%00", "abc"]
JSON = "application/json"


def browser(user: User | None) -> Client:
    assert user is not None
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


@pytest.fixture
def own() -> Assignment:
    return AssignmentFactory.create()


@pytest.fixture
def rater(own: Assignment) -> Client:
    return browser(own.rater.user)


@pytest.fixture
def study() -> Study:
    return StudyFactory.create()


@pytest.fixture
def lead(study: Study) -> Client:
    return browser(study.created_by)


def put_draft(client: Client, own: Assignment, sequence: str, body: bytes | None = None, query: str = "") -> Any:
    return client.put(
        f"/api/v1/assignments/{own.pk}/draft/{query}",
        data=saving(encode_layers(blob_layers(seed=3)) if body is None else body),
        content_type=SAVING,
        headers={"X-Base": services.base_token(own), "X-Sequence": sequence},
    )


@pytest.mark.parametrize("number", ODD_NUMBERS)
def test_odd_numbers_in_addresses_find_nothing(rater: Client, own: Assignment, lead: Client, number: str) -> None:
    for client, address in (
        (rater, f"assignments/next/?study={number}"),
        (rater, f"assignments/?study={number}"),
        (rater, f"assignments/?page={number}&page_size={number}"),
        (rater, f"assignments/{own.pk}/series/{number}/image/"),
        (rater, f"assignments/{own.pk}/branches/{number}/"),
        (rater, f"assignments/{own.pk}/submissions/{number}/"),
        (lead, f"problems/?study={number}"),
        (lead, f"cases/{number}/"),
        (lead, f"cases/?grade={number}&search={number}&ordering={number}"),
        (lead, f"series/{number}/image/"),
        (lead, f"segmentations/?case={number}"),
        (lead, f"studies/{number}/"),
        (lead, f"reports/?study={number}"),
        (lead, f"models/{number}/"),
    ):
        answer = client.get(f"/api/v1/{address}")
        assert answer.status_code in (200, 204, 400, 404), (address[:80], answer.status_code)


@pytest.mark.parametrize("number", ODD_NUMBERS)
def test_odd_layers_are_refused(number: str) -> None:
    admin = UserFactory.create(administrator=True)
    segmentation = SegmentationFactory.create()
    answer = browser(admin).get(f"/api/v1/segmentations/{segmentation.pk}/download/?layer={number}")
    assert answer.status_code == 422


ODD_SEQUENCES = ["²", "9" * 5000, str(HUGE), "-1", "", "abc"]
ODD_SAVES = [(sequence, query) for sequence in ODD_SEQUENCES for query in ("", "?branch=browser")]


@pytest.mark.parametrize(("sequence", "query"), [*ODD_SAVES, ("3", "")])  # a branch may follow any save
def test_a_draft_with_an_odd_sequence_is_refused(rater: Client, own: Assignment, sequence: str, query: str) -> None:
    answer = put_draft(rater, own, sequence, query=query)
    assert answer.status_code in (409, 422), answer.content
    assert not Draft.objects.exists()


def test_a_draft_that_the_server_lost_is_a_conflict_that_says_so(rater: Client, own: Assignment) -> None:
    answer = put_draft(rater, own, "3")
    assert (answer.status_code, answer.json()["sequence"]) == (409, 0)
    assert put_draft(rater, own, "0").status_code == 200


@pytest.mark.parametrize("body", [b"", b"\x00", b"not gzip", encode_layers(blob_layers(layers=2))])
def test_a_draft_that_is_no_label_map_is_refused(rater: Client, own: Assignment, body: bytes) -> None:
    assert put_draft(rater, own, "0", body).status_code == 422


ODD_NOTES = [
    "[]", "5", "{", "[" * 100_000, '{"answers": {"q": ' + "[" * 60 + "]" * 60 + "}}",
    '{"answers": {"q": NaN}}', '{"answers": {"q": "\\u0000"}}',
    '{"answers": {"q": "\\ud800"}}', '{"answers": {"q": "' + "x" * 30_000 + '"}}', '{"answers": []}',
    '{"comments": {}}', '{"comments": [{"voxel": [0, 0], "text": "x"}]}',
    '{"comments": [{"voxel": [0, 0, 99], "text": "outside"}]}',
    '{"comments": [{"voxel": [0, 0, 0], "text": " "}]}',
    '{"comments": [{"voxel": [0, 0, 0], "text": "\\u0000"}]}',
    '{"comments": [{"id": "mine", "voxel": [0, 0, 0], "text": "x"}]}',
    '{"active_seconds": -1}', '{"active_seconds": 1e30}', '{"edits": {"added": {"no such label": 4}}}',
]  # fmt: skip


@pytest.mark.parametrize("notes", ODD_NOTES, ids=lambda notes: notes[:50])
def test_odd_notes_of_a_draft_are_refused(rater: Client, own: Assignment, notes: str) -> None:
    body = saving(encode_layers(blob_layers(seed=3))).replace(b"\r\n\r\n{}\r\n", f"\r\n\r\n{notes}\r\n".encode())
    answer = rater.put(
        f"/api/v1/assignments/{own.pk}/draft/",
        data=body,
        content_type=SAVING,
        headers={"X-Base": services.base_token(own), "X-Sequence": "0"},
    )
    assert answer.status_code in (400, 422), answer.content
    assert not Draft.objects.exists()


def test_a_draft_without_labels_and_one_from_nowhere_are_refused(rater: Client, own: Assignment) -> None:
    address, headers = f"/api/v1/assignments/{own.pk}/draft/", {"X-Base": "", "X-Sequence": "0"}
    assert rater.put(address, data=b"", content_type=SAVING, headers=headers).status_code == 400
    assert rater.put(address, data=b"x", content_type="application/gzip", headers=headers).status_code == 415
    assert put_draft(rater, own, "0", query="?branch=elsewhere").status_code == 422


def test_a_body_of_any_length_is_not_read(rater: Client, own: Assignment, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert put_draft(rater, own, "0", b"\x00" * 5000).status_code == 413


@pytest.mark.parametrize("depth", [60, 900, 100_000])
def test_json_that_is_nested_too_deeply_is_refused(depth: int) -> None:
    user = UserFactory.create()
    body = '{"revision": 0, "choices": {"tool": {"at": 1, "value": ' + "[" * depth + "]" * depth + "}}}"
    answer = browser(user).put(f"/api/v1/users/{user.pk}/workbench/", data=body, content_type=JSON)
    assert (answer.status_code, "nested too deeply" in answer.json()["detail"]) == (400, True)


def test_json_of_any_length_is_not_read() -> None:
    user = UserFactory.create()
    body = '{"revision": 0, "choices": {}}' + " " * LARGEST_JSON
    answer = browser(user).put(f"/api/v1/users/{user.pk}/workbench/", data=body, content_type=JSON)
    assert (answer.status_code, answer.json()["detail"]) == (413, "Send at most 8 MiB of JSON at a time.")


@pytest.mark.parametrize(
    "edits",
    [
        {"added": {"\x00": 1}},
        {"added": {"t" * 500: 1}},
        {"tools": {"brush": HUGE}},
        {"tools": {str(n): 1 for n in range(1000)}},
        [],
        "x",
    ],
)
def test_odd_edits_are_refused(rater: Client, own: Assignment, edits: Any) -> None:
    body = {"sequence": 0, "answers": ANSWERS, "edits": edits}
    answer = rater.post(f"/api/v1/assignments/{own.pk}/submit/", body, content_type=JSON)
    assert answer.status_code == 400, answer.content


@pytest.mark.parametrize("body", [[], "x", 5, None, {"sequence": HUGE}, {"sequence": 0, "answers": {"quality": []}}])
def test_odd_submissions_are_refused(rater: Client, own: Assignment, body: Any) -> None:
    answer = rater.post(f"/api/v1/assignments/{own.pk}/submit/", body, content_type=JSON)
    assert answer.status_code in (400, 409, 422), answer.content
    assert not Assignment.objects.submitted().exists()


def test_an_assignment_that_is_no_uuid_is_not_found(lead: Client, study: Study, rater: Client) -> None:
    odd = "-" * 36
    body = {"reason": "Look again."}
    assert lead.post(f"/api/v1/studies/{study.pk}/assignments/{odd}/return/", body, JSON).status_code == 404
    assert rater.get(f"/api/v1/assignments/{odd}/").status_code == 404


@pytest.mark.parametrize("cases", [[HUGE], [-1], ["x"], [], [None], "x", [True, {}]])
def test_odd_cases_are_not_added(lead: Client, study: Study, cases: Any) -> None:
    answer = lead.post(f"/api/v1/studies/{study.pk}/cases/", {"cases": cases}, JSON)
    assert answer.status_code in (400, 404), answer.content


@pytest.mark.parametrize(
    "change",
    [
        {"grade": 9},
        {"grade": 0},
        {"grade": -1},
        {"grade": HUGE},
        {"day_offset": HUGE},
        {"idh": "x"},
        {"dataset_group": "\x00"},
    ],
)
def test_odd_attributes_are_refused(change: dict[str, Any]) -> None:
    admin, case = UserFactory.create(administrator=True), PreparedCaseFactory.create()
    answer = browser(admin).patch(f"/api/v1/cases/{case.pk}/attributes/", change, content_type=JSON)
    assert answer.status_code == 400, answer.content


def test_two_studies_cannot_have_one_name(lead: Client, study: Study) -> None:
    other = StudyFactory.create()
    answer = lead.patch(f"/api/v1/studies/{study.pk}/", {"name": other.name}, content_type=JSON)
    assert answer.status_code == 409, answer.content
    answer = lead.post("/api/v1/studies/", {"name": other.name, "scheme": other.scheme_id}, JSON)
    assert answer.status_code == 409, answer.content


@pytest.mark.parametrize("seed", [-1, HUGE, 1.5, "x"])
def test_odd_seeds_are_refused(lead: Client, seed: Any) -> None:
    body = {"name": "Seeds", "scheme": preset_scheme().pk, "seed": seed}
    assert lead.post("/api/v1/studies/", body, JSON).status_code == 400


@pytest.mark.parametrize(
    "parameters",
    [
        {"regions": 5},
        {"regions": [{}]},
        {"regions": [1]},
        {"regions": "wt"},
        {"regions": ["wt", "wt"]},
        {"tie": []},
        {"tie": None},
        {"both_empty": {}},
        {"seed": "\x00"},
        {"seed": 1.5},
        {"seed": True},
        {"seed": -1},
        {"seed": HUGE},
        {"\x00": 1},
    ],
)
def test_odd_parameters_of_a_report_are_refused(lead: Client, study: Study, parameters: Any) -> None:
    for _ in range(2):
        SubmittedAssignmentFactory.create(study=study)
    answer = lead.post("/api/v1/reports/", {"study": study.pk, "parameters": parameters}, JSON)
    assert answer.status_code in (400, 422), answer.content


@pytest.mark.parametrize("expertise", ["", "wizard"])
def test_a_rater_without_expertise_is_refused_and_nobody_is_invited(lead: Client, study: Study, expertise: str) -> None:
    people = User.objects.count()
    body = {"email": "new@hospital.example", "role": "rater", "expertise": expertise}
    answer = lead.post(f"/api/v1/studies/{study.pk}/members/", body, JSON)
    assert answer.status_code in (400, 422), answer.content
    assert User.objects.count() == people


def test_nobody_is_invited_to_a_closed_study(lead: Client, study: Study) -> None:
    Study.objects.update(state=Study.State.CLOSED)
    people = User.objects.count()
    body = {"email": "new@hospital.example", "role": "observer"}
    assert lead.post(f"/api/v1/studies/{study.pk}/members/", body, JSON).status_code == 422
    assert User.objects.count() == people


@pytest.mark.parametrize("key", ["brats\x00", "\ud800", "no such", 5, {"a": 1}])
def test_a_scheme_key_that_no_database_could_hold_is_refused(key: object) -> None:
    lead = UserFactory.create(lead=True)
    body = json.dumps({"centre": CentreFactory.create().code, "scheme": key})
    answer = browser(lead).post("/api/v1/imports/", body, content_type=JSON)
    assert (answer.status_code, list(answer.json())) == (400, ["scheme"])
