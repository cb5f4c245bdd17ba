"""Segmentation: the one noun. Beside it DerivedMap and Lesion."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cases.models.access import Access
from cases.models.case import Case, Patient
from cases.models.labels import LabelScheme
from cases.models.series import Series
from core.models import StoredFile
from imaging.grid import Grid


class SegmentationQuerySet(models.QuerySet["Segmentation"]):
    """Questions about segmentations."""

    def visible_to(self, user: Any) -> SegmentationQuerySet:
        """Those that an Access row in force names, itself or by its case, unless a BLIND row hides the case's.

        None of a case that was withdrawn.
        """
        mine = Access.objects.of(user)
        present = self.filter(case__in=Case.objects.present())
        seen = present.exclude(Exists(mine.blinds().filter(case=OuterRef("case"))))
        if mine.to_everything().exists():
            return seen
        named = Exists(mine.filter(segmentation=OuterRef("pk")))
        whole_case = Access.Grant.CASE_AND_SEGMENTATIONS
        by_case = Exists(mine.filter(case=OuterRef("case"), grant=whole_case))
        return seen.filter(named | by_case)

    def by_humans(self) -> SegmentationQuerySet:
        """Labellings by people."""
        return self.filter(rater__kind="human")

    def by_models(self) -> SegmentationQuerySet:
        """Labellings by model versions."""
        return self.filter(rater__kind="model")


class Segmentation(models.Model):
    """An immutable labelling of one case on a stated grid, by one rater. A correction is a new row with a parent.

    The content is one uint8 map per layer of the scheme on the canonical (closest RAS) grid of `series`, x fastest,
    gzip-compressed. `sha256` is the identity of the decoded layers, grid and scheme: compressed bytes vary.
    """

    class Source(models.TextChoices):
        IMPORT = "import"
        MODEL = "model"
        SUBMISSION = "submission"
        CONSENSUS = "consensus"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="segmentations")
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="segmentations")
    rater = models.ForeignKey("people.Rater", on_delete=models.PROTECT, related_name="segmentations")
    scheme = models.ForeignKey(LabelScheme, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=12, choices=Source.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    content = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, db_index=True)
    volumes_ml = models.JSONField(help_text="ml per label and region key")
    thumbnail = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = SegmentationQuerySet.as_manager()

    class Meta:
        ordering = ["case", "created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(source__in=["import", "model", "submission", "consensus"]),
                name="segmentation_source_is_known",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")),
                name="segmentation_is_not_its_own_parent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} by {self.rater}"

    @property
    def grid(self) -> Grid:
        """The grid of the stored layers: the canonical grid of the series."""
        return self.series.grid.canonical()


class DerivedMapQuerySet(models.QuerySet["DerivedMap"]):
    """Questions about maps."""

    def probabilities_for(self, user: Any) -> DerivedMapQuerySet:
        """The models' probabilities of the segmentations that a lead or administrator may see; none for others.

        To raters a study shows them, or does not: then under the assignment's own address.
        """
        if not (user.may_lead or user.is_superuser):
            return self.none()
        seen = Segmentation.objects.visible_to(user)
        return self.filter(kind=DerivedMap.Kind.PROBABILITY, segmentation__in=seen)


class DerivedMap(models.Model):
    """A map computed from a case or a segmentation: probability, entropy, brain mask, rCBV."""

    class Kind(models.TextChoices):
        PROBABILITY = "probability"
        ENTROPY = "entropy"
        BRAIN_MASK = "brain_mask"
        RCBV = "rcbv"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="derived_maps")
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="derived_maps")
    segmentation = models.ForeignKey(
        Segmentation, on_delete=models.PROTECT, null=True, blank=True, related_name="derived_maps"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    label = models.CharField(max_length=40, blank=True)
    content = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", help_text="a scrubbed NIfTI")
    created_at = models.DateTimeField(default=timezone.now)

    objects = DerivedMapQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["segmentation", "kind", "label"],
                condition=Q(segmentation__isnull=False),
                name="derived_map_of_a_segmentation_is_one_per_kind_and_label",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.case}"


class Lesion(models.Model):
    """A patient's lesion, followed over cases under one number."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="lesions")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["patient", "number"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "number"], name="lesion_number_is_unique_in_a_patient")
        ]

    def __str__(self) -> str:
        return f"lesion {self.number} of {self.patient}"
