"""What is stored about patients' exams and their labellings."""

from cases.models.access import Access
from cases.models.case import Case, Patient
from cases.models.labels import LabelScheme
from cases.models.segmentation import DerivedMap, Lesion, Segmentation
from cases.models.series import Series, SeriesFile
from cases.models.staging import Import, Upload

__all__ = [
    "Access",
    "Case",
    "DerivedMap",
    "Import",
    "LabelScheme",
    "Lesion",
    "Patient",
    "Segmentation",
    "Series",
    "SeriesFile",
    "Upload",
]
