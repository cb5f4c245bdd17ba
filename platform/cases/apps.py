"""The cases app."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Patients, cases, series and segmentations."""

    name = "cases"
