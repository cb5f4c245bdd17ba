"""LabelScheme: which labels exist, in which layers, and which regions they form."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone


class LabelScheme(models.Model):
    """A set of labels. Labels exclude each other within a layer and may overlap across layers.

    `definition` is `{"layers": [{"key", "name", "sequence"}], "labels": [{"layer", "value", "key", "name", "color"}],
    "regions": [{"key", "name", "labels": [label keys]}], "import_values": {preset: {file value: label key}}}`, checked
    by `cases.schemes.check` before it is stored. A scheme that is in use is never changed: a new version is a new row.
    """

    key = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=120)
    definition = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["key", "version"]
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="label_scheme_version_is_unique"),
            models.CheckConstraint(condition=Q(version__gte=1), name="label_scheme_versions_start_at_1"),
        ]

    def __str__(self) -> str:
        return f"{self.name} (v{self.version})"
