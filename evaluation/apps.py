"""The evaluation app."""

from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    """Reports."""

    name = "evaluation"
