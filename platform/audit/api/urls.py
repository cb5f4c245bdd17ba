"""Addresses of the audit trail."""

from django.urls import URLPattern, URLResolver, path

from audit.api.views import EventListView

urlpatterns: list[URLPattern | URLResolver] = [path("audit/", EventListView.as_view(), name="audit")]
