"""Model versions over HTTP, for those who may start studies: a rater must not learn what made a mask."""

from django.db.models import Count, QuerySet
from rest_framework.viewsets import ReadOnlyModelViewSet

from core.api import current_user
from inference.api.serializers import ModelVersionSerializer
from inference.models import ModelVersion


class ModelVersionViewSet(ReadOnlyModelViewSet[ModelVersion]):
    """Model versions with their cards."""

    serializer_class = ModelVersionSerializer
    queryset = ModelVersion.objects.none()
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[ModelVersion]:
        rows = ModelVersion.objects.visible_to(current_user(self.request))
        return (
            rows.select_related("rater", "scheme", "weights")
            .annotate(prediction_count=Count("predictions"))
            .order_by("name", "-version")
        )
