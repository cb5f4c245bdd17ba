"""The people app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Centres, users, raters."""

    name = "people"

    def ready(self) -> None:
        """Let the API's schema know how scripts sign in."""
        from people import schema  # noqa: F401
