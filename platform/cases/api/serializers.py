"""How cases, series and segmentations look from outside."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cases.models import Case, DerivedMap, LabelScheme, Segmentation, Series


class LabelSchemeSerializer(serializers.ModelSerializer[LabelScheme]):
    """A label scheme with its definition as data."""

    class Meta:
        model = LabelScheme
        fields = ["id", "key", "version", "name", "definition"]


class SeriesSerializer(serializers.ModelSerializer[Series]):
    """One sequence of a case."""

    spacing = serializers.SerializerMethodField(help_text="mm along (x, y, z) of the received file")
    orientation = serializers.SerializerMethodField(help_text="axis codes of the received file, such as LPS")
    obliquity = serializers.SerializerMethodField(help_text="degrees")
    image = serializers.SerializerMethodField()
    thumbnail = serializers.SerializerMethodField()
    original = serializers.SerializerMethodField()
    window = serializers.SerializerMethodField(help_text="grey window (low, high)")

    class Meta:
        model = Series
        fields = [
            "id", "sequence", "name", "shape", "spacing", "orientation", "obliquity", "removed", "image", "thumbnail",
            "original", "window",
        ]  # fmt: skip

    def get_spacing(self, series: Series) -> list[float]:
        return list(series.grid.spacing)

    def get_orientation(self, series: Series) -> str:
        return series.grid.orientation

    def get_obliquity(self, series: Series) -> float:
        return series.grid.obliquity

    @extend_schema_field({"type": "array", "items": {"type": "number"}, "nullable": True})
    def get_window(self, series: Series) -> list[float] | None:
        if series.window_low is None or series.window_high is None:
            return None
        return [series.window_low, series.window_high]

    def get_image(self, series: Series) -> str | None:
        return reverse("v1:series-image", args=[series.pk]) if series.browser_copy_id else None

    def get_thumbnail(self, series: Series) -> str | None:
        return reverse("v1:series-thumbnail", args=[series.pk]) if series.thumbnail_id else None

    def get_original(self, series: Series) -> str:
        return reverse("v1:series-original", args=[series.pk])


class SegmentationSerializer(serializers.ModelSerializer[Segmentation]):
    """One segmentation, for those who may know whose it is."""

    rater = serializers.CharField(source="rater.name", read_only=True)
    rater_kind = serializers.CharField(source="rater.kind", read_only=True)
    scheme = serializers.CharField(source="scheme.name", read_only=True)
    labels = serializers.SerializerMethodField()
    volumes_ml = serializers.DictField(child=serializers.FloatField(), read_only=True)

    class Meta:
        model = Segmentation
        fields = [
            "id", "case", "series", "rater", "rater_kind", "scheme", "source", "parent", "sha256", "volumes_ml",
            "labels", "created_at",
        ]  # fmt: skip

    def get_labels(self, segmentation: Segmentation) -> str:
        return reverse("v1:segmentation-labels", args=[segmentation.pk])


class CaseSerializer(serializers.ModelSerializer[Case]):
    """A case in a list."""

    patient = serializers.CharField(source="patient.pseudonym", read_only=True)
    centre = serializers.CharField(source="patient.centre.name", read_only=True)
    time_point_name = serializers.CharField(source="get_time_point_display", read_only=True)
    tumour_type_name = serializers.CharField(source="get_tumour_type_display", read_only=True)
    sequences = serializers.SerializerMethodField()
    segmentation_count = serializers.SerializerMethodField(help_text="of those that the caller may see")
    prepared = serializers.SerializerMethodField(help_text="every series can be shown")
    thumbnail = serializers.SerializerMethodField()

    class Meta:
        model = Case
        fields = [
            "id", "patient", "centre", "time_point", "time_point_name", "follow_up_number", "day_offset", "tumour_type",
            "tumour_type_name", "recurrent", "multifocal", "idh", "grade", "dataset_group", "synthetic",
            "may_show_face", "sequences", "segmentation_count", "prepared", "thumbnail", "created_at",
        ]  # fmt: skip

    def get_sequences(self, case: Case) -> list[str]:
        return [series.sequence for series in case.series.all()]

    def get_segmentation_count(self, case: Case) -> int:
        return int(getattr(case, "seen_segmentations", 0))

    def get_prepared(self, case: Case) -> bool:
        series = list(case.series.all())
        return bool(series) and all(one.browser_copy_id for one in series)

    def get_thumbnail(self, case: Case) -> str | None:
        shown = [one for one in case.series.all() if one.thumbnail_id]
        if not shown:
            return None
        best = next((one for one in shown if one.pk == case.reference_id), shown[0])
        return reverse("v1:series-thumbnail", args=[best.pk])


class ProbabilityMapSerializer(serializers.Serializer[Any]):
    """A model's probability of one label."""

    segmentation = serializers.IntegerField(source="segmentation_id")
    rater = serializers.CharField(source="segmentation.rater.name")
    key = serializers.CharField(source="label", help_text="of the label")
    image = serializers.SerializerMethodField(help_text="NIfTI on the segmentation's grid, in whole steps of 1/255")

    def get_image(self, one: DerivedMap) -> str:
        return reverse("v1:segmentation-probability", args=[one.segmentation_id, one.label])


class CaseDetailSerializer(CaseSerializer):
    """A case with everything on its page."""

    series = SeriesSerializer(many=True, read_only=True)
    segmentations = serializers.SerializerMethodField()
    probabilities = serializers.SerializerMethodField(help_text="of the models' segmentations; for leads")
    timeline = serializers.SerializerMethodField(help_text="the patient's cases that the caller may see")
    preparation = serializers.SerializerMethodField(help_text="the job that makes the browser copies")

    class Meta(CaseSerializer.Meta):
        fields = [
            *CaseSerializer.Meta.fields,
            "reference",
            "series",
            "segmentations",
            "probabilities",
            "timeline",
            "preparation",
        ]

    @extend_schema_field(SegmentationSerializer(many=True))
    def get_segmentations(self, case: Case) -> Any:
        rows = Segmentation.objects.visible_to(self.context["request"].user).filter(case=case)
        return SegmentationSerializer(rows.select_related("rater", "scheme"), many=True).data

    @extend_schema_field(ProbabilityMapSerializer(many=True))
    def get_probabilities(self, case: Case) -> Any:
        rows = DerivedMap.objects.probabilities_for(self.context["request"].user).filter(case=case)
        maps = rows.select_related("segmentation__rater").order_by("segmentation", "label")
        return ProbabilityMapSerializer(maps, many=True).data

    @extend_schema_field(
        {"type": "array", "items": {"type": "object", "properties": {
            "id": {"type": "integer"}, "time_point_name": {"type": "string"},
            "day_offset": {"type": "integer", "nullable": True}}, "required": ["id", "time_point_name", "day_offset"]}}
    )  # fmt: skip
    def get_timeline(self, case: Case) -> list[dict[str, Any]]:
        rows = Case.objects.visible_to(self.context["request"].user).present().filter(patient=case.patient_id)
        return [
            {"id": row.pk, "time_point_name": row.get_time_point_display(), "day_offset": row.day_offset}
            for row in rows
        ]

    @extend_schema_field(
        {"type": "object", "nullable": True, "properties": {
            "status": {"type": "string"}, "percent": {"type": "integer"}, "step": {"type": "string"},
            "error": {"type": "string"}}, "required": ["status", "percent", "step", "error"]}
    )  # fmt: skip
    def get_preparation(self, case: Case) -> dict[str, Any] | None:
        from jobs.models import Job

        job = Job.objects.filter(kind="cases.prepare", key=str(case.pk)).first()
        if job is None:
            return None
        return {"status": job.status, "percent": job.percent, "step": job.step, "error": job.error}


class CaseChangeSerializer(serializers.ModelSerializer[Case]):
    """The attributes that a person may correct."""

    class Meta:
        model = Case
        fields = ["day_offset", "tumour_type", "recurrent", "multifocal", "idh", "grade", "dataset_group"]
        extra_kwargs = {
            "grade": {"min_value": 1, "max_value": 4},
            "day_offset": {"min_value": -36500, "max_value": 36500},
        }
