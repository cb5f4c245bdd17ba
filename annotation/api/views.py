"""The rater's only window: their own assignments, under addresses that say nothing."""

import json
import re
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db.models import Case, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from annotation import services
from annotation.api import serializers as forms
from annotation.api.guides import GuidesMixin
from annotation.models import Draft, ProblemReport
from annotation.notes import Effort, Notes
from annotation.versions import refuse_handed_in, submissions_of, versions_of
from annotation.working_time import active_seconds_since, begin_of_week
from core.api import current_user, whole_number
from core.errors import DomainError
from core.parsers import TooLarge, is_deep
from core.sending import FOR_GOOD, send, send_bytes
from studies.models import Assignment, Study

BINARY = {(200, "application/octet-stream"): OpenApiTypes.BINARY}
NOT_CACHED = "private, no-store"


class DraftParser(MultiPartParser):
    """Takes labels and notes, up to the size that any body may have."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        length = stream.META.get("CONTENT_LENGTH") or "0"
        if int(length) > most:
            raise TooLarge(f"Labels are {most // 1024**2} MiB at most when they are compressed.")
        return super().parse(stream, media_type, parser_context)


def _notes(text: str) -> Notes:
    try:
        notes = json.loads(text)
    except (ValueError, RecursionError):
        raise DomainError("The notes of a draft are JSON.") from None
    if is_deep(notes):
        raise DomainError("The notes of a draft are nested too deeply.")
    form = forms.NotesSerializer(data=notes)
    form.is_valid(raise_exception=True)
    wanted = form.validated_data
    return Notes(
        answers=wanted["answers"],
        comments=[{**comment, "id": str(comment.get("id") or uuid4())} for comment in wanted["comments"]],
        effort=_effort(wanted),
    )


def _effort(wanted: dict[str, Any]) -> Effort:
    return Effort(wanted["active_seconds"], wanted["idle_seconds"], wanted.get("edits"))


def _origin(query: str) -> Draft.Origin | None:
    if not query:
        return None
    if query not in Draft.Origin.values:
        raise DomainError(f"A branch comes from: {', '.join(Draft.Origin.values)}.")
    return Draft.Origin(query)


def _save_key(header: str) -> str:
    if not re.fullmatch(r"[0-9a-z-]{0,36}", header):
        raise DomainError("X-Save has up to 36 letters, digits and hyphens.")
    return header


class AssignmentViewSet(GuidesMixin, ListModelMixin, GenericViewSet[Assignment]):
    """The caller's own assignments, in the stored order."""

    serializer_class = forms.AssignmentSerializer
    filterset_fields = ["state", "study"]
    queryset = Assignment.objects.none()
    lookup_value_regex = "[0-9a-f-]{36}"

    def get_queryset(self) -> QuerySet[Assignment]:
        from django.db.models import Count

        user = current_user(self.request)
        same = Assignment.objects.filter(study=OuterRef("study"), rater=OuterRef("rater")).order_by()
        total = same.values("study").annotate(n=Count("pk")).values("n")
        saved = Draft.objects.trunk().filter(assignment=OuterRef("pk")).values("saved_at")[:1]
        return (
            Assignment.objects.of(user)
            .annotate(total=Coalesce(Subquery(total), 0), saved_at=Subquery(saved))
            .select_related("study__scheme", "arm", "case__reference", "series", "start", "submission", "rater")
        )

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The queue."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        rows = [forms.listed(assignment) for assignment in page or []]
        return self.get_paginated_response(forms.AssignmentSerializer(rows, many=True).data)

    @extend_schema(
        responses={200: forms.AssignmentSerializer, 204: None},
        parameters=[OpenApiParameter("study", int)],
        filters=False,
    )
    @action(detail=False, methods=["get"], pagination_class=None)
    def next(self, request: Request) -> Response:
        """The one to do next: returned ones first, then those begun, then by order; 204 when there is none."""
        rows = self.get_queryset().workable()  # type: ignore[attr-defined]
        study = whole_number(request.query_params.get("study", ""))
        if study is not None:
            rows = rows.filter(study=study)
        returned, begun = When(state=Assignment.State.RETURNED, then=0), When(state=Assignment.State.OPEN, then=1)
        first = rows.order_by(Case(returned, begun, default=Value(2)), "study", "position").first()
        if first is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        return Response(forms.AssignmentSerializer(forms.listed(first)).data)

    @extend_schema(responses=forms.WorkingTimeSerializer, filters=False)
    @action(detail=False, methods=["get"], url_path="my-week", pagination_class=None)
    def my_week(self, request: Request) -> Response:
        """How long the caller worked since Monday."""
        monday = begin_of_week()
        spent = {"since": monday, "active_seconds": active_seconds_since(current_user(request), monday)}
        return Response(forms.WorkingTimeSerializer(spent).data)

    @extend_schema(responses=forms.AssignmentDetailSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """Everything that the workbench needs."""
        return Response(forms.AssignmentDetailSerializer(forms.detailed(self.get_object())).data)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def open(self, request: Request, pk: str) -> Response:
        """Note that the rater has begun."""
        services.open_assignment(assignment=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses=BINARY, parameters=[OpenApiParameter("place", int, OpenApiParameter.PATH)])
    @action(detail=True, methods=["get"], url_path=r"series/(?P<place>[0-9]{1,9})/image")
    def image(self, request: Request, pk: str, place: str) -> HttpResponseBase:
        """One image on the assignment's grid."""
        return send(self._series(place, "browser_copy"), content_type="application/gzip")

    @extend_schema(responses=BINARY, parameters=[OpenApiParameter("place", int, OpenApiParameter.PATH)])
    @action(detail=True, methods=["get"], url_path=r"series/(?P<place>[0-9]{1,9})/thumbnail")
    def thumbnail(self, request: Request, pk: str, place: str) -> HttpResponseBase:
        """A small picture."""
        return send(self._series(place, "thumbnail"), content_type="image/png")

    def _series(self, place: str, field: str) -> Any:
        shown = services.shown_series(self.get_object())
        number = whole_number(place)
        stored = getattr(shown[number][1], field) if number is not None and number < len(shown) else None
        return stored if stored is not None else get_object_or_404(Draft.objects.none())

    @extend_schema(responses=BINARY)
    @action(detail=True, methods=["get"])
    def start(self, request: Request, pk: str) -> HttpResponseBase:
        """The labels to start from. They are cached only once they cannot change."""
        assignment = self.get_object()
        if assignment.state == Assignment.State.WAITING:
            raise DomainError("This case is not ready yet: its start mask is still being made.")
        content = services.start_payload(assignment)
        response = send_bytes(content, content_type="application/octet-stream", encoding="gzip")
        response["Cache-Control"] = FOR_GOOD
        return response

    @extend_schema(methods=["GET"], responses=BINARY)
    @extend_schema(
        methods=["PUT"],
        request={"multipart/form-data": forms.SavingSerializer},
        responses={200: forms.SavedSerializer, 409: forms.SavedSerializer},
        parameters=[
            OpenApiParameter("X-Base", str, OpenApiParameter.HEADER),
            OpenApiParameter("X-Sequence", int, OpenApiParameter.HEADER),
            OpenApiParameter("X-Save", str, OpenApiParameter.HEADER, description="a name that no other save has"),
            OpenApiParameter("branch", str, enum=Draft.Origin.values),
        ],
    )
    @action(detail=True, methods=["get", "put"], parser_classes=[DraftParser])
    def draft(self, request: Request, pk: str) -> HttpResponseBase:
        """The labels as last saved; or save them, with the notes."""
        assignment = self.get_object()
        if request.method == "GET":
            refuse_handed_in(assignment)
            trunk = get_object_or_404(Draft.objects.trunk().select_related("content"), assignment=assignment)
            return send(trunk.content, content_type="application/octet-stream", encoding="gzip", caching=NOT_CACHED)
        sequence = whole_number(request.headers.get("X-Sequence", ""))
        if sequence is None:
            raise DomainError("X-Sequence names the last save that was seen: 0, 1, 2, …")
        form = forms.SavingSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        draft = services.save_draft(
            assignment=assignment,
            payload=form.validated_data["labels"].read(),
            base=request.headers.get("X-Base", ""),
            sequence=sequence,
            notes=_notes(form.validated_data["notes"]),
            branch=_origin(request.query_params.get("branch", "")),
            save_key=_save_key(request.headers.get("X-Save", "")),
        )
        return Response({"sequence": draft.sequence, "saved_at": draft.saved_at, "save_key": draft.save_key})

    @extend_schema(responses=BINARY, parameters=[OpenApiParameter("branch_id", int, OpenApiParameter.PATH)])
    @action(detail=True, methods=["get"], url_path=r"branches/(?P<branch_id>[0-9]{1,9})")
    def branch(self, request: Request, pk: str, branch_id: str) -> HttpResponseBase:
        """The labels of a version that is kept beside the main one."""
        assignment = self.get_object()
        refuse_handed_in(assignment)
        rows = Draft.objects.branches().filter(assignment=assignment).select_related("content")
        kept = get_object_or_404(rows, pk=branch_id)
        return send(kept.content, content_type="application/octet-stream", encoding="gzip", caching=NOT_CACHED)

    @extend_schema(responses=forms.VersionSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def versions(self, request: Request, pk: str) -> Response:
        """What was kept beside the present draft and what was handed in before, the newest first."""
        assignment = self.get_object()
        rows = [forms.version(assignment, one) for one in versions_of(assignment)]
        return Response(forms.VersionSerializer(rows, many=True).data)

    @extend_schema(responses=BINARY, parameters=[OpenApiParameter("number", int, OpenApiParameter.PATH)])
    @action(detail=True, methods=["get"], url_path=r"submissions/(?P<number>[0-9]{1,9})")
    def submission(self, request: Request, pk: str, number: str) -> HttpResponseBase:
        """The labels of the first, second, … version that was handed in."""
        handed_in = submissions_of(self.get_object())
        place = int(number)
        if not 1 <= place <= len(handed_in):
            raise Http404
        content = handed_in[place - 1].content
        return send(content, content_type="application/octet-stream", encoding="gzip", caching=NOT_CACHED)

    @extend_schema(request=forms.SubmissionSerializer, responses={201: forms.SubmittedSerializer})
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Hand in."""
        form = forms.SubmissionSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        wanted = form.validated_data
        services.submit(
            assignment=self.get_object(),
            by=current_user(request),
            sequence=wanted["sequence"],
            answers=wanted["answers"],
            effort=_effort(wanted),
        )
        return Response({"state": Assignment.State.SUBMITTED}, status=status.HTTP_201_CREATED)

    @extend_schema(request=forms.ProblemSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def problem(self, request: Request, pk: str) -> Response:
        """Tell the lead what is wrong with this case."""
        form = forms.ProblemSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        services.report_problem(
            assignment=self.get_object(), text=form.validated_data["text"], by=current_user(request)
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class ProblemReportViewSet(ListModelMixin, GenericViewSet[ProblemReport]):
    """Problems that raters reported, for the leads of the studies."""

    serializer_class = forms.ProblemReportSerializer
    queryset = ProblemReport.objects.none()
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[ProblemReport]:
        led = Study.objects.led_by(current_user(self.request))
        rows = ProblemReport.objects.filter(assignment__study__in=led).select_related("assignment__rater")
        study = whole_number(self.request.query_params.get("study", ""))
        return rows.filter(assignment__study=study) if study is not None else rows

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str) -> Response:
        """Note that the problem was dealt with."""
        services.settle_problem(report=self.get_object(), by=current_user(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
