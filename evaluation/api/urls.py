"""Addresses of reports and of live agreement."""

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import Route, SimpleRouter

from evaluation.api.agreement import AgreementOverviewView, DisagreementMapViewSet, StudyAgreementView
from evaluation.api.views import ReportViewSet


class ReportRouter(SimpleRouter):
    """Reports are made by POST and never changed."""

    routes = [
        Route(r"^{prefix}/$", {"get": "list", "post": "create"}, "{basename}-list", detail=False, initkwargs={}),
        *SimpleRouter.routes[1:],
    ]


router = ReportRouter()
router.register("reports", ReportViewSet, basename="report")

maps = SimpleRouter()
maps.register("disagreement-maps", DisagreementMapViewSet, basename="disagreement-map")

urlpatterns: list[URLPattern | URLResolver] = [
    path("agreement/", AgreementOverviewView.as_view(), name="agreement"),
    path("studies/<int:pk>/agreement/", StudyAgreementView.as_view(), name="study-agreement"),
    *router.urls,
    *maps.urls,
]
