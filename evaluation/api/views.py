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
from evaluation.api.serializers import (
    ComparisonSerializer,
    RecomputationSerializer,
    ReportDetailSerializer,
    ReportKindSerializer,
    ReportRequestSerializer,
    ReportSerializer,
)
from evaluation.models import Report
from evaluation.reports.registry import KINDS
from studies.models import Study


class ReportViewSet(ReadOnlyModelViewSet[Report]):
    """The reports that the caller may see."""

    serializer_class = ReportSerializer
    filterset_fields = ["study", "kind"]
    queryset = Report.objects.none()
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[Report]:
        rows = Report.objects.visible_to(current_user(self.request)).select_related("study", "created_by", "job")
        return rows if self.action != "list" else rows.defer("inputs", "data", "tables", "figures")

    def get_serializer_class(self) -> Any:
        return ReportDetailSerializer if self.action == "retrieve" else ReportSerializer

    @extend_schema(request=ReportRequestSerializer, responses={201: ReportSerializer})
    def create(self, request: Request) -> Response:
        """Freeze a study's readings and ask for a report; for its leads."""
        user = current_user(request)
        form = ReportRequestSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        report = services.request_report(
            study=_study_to_report_on(user, form.validated_data["study"]),
            by=user,
            kind=form.validated_data["kind"],
            title=form.validated_data["title"],
            parameters=form.validated_data["parameters"],
        )
        return Response(ReportSerializer(report).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        responses=ReportKindSerializer(many=True),
        parameters=[OpenApiParameter("study", int, OpenApiParameter.PATH)],
        filters=False,
    )
    @action(detail=False, methods=["get"], pagination_class=None, url_path=r"kinds/(?P<study>\d{1,9})")
    def kinds(self, request: Request, study: str) -> Response:
        """Every kind of report with the choices that a study offers, or why it cannot be made of it; for its leads."""
        asked = _study_to_report_on(current_user(request), int(study))
        rows = [
            {
                "key": kind.key,
                "title": kind.title,
                "description": kind.description,
                "missing": kind.missing(asked),
                "parameters": [
                    {
                        **vars(one),
                        "options": [vars(option) for option in one.options_for(asked)],
                        "default": one.default_for(asked),
                    }
                    for one in kind.parameters
                ],
            }
            for kind in KINDS.values()
        ]
        return Response(ReportKindSerializer(rows, many=True).data)

    @extend_schema(request=None, responses={201: RecomputationSerializer})
    @action(detail=True, methods=["post"])
    def recompute(self, request: Request, pk: str) -> Response:
        """Compute a report once more from its frozen inputs and compare; for the leads of its study."""
        user = current_user(request)
        report = get_object_or_404(self.get_queryset().filter(study__in=Study.objects.led_by(user)), pk=pk)
        wanted = services.request_recomputation(report=report, by=user)
        return Response(RecomputationSerializer(wanted).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=ComparisonSerializer, parameters=[OpenApiParameter("other", int, OpenApiParameter.PATH)])
    @action(detail=True, methods=["get"], url_path=r"compare/(?P<other>\d{1,9})")
    def compare(self, request: Request, pk: str, other: str) -> Response:
        """Two finished reports of one kind side by side."""
        first = self.get_object()
        second = get_object_or_404(self.get_queryset(), pk=other)
        found = {"first": first, "second": second, **services.compare_reports(first, second)}
        return Response(ComparisonSerializer(found, context=self.get_serializer_context()).data)

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


def _study_to_report_on(user: Any, study: int) -> Study:
    """Return a study that the person leads and whose results they may see, or answer 404."""
    mine = Study.objects.led_by(user) & Study.objects.with_results_for(user)
    return get_object_or_404(mine, pk=study)
