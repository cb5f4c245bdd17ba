"""Addresses of assignments and problem reports."""

from django.urls import URLPattern, URLResolver
from rest_framework.routers import SimpleRouter

from annotation.api.views import AssignmentViewSet, ProblemReportViewSet

router = SimpleRouter()
router.register("assignments", AssignmentViewSet, basename="assignment")
router.register("problems", ProblemReportViewSet, basename="problem")

urlpatterns: list[URLPattern | URLResolver] = [*router.urls]
