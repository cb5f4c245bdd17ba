"""Upload and Import: the expiring staging area before any case exists."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class ImportQuerySet(models.QuerySet["Import"]):
    """Questions about imports."""

    def visible_to(self, user: Any) -> ImportQuerySet:
        """People see their own imports: before confirmation the files may still name patients."""
        return self.filter(owner=user)

    def expired(self) -> ImportQuerySet:
        """Imports whose staged files may go."""
        return self.filter(expires_at__lt=timezone.now(), files_removed_at__isnull=True)


class Import(models.Model):
    """One delivery of files: uploaded, parsed by a worker, previewed and corrected, then confirmed."""

    class State(models.TextChoices):
        UPLOADING = "uploading"
        PARSING = "parsing"
        PREVIEW = "preview"
        STORING = "storing"
        DONE = "done"
        FAILED = "failed"
        DISCARDED = "discarded"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="imports")
    centre = models.ForeignKey("people.Centre", on_delete=models.PROTECT, related_name="+")
    scheme = models.ForeignKey("cases.LabelScheme", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADING)
    synthetic = models.BooleanField(default=False)
    rows = models.JSONField(default=list, help_text="the preview table, one row per image found")
    problems = models.JSONField(default=list, help_text="what was refused, with file and reason")
    result = models.JSONField(default=dict, help_text="what was stored")
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    files_removed_at = models.DateTimeField(null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["uploading", "parsing", "preview", "storing", "done", "failed", "discarded"]),
                name="import_state_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"import {self.pk} ({self.state})"


class UploadQuerySet(models.QuerySet["Upload"]):
    """Questions about uploads."""

    def visible_to(self, user: Any) -> UploadQuerySet:
        """People see their own uploads."""
        return self.filter(delivery__owner=user)

    def incomplete(self) -> UploadQuerySet:
        """Uploads that have not arrived whole."""
        return self.filter(received__lt=F("size"))


class Upload(models.Model):
    """One file on its way: resumable from the byte that arrived last."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    delivery = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="uploads")
    path = models.CharField(max_length=400, help_text="the relative path that the sender gave: shown, never opened")
    size = models.PositiveBigIntegerField(help_text="bytes")
    received = models.PositiveBigIntegerField(default=0, help_text="bytes that have arrived")
    created_at = models.DateTimeField(default=timezone.now)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(condition=Q(received__lte=F("size")), name="upload_is_not_larger_than_announced"),
            models.UniqueConstraint(fields=["delivery", "path"], name="upload_path_is_unique_in_an_import"),
        ]

    def __str__(self) -> str:
        return self.path
