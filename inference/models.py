"""ModelVersion and Prediction."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from cases.models import Case
from core.models import StoredFile


class ModelVersionQuerySet(models.QuerySet["ModelVersion"]):
    """Questions about model versions."""

    def visible_to(self, user: Any) -> ModelVersionQuerySet:
        """Those who may start studies see all; to a rater a mask's source is nothing."""
        return self if user.may_lead or user.is_superuser else self.none()

    def in_use(self) -> ModelVersionQuerySet:
        """Those that were not retired."""
        return self.filter(retired_at__isnull=True)


class ModelVersion(models.Model):
    """One set of trained weights with the recipe to use them. As a rater it stands beside the people.

    `weights` is a safetensors file, never a pickle. `recipe` is `inference.engine.recipe.Recipe` as JSON.
    """

    name = models.SlugField(max_length=60)
    version = models.PositiveSmallIntegerField()
    rater = models.OneToOneField("people.Rater", on_delete=models.PROTECT, related_name="model_version")
    scheme = models.ForeignKey("cases.LabelScheme", on_delete=models.PROTECT, related_name="+")
    recipe = models.JSONField()
    weights = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    card = models.TextField(blank=True, help_text="how it was made and how good it is, Markdown")
    retired_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ModelVersionQuerySet.as_manager()

    class Meta:
        ordering = ["name", "-version"]
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="model_version_is_unique")]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class PredictionQuerySet(models.QuerySet["Prediction"]):
    """Questions about predictions."""

    def visible_to(self, user: Any) -> PredictionQuerySet:
        """Predictions of the cases that the person may see (the mask itself asks for its own access)."""
        return self.filter(case__in=Case.objects.visible_to(user))


class Prediction(models.Model):
    """A model version's segmentation of a case."""

    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="predictions")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="predictions")
    segmentation = models.OneToOneField("cases.Segmentation", on_delete=models.PROTECT, related_name="prediction")
    seconds = models.FloatField(help_text="of computation")
    device = models.CharField(max_length=40)
    created_at = models.DateTimeField(default=timezone.now)

    objects = PredictionQuerySet.as_manager()

    class Meta:
        ordering = ["case", "model_version"]
        constraints = [
            models.UniqueConstraint(fields=["model_version", "case"], name="prediction_is_one_per_model_and_case")
        ]

    def __str__(self) -> str:
        return f"{self.model_version} on {self.case}"
