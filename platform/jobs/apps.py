"""The jobs app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Jobs, their handlers, and the Celery task that runs them."""

    name = "jobs"
