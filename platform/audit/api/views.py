"""The audit trail over HTTP, for site administrators: read, never written."""

from django.db.models import QuerySet
from rest_framework.generics import ListAPIView
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from audit.api.serializers import EventSerializer
from audit.models import Event
from core.api import current_user


class ReadsTheTrail(BasePermission):
    """Site administrators."""

    message = "Only site administrators read the audit trail."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Tell whether the caller is one."""
        return bool(current_user(request).is_superuser)


class EventListView(ListAPIView[Event]):
    """Who did what and when, newest first."""

    serializer_class = EventSerializer
    permission_classes = [IsAuthenticated, ReadsTheTrail]
    filterset_fields = {
        "verb": ["exact"],
        "subject_type": ["exact"],
        "subject_id": ["exact"],
        "actor": ["exact"],
        "at": ["gte", "lt"],
    }
    queryset = Event.objects.none()

    def get_queryset(self) -> QuerySet[Event]:
        return Event.objects.visible_to(current_user(self.request)).select_related("actor")
