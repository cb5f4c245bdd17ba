"""The inference app."""

from django.apps import AppConfig


class InferenceConfig(AppConfig):
    """Model versions and predictions."""

    name = "inference"

    def ready(self) -> None:
        """Register what is checked before a study starts."""
        from inference import readiness  # noqa: F401
