"""A lead tries a start mask again that could not be made, or lets the raters draw from nothing."""

import pytest
from django.test import Client

from jobs.models import Job
from studies.models import Assignment, Study, StudyCase
from tests.factories import (
    AssignmentFactory,
    JobFactory,
    ModelRaterFactory,
    PreparedCaseFactory,
    StudyFactory,
    UserFactory,
)
from workflow import steps

pytestmark = pytest.mark.django_db


def failed_start_mask() -> tuple[StudyCase, Job]:
    model = ModelRaterFactory.create()
    row = StudyCase.objects.create(study=StudyFactory.create(start_rater=model), case=PreparedCaseFactory.create())
    key = f"{model.pk}:{row.case_id}"
    job = JobFactory.create(kind="inference.predict", key=key, status=Job.Status.FAILED, owner=None, error="No memory")
    return row, job


def address(row: StudyCase, case: int) -> str:
    return f"/api/v1/studies/{row.study_id}/cases/{case}/start-mask/retry/"


def test_the_lead_sends_a_failed_start_mask_again(client: Client) -> None:
    row, job = failed_start_mask()
    client.force_login(row.study.created_by)
    assert client.post(address(row, row.case_id)).status_code == 204
    job.refresh_from_db()
    assert job.status == Job.Status.QUEUED
    assert client.post(address(row, row.case_id)).status_code == 409


def test_nobody_else_does_and_no_other_case_of_the_model(client: Client) -> None:
    row, job = failed_start_mask()
    elsewhere = PreparedCaseFactory.create()
    JobFactory.create(kind="inference.predict", key=f"{row.study.start_rater_id}:{elsewhere.pk}", status="failed")
    client.force_login(UserFactory.create(lead=True))
    assert client.post(address(row, row.case_id)).status_code == 404
    client.force_login(row.study.created_by)
    assert client.post(address(row, elsewhere.pk)).status_code == 422
    job.refresh_from_db()
    assert job.status == Job.Status.FAILED


def given_up(row: StudyCase, case: int) -> str:
    return f"/api/v1/studies/{row.study_id}/cases/{case}/start-mask/give-up/"


def test_the_lead_lets_the_raters_draw_from_nothing(client: Client) -> None:
    row, job = failed_start_mask()
    waiting = AssignmentFactory.create(study=row.study, case=row.case, state=Assignment.State.WAITING, start=None)
    steps.advance()
    waiting.refresh_from_db()
    assert waiting.state == Assignment.State.WAITING

    client.force_login(row.study.created_by)
    assert client.post(given_up(row, row.case_id)).status_code == 204
    steps.advance()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.start) == (Assignment.State.READY, None)
    assert client.get(f"/api/v1/studies/{row.study_id}/board/").json()["cases"][0]["start_mask"] is None
    job.refresh_from_db()
    assert job.status == Job.Status.FAILED, "nobody asks the model again"
    assert client.post(given_up(row, row.case_id)).status_code == 409


@pytest.mark.parametrize("status", [Job.Status.QUEUED, Job.Status.RUNNING, Job.Status.SUCCEEDED])
def test_a_start_mask_that_is_coming_or_there_is_not_given_up(client: Client, status: str) -> None:
    row, job = failed_start_mask()
    Job.objects.filter(pk=job.pk).update(status=status)
    client.force_login(row.study.created_by)
    assert client.post(given_up(row, row.case_id)).status_code == 422
    client.force_login(UserFactory.create(lead=True))
    assert client.post(given_up(row, row.case_id)).status_code == 404
    row.refresh_from_db()
    assert not row.starts_empty


@pytest.mark.parametrize("state", [Study.State.DRAFT, Study.State.CLOSED])
def test_a_start_mask_is_given_up_in_a_running_study_only(client: Client, state: str) -> None:
    """In a draft the model can still be changed, and the case would begin without the other model's mask, too."""
    row, _ = failed_start_mask()
    Study.objects.filter(pk=row.study_id).update(state=state)
    client.force_login(row.study.created_by)
    assert client.post(given_up(row, row.case_id)).status_code == 422
    row.refresh_from_db()
    assert not row.starts_empty
