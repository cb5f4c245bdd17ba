"""The studies app."""

from django.apps import AppConfig


class StudiesConfig(AppConfig):
    """Studies, members, assignments, ratings."""

    name = "studies"
