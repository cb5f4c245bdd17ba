"""Draft, WorkedDay and ProblemReport: work in progress, the time it took, and what stood in its way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.models import StoredFile
from studies.models import Assignment, Study


class DraftQuerySet(models.QuerySet["Draft"]):
    """Questions about drafts."""

    def visible_to(self, user: Any) -> DraftQuerySet:
        """A draft is its rater's alone."""
        return self.filter(assignment__in=Assignment.objects.of(user))

    def trunk(self) -> DraftQuerySet:
        """The drafts that work goes on from; the others are branches kept beside them."""
        return self.filter(branch=False)

    def branches(self) -> DraftQuerySet:
        """The versions that lost against another one."""
        return self.filter(branch=True)

    def outlived(self, *, submitted_before: datetime) -> DraftQuerySet:
        """Branches of readings that were handed in before a moment and are still so; not those that came later."""
        done = Assignment.objects.submitted().filter(submitted_at__lt=submitted_before)
        return self.branches().filter(assignment__in=done, saved_at__lt=submitted_before)


class Draft(models.Model):
    """The work on an assignment as last saved: labels, answers, comments, effort.

    `sequence` counts the saves of the trunk: whoever saves names the one they last saw, so that two windows cannot
    overwrite each other unseen. `content` is the label payload on the assignment's grid. The trunk stays, since a
    reading that comes back goes on from it; branches are swept some time after the reading was handed in.
    """

    class Origin(models.TextChoices):
        BROWSER = "browser", "work of a browser that the server did not have"
        SERVER = "server", "the server's version, when a browser's was gone on with"

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="drafts")
    sequence = models.PositiveIntegerField()
    branch = models.BooleanField(default=False)
    origin = models.CharField(max_length=8, choices=Origin.choices, blank=True, help_text="of a branch")
    save_key = models.CharField(
        max_length=36,
        blank=True,
        help_text="the browser's own name of the save; known again when its answer was lost",
    )
    content = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    notes = models.JSONField(default=dict, help_text="answers, comments, seconds and edit statistics so far")
    volumes_ml = models.JSONField(null=True, blank=True, help_text="of a branch: ml per label key")
    saved_at = models.DateTimeField(default=timezone.now)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["assignment", "-saved_at"]
        constraints = [
            models.UniqueConstraint(fields=["assignment"], condition=Q(branch=False), name="draft_has_one_trunk"),
            models.CheckConstraint(condition=Q(sequence__gte=1), name="draft_sequence_starts_at_1"),
        ]

    def __str__(self) -> str:
        return f"draft {self.sequence} of {self.assignment_id}"


class WorkedDayQuerySet(models.QuerySet["WorkedDay"]):
    """Questions about worked days."""

    def visible_to(self, user: Any) -> WorkedDayQuerySet:
        """A person's days are their own."""
        return self.filter(assignment__in=Assignment.objects.of(user))


class WorkedDay(models.Model):
    """The seconds of one day, in the server's time zone, that a reading's rater was active in it."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="worked_days")
    day = models.DateField()
    active_seconds = models.PositiveIntegerField(default=0)

    objects = WorkedDayQuerySet.as_manager()

    class Meta:
        ordering = ["assignment", "day"]
        constraints = [models.UniqueConstraint(fields=["assignment", "day"], name="worked_day_is_counted_once")]

    def __str__(self) -> str:
        return f"{self.active_seconds} s on {self.day} in {self.assignment_id}"


class ProblemReportQuerySet(models.QuerySet["ProblemReport"]):
    """Questions about problem reports."""

    def visible_to(self, user: Any) -> ProblemReportQuerySet:
        """One's own, and those of the studies that one leads."""
        return self.filter(Q(assignment__rater__user=user) | Q(assignment__study__in=Study.objects.led_by(user)))

    def open(self) -> ProblemReportQuerySet:
        """Those that no lead has settled."""
        return self.filter(settled_at__isnull=True)


class ProblemReport(models.Model):
    """A rater tells the lead what is wrong with a case."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="problems")
    text = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = ProblemReportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.text[:60]
