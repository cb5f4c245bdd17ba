"""Job: one piece of background work, whose row is the truth about it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

FINISHED = ("succeeded", "failed", "cancelled")


class Superseded(Exception):
    """This attempt is no longer the current one: another worker has the job, or a person cancelled it."""


class JobQuerySet(models.QuerySet["Job"]):
    """Questions about jobs, and the claim."""

    def visible_to(self, user: Any) -> JobQuerySet:
        """People see the jobs that they asked for; site administrators see all."""
        return self if user.is_superuser else self.filter(owner=user)

    def unfinished(self) -> JobQuerySet:
        """Jobs that wait or run."""
        return self.filter(status__in=[Job.Status.QUEUED, Job.Status.RUNNING])

    def silent(self) -> JobQuerySet:
        """Running jobs whose worker has not been heard of for too long, by the database's clock: machines differ."""
        limit = Now() - timedelta(seconds=settings.JOB_LOST_SECONDS)
        return self.filter(status=Job.Status.RUNNING, heartbeat_at__lt=limit)

    def due_again(self) -> JobQuerySet:
        """Ended jobs that somebody asked for once more while they ran."""
        return self.filter(again=True, status__in=FINISHED)

    def claim(self, pk: uuid.UUID | str, *, worker: str = "") -> Job | None:
        """Take the job for a new attempt and return it; None when it is not to be had.

        The UPDATE's own WHERE clause is the check: of two workers that got the message, one gets the row.
        """
        now = timezone.now()
        with transaction.atomic():
            claimed = self.filter(pk=pk, status=Job.Status.QUEUED).update(
                status=Job.Status.RUNNING,
                attempt=F("attempt") + 1,
                percent=0,
                step="",
                error="",
                detail="",
                worker=worker,
                started_at=now,
                heartbeat_at=Now(),
                finished_at=None,
            )
            return self.get(pk=pk) if claimed else None


class Job(models.Model):
    """A piece of work, asked for once per (kind, key), done by whoever claims it."""

    class Status(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        SUCCEEDED = "succeeded"
        FAILED = "failed"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    queue = models.CharField(max_length=20, default="default")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="jobs"
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    attempt = models.PositiveIntegerField(default=0)
    attempts_allowed = models.PositiveIntegerField(default=3)
    percent = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True, help_text="what went wrong, for the person who asked")
    detail = models.TextField(blank=True, help_text="the traceback, for the administrator")
    result = models.JSONField(null=True, blank=True)
    worker = models.CharField(max_length=120, blank=True)
    again = models.BooleanField(default=False, help_text="asked for once more while it ran")
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    sends = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()
    _reported = -1.0

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["status", "heartbeat_at"], name="job_by_status")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="job_is_asked_for_once"),
            models.CheckConstraint(
                condition=Q(status__in=["queued", "running", "succeeded", "failed", "cancelled"]),
                name="job_status_is_known",
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="job_percent_is_at_most_100"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} ({self.status})"

    def current(self) -> JobQuerySet:
        """Return this row as long as this attempt is the current one, for conditional updates."""
        return Job.objects.filter(pk=self.pk, attempt=self.attempt, status=Job.Status.RUNNING)

    def report(self, percent: float, step: str = "") -> None:
        """Tell how far the work is (0–100); raise Superseded when it should stop."""
        said, now = (min(100, max(0, int(percent))), (step or self.step)[:200]), time.monotonic()
        if said == (self.percent, self.step) and now - self._reported < 1.0:
            return  # a tight loop need not write the same again
        if not self.current().update(percent=said[0], step=said[1], heartbeat_at=Now()):
            raise Superseded(f"Attempt {self.attempt} of {self.kind} is no longer the current one.")
        self.percent, self.step, self._reported = *said, now

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Write results in one transaction that only the current attempt can commit.

        The first statement takes the job's row, so that a worker that comes back from the dead finds that it is
        no longer the current attempt, and one that is being replaced is waited for.
        """
        with transaction.atomic():
            if not self.current().update(heartbeat_at=Now()):
                raise Superseded(f"Attempt {self.attempt} of {self.kind} is no longer the current one.")
            yield

    def finish(self, status: Status, *, error: str = "", detail: str = "", result: Any = None) -> bool:
        """End this attempt; return False when it was no longer the current one."""
        percent = {"percent": 100} if status == Job.Status.SUCCEEDED else {}
        return bool(
            self.current().update(
                status=status,
                error=error,
                detail=detail,
                result=result,
                finished_at=timezone.now(),
                **percent,
            )
        )
