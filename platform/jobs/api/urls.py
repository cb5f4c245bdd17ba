"""Addresses of jobs."""

from django.urls import URLPattern, URLResolver
from rest_framework.routers import SimpleRouter

from jobs.api.views import JobViewSet

router = SimpleRouter()
router.register("jobs", JobViewSet, basename="job")

urlpatterns: list[URLPattern | URLResolver] = [*router.urls]
