"""Files on their way: resumable, never larger than announced, within quotas, seen by their owner alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from cases.importing import deliveries
from cases.models import Import, Upload
from people.models import Centre, User
from tests.integration.cases.sending import Sender, head, staged

pytestmark = pytest.mark.django_db


def begin(sender: Sender, *, size: int = 10, path: str = "P1_t1.nii") -> tuple[str, str]:
    delivery = sender.start()
    return delivery, str(sender.announce(delivery, path, size).json()["id"])


def test_a_file_arrives_in_pieces(sender: Sender) -> None:
    delivery, upload = begin(sender)
    assert sender.send(upload, 0, b"01234").json()["received"] == 5
    assert sender.send(upload, 5, b"56789").json()["received"] == 10
    assert (staged(delivery) / "uploads" / upload).read_bytes() == b"0123456789"


def test_a_sender_that_comes_back_learns_where_to_go_on(sender: Sender) -> None:
    delivery, upload = begin(sender)
    sender.send(upload, 0, b"0123")
    again = sender.announce(delivery, "P1_t1.nii", 10).json()
    assert (again["id"], again["received"]) == (upload, 4)
    answer = sender.client.head(f"/api/v1/uploads/{upload}/")
    assert (answer.headers["Upload-Offset"], answer.headers["Upload-Length"]) == ("4", "10")


@pytest.mark.parametrize("offset", [0, 3, 5, 9])
def test_a_piece_at_another_byte_is_refused_and_told_which_is_waited_for(sender: Sender, offset: int) -> None:
    _, upload = begin(sender)
    sender.send(upload, 0, b"0123")
    answer = sender.send(upload, offset, b"x")
    assert (answer.status_code, answer.json()["received"]) == (409, 4)
    assert Upload.objects.get().received == 4


def test_more_bytes_than_announced_are_refused_and_not_written(sender: Sender) -> None:
    delivery, upload = begin(sender, size=5)
    sender.send(upload, 0, b"0123")
    answer = sender.send(upload, 4, b"45")
    assert answer.status_code == 422
    assert "announced with 5 bytes" in answer.json()["detail"]
    assert (staged(delivery) / "uploads" / upload).read_bytes() == b"0123"


def test_a_piece_larger_than_allowed_is_refused(sender: Sender, settings: Any) -> None:
    settings.UPLOAD_CHUNK_BYTES = 8
    _, upload = begin(sender, size=100)
    assert sender.send(upload, 0, b"123456789").status_code == 422
    assert Upload.objects.get().received == 0


@pytest.mark.parametrize("offset", ["", "-1", "one", "1e3", "９", "9" * 30])
def test_an_offset_is_a_whole_number(sender: Sender, offset: str) -> None:
    _, upload = begin(sender)
    answer = sender.client.generic(
        "PATCH",
        f"/api/v1/uploads/{upload}/",
        "x",
        content_type="application/octet-stream",
        HTTP_UPLOAD_OFFSET=offset.encode().decode("latin-1"),
    )
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("../P1_t1.nii", "leaves its folder"),
        ("a/../../b.nii", "leaves its folder"),
        ("a\\..\\..\\b.nii", "leaves its folder"),
        ("/etc/passwd", "absolute"),
        ("\\\\server\\share\\a.nii", "absolute"),
        ("C:\\images\\a.nii", "absolute"),
        ("a\nb.nii", "control character"),
        ("a\u202eb.nii", "control character"),
        ("x" * 300 + ".nii", "longer than 255 bytes"),
        ("/".join(["abc"] * 120), "longer than 400 characters"),
        ("./.", "needs a name"),
    ],
)
def test_a_hostile_path_is_refused_with_its_reason(sender: Sender, path: str, reason: str) -> None:
    answer = sender.announce(sender.start(), path, 10)
    assert answer.status_code == 422
    assert reason in answer.json()["detail"]
    assert not Upload.objects.exists()


def test_a_path_with_nul_is_refused(sender: Sender) -> None:
    assert sender.announce(sender.start(), "a\0b.nii", 10).status_code == 400


def test_no_path_of_a_sender_becomes_a_path_of_the_server(sender: Sender) -> None:
    delivery = sender.start()
    sender.upload(delivery, "Mueller Hans/T1 scan.nii", head())
    names = {path.name for path in staged(delivery).rglob("*")}
    assert not any("Mueller" in name or "scan" in name for name in names)


def test_two_files_of_one_name_and_different_sizes_are_refused(sender: Sender) -> None:
    delivery, _ = begin(sender)
    assert sender.announce(delivery, "P1_t1.nii", 11).status_code == 409


def test_announced_bytes_count_against_the_owners_quota_over_all_imports(sender: Sender, settings: Any) -> None:
    settings.STAGING_QUOTA_BYTES = 100
    begin(sender, size=60)
    second = sender.start()
    answer = sender.announce(second, "P2_t1.nii", 41)
    assert answer.status_code == 422
    assert sender.announce(second, "P2_t1.nii", 40).status_code == 201


def test_discarding_frees_the_quota(sender: Sender, settings: Any) -> None:
    settings.STAGING_QUOTA_BYTES = 100
    delivery, upload = begin(sender, size=100)
    sender.send(upload, 0, b"01234")
    sender.post(delivery, "discard")
    assert sender.announce(sender.start(), "P2_t1.nii", 100).status_code == 201


def test_an_import_takes_a_bounded_number_of_files(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cases.importing.uploads.FILES_IN_AN_IMPORT", 2)
    delivery = sender.start()
    answers = [sender.announce(delivery, f"{n}.nii", 1).status_code for n in range(3)]
    assert answers == [201, 201, 422]


def test_a_half_arrived_file_holds_parsing_up(sender: Sender) -> None:
    delivery, upload = begin(sender)
    sender.send(upload, 0, b"0123")
    answer = sender.parse(delivery)
    assert (answer.status_code, sender.look(delivery)["state"]) == (409, "uploading")


def test_a_file_can_be_taken_back(sender: Sender) -> None:
    delivery, upload = begin(sender)
    sender.send(upload, 0, b"0123")
    assert sender.client.delete(f"/api/v1/uploads/{upload}/").status_code == 204
    assert not (staged(delivery) / "uploads" / upload).exists()
    assert sender.look(delivery)["uploads"] == []


def test_pieces_after_discarding_are_refused(sender: Sender) -> None:
    delivery, upload = begin(sender)
    sender.post(delivery, "discard")
    assert sender.send(upload, 0, b"0123").status_code == 404
    assert not staged(delivery).exists()


def test_a_piece_that_meets_the_discarding_is_not_kept(sender: Sender) -> None:
    from cases.importing import uploads
    from core.errors import Conflict

    _, key = begin(sender)
    upload = Upload.objects.select_related("delivery").get(pk=key)
    deliveries.discard(delivery=upload.delivery)
    with pytest.raises(Conflict, match="discarded"):
        uploads.receive(upload=upload, offset=0, content=b"0123")


def test_an_import_of_somebody_else_does_not_exist(
    sender: Sender, client_of: Callable[[User], APIClient], running_jobs: Any, centre: Centre
) -> None:
    delivery, upload = begin(sender)
    lead = User.objects.create_user("other@north.example", name="Other", centre=centre, may_lead=True)
    for person in (lead, User.objects.create_superuser("root@north.example", name="Root")):
        stranger = Sender(client_of(person), running_jobs)
        answers = [
            stranger.client.get(f"/api/v1/uploads/{upload}/"),
            stranger.client.delete(f"/api/v1/uploads/{upload}/"),
            stranger.send(upload, 0, b"0123"),
            stranger.announce(delivery, "P2_t1.nii", 4),
            stranger.client.get(f"/api/v1/imports/{delivery}/"),
            stranger.correct(delivery),
            *(stranger.post(delivery, verb) for verb in ("parse", "confirm", "discard")),
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert stranger.client.get("/api/v1/imports/").json()["count"] == 0
    assert Upload.objects.get().received == 0


def test_only_leads_and_administrators_import(client_of: Callable[[User], APIClient], centre: Centre) -> None:
    rater = client_of(User.objects.create_user("rater@north.example", name="Rater", centre=centre))
    assert rater.post("/api/v1/imports/", {"centre": "north"}).status_code == 403
    assert rater.get("/api/v1/imports/").status_code == 403
    assert APIClient().get("/api/v1/imports/").status_code == 401


def test_a_lead_imports_into_their_own_centre_only(sender: Sender) -> None:
    Centre.objects.create(name="South hospital", code="south")
    answer = sender.client.post("/api/v1/imports/", {"centre": "south"})
    assert answer.status_code == 422
    assert not Import.objects.exists()


def test_the_centre_is_the_leads_own_when_none_is_named(sender: Sender) -> None:
    assert sender.client.post("/api/v1/imports/", {}).json()["centre"] == "north"


def test_a_list_of_imports_costs_the_same_however_long_it_is(
    sender: Sender, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        begin(sender)
    with django_assert_max_num_queries(4):
        assert sender.client.get("/api/v1/imports/").json()["count"] == 3
