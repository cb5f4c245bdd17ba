"""Series: one sequence of a case, as received and as prepared for the browser."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.models.case import Case
from core.models import StoredFile
from imaging.grid import Grid


class SeriesQuerySet(models.QuerySet["Series"]):
    """Questions about series."""

    def visible_to(self, user: Any) -> SeriesQuerySet:
        """Series of the cases that the person may see; none of a case that was withdrawn."""
        return self.filter(case__in=Case.objects.visible_to(user).present())

    def unprepared(self) -> SeriesQuerySet:
        """Series that have no browser copy yet."""
        return self.filter(browser_copy__isnull=True)


class Series(models.Model):
    """One sequence of one case. `shape` and `affine` are the received file's own grid (RAS+ mm)."""

    class Sequence(models.TextChoices):
        T1 = "T1"
        T1C = "T1c"
        T2 = "T2"
        FLAIR = "FLAIR"
        ADC = "ADC"
        RCBV = "rCBV"
        DWI = "DWI"
        OTHER = "other"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="series")
    sequence = models.CharField(max_length=8, choices=Sequence.choices)
    name = models.CharField(max_length=80, blank=True, help_text="tells several series of one sequence apart")
    shape = models.JSONField(help_text="voxels along (x, y, z) of the received file")
    affine = models.JSONField(help_text="4×4, voxel index to RAS+ mm")
    dicom_uid = models.CharField(max_length=64, blank=True, help_text="pseudonymous Series Instance UID")
    frame_of_reference_uid = models.CharField(max_length=64, blank=True)
    technical = models.JSONField(default=dict, help_text="kept facts about the acquisition, nothing identifying")
    removed = models.JSONField(default=list, help_text="where identifying text was found and left behind")
    browser_copy = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    thumbnail = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    window_low = models.FloatField(null=True, blank=True)
    window_high = models.FloatField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        ordering = ["case", "pk"]
        verbose_name_plural = "series"
        constraints = [
            models.UniqueConstraint(fields=["case", "sequence", "name"], name="series_is_named_once_in_a_case"),
            models.CheckConstraint(
                condition=Q(sequence__in=["T1", "T1c", "T2", "FLAIR", "ADC", "rCBV", "DWI", "other"]),
                name="series_sequence_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.sequence}"

    @property
    def grid(self) -> Grid:
        """The grid of the received file."""
        return Grid.from_json({"shape": self.shape, "affine": self.affine})


class SeriesFile(models.Model):
    """One received file of a series: one for NIfTI, many for DICOM."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="files")
    position = models.PositiveIntegerField(default=0)
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    format = models.CharField(max_length=12, help_text="nifti, nrrd, metaimage, dicom")
    suffix = models.CharField(max_length=12, help_text="the file name's ending: .nii.gz")
    dicom_uid = models.CharField(max_length=64, blank=True, help_text="pseudonymous SOP Instance UID")

    class Meta:
        ordering = ["series", "position"]
        constraints = [
            models.UniqueConstraint(fields=["series", "position"], name="series_file_has_a_place_of_its_own")
        ]

    def __str__(self) -> str:
        return f"{self.series} file {self.position}"
