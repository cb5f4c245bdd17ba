"""Report and its files."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.models import StoredFile
from jobs.models import Job
from studies.models import Study


class ReportQuerySet(models.QuerySet["Report"]):
    """Questions about reports."""

    def visible_to(self, user: Any) -> ReportQuerySet:
        """Those of the studies whose results the person may see."""
        return self.filter(study__in=Study.objects.with_results_for(user))


class Report(models.Model):
    """Figures computed by a worker from frozen inputs.

    `inputs` names the segmentations and ratings by hash, the raters with their expertise at that time, the regions,
    the parameters, the protocol's version, the code version and the seeds; `data` is what was computed from them and
    nothing else. A report is never changed: computing again makes a new one.
    """

    class Kind(models.TextChoices):
        INTER_RATER = "inter_rater", "Agreement between raters"

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.CharField(max_length=160)
    parameters = models.JSONField(default=dict)
    inputs = models.JSONField(default=dict)
    inputs_sha256 = models.CharField(max_length=64, blank=True)
    data = models.JSONField(null=True, blank=True)
    figures = models.JSONField(default=dict, help_text="Vega-Lite specifications by name")
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(data__isnull=False),
                name="report_that_is_finished_has_data",
            )
        ]

    def __str__(self) -> str:
        return self.title


class ReportFile(models.Model):
    """One file of a report: the PDF, a table as CSV, a figure as SVG."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=80)
    content_type = models.CharField(max_length=60)
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["report", "name"]
        constraints = [models.UniqueConstraint(fields=["report", "name"], name="report_file_name_is_unique")]

    def __str__(self) -> str:
        return self.name
