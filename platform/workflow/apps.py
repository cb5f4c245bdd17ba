"""The workflow app."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    """The pipeline."""

    name = "workflow"
