"""How model versions look from outside."""

from rest_framework import serializers

from inference.models import ModelVersion


class ModelVersionSerializer(serializers.ModelSerializer[ModelVersion]):
    """A model version, with the rater that it is in studies."""

    rater = serializers.IntegerField(source="rater_id", read_only=True)
    rater_name = serializers.CharField(source="rater.name", read_only=True)
    scheme_name = serializers.CharField(source="scheme.name", read_only=True)
    weights_sha256 = serializers.CharField(source="weights_id", read_only=True)
    weights_bytes = serializers.IntegerField(source="weights.size", read_only=True)
    predictions = serializers.IntegerField(source="prediction_count", read_only=True)

    class Meta:
        model = ModelVersion
        fields = [
            "id", "name", "version", "rater", "rater_name", "scheme_name", "recipe", "weights_sha256", "weights_bytes",
            "card", "predictions", "retired_at", "created_at",
        ]  # fmt: skip
