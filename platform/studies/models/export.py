"""StudyExport: a study's masks and scores in one file, made by a worker."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.models import StoredFile
from jobs.models import Job
from studies.models.study import Study


class StudyExportQuerySet(models.QuerySet["StudyExport"]):
    """Questions about exports."""

    def visible_to(self, user: Any) -> StudyExportQuerySet:
        """Those of the studies that the person leads and whose masks they may see."""
        return self.filter(study__in=Study.objects.led_by(user) & Study.objects.with_results_for(user))


class StudyExport(models.Model):
    """Everything that was handed in for a study up to a moment, as a zip."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="exports")
    suffix = models.CharField(max_length=8, default=".nii.gz", help_text="format of the masks")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = StudyExportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"export {self.pk} of {self.study}"
