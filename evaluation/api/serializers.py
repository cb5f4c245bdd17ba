"""How reports look from outside."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from evaluation.models import Report


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


class ReportDetailSerializer(ReportSerializer):
    """A report with its tables, figures and files. `results` and `inputs` are documented in docs/reports.md."""

    inputs = serializers.DictField(read_only=True)
    results = serializers.DictField(source="data", read_only=True, allow_null=True)
    figures = serializers.DictField(read_only=True)
    files = serializers.SerializerMethodField()
    synthetic = serializers.SerializerMethodField(help_text="every case is synthetic")

    class Meta(ReportSerializer.Meta):
        fields = [*ReportSerializer.Meta.fields, "inputs", "results", "figures", "files", "synthetic"]

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


class ReportRequestSerializer(serializers.Serializer[Any]):
    """What report to make."""

    study = serializers.IntegerField()
    title = serializers.CharField(max_length=160, required=False, default="", allow_blank=True)
    parameters = serializers.DictField(required=False, default=dict)
