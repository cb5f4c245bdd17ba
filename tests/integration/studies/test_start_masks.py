"""A lead tries a start mask again that could not be made."""

import pytest
from django.test import Client

from jobs.models import Job
from studies.models import StudyCase
from tests.factories import JobFactory, ModelRaterFactory, PreparedCaseFactory, StudyFactory, UserFactory

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
