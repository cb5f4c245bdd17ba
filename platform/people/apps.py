"""The people app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Centres, users, raters."""

    name = "people"
