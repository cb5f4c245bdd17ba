"""Appointing site administrators over HTTP. In this room, since an appointment is a row of Access."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.access import appoint_administrator, dismiss_administrator
from core.api import current_user
from people.api.permissions import InPerson, IsAdministrator
from people.models import User


class AdministratorView(APIView):
    """Whether an account administers the site."""

    permission_classes = [IsAuthenticated, IsAdministrator, InPerson]

    @extend_schema(request=None, responses={204: None})
    def put(self, request: Request, pk: int) -> Response:
        """Appoint."""
        appoint_administrator(user=get_object_or_404(User, pk=pk), by=current_user(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Dismiss."""
        dismiss_administrator(user=get_object_or_404(User, pk=pk), by=current_user(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
