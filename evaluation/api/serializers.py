"""How reports look from outside."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cases.models import Case
from core.api import current_user
from evaluation.models import Recomputation, Report
from studies.models import Study


class OptionSerializer(serializers.Serializer[Any]):
    """One value that can be chosen."""

    value = serializers.JSONField(help_text="text or whole number")
    label = serializers.CharField()  # type: ignore[assignment]  # the form's word, not DRF's own attribute


class ParameterSerializer(serializers.Serializer[Any]):
    """One choice of a report, as a form can ask for it."""

    name = serializers.CharField()
    title = serializers.CharField()
    help = serializers.CharField(allow_blank=True)
    type = serializers.ChoiceField(choices=["choice", "choices", "integer", "number", "boolean"])
    default = serializers.JSONField(allow_null=True)
    options = OptionSerializer(many=True)
    minimum = serializers.FloatField(allow_null=True)
    maximum = serializers.FloatField(allow_null=True)
    unit = serializers.CharField(allow_blank=True)
    may_be_empty = serializers.BooleanField()


class ReportKindSerializer(serializers.Serializer[Any]):
    """A kind of report, for one study."""

    key = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    missing = serializers.CharField(allow_blank=True, help_text="why it cannot be made of this study now")
    parameters = ParameterSerializer(many=True)


class ReportJobSerializer(serializers.Serializer[Any]):
    """How far the computation is."""

    id = serializers.UUIDField()
    status = serializers.CharField()
    percent = serializers.IntegerField()
    step = serializers.CharField()
    error = serializers.CharField()


class ReportFileSerializer(serializers.Serializer[Any]):
    """A file to download."""

    name = serializers.CharField()
    url = serializers.CharField()
    size = serializers.IntegerField(help_text="bytes")


class ReportSerializer(serializers.ModelSerializer[Report]):
    """A report in a list."""

    study_name = serializers.CharField(source="study.name", read_only=True)
    created_by = serializers.CharField(source="created_by.name", read_only=True)
    kind_name = serializers.CharField(source="get_kind_display", read_only=True)
    job = ReportJobSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Report
        fields = [
            "id", "study", "study_name", "kind", "kind_name", "title", "parameters", "inputs_sha256", "job",
            "created_by", "created_at", "finished_at",
        ]  # fmt: skip


class DifferenceSerializer(serializers.Serializer[Any]):
    """One value that is not the same."""

    path = serializers.CharField()
    old = serializers.JSONField(allow_null=True)
    new = serializers.JSONField(allow_null=True)
    within = serializers.BooleanField(help_text="both are numbers, apart by no more than 1e-9")


class RecomputationSerializer(serializers.ModelSerializer[Recomputation]):
    """A report computed once more."""

    requested_by = serializers.CharField(source="requested_by.name", read_only=True)
    job = ReportJobSerializer(read_only=True, allow_null=True)
    environment = serializers.DictField(read_only=True)
    differences = DifferenceSerializer(many=True, read_only=True)

    class Meta:
        model = Recomputation
        fields = [
            "id", "requested_by", "created_at", "finished_at", "job", "environment", "same_environment", "verdict",
            "differences", "difference_count",
        ]  # fmt: skip


class ChoicePairSerializer(serializers.Serializer[Any]):
    """What was chosen in two reports."""

    title = serializers.CharField()
    first = serializers.CharField(allow_null=True)
    second = serializers.CharField(allow_null=True)
    same = serializers.BooleanField()


class ReadingsPairSerializer(serializers.Serializer[Any]):
    """The frozen masks of two reports, counted."""

    same = serializers.IntegerField()
    changed = serializers.IntegerField()
    only_first = serializers.IntegerField()
    only_second = serializers.IntegerField()


class ValuePairSerializer(serializers.Serializer[Any]):
    """One value of two reports."""

    row = serializers.CharField()
    column = serializers.CharField()
    digits = serializers.IntegerField(allow_null=True)
    first = serializers.JSONField(allow_null=True)
    second = serializers.JSONField(allow_null=True)
    difference = serializers.FloatField(allow_null=True)
    same = serializers.BooleanField()


class TablePairSerializer(serializers.Serializer[Any]):
    """A table of two reports; of one that lists every case, what differs."""

    key = serializers.CharField()
    title = serializers.CharField()
    compared = serializers.IntegerField()
    differing = serializers.IntegerField()
    values = ValuePairSerializer(many=True)


class ComparisonSerializer(serializers.Serializer[Any]):
    """Two reports of one kind side by side."""

    first = ReportSerializer()
    second = ReportSerializer()
    choices = ChoicePairSerializer(many=True)
    readings = ReadingsPairSerializer()
    tables = TablePairSerializer(many=True)


class ReportDetailSerializer(ReportSerializer):
    """A report with its tables, figures and files. `results` and `inputs` are documented in docs/reports.md."""

    inputs = serializers.DictField(read_only=True)
    results = serializers.DictField(source="data", read_only=True, allow_null=True)
    tables = serializers.ListField(child=serializers.DictField(), read_only=True)
    figures = serializers.DictField(read_only=True)
    environment = serializers.DictField(read_only=True)
    files = serializers.SerializerMethodField()
    synthetic = serializers.SerializerMethodField(help_text="every case is synthetic")
    recomputations = RecomputationSerializer(many=True, read_only=True)
    may_recompute = serializers.SerializerMethodField(help_text="the caller may ask for a recomputation")
    open_cases = serializers.SerializerMethodField(help_text="the cases of the report that the caller may open")

    class Meta(ReportSerializer.Meta):
        fields = [
            *ReportSerializer.Meta.fields,
            "inputs", "results", "methods", "tables", "figures", "environment", "files", "synthetic",
            "open_cases", "recomputations", "may_recompute",
        ]  # fmt: skip

    @extend_schema_field(ReportFileSerializer(many=True))
    def get_files(self, report: Report) -> list[dict[str, Any]]:
        return [
            {
                "name": file.name,
                "url": reverse("v1:report-file", args=[report.pk, file.name]),
                "size": file.stored.size,
            }
            for file in report.files.select_related("stored")
        ]

    def get_synthetic(self, report: Report) -> bool:
        cases = report.inputs.get("cases", [])
        return bool(cases) and all(case["synthetic"] for case in cases)

    def get_may_recompute(self, report: Report) -> bool:
        leads = Study.objects.led_by(current_user(self.context["request"])).filter(pk=report.study_id).exists()
        return leads and report.finished_at is not None

    def get_open_cases(self, report: Report) -> list[int]:
        named = [case["id"] for case in report.inputs.get("cases", [])]
        cases = Case.objects.visible_to(current_user(self.context["request"])).present()
        return list(cases.filter(pk__in=named).order_by("pk").values_list("pk", flat=True))


class ReportRequestSerializer(serializers.Serializer[Any]):
    """What report to make."""

    study = serializers.IntegerField()
    kind = serializers.CharField(max_length=20, required=False, default=Report.Kind.INTER_RATER)
    title = serializers.CharField(max_length=160, required=False, default="", allow_blank=True)
    parameters = serializers.DictField(required=False, default=dict)
