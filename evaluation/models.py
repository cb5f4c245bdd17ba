"""Report and its files, and the figures of each case that live agreement is merged from."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cases.models import Access, Case, DerivedMap
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
    nothing else, and methods, tables and figures are made of these two. A report is never changed: computing again
    makes a new one.
    """

    class Kind(models.TextChoices):
        INTER_RATER = "inter_rater", "Agreement between raters"
        SEGMENTATION = "segmentation", "Segmentation by subgroup"
        CLASSIFICATION = "classification", "Classification of resections"
        SCORES = "scores", "Scores"
        LESIONS = "lesions", "Lesions over time"
        NEH = "neh", "Hypercellular tumour (NEH)"

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.CharField(max_length=160)
    parameters = models.JSONField(default=dict)
    inputs = models.JSONField(default=dict)
    inputs_sha256 = models.CharField(max_length=64, blank=True)
    data = models.JSONField(null=True, blank=True)
    methods = models.TextField(blank=True)
    tables = models.JSONField(default=list, help_text="as evaluation.reports.tables writes them")
    figures = models.JSONField(default=dict, help_text="Vega-Lite specifications by name")
    environment = models.JSONField(default=dict, help_text="with which versions the data were computed")
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
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["inter_rater", "segmentation", "classification", "scores", "lesions", "neh"]),
                name="report_kind_is_known",
            ),
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


class Recomputation(models.Model):
    """A finished report computed once more from its frozen inputs, and how the data differ.

    `differences` lists the first of them, as path, old, new and whether they are within the tolerance; `verdict` counts
    all: in the environment that the report was made in only identical data are good, elsewhere all within 1e-9.
    """

    class Verdict(models.TextChoices):
        IDENTICAL = "identical"
        WITHIN = "within", "within 1e-9"
        DIFFERENT = "different"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="recomputations")
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    environment = models.JSONField(default=dict)
    same_environment = models.BooleanField(null=True, blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    differences = models.JSONField(default=list)
    difference_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["report", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, verdict="")
                | Q(finished_at__isnull=False, verdict__in=["identical", "within", "different"]),
                name="recomputation_has_a_verdict_iff_finished",
            )
        ]

    def __str__(self) -> str:
        return f"{self.report}, computed again"


class CaseAgreement(models.Model):
    """How the masks of one case of a study agree, computed once for these masks.

    `inputs_sha256` stands for the masks, whose they are, and the method; `readings` names them. When a reading comes
    in or goes back, another row counts: which one, `evaluation.agreement.inputs` says. `results` is what
    `evaluation.agreement.computing` returns, by region.
    """

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="case_agreements")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="agreements")
    inputs_sha256 = models.CharField(max_length=64)
    readings = models.JSONField(help_text="[rater, kind, segmentation, sha256] of each mask, in the order of results")
    results = models.JSONField()
    people_dice = models.FloatField(
        null=True, blank=True, help_text="mean Dice over all pairs of people, of the widest region"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["study", "case", "created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "case", "inputs_sha256"], name="case_agreement_is_one_per_set_of_masks"
            )
        ]

    def __str__(self) -> str:
        return f"agreement on {self.case} in {self.study}"


class DisagreementMapQuerySet(models.QuerySet["DisagreementMap"]):
    """Questions about disagreement maps."""

    def visible_to(self, user: Any) -> DisagreementMapQuerySet:
        """Those of studies whose results the person may see, unless another study blinds them to the case's masks."""
        blind = Access.objects.of(user).blinds().filter(case=OuterRef("agreement__case"))
        present = self.filter(agreement__case__in=Case.objects.present())
        return present.filter(agreement__study__in=Study.objects.with_results_for(user)).exclude(Exists(blind))


class DisagreementMap(models.Model):
    """Where the people who read a case disagree, in one layer of the scheme: the entropy of their labels in bits."""

    agreement = models.ForeignKey(CaseAgreement, on_delete=models.CASCADE, related_name="maps")
    layer = models.CharField(max_length=40, help_text="key of the scheme's layer")
    derived = models.OneToOneField(DerivedMap, on_delete=models.CASCADE, related_name="disagreement")
    readers = models.PositiveSmallIntegerField()
    most_bits = models.FloatField(help_text="the highest entropy that so many people and labels can have")

    objects = DisagreementMapQuerySet.as_manager()

    class Meta:
        ordering = ["agreement", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "layer"], name="disagreement_map_is_one_per_layer"),
            models.CheckConstraint(condition=Q(readers__gte=2), name="disagreement_needs_two_readers"),
        ]

    def __str__(self) -> str:
        return f"disagreement in {self.layer}, {self.agreement}"
