"""The core app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Storage, errors and checks."""

    name = "core"

    def ready(self) -> None:
        """Register the system checks."""
        from core import checks  # noqa: F401
