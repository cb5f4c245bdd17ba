"""Cases, series, segmentations and label schemes over HTTP. What one may not see does not exist: 404."""

from typing import Any

import django_filters
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from cases import export, services
from cases.api.serializers import (
    CaseChangeSerializer,
    CaseDetailSerializer,
    CaseSerializer,
    LabelSchemeSerializer,
    SegmentationSerializer,
)
from cases.models import Case, DerivedMap, LabelScheme, Segmentation, Series
from core.api import current_user, whole_number
from core.errors import DomainError
from core.sending import send, send_bytes

BINARY = {(200, "application/octet-stream"): OpenApiTypes.BINARY}


class CaseFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What a list of cases can be narrowed down by."""

    search = django_filters.CharFilter(field_name="patient__pseudonym", lookup_expr="icontains")
    centre = django_filters.CharFilter(field_name="patient__centre__name")
    sequence = django_filters.CharFilter(method="with_sequence")
    ordering = django_filters.OrderingFilter(
        fields=[("patient__pseudonym", "patient"), ("created_at", "created_at"), ("patient__centre__name", "centre")]
    )

    class Meta:
        model = Case
        fields = ["time_point", "tumour_type", "recurrent", "multifocal", "idh", "grade", "dataset_group", "synthetic"]

    def with_sequence(self, rows: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        """Keep the cases that have a sequence."""
        return rows.filter(series__sequence=value).distinct()


class CaseViewSet(ReadOnlyModelViewSet[Case]):
    """The cases that the caller may see."""

    serializer_class = CaseSerializer
    filterset_class = CaseFilter
    queryset = Case.objects.none()
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[Case]:
        user = current_user(self.request)
        seen = Segmentation.objects.visible_to(user).values("pk")
        return (
            Case.objects.visible_to(user)
            .present()
            .select_related("patient__centre")
            .prefetch_related("series")
            .annotate(seen_segmentations=Count("segmentations", filter=Q(segmentations__in=seen), distinct=True))
            .order_by("patient__pseudonym", "day_offset", "pk")  # counting drops the order of the model
        )

    def get_serializer_class(self) -> Any:
        return CaseDetailSerializer if self.action in ("retrieve", "change") else CaseSerializer

    @extend_schema(request=CaseChangeSerializer, responses=CaseDetailSerializer)
    @action(detail=True, methods=["patch"], url_path="attributes")
    def change(self, request: Request, pk: str) -> Response:
        """Correct the attributes that reports group by (those who may start studies only)."""
        user = current_user(request)
        case = self.get_object()
        if not (user.may_lead or user.is_superuser):
            self.permission_denied(request, message="Only leads correct the attributes of cases.")
        form = CaseChangeSerializer(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        services.change_attributes(case=case, by=user, **form.validated_data)
        return Response(self.get_serializer(self.get_queryset().get(pk=case.pk)).data)


class SeriesViewSet(GenericViewSet[Series]):
    """Images of the cases that the caller may see."""

    queryset = Series.objects.none()
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[Series]:
        return Series.objects.visible_to(current_user(self.request)).select_related("browser_copy", "thumbnail")

    @extend_schema(responses=BINARY)
    @action(detail=True, methods=["get"])
    def image(self, request: Request, pk: str) -> HttpResponseBase:
        """The browser copy: NIfTI on the case's reference grid."""
        stored = self.get_object().browser_copy
        if stored is None:
            raise DomainError("This image is still being prepared. Try again in a moment.")
        return send(stored, content_type="application/gzip")

    @extend_schema(responses=BINARY)
    @action(detail=True, methods=["get"])
    def thumbnail(self, request: Request, pk: str) -> HttpResponseBase:
        """A small picture of the middle of the head."""
        stored = self.get_object().thumbnail
        if stored is None:
            raise DomainError("This image is still being prepared. Try again in a moment.")
        return send(stored, content_type="image/png")

    @extend_schema(responses=BINARY)
    @action(detail=True, methods=["get"])
    def original(self, request: Request, pk: str) -> HttpResponseBase:
        """The received file, as it was, with its header; only for those who may start studies."""
        user = current_user(request)
        if not (user.may_lead or user.is_superuser):
            self.permission_denied(request, message="Originals are for leads: their headers are as received.")
        series = self.get_object()
        files = list(series.files.select_related("stored"))
        if not files:
            raise DomainError("The original of this series is missing.")
        name = f"{series.case.patient.pseudonym}_{series.sequence}"
        if len(files) > 1:
            return send_bytes(
                export.zip_original(files, name), content_type="application/zip", download_as=f"{name}.zip"
            )
        return send(files[0].stored, content_type="application/octet-stream", download_as=f"{name}{files[0].suffix}")


class SegmentationViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[Segmentation]):
    """The segmentations that the caller may see."""

    serializer_class = SegmentationSerializer
    filterset_fields = ["case", "source"]
    queryset = Segmentation.objects.none()
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[Segmentation]:
        rows = Segmentation.objects.visible_to(current_user(self.request))
        return rows.select_related("rater", "scheme", "series", "content", "case__patient")

    @extend_schema(responses=BINARY)
    @action(detail=True, methods=["get"])
    def labels(self, request: Request, pk: str) -> HttpResponseBase:
        """The label payload on the canonical grid."""
        return send(self.get_object().content, content_type="application/octet-stream", encoding="gzip")

    @extend_schema(responses=BINARY, parameters=[OpenApiParameter("label", str, OpenApiParameter.PATH)])
    @action(detail=True, methods=["get"], url_path=r"probabilities/(?P<label>[a-z0-9_-]{1,40})")
    def probability(self, request: Request, pk: str, label: str) -> HttpResponseBase:
        """The model's probability of one label, as NIfTI; for leads and administrators."""
        maps = DerivedMap.objects.probabilities_for(current_user(request)).select_related("content")
        return send(get_object_or_404(maps, segmentation=pk, label=label).content, content_type="application/gzip")

    @extend_schema(
        responses=BINARY,
        parameters=[
            OpenApiParameter("as", str, enum=export.formats(), default=".nii.gz"),
            OpenApiParameter("layer", int, default=0),
        ],
    )
    @action(detail=True, methods=["get"])
    def download(self, request: Request, pk: str) -> HttpResponse:
        """One layer as a file on the native grid of the series that was drawn on."""
        files = export.export_segmentation(self.get_object(), suffix=request.query_params.get("as", ".nii.gz"))
        layer = whole_number(request.query_params.get("layer", "0"))
        if layer is None or layer >= len(files):
            raise DomainError(f"This segmentation has {len(files)} layers, counted from 0.")
        name, content = list(files.items())[layer]
        return send_bytes(content, content_type="application/octet-stream", download_as=name)


class LabelSchemeViewSet(ReadOnlyModelViewSet[LabelScheme]):
    """All label schemes."""

    serializer_class = LabelSchemeSerializer
    queryset = LabelScheme.objects.all()
    filterset_fields = ["key"]
    pagination_class = None
