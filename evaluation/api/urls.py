"""Addresses of reports."""

from django.urls import URLPattern, URLResolver
from rest_framework.routers import Route, SimpleRouter

from evaluation.api.views import ReportViewSet


class ReportRouter(SimpleRouter):
    """Reports are made by POST and never changed."""

    routes = [
        Route(r"^{prefix}/$", {"get": "list", "post": "create"}, "{basename}-list", detail=False, initkwargs={}),
        *SimpleRouter.routes[1:],
    ]


router = ReportRouter()
router.register("reports", ReportViewSet, basename="report")

urlpatterns: list[URLPattern | URLResolver] = [*router.urls]
