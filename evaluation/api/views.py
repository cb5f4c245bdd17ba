"""Reports over HTTP, for those who may see a study's results."""

from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from core.api import current_user
from core.sending import send
from evaluation import services
from evaluation.api.serializers import ReportDetailSerializer, ReportRequestSerializer, ReportSerializer
from evaluation.models import Report
from studies.models import Study


class ReportViewSet(ReadOnlyModelViewSet[Report]):
    """The reports that the caller may see."""

    serializer_class = ReportSerializer
    filterset_fields = ["study", "kind"]
    queryset = Report.objects.none()
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[Report]:
        rows = Report.objects.visible_to(current_user(self.request)).select_related("study", "created_by", "job")
        return rows if self.action != "list" else rows.defer("inputs", "data", "figures")

    def get_serializer_class(self) -> Any:
        return ReportDetailSerializer if self.action == "retrieve" else ReportSerializer

    @extend_schema(request=ReportRequestSerializer, responses={201: ReportSerializer})
    def create(self, request: Request) -> Response:
        """Freeze a study's readings and ask for a report; for its leads."""
        user = current_user(request)
        form = ReportRequestSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        mine = Study.objects.led_by(user) & Study.objects.with_results_for(user)
        study = get_object_or_404(mine, pk=form.validated_data["study"])
        report = services.request_report(
            study=study,
            by=user,
            title=form.validated_data["title"],
            parameters=form.validated_data["parameters"],
        )
        return Response(ReportSerializer(report).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        parameters=[OpenApiParameter("name", str, OpenApiParameter.PATH)],
    )
    @action(detail=True, methods=["get"], url_path=r"files/(?P<name>[a-z_]+\.[a-z]+)")
    def file(self, request: Request, pk: str, name: str) -> HttpResponseBase:
        """One file of a report."""
        file = get_object_or_404(self.get_object().files.select_related("stored"), name=name)
        inline = file.content_type.startswith("image/")
        return send(file.stored, content_type=file.content_type, download_as="" if inline else name)
