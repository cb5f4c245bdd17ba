"""Live agreement and disagreement maps over HTTP, for those who may see a study's results."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from core.api import current_user, whole_number
from core.sending import send
from evaluation.agreement.inputs import current_inputs
from evaluation.agreement.standing import figures_of, overview, standing_of
from evaluation.api.agreement_serializers import (
    AgreementOverviewSerializer,
    DisagreementMapSerializer,
    StudyAgreementSerializer,
)
from evaluation.models import DisagreementMap
from studies.models import Assignment, Study


class StudyAgreementView(APIView):
    """How the raters and the model of a study agree, as of now."""

    @extend_schema(
        responses=StudyAgreementSerializer,
        parameters=[OpenApiParameter("region", str, description="key of a label or region of the study's scheme")],
    )
    def get(self, request: Request, pk: int) -> Response:
        """The figures of one region. Asked again with its ETag it says 304 until a figure changed."""
        rows = Study.objects.with_results_for(current_user(request)).select_related("scheme")
        study = get_object_or_404(rows, pk=pk)
        try:
            standing = standing_of(study, request.query_params.get("region", ""))
        except KeyError:
            raise Http404 from None
        headers = {"ETag": f'"{standing.etag}"', "Cache-Control": "private, no-cache", "Vary": "Cookie, Authorization"}
        if request.headers.get("If-None-Match", "").removeprefix("W/") == headers["ETag"]:
            return Response(status=304, headers=headers)
        return Response(figures_of(standing), headers=headers)


class AgreementOverviewView(APIView):
    """The agreement so far in each of the caller's studies."""

    @extend_schema(responses=AgreementOverviewSerializer(many=True))
    def get(self, request: Request) -> Response:
        """One line per study with readings whose results the caller may see."""
        return Response(overview(Study.objects.with_results_for(current_user(request))))


class DisagreementMapViewSet(ListModelMixin, GenericViewSet[DisagreementMap]):
    """Where the people who read a case disagree."""

    serializer_class = DisagreementMapSerializer
    queryset = DisagreementMap.objects.none()
    pagination_class = None
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[DisagreementMap]:
        rows = DisagreementMap.objects.visible_to(current_user(self.request))
        return rows.select_related("agreement__study__scheme", "derived__content")

    @extend_schema(
        parameters=[
            OpenApiParameter("case", int),
            OpenApiParameter("assignment", OpenApiTypes.UUID, description="one of the caller's own"),
        ]
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The maps of one case, made of the readings as they are now; of none when no case is named."""
        case = self._asked_case()
        rows = [] if case is None else self.get_queryset().filter(agreement__case=case)
        now = {
            (one.study, one.digest)
            for one in current_inputs(Study.objects.filter(pk__in={row.agreement.study_id for row in rows}))
            if one.case == case
        }
        current = [row for row in rows if (row.agreement.study_id, row.agreement.inputs_sha256) in now]
        return Response(DisagreementMapSerializer(current, many=True).data)

    def _asked_case(self) -> int | None:
        assignment = self.request.query_params.get("assignment", "")
        if assignment:
            try:
                own = Assignment.objects.of(current_user(self.request)).filter(pk=UUID(assignment))
            except ValueError:
                return None
            return own.values_list("case_id", flat=True).first()
        return whole_number(self.request.query_params.get("case", ""))

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def image(self, request: Request, pk: str) -> HttpResponseBase:
        """The map as NIfTI, in bits."""
        return send(self.get_object().derived.content, content_type="application/octet-stream")
