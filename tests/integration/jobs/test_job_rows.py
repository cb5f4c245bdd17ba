"""What the row of a job promises, whoever asks, claims, cancels, comes back or is lost."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from core.errors import Conflict, DomainError
from jobs import services, tasks
from jobs.models import Job, Superseded
from jobs.registry import _KINDS, handles
from tests.factories import JobFactory, UserFactory

pytestmark = pytest.mark.django_db
Status = Job.Status
LONG_AGO = timedelta(hours=1)


@pytest.fixture
def kind() -> Iterator[str]:
    """A kind of job of this test alone: name the function with `does`."""
    name = f"test.{uuid.uuid4()}"
    yield name
    _KINDS.pop(name, None)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids that were handed to the broker; nothing runs."""
    ids: list[str] = []
    monkeypatch.setattr(tasks.run, "apply_async", lambda args, **_: ids.append(args[0]))
    return ids


def claimed(**facts: Any) -> Job:
    job = Job.objects.claim(JobFactory.create(**facts).pk)
    assert job is not None
    return job


def fall_silent(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - LONG_AGO)


def test_asking_twice_gives_the_same_job(sent: list[str], django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first = services.enqueue("test.thing", key="1", number=1)
        second = services.enqueue("test.thing", key="1", number=2)
    assert first.pk == second.pk
    assert second.params == {"number": 1}
    assert sent == [str(first.pk)]


def test_the_database_refuses_a_second_job_of_a_kind_and_key() -> None:
    JobFactory.create(kind="test.thing", key="1")
    with pytest.raises(IntegrityError), transaction.atomic():
        JobFactory.create(kind="test.thing", key="1")


def test_nothing_is_sent_before_the_commit_nor_after_a_rollback(
    sent: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as waiting:
        services.enqueue("test.thing", key="1")
        assert sent == []
    assert len(waiting) == 1


def test_a_job_is_claimed_once_and_by_the_newest_attempt(sent: list[str]) -> None:
    job = JobFactory.create()
    first = Job.objects.claim(job.pk)
    assert first is not None
    assert Job.objects.claim(job.pk) is None
    fall_silent(job)
    services.look_after()
    second = Job.objects.claim(job.pk)
    assert second is not None
    assert (first.attempt, second.attempt) == (1, 2)


def test_a_worker_that_comes_back_changes_nothing(sent: list[str]) -> None:
    job = claimed()
    fall_silent(job)
    assert services.look_after()["freed"] == 1
    for attempt in ("freed", "claimed by another"):
        with pytest.raises(Superseded):
            job.report(50, "still here")
        with pytest.raises(Superseded), job.keeping():
            pytest.fail(f"kept something although the job was {attempt}")
        assert not job.finish(Status.SUCCEEDED, result={"wrong": True})
        Job.objects.claim(job.pk)
    job.refresh_from_db()
    assert (job.status, job.result, job.percent) == (Status.RUNNING, None, 0)


def test_a_cancelled_job_keeps_nothing_and_is_not_claimed() -> None:
    job = claimed()
    services.cancel(job)
    with pytest.raises(Superseded):
        job.report(10)
    assert not job.finish(Status.SUCCEEDED)
    assert Job.objects.claim(job.pk) is None
    with pytest.raises(Conflict):
        services.cancel(job)


def test_a_failed_job_is_tried_again_with_fresh_attempts(sent: list[str]) -> None:
    job = claimed()
    job.finish(Status.FAILED, error="no disk")
    with transaction.atomic():
        services.retry(job)
    again = Job.objects.claim(job.pk)
    assert again is not None
    assert (again.attempt, again.attempts_allowed, again.error) == (2, 4, "")
    with pytest.raises(Conflict):
        services.retry(job)


def test_a_job_whose_workers_keep_dying_is_given_up(sent: list[str]) -> None:
    job = JobFactory.create(attempts_allowed=3)
    for _ in range(3):
        assert Job.objects.claim(job.pk) is not None
        fall_silent(job)
        counts = services.look_after()
    assert (counts["given_up"], counts["freed"]) == (1, 0)
    job.refresh_from_db()
    assert job.status == Status.FAILED
    assert "every time it was tried" in job.error


def test_a_working_job_is_left_alone(sent: list[str]) -> None:
    job = claimed()
    assert services.look_after() == {"given_up": 0, "freed": 0, "repeated": 0, "resent": 0}
    job.report(1)


def test_a_lost_message_is_sent_again_and_a_long_queue_is_no_loss(sent: list[str], settings: Any) -> None:
    settings.JOB_LOST_SECONDS = 60
    now = timezone.now()
    lost = JobFactory.create(sends=1, sent_at=now - timedelta(seconds=61))
    JobFactory.create(sends=1, sent_at=now - timedelta(seconds=59))
    JobFactory.create(sends=3, sent_at=now - timedelta(seconds=200))
    assert services.look_after()["resent"] == 1
    assert sent == [str(lost.pk)]
    lost.refresh_from_db()
    assert lost.sends == 2


def test_a_broker_that_is_away_only_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def refuse(*args: Any, **options: Any) -> None:
        tried.append(1)
        raise ConnectionError("no broker")

    monkeypatch.setattr(tasks.run, "apply_async", refuse)
    jobs = [JobFactory.create(), JobFactory.create()]
    assert services.send(jobs[0]) is False
    assert services.look_after()["resent"] == 0
    assert len(tried) == 2  # one of them told that the broker is away
    assert not Job.objects.filter(sent_at__isnull=False).exists()


def test_what_is_asked_for_again_while_it_runs_is_done_once_more(
    sent: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    job = claimed(kind="test.thing", key="1")
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(3):
            services.enqueue("test.thing", key="1", again=True)
    assert sent == []
    job.finish(Status.SUCCEEDED)
    with django_capture_on_commit_callbacks(execute=True):
        assert services.repeat(job)
        assert not services.repeat(job)
    assert sent == [str(job.pk)]


def test_a_worker_that_dies_before_it_repeats_a_job_loses_nothing(
    sent: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    job = claimed(again=True)
    job.finish(Status.SUCCEEDED)
    with django_capture_on_commit_callbacks(execute=True):
        assert services.look_after()["repeated"] == 1
    job.refresh_from_db()
    assert job.status == Status.QUEUED


def test_asking_again_waits_for_the_commit_so_that_the_job_sees_it(
    sent: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    job = JobFactory.create(kind="test.thing", key="1")
    with django_capture_on_commit_callbacks(execute=True):
        services.enqueue("test.thing", key="1", again=True)  # it waits still …
        assert Job.objects.claim(job.pk) is not None  # … and begins before the caller commits
    job.refresh_from_db()
    assert job.again


def test_work_that_comes_round_is_not_piled_up(sent: list[str], kind: str) -> None:
    handles(kind, every=60)(lambda _: None)
    tasks.look_after()
    job = Job.objects.get(kind=kind)
    assert Job.objects.claim(job.pk) is not None
    tasks.look_after()
    job.refresh_from_db()
    assert (job.status, job.again) == (Status.RUNNING, False)
    Job.objects.filter(pk=job.pk).update(status=Status.SUCCEEDED, finished_at=timezone.now())
    tasks.look_after()
    job.refresh_from_db()
    assert job.status == Status.SUCCEEDED


def test_a_failure_is_told_in_plain_words_and_its_traceback_kept_for_the_administrator(kind: str) -> None:
    def fail(job: Job) -> None:
        raise KeyError("secret detail")

    handles(kind)(fail)
    job = JobFactory.create(kind=kind)
    tasks.run(str(job.pk))
    job.refresh_from_db()
    assert job.status == Status.FAILED
    assert job.error == "The platform failed at this step (KeyError). The administrator can see the details."
    assert "secret detail" in job.detail


def test_a_broken_rule_is_told_as_it_is(kind: str) -> None:
    def refuse(job: Job) -> None:
        raise DomainError("The mask has a label that the scheme does not know.")

    handles(kind)(refuse)
    job = JobFactory.create(kind=kind)
    tasks.run(str(job.pk))
    job.refresh_from_db()
    assert (job.status, job.error) == (Status.FAILED, "The mask has a label that the scheme does not know.")


def test_an_unknown_kind_says_that_versions_differ() -> None:
    job = JobFactory.create(kind="from.the.future")
    tasks.run(str(job.pk))
    job.refresh_from_db()
    assert job.status == Status.FAILED
    assert "same version" in job.detail


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_people_see_the_jobs_that_they_asked_for() -> None:
    user = UserFactory.create()
    mine, other = JobFactory.create(owner=user, kind="a"), JobFactory.create(owner=UserFactory.create(), kind="b")
    client, administrator = client_of(user), client_of(UserFactory.create(administrator=True))
    assert [row["id"] for row in client.get("/api/v1/jobs/").json()["results"]] == [str(mine.pk)]
    assert client.get(f"/api/v1/jobs/{other.pk}/").status_code == 404
    assert client.post(f"/api/v1/jobs/{other.pk}/cancel/").status_code == 404
    assert administrator.get("/api/v1/jobs/", {"kind": "b", "status": "queued"}).json()["count"] == 1


def test_the_traceback_is_for_administrators() -> None:
    user = UserFactory.create()
    job = JobFactory.create(owner=user, status="failed", error="no disk", detail="Traceback …")
    path = f"/api/v1/jobs/{job.pk}/"
    assert "Traceback" not in client_of(user).get(path).content.decode()
    assert client_of(user).get(path).json()["error"] == "no disk"
    assert client_of(UserFactory.create(administrator=True)).get(path).json()["detail"] == "Traceback …"


def test_the_rest_of_the_time_is_forecast() -> None:
    user, now = UserFactory.create(), timezone.now()
    job = JobFactory.create(owner=user, status="running", percent=25, started_at=now - timedelta(seconds=100))
    seen = client_of(user).get(f"/api/v1/jobs/{job.pk}/").json()
    assert seen["seconds"] == pytest.approx(100, abs=5)
    assert seen["seconds_left"] == pytest.approx(300, abs=15)


def test_a_job_is_cancelled_and_tried_again_over_http(sent: list[str], django_capture_on_commit_callbacks: Any) -> None:
    user = UserFactory.create()
    job = JobFactory.create(owner=user)
    path, client = f"/api/v1/jobs/{job.pk}/", client_of(user)
    assert client.post(path + "retry/").status_code == 409
    assert client.post(path + "cancel/").json()["status"] == "cancelled"
    assert client.post(path + "cancel/").status_code == 409
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(path + "retry/").json()["status"] == "queued"
    assert sent == [str(job.pk)]
