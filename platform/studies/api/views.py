"""Studies over HTTP. Members read, leads write; what is not yours does not exist: 404."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from cases.models import Case
from core.api import current_user
from core.errors import DomainError
from core.sending import send
from people.models import Rater
from people.services import invite
from studies.api import serializers as forms
from studies.board import board, progress
from studies.models import Assignment, Membership, Study, StudyExport
from studies.reading import reading
from studies.services import exporting, planning, running
from studies.services.sources import second_sources

ASSIGNMENT = r"assignments/(?P<assignment_id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
WITH_RESULTS = {"exports", "export_file", "reading"}
LEADS_ONLY = {
    "update_study",
    "start",
    "close",
    "add_cases",
    "remove_case",
    "retry_start_mask",
    "begin_without_start_mask",
    "members",
    "end_membership",
    "board_",
    "return_",
}


class StudyViewSet(ReadOnlyModelViewSet[Study]):
    """The caller's studies."""

    serializer_class = forms.StudySerializer
    filterset_fields = ["state"]
    queryset = Study.objects.none()
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[Study]:
        user = current_user(self.request)
        if self.action in LEADS_ONLY:
            rows = Study.objects.led_by(user)
        elif self.action in WITH_RESULTS:
            rows = Study.objects.led_by(user) & Study.objects.with_results_for(user)
        else:
            rows = Study.objects.visible_to(user)
        return progress(rows.select_related("scheme", "start_rater"), user).order_by("name")

    def _detail(self, study: Study) -> dict[str, Any]:
        fresh = progress(Study.objects.filter(pk=study.pk), current_user(self.request)).get()
        return dict(forms.StudyDetailSerializer(fresh, context=self.get_serializer_context()).data)

    @extend_schema(responses=forms.StudyDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One study; the fields that would tell a mask's source are there for its leads only."""
        study = self.get_object()
        if Study.objects.led_by(current_user(request)).filter(pk=study.pk).exists():
            return Response(self._detail(study))
        return Response(forms.StudySerializer(study, context=self.get_serializer_context()).data)

    @extend_schema(request=forms.StudyWriteSerializer, responses={201: forms.StudyDetailSerializer})
    def create(self, request: Request) -> Response:
        """Make a draft study, led by the caller."""
        user = current_user(request)
        if not (user.may_lead or user.is_superuser):
            self.permission_denied(request, message="Your account may not start studies. Ask the administrator.")
        form = forms.StudyWriteSerializer(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        study = planning.create_study(by=user, **form.validated_data)
        return Response(self._detail(study), status=status.HTTP_201_CREATED)

    @extend_schema(request=forms.StudyWriteSerializer, responses=forms.StudyDetailSerializer)
    def update_study(self, request: Request, pk: str) -> Response:
        """Change a study; most of it only before it starts."""
        study = self.get_object()
        form = forms.StudyWriteSerializer(data=request.data, partial=True, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        planning.change_study(study=study, by=current_user(request), **form.validated_data)
        return Response(self._detail(study))

    @extend_schema(request=None, responses=forms.StudyDetailSerializer)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str) -> Response:
        """Start a draft study."""
        study = self.get_object()
        running.start(study=study, by=current_user(request))
        return Response(self._detail(study))

    @extend_schema(request=None, responses=forms.StudyDetailSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Close a running study."""
        study = self.get_object()
        running.close(study=study, by=current_user(request))
        return Response(self._detail(study))

    @extend_schema(request=forms.CasesWriteSerializer, responses=forms.StudyDetailSerializer)
    @action(detail=True, methods=["post"], url_path="cases")
    def add_cases(self, request: Request, pk: str) -> Response:
        """Let the study read more cases."""
        study = self.get_object()
        form = forms.CasesWriteSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        user = current_user(request)
        wanted = form.validated_data["cases"]
        cases = list(Case.objects.visible_to(user).filter(pk__in=wanted))
        if len(cases) < len(set(wanted)):
            get_object_or_404(Case.objects.none())
        planning.add_cases(study=study, cases=cases, by=user)
        return Response(self._detail(study))

    @extend_schema(request=None, responses=forms.StudyDetailSerializer)
    @action(detail=True, methods=["delete"], url_path=r"cases/(?P<case_id>[0-9]{1,9})")
    def remove_case(self, request: Request, pk: str, case_id: str) -> Response:
        """Take a case out of a draft study."""
        study = self.get_object()
        row = get_object_or_404(study.study_cases.select_related("case"), case_id=case_id)
        planning.remove_case(study=study, case=row.case, by=current_user(request))
        return Response(self._detail(study))

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"], url_path=r"cases/(?P<case_id>[0-9]{1,9})/start-mask/retry")
    def retry_start_mask(self, request: Request, pk: str, case_id: str) -> Response:
        """Try a start mask again that could not be made."""
        running.retry_start_mask(study=self.get_object(), case=int(case_id), by=current_user(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"], url_path=r"cases/(?P<case_id>[0-9]{1,9})/start-mask/give-up")
    def begin_without_start_mask(self, request: Request, pk: str, case_id: str) -> Response:
        """Let the raters draw a case from nothing, whose start mask could not be made."""
        running.begin_without_start_mask(study=self.get_object(), case=int(case_id), by=current_user(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(methods=["GET"], responses=forms.MembershipSerializer(many=True))
    @extend_schema(methods=["POST"], request=forms.MemberWriteSerializer, responses={201: forms.MemberAddedSerializer})
    @action(detail=True, methods=["get", "post"], pagination_class=None, filterset_fields=[])
    def members(self, request: Request, pk: str) -> Response:
        """The members; or add one by e-mail address, with an invitation where there is no account."""
        study = self.get_object()
        if request.method == "GET":
            rows = study.memberships.select_related("user__centre")
            return Response(forms.MembershipSerializer(rows, many=True).data)
        form = forms.MemberWriteSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        return Response(self._add_member(study, form.validated_data), status=status.HTTP_201_CREATED)

    @transaction.atomic
    def _add_member(self, study: Study, wanted: dict[str, Any]) -> dict[str, Any]:
        by = current_user(self.request)
        person, link = invite(  # somebody who has an account keeps it, and gets no link
            email=wanted["email"],
            name=wanted["name"],
            centre=by.centre,
            expertise=wanted["expertise"],
            years=wanted["years"],
            by=by,
        )
        membership = planning.add_member(
            study=study,
            user=person,
            role=Membership.Role(wanted["role"]),
            expertise=wanted["expertise"],
            years=wanted["years"],
            by=by,
        )
        return {"member": forms.MembershipSerializer(membership).data, "invitation_link": link}

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["delete"], url_path=r"members/(?P<member_id>[0-9]{1,9})")
    def end_membership(self, request: Request, pk: str, member_id: str) -> Response:
        """End a member's role."""
        membership = get_object_or_404(self.get_object().memberships.current(), pk=member_id)
        planning.end_membership(membership=membership, by=current_user(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses=forms.BoardSerializer)
    @action(detail=True, methods=["get"], url_path="board")
    def board_(self, request: Request, pk: str) -> Response:
        """Cases × raters with states."""
        return Response(forms.BoardSerializer(board(self.get_object(), current_user(request))).data)

    @extend_schema(
        request=forms.ReturnSerializer,
        responses={204: None},
        parameters=[OpenApiParameter("assignment_id", str, OpenApiParameter.PATH)],
    )
    @action(
        detail=True,
        methods=["post"],
        url_path=f"{ASSIGNMENT}/return",
    )
    def return_(self, request: Request, pk: str, assignment_id: str) -> Response:
        """Give a submitted reading back to its rater."""
        assignment = get_object_or_404(Assignment.objects.filter(study=self.get_object()), pk=assignment_id)
        form = forms.ReturnSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        running.return_assignment(assignment=assignment, reason=form.validated_data["reason"], by=current_user(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        responses=forms.ReadingSerializer, parameters=[OpenApiParameter("assignment_id", str, OpenApiParameter.PATH)]
    )
    @action(detail=True, methods=["get"], url_path=ASSIGNMENT)
    def reading(self, request: Request, pk: str, assignment_id: str) -> Response:
        """What was handed in with one reading beside its labels."""
        rows = Assignment.objects.submitted().filter(study=self.get_object()).select_related("series")
        return Response(forms.ReadingSerializer(reading(get_object_or_404(rows, pk=assignment_id))).data)

    @extend_schema(methods=["GET"], responses=forms.ExportSerializer(many=True))
    @extend_schema(methods=["POST"], request=forms.ExportRequestSerializer, responses={201: forms.ExportSerializer})
    @action(detail=True, methods=["get", "post"], pagination_class=None, filterset_fields=[])
    def exports(self, request: Request, pk: str) -> Response:
        """The study's exports; or ask for one."""
        study = self.get_object()
        if request.method == "GET":
            rows = StudyExport.objects.visible_to(current_user(request)).filter(study=study)
            return Response(forms.ExportSerializer(rows.select_related("job", "stored"), many=True).data)
        form = forms.ExportRequestSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        export = exporting.request_export(study=study, by=current_user(request), suffix=form.validated_data["suffix"])
        return Response(forms.ExportSerializer(export).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], url_path=r"exports/(?P<export_id>[0-9]{1,9})", url_name="export-file")
    def export_file(self, request: Request, pk: str, export_id: str) -> HttpResponseBase:
        """A finished export."""
        rows = StudyExport.objects.visible_to(current_user(request)).filter(stored__isnull=False)
        export = get_object_or_404(rows.select_related("stored"), pk=export_id, study=self.get_object())
        if export.stored is None:
            raise DomainError("This export is still being made.")
        return send(export.stored, content_type="application/zip", download_as=f"study-{pk}-export-{export.pk}.zip")


class StartRaterView(ListAPIView[Rater]):
    """The models that a study can start from, for those who may start studies."""

    serializer_class = forms.StartRaterSerializer
    pagination_class = None
    queryset = Rater.objects.none()

    def get_queryset(self) -> QuerySet[Rater]:
        user = current_user(self.request)
        models = Rater.objects.filter(kind=Rater.Kind.MODEL)
        return models if user.may_lead or user.is_superuser else models.none()


class SecondSourceView(ListAPIView[Rater]):
    """Whose masks a study can show beside those that it starts from, for those who may start studies."""

    serializer_class = forms.StartRaterSerializer
    pagination_class = None
    queryset = Rater.objects.none()

    def get_queryset(self) -> QuerySet[Rater]:
        user = current_user(self.request)
        found = second_sources(user)
        return found if user.may_lead or user.is_superuser else found.none()
