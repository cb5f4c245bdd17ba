"""Access: who may see which case or segmentation, why, and until when. Visibility is these rows and nothing else."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class AccessQuerySet(models.QuerySet["Access"]):
    """Questions about access."""

    def in_force(self) -> AccessQuerySet:
        """Rows that have not run out."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=timezone.now()))

    def of(self, user: Any) -> AccessQuerySet:
        """The rows of one person that are in force."""
        return self.in_force().filter(user=user)

    def to_everything(self) -> AccessQuerySet:
        """An administrator's rows."""
        return self.filter(grant=Access.Grant.EVERYTHING)

    def to_cases(self) -> AccessQuerySet:
        """Rows that show a case's images and attributes."""
        return self.filter(grant__in=[Access.Grant.CASE, Access.Grant.CASE_AND_SEGMENTATIONS])

    def blinds(self) -> AccessQuerySet:
        """Rows that take a case's segmentations away."""
        return self.filter(grant=Access.Grant.BLIND)


class Access(models.Model):
    """What one person may see. Rooms above `cases` write these rows and take them back.

    An import writes one for its importer, a study for its leads, an appointment for an administrator. A BLIND row
    wins over all others: a lead who also rates a blinded study sees no segmentation of its cases until their own
    ratings are in.
    """

    class Grant(models.TextChoices):
        CASE = "case", "images and attributes of a case"
        CASE_AND_SEGMENTATIONS = "case_and_segmentations", "a case with all its segmentations"
        SEGMENTATION = "segmentation", "one segmentation"
        EVERYTHING = "everything", "all cases and segmentations"
        BLIND = "blind", "no segmentation of the case, whatever other rows say"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="access")
    grant = models.CharField(max_length=24, choices=Grant.choices)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, null=True, blank=True, related_name="access")
    segmentation = models.ForeignKey(
        "cases.Segmentation", on_delete=models.CASCADE, null=True, blank=True, related_name="access"
    )
    reason = models.CharField(max_length=80, help_text="who wrote the row and why: 'import', 'study 3 lead'")
    until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = AccessQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    grant__in=["case", "case_and_segmentations", "blind"],
                    case__isnull=False,
                    segmentation__isnull=True,
                )
                | Q(grant="segmentation", case__isnull=True, segmentation__isnull=False)
                | Q(grant="everything", case__isnull=True, segmentation__isnull=True),
                name="access_names_what_its_grant_is_about",
            ),
            models.UniqueConstraint(
                fields=["user", "case", "grant", "reason"],
                condition=Q(case__isnull=False),
                name="access_to_a_case_is_given_once_per_reason",
            ),
            models.UniqueConstraint(
                fields=["user", "segmentation", "reason"],
                condition=Q(segmentation__isnull=False),
                name="access_to_a_segmentation_is_given_once_per_reason",
            ),
            models.UniqueConstraint(
                fields=["user", "reason"],
                condition=Q(grant="everything"),
                name="access_to_everything_is_given_once_per_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.grant} ({self.reason})"
