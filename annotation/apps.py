"""The annotation app."""

from django.apps import AppConfig


class AnnotationConfig(AppConfig):
    """Drafts, submissions and scoring."""

    name = "annotation"
