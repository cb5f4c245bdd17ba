"""Oneself, accounts, centres, keys and invitations over HTTP."""

from typing import Any

from django.contrib.auth import login
from django.db.models import QuerySet
from django.http import Http404
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect, ensure_csrf_cookie
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.mixins import ListModelMixin
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from core.api import current_user
from people import services
from people.api import serializers as forms
from people.api.permissions import AdministratorsWrite, InPerson, IsAdministrator, MayInvite
from people.models import ApiToken, Centre, Invitation, User, WorkbenchSettings

SIGN_IN = "allauth.account.auth_backends.AuthenticationBackend"


class MeView(APIView):
    """The caller's own account."""

    @extend_schema(responses=forms.MeSerializer)
    def get(self, request: Request) -> Response:
        """Tell who is signed in."""
        return Response(forms.MeSerializer(current_user(request)).data)

    @extend_schema(request=forms.OwnChangeSerializer, responses=forms.MeSerializer)
    def patch(self, request: Request) -> Response:
        """Change one's own name."""
        user = current_user(request)
        form = forms.OwnChangeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        if "name" in form.validated_data:
            services.change_user(user=user, by=user, name=form.validated_data["name"])
        return Response(forms.MeSerializer(user).data)


class WorkbenchSettingsView(APIView):
    """A person's settings of the workbench, by their id: an old window must not write them to who signed in next."""

    @extend_schema(responses=forms.WorkbenchSettingsSerializer)
    def get(self, request: Request, user_id: int) -> Response:
        """Read one's own settings."""
        user = _oneself(request, user_id)
        kept = WorkbenchSettings.objects.filter(user=user).first() or WorkbenchSettings(user=user)
        return Response(forms.WorkbenchSettingsSerializer(kept).data)

    @extend_schema(request=forms.WorkbenchSettingsSerializer, responses=forms.WorkbenchSettingsSerializer)
    def put(self, request: Request, user_id: int) -> Response:
        """Keep one's own settings; 409 when they were changed since they were read."""
        user = _oneself(request, user_id)
        form = forms.WorkbenchSettingsSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        kept = services.keep_workbench_settings(user=user, **form.validated_data)
        return Response(forms.WorkbenchSettingsSerializer(kept).data)


def _oneself(request: Request, user_id: int) -> User:
    user: User = current_user(request)
    if user.pk != user_id:
        raise Http404
    return user


class UserViewSet(ReadOnlyModelViewSet[User]):
    """All accounts, for site administrators."""

    serializer_class = forms.UserSerializer
    permission_classes = [IsAuthenticated, IsAdministrator]
    filterset_fields = {"email": ["exact", "icontains"], "is_active": ["exact"], "may_lead": ["exact"]}
    queryset = User.objects.none()
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[User]:
        return User.objects.visible_to(current_user(self.request)).select_related("centre", "rater")

    @extend_schema(request=forms.UserChangeSerializer, responses=forms.UserSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change an account, deactivate it, or let it lead studies."""
        user = self.get_object()
        form = forms.UserChangeSerializer(user, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        services.change_user(user=user, by=current_user(request), **form.validated_data)
        return Response(self.get_serializer(self.get_object()).data)


class CentreViewSet(ReadOnlyModelViewSet[Centre]):
    """Centres: read by everybody who is signed in, written by site administrators."""

    serializer_class = forms.CentreSerializer
    permission_classes = [IsAuthenticated, AdministratorsWrite]
    queryset = Centre.objects.all()
    lookup_value_regex = r"\d+"

    @extend_schema(request=forms.CentreSerializer, responses={201: forms.CentreSerializer})
    def create(self, request: Request) -> Response:
        """Make a centre."""
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        centre = services.create_centre(by=current_user(request), **form.validated_data)
        return Response(self.get_serializer(centre).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=forms.CentreSerializer, responses=forms.CentreSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change a centre's name or code."""
        centre = self.get_object()
        form = self.get_serializer(centre, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        services.change_centre(centre=centre, by=current_user(request), **form.validated_data)
        return Response(self.get_serializer(centre).data)


class TokenViewSet(ListModelMixin, GenericViewSet[ApiToken]):
    """The caller's keys for scripts; site administrators see, and revoke, everybody's."""

    serializer_class = forms.TokenSerializer
    queryset = ApiToken.objects.none()
    lookup_value_regex = r"\d+"

    def get_permissions(self) -> list[BasePermission]:
        """A key makes no keys."""
        return [IsAuthenticated(), InPerson()] if self.action == "create" else [IsAuthenticated()]

    def get_queryset(self) -> QuerySet[ApiToken]:
        return ApiToken.objects.visible_to(current_user(self.request)).select_related("user")

    @extend_schema(request=forms.TokenWriteSerializer, responses={201: forms.NewTokenSerializer})
    def create(self, request: Request) -> Response:
        """Make a key. The answer shows it; nothing ever does again."""
        form = forms.TokenWriteSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        token, key = services.create_token(user=current_user(request), **form.validated_data)
        answer = {**forms.TokenSerializer(token).data, "key": key}
        return Response(answer, status=status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Revoke a key; its row stays, so that one sees when it was used last."""
        services.revoke_token(token=self.get_object(), by=current_user(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class InvitationViewSet(ListModelMixin, GenericViewSet[Invitation]):
    """The invitations that the caller sent; site administrators see all."""

    serializer_class = forms.InvitationSerializer
    permission_classes = [IsAuthenticated, MayInvite]
    queryset = Invitation.objects.none()
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[Invitation]:
        return Invitation.objects.visible_to(current_user(self.request)).select_related("user", "invited_by")

    @extend_schema(request=forms.InvitationWriteSerializer, responses={201: forms.InvitedSerializer})
    def create(self, request: Request) -> Response:
        """Invite somebody. The answer shows the link to send them; nothing ever does again."""
        form = forms.InvitationWriteSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        user, link = services.invite(by=current_user(request), **form.validated_data)
        answer = {"email": user.email, "name": user.name, "link": link}
        return Response(answer, status=status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Revoke an invitation."""
        services.revoke_invitation(invitation=self.get_object(), by=current_user(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


@method_decorator([never_cache, ensure_csrf_cookie], name="dispatch")
class OpenInvitationView(APIView):
    """What a link is about, for whoever holds it."""

    permission_classes = [AllowAny]
    authentication_classes = []
    throttle_scope = "invitation"

    @extend_schema(responses=forms.OpenInvitationSerializer, auth=[])
    def get(self, request: Request, token: str) -> Response:
        """Tell whose account the link opens and who sent it."""
        return Response(forms.OpenInvitationSerializer(services.open_invitation(token)).data)


@method_decorator([never_cache, csrf_protect], name="dispatch")
class AcceptInvitationView(APIView):
    """Where an invited person sets their password."""

    permission_classes = [AllowAny]
    authentication_classes = []
    throttle_scope = "invitation"

    @extend_schema(request=forms.AcceptanceSerializer, responses=forms.MeSerializer, auth=[])
    def post(self, request: Request, *args: Any) -> Response:
        """Accept an invitation and be signed in."""
        form = forms.AcceptanceSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        user = services.accept_invitation(**form.validated_data)
        login(request._request, user, backend=SIGN_IN)
        return Response(forms.MeSerializer(user).data)
