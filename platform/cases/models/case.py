"""Patient and Case: a person under a pseudonym, and one exam of theirs at one time point."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cases.models.access import Access


class Patient(models.Model):
    """A person under a pseudonym. A patient never crosses a boundary between training and test."""

    pseudonym = models.CharField(max_length=64)
    centre = models.ForeignKey("people.Centre", on_delete=models.PROTECT, related_name="patients")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pseudonym"]
        constraints = [
            models.UniqueConstraint(fields=["centre", "pseudonym"], name="patient_pseudonym_is_unique_in_a_centre")
        ]

    def __str__(self) -> str:
        return self.pseudonym


class CaseQuerySet(models.QuerySet["Case"]):
    """Questions about cases."""

    def visible_to(self, user: Any) -> CaseQuerySet:
        """Cases that an Access row in force names, or all of them by a row for everything."""
        mine = Access.objects.of(user)
        if mine.to_everything().exists():
            return self
        return self.filter(Exists(mine.to_cases().filter(case=OuterRef("pk"))))

    def present(self) -> CaseQuerySet:
        """Cases that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def prepared(self) -> CaseQuerySet:
        """Cases whose every series has its browser copy."""
        from cases.models.series import Series

        waiting = Series.objects.filter(case=OuterRef("pk"), browser_copy__isnull=True)
        return self.filter(reference__isnull=False).exclude(Exists(waiting))


class Case(models.Model):
    """One exam of one patient at one time point."""

    class TimePoint(models.TextChoices):
        PRE_OP = "pre_op", "pre-operative"
        EARLY_POST_OP = "early_post_op", "early post-operative (≤ 72 h)"
        POST_1M = "post_1m", "1 month post-operative"
        POST_3M = "post_3m", "3 months post-operative"
        POST_6M = "post_6m", "6 months post-operative"
        RECURRENCE = "recurrence", "recurrence"
        FOLLOW_UP = "follow_up", "follow-up"
        UNKNOWN = "unknown", "unknown"

    class TumourType(models.TextChoices):
        GLIOMA = "glioma"
        LGG = "lgg", "low-grade glioma"
        GBM = "gbm", "glioblastoma"
        MENINGIOMA = "meningioma"
        METASTASIS = "metastasis"
        OTHER = "other"
        UNKNOWN = "unknown"

    class Yes(models.TextChoices):
        """A finding that can be unknown."""

        YES = "yes"
        NO = "no"
        UNKNOWN = "unknown"

    class Idh(models.TextChoices):
        MUTANT = "mutant"
        WILDTYPE = "wildtype"
        UNKNOWN = "unknown"

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="cases")
    time_point = models.CharField(max_length=16, choices=TimePoint.choices, default=TimePoint.UNKNOWN)
    follow_up_number = models.PositiveSmallIntegerField(default=0, help_text="n of 'follow-up n'; otherwise 0")
    day_offset = models.IntegerField(null=True, blank=True, help_text="days since the patient's first exam")
    tumour_type = models.CharField(max_length=12, choices=TumourType.choices, default=TumourType.UNKNOWN)
    recurrent = models.CharField(max_length=8, choices=Yes.choices, default=Yes.UNKNOWN)
    multifocal = models.CharField(max_length=8, choices=Yes.choices, default=Yes.UNKNOWN)
    idh = models.CharField(max_length=8, choices=Idh.choices, default=Idh.UNKNOWN)
    grade = models.PositiveSmallIntegerField(null=True, blank=True, help_text="WHO grade, 1 to 4")
    dataset_group = models.CharField(max_length=20, blank=True, help_text="A, B, … where a study divides its data")
    synthetic = models.BooleanField(default=False)
    may_show_face = models.BooleanField(default=False, help_text="the head was not defaced")
    reference = models.ForeignKey("cases.Series", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["patient__pseudonym", "day_offset", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "time_point", "follow_up_number"],
                condition=Q(withdrawn_at__isnull=True),
                name="case_is_one_exam_of_a_patient_at_a_time_point",
            ),
            models.CheckConstraint(
                condition=Q(grade__isnull=True) | Q(grade__range=(1, 4)), name="case_grade_is_1_to_4"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.patient.pseudonym} {self.get_time_point_display()}"

    def earlier_exams(self) -> list[Case]:
        """Return the patient's exams before this one that were not withdrawn, the latest first.

        They are ordered by day where every exam has one, else by time point; exams of unknown time point are left out
        then, and have none before them.
        """
        others = [*Case.objects.present().filter(patient=self.patient_id).exclude(pk=self.pk)]
        if all(exam.day_offset is not None for exam in (self, *others)):
            places = {exam.pk: (exam.day_offset or 0, 0) for exam in (self, *others)}
        else:
            order = [point for point in self.TimePoint.values if point != self.TimePoint.UNKNOWN]
            places = {
                exam.pk: (order.index(exam.time_point), exam.follow_up_number)
                for exam in (self, *others)
                if exam.time_point in order
            }
        own = places.get(self.pk)
        if own is None:
            return []
        earlier = [exam for exam in others if exam.pk in places and places[exam.pk] < own]
        return sorted(earlier, key=lambda exam: places[exam.pk], reverse=True)

    @property
    def post_operative(self) -> bool | None:
        """Whether the exam followed an operation; None when the time point does not say."""
        if self.time_point in (self.TimePoint.UNKNOWN, self.TimePoint.FOLLOW_UP, self.TimePoint.RECURRENCE):
            return None
        return self.time_point != self.TimePoint.PRE_OP
