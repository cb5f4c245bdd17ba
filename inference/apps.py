"""The inference app."""

from django.apps import AppConfig


class InferenceConfig(AppConfig):
    """Model versions and predictions."""

    name = "inference"
