"""Addresses of cases, series, segmentations and label schemes."""

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter

from cases.api.administrators import AdministratorView
from cases.api.importing import router as importing
from cases.api.views import CaseViewSet, LabelSchemeViewSet, SegmentationViewSet, SeriesViewSet

router = SimpleRouter()
router.register("cases", CaseViewSet, basename="case")
router.register("series", SeriesViewSet, basename="series")
router.register("segmentations", SegmentationViewSet, basename="segmentation")
router.register("label-schemes", LabelSchemeViewSet, basename="label-scheme")

urlpatterns: list[URLPattern | URLResolver] = [
    path("users/<int:pk>/administrator/", AdministratorView.as_view(), name="administrator"),
    *router.urls,
    *importing.urls,
]
