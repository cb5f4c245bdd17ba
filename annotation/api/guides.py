"""What a rater may look at beside the mask, over HTTP: under the assignment's own opaque address."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.viewsets import GenericViewSet

from annotation import guides
from core.errors import DomainError
from core.sending import FOR_GOOD, send, send_bytes
from studies.models import Assignment

BINARY = {(200, "application/octet-stream"): OpenApiTypes.BINARY}


class OutlineSerializer(serializers.Serializer[Any]):
    """A second mask that may be shown as an outline."""

    kind = serializers.ChoiceField(choices=["start", "previous"])
    labels = serializers.CharField(help_text="address of its label payload")


class ProbabilitySerializer(serializers.Serializer[Any]):
    """The probability of one label."""

    key = serializers.CharField(help_text="of the label")
    map = serializers.CharField(help_text="address of a NIfTI file on the labels' grid, 0 to 1")


class GuidesSerializer(serializers.Serializer[Any]):
    """What the study lets the rater look at beside the mask."""

    outlines = OutlineSerializer(many=True)
    probabilities = ProbabilitySerializer(many=True)


def shown_guides(assignment: Assignment) -> dict[str, Any]:
    """Return the addresses of what the study allows and the case has."""
    outlines = []
    if assignment.study.outlines_start and assignment.start_id is not None:
        outlines.append({"kind": "start", "labels": reverse("v1:assignment-start", args=[assignment.pk])})
    previous = guides.previous_mask(assignment)
    if previous is not None:
        address = reverse("v1:assignment-previous", args=[assignment.pk])
        labels = f"{address}?v={guides.version_token(assignment, previous)}"
        outlines.append({"kind": "previous", "labels": labels})
    return {
        "outlines": outlines,
        "probabilities": [
            {"key": label, "map": reverse("v1:assignment-probability", args=[assignment.pk, label])}
            for label in guides.probabilities(assignment)
        ],
    }


class GuidesMixin(GenericViewSet[Assignment]):
    """The addresses of outlines and probabilities; an assignment whose study allows none has none."""

    def _started(self) -> Assignment:
        assignment: Assignment = self.get_object()
        if assignment.state == Assignment.State.WAITING:
            raise DomainError("This case is not ready yet: its start mask is still being made.")
        return assignment

    @extend_schema(responses=BINARY, parameters=[OpenApiParameter("v", str, description="as given by the detail")])
    @action(detail=True, methods=["get"])
    def previous(self, request: Request, pk: str) -> HttpResponseBase:
        """The mask of the patient's previous exam. An address with its version never changes what it sends."""
        assignment = self._started()
        mask = guides.previous_mask(assignment)
        if mask is None:
            raise Http404
        content = guides.previous_payload(assignment, mask)
        response = send_bytes(content, content_type="application/octet-stream", encoding="gzip")
        if request.query_params.get("v") == guides.version_token(assignment, mask):
            response["Cache-Control"] = FOR_GOOD
        return response

    @extend_schema(responses=BINARY, parameters=[OpenApiParameter("label", str, OpenApiParameter.PATH)])
    @action(detail=True, methods=["get"], url_path=r"probabilities/(?P<label>[a-z0-9_-]{1,40})")
    def probability(self, request: Request, pk: str, label: str) -> HttpResponseBase:
        """The model's probability of one label."""
        stored = guides.probabilities(self._started()).get(label)
        if stored is None:
            raise Http404
        return send(stored, content_type="application/gzip")
