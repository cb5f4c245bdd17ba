"""Jobs over HTTP: how far one's work is; cancel it, try it again."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from core.api import current_user
from jobs import services
from jobs.api.serializers import JobDetailSerializer, JobForAdministratorSerializer, JobSerializer
from jobs.models import Job

ONE_JOB = PolymorphicProxySerializer(
    component_name="AnyJob",
    serializers=[JobDetailSerializer, JobForAdministratorSerializer],
    resource_type_field_name=None,
)


class JobViewSet(ReadOnlyModelViewSet[Job]):
    """The jobs that the caller asked for; site administrators see all."""

    serializer_class = JobSerializer
    filterset_fields = ["status", "kind"]
    queryset = Job.objects.none()
    lookup_value_regex = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

    def get_queryset(self) -> QuerySet[Job]:
        return Job.objects.visible_to(current_user(self.request))

    def get_serializer_class(self) -> Any:
        if self.action == "list":
            return JobSerializer
        user = current_user(self.request)
        return JobForAdministratorSerializer if user.is_superuser else JobDetailSerializer

    @extend_schema(responses=ONE_JOB)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One job; the traceback is there for site administrators only."""
        return super().retrieve(request, *args, **kwargs)

    @extend_schema(request=None, responses=ONE_JOB)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Stop a job that waits or runs; it keeps nothing."""
        services.cancel(self.get_object())
        return self.retrieve(request)

    @extend_schema(request=None, responses=ONE_JOB)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        """Try a job again that failed or was cancelled."""
        services.retry(self.get_object())
        return self.retrieve(request)
