"""How live agreement looks from outside: shapes for the description of the API."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from evaluation.models import DisagreementMap

Plain = serializers.Serializer[Any]


class MeanSerializer(Plain):
    """A mean over cases; what is undefined or infinite is left out and counted."""

    mean = serializers.FloatField(allow_null=True)
    n = serializers.IntegerField()
    n_infinite = serializers.IntegerField(help_text="one mask empty: no distance")
    n_undefined = serializers.IntegerField(help_text="both masks empty")


class OverlapMeansSerializer(Plain):
    """Means of the overlaps."""

    dice = MeanSerializer()
    jaccard = MeanSerializer()


class MetricMeansSerializer(OverlapMeansSerializer):
    """Means of overlaps and surface figures; distances in mm."""

    hausdorff95 = MeanSerializer()
    surface_dice = MeanSerializer()


class AgreementPairSerializer(MetricMeansSerializer):
    """Two raters over the cases that both read."""

    first = serializers.IntegerField()
    second = serializers.IntegerField()


class AgreementMeansSerializer(Plain):
    """One rater over their cases."""

    rater = serializers.IntegerField()
    read = serializers.IntegerField()
    consensus = MetricMeansSerializer()
    others = OverlapMeansSerializer()


class OverlapSerializer(Plain):
    """The overlaps of one mask with a consensus."""

    dice = serializers.FloatField(allow_null=True)
    jaccard = serializers.FloatField(allow_null=True)


class MetricSerializer(OverlapSerializer):
    """Overlaps and surface figures of one mask with a consensus; distances in mm."""

    hausdorff95 = serializers.FloatField(allow_null=True)
    surface_dice = serializers.FloatField(allow_null=True)


class AgreementReadingSerializer(Plain):
    """One mask of one case."""

    case = serializers.IntegerField()
    rater = serializers.IntegerField()
    segmentation = serializers.IntegerField()
    volume_ml = serializers.FloatField()
    consensus_ml = serializers.FloatField(allow_null=True)
    consensus = MetricSerializer(allow_null=True, help_text="against the majority of all people")
    others = OverlapSerializer(allow_null=True, help_text="against the majority of the people but one")


class AgreementRaterSerializer(Plain):
    """A person or a model with masks in the study."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.CharField()
    group = serializers.CharField(help_text="expert, novice or model")


class AgreementCaseSerializer(Plain):
    """A case with readings."""

    id = serializers.IntegerField()
    patient = serializers.CharField()
    time_point = serializers.CharField()
    readers = serializers.IntegerField(help_text="people who have handed it in")
    state = serializers.ChoiceField(choices=["current", "computing", "failed"])
    error = serializers.CharField()


class VolumeBiasSerializer(Plain):
    """A rater's volumes against the consensus's, by Bland and Altman, in ml."""

    rater = serializers.IntegerField()
    n = serializers.IntegerField()
    bias = serializers.FloatField(allow_null=True)
    lower = serializers.FloatField(allow_null=True)
    upper = serializers.FloatField(allow_null=True)
    note = serializers.CharField()


class VolumeIccSerializer(Plain):
    """Intraclass correlation of the people's volumes."""

    form = serializers.CharField()
    n_cases = serializers.IntegerField()
    n_raters = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    note = serializers.CharField()


class DisagreementSerializer(Plain):
    """How much of a case the people do not agree on."""

    case = serializers.IntegerField()
    union_ml = serializers.FloatField(help_text="marked by anybody")
    disputed_ml = serializers.FloatField(help_text="marked by somebody and not by everybody")
    mean_bits = serializers.FloatField(allow_null=True, help_text="mean entropy of the votes over the union")


class AgreementScoresSerializer(Plain):
    """The scores that a rater gave."""

    rater = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())
    n = serializers.IntegerField()
    mean = serializers.FloatField()


class AgreementRegionSerializer(Plain):
    """A label or region that figures are there for."""

    key = serializers.CharField()
    name = serializers.CharField()


class StudyAgreementSerializer(Plain):
    """A study's agreement for one region."""

    study = serializers.IntegerField()
    region = serializers.CharField()
    regions = AgreementRegionSerializer(many=True)
    tolerance_mm = serializers.FloatField(help_text="of the surface Dice")
    raters = AgreementRaterSerializer(many=True)
    cases = AgreementCaseSerializer(many=True)
    scores = AgreementScoresSerializer(many=True)
    readings = AgreementReadingSerializer(many=True)
    pairs = AgreementPairSerializer(many=True)
    means = AgreementMeansSerializer(many=True)
    volumes = VolumeBiasSerializer(many=True)
    icc = VolumeIccSerializer()
    disagreement = DisagreementSerializer(many=True)


class AgreementOverviewSerializer(Plain):
    """The agreement so far in one study."""

    study = serializers.IntegerField()
    region = serializers.CharField(help_text="name of the region that the number is for")
    dice = serializers.FloatField(allow_null=True, help_text="mean over cases of the mean Dice of all pairs of people")
    n_cases = serializers.IntegerField()
    computing = serializers.IntegerField(help_text="cases whose newest readings are not compared yet")


class DisagreementMapSerializer(serializers.ModelSerializer[DisagreementMap]):
    """A map of where people disagree, on the grid that was drawn on."""

    study = serializers.IntegerField(source="agreement.study_id", read_only=True)
    study_name = serializers.CharField(source="agreement.study.name", read_only=True)
    case = serializers.IntegerField(source="agreement.case_id", read_only=True)
    series = serializers.IntegerField(source="derived.series_id", read_only=True)
    layer_name = serializers.SerializerMethodField()
    image = serializers.SerializerMethodField(help_text="NIfTI in bits")

    class Meta:
        model = DisagreementMap
        fields = [
            "id", "study", "study_name", "case", "series", "layer", "layer_name", "readers", "most_bits", "image",
        ]  # fmt: skip

    def get_layer_name(self, row: DisagreementMap) -> str:
        layers = row.agreement.study.scheme.definition["layers"]
        return next(str(layer["name"]) for layer in layers if layer["key"] == row.layer)

    def get_image(self, row: DisagreementMap) -> str:
        return reverse("v1:disagreement-map-image", args=[row.pk])
