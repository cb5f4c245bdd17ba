"""Addresses of model versions."""

from django.urls import URLPattern, URLResolver
from rest_framework.routers import SimpleRouter

from inference.api.views import ModelVersionViewSet

router = SimpleRouter()
router.register("models", ModelVersionViewSet, basename="model")

urlpatterns: list[URLPattern | URLResolver] = [*router.urls]
