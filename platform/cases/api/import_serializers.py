"""How imports and uploads look from outside."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cases.importing.deliveries import jobs_of
from cases.importing.numbering import tables_of
from cases.importing.rows import IMAGE, MASK
from cases.models import Case, Import, LabelScheme, Series, Upload
from core.errors import DomainError
from people.models import Centre


class UploadSerializer(serializers.ModelSerializer[Upload]):
    """A file on its way."""

    class Meta:
        model = Upload
        fields = ["id", "path", "size", "received"]


class UploadAnnouncementSerializer(serializers.Serializer[Any]):
    """A file that is going to be sent."""

    path = serializers.CharField(
        max_length=4000, trim_whitespace=False, help_text="relative to the chosen folder, with / between folders"
    )
    size = serializers.IntegerField(min_value=0, max_value=2**50, help_text="bytes")


class SchemeField(serializers.SlugRelatedField[LabelScheme]):
    """A label scheme by its key: the latest version."""

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="key", queryset=LabelScheme.objects.all(), **options)

    def to_internal_value(self, data: Any) -> LabelScheme:
        """Return the latest version of the scheme."""
        key = str(data)
        known = LabelScheme.objects.filter(key=key) if key.isprintable() else LabelScheme.objects.none()
        scheme = known.order_by("-version").first()
        if scheme is None:
            raise serializers.ValidationError("There is no label scheme of this key.")
        return scheme


class ImportStartSerializer(serializers.Serializer[Any]):
    """Where an import goes and how its masks are read."""

    centre = serializers.SlugRelatedField(
        slug_field="code", queryset=Centre.objects.all(), required=False, allow_null=True
    )
    scheme = SchemeField(required=False, allow_null=True)
    synthetic = serializers.BooleanField(required=False, default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Take the caller's own centre when none is named."""
        attrs["centre"] = attrs.get("centre") or self.context["request"].user.centre
        if attrs["centre"] is None:
            raise DomainError("Say into which centre: your account belongs to none.")
        return attrs


class RemovedSerializer(serializers.Serializer[Any]):
    """An identifying or unknown text that is not taken over."""

    where = serializers.CharField()
    text = serializers.CharField()


class RowSerializer(serializers.Serializer[Any]):
    """One row of the preview."""

    id = serializers.CharField()
    file = serializers.CharField(help_text="as its owner sent it; gone with the staged files")
    role = serializers.ChoiceField(choices=[IMAGE, MASK])
    patient = serializers.CharField(allow_blank=True)
    time_point = serializers.ChoiceField(choices=Case.TimePoint.choices)
    follow_up_number = serializers.IntegerField()
    sequence = serializers.ChoiceField(choices=Series.Sequence.choices)
    name = serializers.CharField(allow_blank=True, help_text="tells several images of one sequence apart")
    rater = serializers.CharField(allow_blank=True, help_text="who made a mask")
    preset = serializers.CharField(
        allow_blank=True, help_text="numbering of a mask: empty for the scheme's own, 'auto' before one is chosen"
    )
    presets = serializers.SerializerMethodField(help_text="the numberings that a mask can be read with")
    on = serializers.CharField(allow_blank=True, help_text="id of the row whose grid a mask is on")
    reference = serializers.BooleanField(help_text="the case is shown on this image's grid")
    include = serializers.BooleanField()
    shape = serializers.ListField(child=serializers.IntegerField(), help_text="voxels along (x, y, z)")
    spacing = serializers.ListField(child=serializers.FloatField(), help_text="mm along (x, y, z)")
    orientation = serializers.CharField(help_text="axis codes such as LPS")
    obliquity = serializers.FloatField(help_text="degrees")
    format = serializers.SerializerMethodField()
    stored_as = serializers.CharField(help_text="type of the voxels in the file")
    labels = serializers.DictField(
        child=serializers.IntegerField(), allow_null=True, help_text="voxels per value, when it could be a mask"
    )
    face = serializers.BooleanField(help_text="a person may be recognised from this image")
    warnings = serializers.ListField(child=serializers.CharField())
    removed = RemovedSerializer(many=True)
    problem = serializers.CharField(allow_blank=True)

    def get_presets(self, row: dict[str, Any]) -> list[str]:
        presets: list[str] = self.context.get("presets", [])
        return presets if row["role"] == MASK else []

    def get_format(self, row: dict[str, Any]) -> str:
        return str(row["sources"][0]["format"])


class CorrectionSerializer(serializers.Serializer[Any]):
    """What a person corrects in one row; what is left out stays."""

    id = serializers.CharField(max_length=20)
    patient = serializers.CharField(max_length=64, allow_blank=True, required=False)
    time_point = serializers.ChoiceField(choices=Case.TimePoint.choices, required=False)
    follow_up_number = serializers.IntegerField(min_value=0, max_value=999, required=False)
    role = serializers.ChoiceField(choices=[IMAGE, MASK], required=False)
    sequence = serializers.ChoiceField(choices=Series.Sequence.choices, required=False)
    name = serializers.CharField(max_length=80, allow_blank=True, required=False)
    rater = serializers.CharField(max_length=120, allow_blank=True, required=False)
    preset = serializers.CharField(max_length=40, allow_blank=True, required=False)
    reference = serializers.BooleanField(required=False)
    include = serializers.BooleanField(required=False)


class CorrectionsSerializer(serializers.Serializer[Any]):
    """Corrections of rows, and of the scheme that masks are read with."""

    rows = CorrectionSerializer(many=True, required=False, default=list)
    scheme = SchemeField(required=False)


class ProblemSerializer(serializers.Serializer[Any]):
    """A file that was refused."""

    file = serializers.CharField()
    reason = serializers.CharField()


class ImportJobSerializer(serializers.Serializer[Any]):
    """How far the worker is."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    status = serializers.CharField()
    percent = serializers.IntegerField()
    step = serializers.CharField(allow_blank=True)
    error = serializers.CharField(allow_blank=True)


class StoredCaseSerializer(serializers.Serializer[Any]):
    """A case that the import made."""

    id = serializers.IntegerField()
    patient = serializers.CharField()
    time_point_name = serializers.CharField()
    sequences = serializers.ListField(child=serializers.CharField())
    raters = serializers.ListField(child=serializers.CharField())


class ImportSerializer(serializers.ModelSerializer[Import]):
    """An import in a list."""

    centre = serializers.CharField(source="centre.code", read_only=True)
    scheme = serializers.CharField(source="scheme.key", read_only=True, allow_null=True, default=None)
    cases = serializers.SerializerMethodField(help_text="what was stored")

    class Meta:
        model = Import
        fields = ["id", "centre", "scheme", "state", "synthetic", "error", "cases", "created_at", "expires_at"]

    @extend_schema_field(StoredCaseSerializer(many=True))
    def get_cases(self, delivery: Import) -> list[dict[str, Any]]:
        return list(delivery.result.get("cases", []))


class ImportDetailSerializer(ImportSerializer):
    """An import with its files, its preview and the worker's progress."""

    uploads = UploadSerializer(many=True, read_only=True)
    rows = serializers.SerializerMethodField()
    problems = ProblemSerializer(many=True, read_only=True)
    job = serializers.SerializerMethodField()
    piece_bytes = serializers.SerializerMethodField(help_text="the most bytes that one piece of a file may hold")

    class Meta(ImportSerializer.Meta):
        fields = [*ImportSerializer.Meta.fields, "uploads", "rows", "problems", "job", "piece_bytes"]

    @extend_schema_field(RowSerializer(many=True))
    def get_rows(self, delivery: Import) -> Any:
        presets = list(tables_of(delivery.scheme)) if delivery.scheme else []
        return RowSerializer(delivery.rows, many=True, context={"presets": presets}).data

    @extend_schema_field(ImportJobSerializer(allow_null=True))
    def get_job(self, delivery: Import) -> Any:
        job = jobs_of(delivery).first()
        return ImportJobSerializer(job).data if job else None

    def get_piece_bytes(self, delivery: Import) -> int:
        return int(settings.UPLOAD_CHUNK_BYTES)
