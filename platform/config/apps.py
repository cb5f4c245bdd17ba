"""The app at the top: it brings the command line's commands."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Set-up, demo, backup, the supervisor."""

    name = "config"
