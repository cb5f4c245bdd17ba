"""The life of an import: corrected, confirmed once, tried again, discarded, expired; all or nothing at every step."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from audit.models import Event
from cases.importing import deliveries, storing
from cases.importing.staging import sweep_folders
from cases.models import Access, Case, Import, Patient, Segmentation, Series, Upload
from core import storage
from core.models import StoredFile
from jobs.models import Job, Superseded
from people.models import Centre, Rater, User
from tests.integration.cases.sending import Sender, brats_2021, head, mask, row_of, staged

pytestmark = pytest.mark.django_db


def assert_no_rows() -> None:
    for model in (Patient, Case, Series, Segmentation, Access, Rater):
        assert not model.objects.exists(), model


def test_a_person_corrects_what_was_recognised(sender: Sender) -> None:
    seen = sender.preview({"scan-a.nii": head(1), "scan-b.nii": mask(1)}, scheme="flair")
    image, labels = row_of(seen, "scan-a.nii"), row_of(seen, "scan-b.nii")
    both = {"patient": "N-001", "time_point": "follow_up", "follow_up_number": 3}
    corrected = sender.correct(
        seen["id"],
        {"id": image["id"], "role": "image", "sequence": "FLAIR", **both},
        {"id": labels["id"], "role": "mask", "rater": "Dr A", **both},
    ).json()
    assert [row["problem"] for row in corrected["rows"]] == ["", ""]
    sender.confirm(seen["id"])
    case = Case.objects.get()
    assert (str(case.patient), case.time_point, case.follow_up_number) == ("N-001", "follow_up", 3)
    assert (case.series.get().sequence, Segmentation.objects.get().rater.name) == ("FLAIR", "Dr A")


@pytest.mark.parametrize(
    "correction",
    [
        {"patient": ""},
        {"patient": "../../etc"},
        {"patient": "-x"},
        {"time_point": "pre_op", "follow_up_number": 2},
    ],
)
def test_a_correction_that_cannot_be_stored_is_a_problem_of_its_row(sender: Sender, correction: dict[str, Any]) -> None:
    seen = sender.preview({"P1_t1.nii": head()})
    corrected = sender.correct(seen["id"], {"id": seen["rows"][0]["id"], **correction}).json()
    assert corrected["rows"][0]["problem"]
    assert sender.confirm(seen["id"]).status_code == 422
    assert_no_rows()


@pytest.mark.parametrize(
    "correction", [{"time_point": "tomorrow"}, {"sequence": "CT"}, {"role": "report"}, {"rater": "x" * 121}]
)
def test_a_correction_outside_the_choices_is_refused(sender: Sender, correction: dict[str, Any]) -> None:
    seen = sender.preview({"P1_t1.nii": head()})
    assert sender.correct(seen["id"], {"id": seen["rows"][0]["id"], **correction}).status_code == 400


def test_what_a_row_says_about_its_files_cannot_be_corrected(sender: Sender) -> None:
    seen = sender.preview({"P1_t1.nii": head()})
    sender.correct(seen["id"], {"id": seen["rows"][0]["id"], "sources": [{"path": "/etc/passwd"}], "shape": [1, 1, 1]})
    assert sender.look(seen["id"])["rows"] == seen["rows"]


def test_a_row_that_is_left_out_is_not_stored(sender: Sender) -> None:
    seen = sender.preview(brats_2021(), scheme="brats-2018")
    unwanted = [row["id"] for row in seen["rows"] if row["sequence"] == "T2" or row["role"] == "mask"]
    sender.correct(seen["id"], *({"id": one, "include": False} for one in unwanted))
    sender.confirm(seen["id"])
    assert Series.objects.count() == 3
    assert not Segmentation.objects.exists()


def test_the_reference_is_one_and_can_be_chosen(sender: Sender) -> None:
    seen = sender.preview(brats_2021())
    t2 = next(row for row in seen["rows"] if row["sequence"] == "T2")
    mask_row = next(row for row in seen["rows"] if row["role"] == "mask")
    changes = [{"id": t2["id"], "reference": True}, {"id": mask_row["id"], "include": False}]
    rows = sender.correct(seen["id"], *changes).json()["rows"]
    assert [row["sequence"] for row in rows if row["reference"]] == ["T2"]
    sender.confirm(seen["id"])
    assert Case.objects.get().reference.sequence == "T2"  # type: ignore[union-attr]


def test_another_label_scheme_chooses_the_numbering_anew(sender: Sender) -> None:
    seen = sender.preview(brats_2021(), scheme="brats-2018")
    labels = next(row for row in seen["rows"] if row["role"] == "mask")
    assert labels["preset"] == ""
    changed = sender.correct(seen["id"], scheme="flair").json()
    assert next(row for row in changed["rows"] if row["role"] == "mask")["preset"] == "brats-2018"
    assert changed["scheme"] == "flair"


def test_two_masks_of_one_rater_are_told_apart_before_they_are_stored(sender: Sender) -> None:
    seen = sender.preview({"P1_t1.nii": head(), "P1_seg.nii": mask(1), "P1_gt.nii": mask(1, 1)}, scheme="flair")
    masks = [row for row in seen["rows"] if row["role"] == "mask"]
    assert all("several masks of Expert" in row["problem"] for row in masks)
    corrected = sender.correct(seen["id"], {"id": masks[0]["id"], "rater": "Second expert"}).json()
    assert [row["problem"] for row in corrected["rows"]] == ["", "", ""]


def test_the_same_exam_again_is_refused_naming_the_case(sender: Sender) -> None:
    sender.store({"P1_t1.nii": head(1)})
    case = Case.objects.get()
    seen = sender.preview({"P1_t2.nii": head(2)})
    assert f"already stored as case {case.pk} (P1 unknown)" in seen["rows"][0]["problem"]
    assert sender.confirm(seen["id"]).status_code == 422
    assert Case.objects.count() == 1


def test_the_same_file_under_another_name_is_refused_naming_the_case(sender: Sender) -> None:
    sender.store({"P1_t1.nii": head(1)})
    seen = sender.preview({"P2_t1.nii": head(1)})
    assert f"T1 of case {Case.objects.get().pk}" in seen["rows"][0]["problem"]


def test_a_stored_case_that_one_may_not_see_is_not_named(
    sender: Sender, client_of: Callable[[User], APIClient], centre: Centre, running_jobs: Any
) -> None:
    sender.store({"P1_t1.nii": head(1)})
    other = User.objects.create_user("other@north.example", name="Other", centre=centre, may_lead=True)
    theirs = Sender(client_of(other), running_jobs)
    by_name = theirs.preview({"P1_t2.nii": head(2)})["rows"][0]["problem"]
    by_content = theirs.preview({"Q7_t1.nii": head(1)})["rows"][0]["problem"]
    assert "in a case that you may not see" in by_name
    assert "a case you may not see" in by_content
    for problem in (by_name, by_content):
        assert "P1" not in problem
        assert str(Case.objects.get().pk) not in problem.replace("T1", "")


def test_the_same_file_at_another_centre_is_nobodys_business(
    sender: Sender, client_of: Callable[[User], APIClient], running_jobs: Any
) -> None:
    sender.store({"P1_t1.nii": head(1)})
    south = Centre.objects.create(name="South hospital", code="south")
    other = User.objects.create_user("lead@south.example", name="Other", centre=south, may_lead=True)
    seen = Sender(client_of(other), running_jobs).store({"P1_t1.nii": head(1)}, centre="south")
    assert seen["state"] == "done"
    assert Case.objects.count() == 2


def test_a_withdrawn_case_may_come_again(sender: Sender) -> None:
    sender.store({"P1_t1.nii": head(1)})
    Case.objects.update(withdrawn_at=timezone.now())
    assert sender.store({"P1_t1.nii": head(1)})["state"] == "done"


def test_the_same_file_twice_in_one_import_is_told(sender: Sender) -> None:
    seen = sender.preview({"P1_t1.nii": head(1), "P1_t2.nii": head(1)})
    assert [bool(row["problem"]) for row in seen["rows"]] == [False, True]
    assert "same content as P1_t1.nii" in seen["rows"][1]["problem"]


def test_two_windows_confirm_once(sender: Sender) -> None:
    seen = sender.preview({"P1_t1.nii": head(1)})
    assert sender.confirm(seen["id"]).status_code == 202
    assert sender.confirm(seen["id"]).status_code == 409
    assert Case.objects.count() == 1


@pytest.mark.parametrize("verb", ["parse", "confirm"])
def test_a_step_out_of_turn_is_refused(sender: Sender, verb: str) -> None:
    seen = sender.store({"P1_t1.nii": head(1)})
    assert sender.post(seen["id"], verb).status_code in {409, 422}
    assert sender.correct(seen["id"]).status_code == 409
    assert sender.announce(seen["id"], "P2_t1.nii", 10).status_code == 409
    assert sender.post(seen["id"], "discard").status_code == 409
    assert Case.objects.count() == 1


def test_an_exam_stored_between_preview_and_storing_stops_all_of_it(sender: Sender, lead: User, centre: Centre) -> None:
    seen = sender.preview({"P1_t1.nii": head(1), "P2_t1.nii": head(2)})
    answer = sender.client.post(f"/api/v1/imports/{seen['id']}/confirm/")  # the job is asked for and not yet done
    assert answer.status_code == 202
    patient = Patient.objects.create(pseudonym="P2", centre=centre)
    Case.objects.create(patient=patient, imported_by=lead)
    run_jobs("cases.store_import")
    after = sender.look(seen["id"])
    assert after["state"] == "preview"
    assert "already stored" in after["error"]
    assert Case.objects.count() == 1
    assert not Series.objects.exists()


def test_a_crash_in_the_middle_of_storing_leaves_nothing_half_imported(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = sender.preview({"P1_t1.nii": head(1), "P2_t1.nii": head(2)})
    real, made = storing._save_series, []

    def crash_at_the_second(case: Case, *rest: Any) -> None:
        made.append(case)
        if len(made) == 2:
            raise OSError("the disk is gone")
        real(case, *rest)

    monkeypatch.setattr(storing, "_save_series", crash_at_the_second)
    sender.confirm(seen["id"])
    after = sender.look(seen["id"])
    assert (after["state"], after["job"]["status"]) == ("preview", "failed")
    assert "disk is gone" not in after["error"]
    assert_no_rows()
    monkeypatch.setattr(storing, "_save_series", real)
    assert sender.confirm(seen["id"]).status_code == 202
    assert sender.look(seen["id"])["state"] == "done"
    assert Case.objects.count() == 2


def test_content_that_was_kept_for_nothing_is_swept(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = sender.preview(brats_2021(), scheme="brats-2018")

    def crash(*made_of: Any) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(storing, "make_cases", crash)
    sender.confirm(seen["id"])
    sender.post(seen["id"], "discard")
    assert StoredFile.objects.exists()
    storage.sweep(grace=timedelta(0))
    assert not StoredFile.objects.exists()
    assert_no_rows()


def test_a_worker_that_comes_back_from_the_dead_stores_nothing(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = sender.preview({"P1_t1.nii": head(1)})
    sender.client.post(f"/api/v1/imports/{seen['id']}/confirm/")
    job = Job.objects.get(kind="cases.store_import")
    slow = Job.objects.claim(job.pk)
    assert slow is not None
    Job.objects.filter(pk=job.pk).update(status=Job.Status.QUEUED)
    run_jobs("cases.store_import")
    assert Case.objects.count() == 1
    Import.objects.update(state=Import.State.STORING)
    with pytest.raises(Superseded):
        storing.store(slow)
    assert Case.objects.count() == 1


def test_storing_done_twice_makes_one_case(sender: Sender) -> None:
    seen = sender.store({"P1_t1.nii": head(1)})
    Job.objects.filter(kind="cases.store_import").update(status=Job.Status.QUEUED)
    run_jobs("cases.store_import")
    assert Case.objects.count() == 1
    assert sender.look(seen["id"])["state"] == "done"


def test_a_worker_that_died_lets_a_person_parse_again(sender: Sender) -> None:
    delivery = sender.start()
    sender.upload(delivery, "P1_t1.nii", head())
    sender.client.post(f"/api/v1/imports/{delivery}/parse/")
    Job.objects.filter(kind="cases.parse_import").update(status=Job.Status.FAILED, error="The worker stopped.")
    deliveries.expire()
    assert (sender.look(delivery)["state"], sender.look(delivery)["error"]) == ("failed", "The worker stopped.")
    assert sender.parse(delivery).status_code == 202
    assert sender.look(delivery)["state"] == "preview"


def test_the_reading_worker_tells_how_far_it_is(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[float, str]] = []
    report = Job.report

    def listen(job: Job, percent: float, step: str = "") -> None:
        told.append((percent, step))
        report(job, percent, step)

    monkeypatch.setattr(Job, "report", listen)
    seen = sender.preview(brats_2021())
    assert seen["job"]["percent"] == 100
    assert [step for _, step in told][-1] == "Reading file 5 of 5"
    assert [percent for percent, _ in told] == sorted(percent for percent, _ in told)
    assert not any("BraTS" in step for _, step in told)


def test_discarding_removes_everything_at_once(sender: Sender, lead: User) -> None:
    seen = sender.preview(brats_2021(), scheme="brats-2018")
    assert staged(seen["id"]).exists()
    after = sender.post(seen["id"], "discard").json()
    assert (after["state"], after["rows"], after["uploads"], after["problems"]) == ("discarded", [], [], [])
    assert not staged(seen["id"]).exists()
    assert not Upload.objects.exists()
    assert "BraTS" not in str(list(Import.objects.values())) + str(list(Event.objects.values()))
    assert Event.objects.get(verb="import.discarded").actor == lead
    assert sender.post(seen["id"], "discard").status_code == 200


def test_discarding_stops_the_worker(sender: Sender) -> None:
    seen = sender.preview({"P1_t1.nii": head(1)})
    sender.client.post(f"/api/v1/imports/{seen['id']}/confirm/")
    job = Job.objects.claim(Job.objects.get(kind="cases.store_import").pk)
    assert job is not None
    sender.post(seen["id"], "discard")
    Import.objects.update(state=Import.State.STORING, files_removed_at=None)
    with pytest.raises((Superseded, OSError)):
        storing.store(job)
    assert_no_rows()


def test_unconfirmed_imports_expire(sender: Sender, settings: Any) -> None:
    seen = sender.preview(brats_2021())
    fresh = sender.preview({"P2_t1.nii": head(2)})
    Import.objects.filter(pk=seen["id"]).update(expires_at=timezone.now() - timedelta(minutes=1))
    assert deliveries.expire()["expired"] == 1
    assert sender.look(seen["id"])["state"] == "discarded"
    assert not staged(seen["id"]).exists()
    assert sender.look(fresh["id"])["state"] == "preview"
    assert staged(fresh["id"]).exists()


def test_working_on_an_import_puts_its_expiry_off(sender: Sender) -> None:
    seen = sender.preview({"P1_t1.nii": head(1)})
    soon = timezone.now() + timedelta(minutes=1)
    Import.objects.update(expires_at=soon)
    sender.correct(seen["id"])
    assert Import.objects.get().expires_at > soon


def test_names_of_refused_files_are_forgotten_when_the_time_is_over(sender: Sender) -> None:
    seen = sender.store({"P1_t1.nii": head(1), "Mueller.txt": b"hello"})
    assert seen["problems"][0]["file"] == "Mueller.txt"
    Import.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    deliveries.expire()
    assert sender.look(seen["id"])["problems"] == []
    assert sender.look(seen["id"])["state"] == "done"


def test_files_that_a_crash_left_after_storing_are_removed(sender: Sender) -> None:
    seen = sender.store({"P1_t1.nii": head(1)})
    staged(seen["id"]).mkdir()
    Import.objects.update(files_removed_at=None)
    deliveries.expire()
    assert not staged(seen["id"]).exists()


def test_old_folders_that_no_import_claims_are_swept_and_nothing_else(sender: Sender, settings: Any) -> None:
    root = Path(settings.STAGING_DIR)
    live = sender.start()
    sender.upload(live, "P1_t1.nii", head())
    lost, young, foreign = root / str(uuid.uuid4()), root / str(uuid.uuid4()), root / "notes"
    for folder in (lost, young, foreign):
        folder.mkdir()
    old = timezone.now().timestamp() - 3600 * (settings.STAGING_HOURS + 1)
    for folder in (lost, foreign, staged(live)):
        os.utime(folder, (old, old))
    assert sweep_folders() == 1
    assert {path.name for path in root.iterdir()} == {live, young.name, "notes"}


def test_the_staging_area_is_closed_to_other_users_of_the_machine(sender: Sender, settings: Any) -> None:
    delivery = sender.start()
    sender.upload(delivery, "P1_t1.nii", head())
    folders = [Path(settings.STAGING_DIR), staged(delivery), staged(delivery) / "uploads"]
    assert {oct(folder.stat().st_mode)[-3:] for folder in folders} == {"700"}


def run_jobs(kind: str) -> None:
    """Do the jobs of a kind that were asked for, as a worker would."""
    from jobs.tasks import run

    for job in Job.objects.filter(kind=kind, status=Job.Status.QUEUED):
        run(str(job.pk))


def test_a_failed_reading_can_be_tried_again_from_the_jobs(sender: Sender) -> None:
    from jobs.services import retry

    delivery = sender.start()
    sender.upload(delivery, "P1_t1.nii", head())
    sender.client.post(f"/api/v1/imports/{delivery}/parse/")
    Job.objects.filter(kind="cases.parse_import").update(status=Job.Status.FAILED)
    deliveries.expire()
    retry(Job.objects.get(kind="cases.parse_import"))
    run_jobs("cases.parse_import")
    assert sender.look(delivery)["state"] == "preview"


def test_the_numberings_to_choose_from_are_those_of_the_scheme(sender: Sender) -> None:
    seen = sender.preview({"P1_t1.nii": head(), "P1_seg.nii": mask(1)}, scheme="reseg")
    labels = row_of(seen, "P1_seg.nii")
    assert labels["presets"] == ["", "brats-2018", "brats-2023", "brats-2024"]
    corrected = sender.correct(seen["id"], {"id": labels["id"], "preset": "brats-2023"}).json()
    assert row_of(corrected, "P1_seg.nii")["preset"] == "brats-2023"
