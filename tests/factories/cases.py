"""Patients, exams with small images, and labellings of them.

Images are 12 × 10 × 8 voxels of 1 × 1 × 2 mm, kept in the storage like real ones, with their browser copies.
"""

# mypy: allow-untyped-calls

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

import numpy as np
from django.utils import timezone
from factory.declarations import LazyAttribute, LazyFunction, PostGeneration, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from cases.models import Case, Import, LabelScheme, Patient, Segmentation, Series, SeriesFile, Upload
from cases.services import keep_layers
from core import storage
from imaging import preview
from imaging.grid import Grid
from imaging.payload import Layers
from imaging.volume import Volume
from imaging.writing import nifti_bytes
from tests.factories.people import CentreFactory, RaterFactory, UserFactory

GRID = Grid((12, 10, 8), np.array([[1, 0, 0, -6], [0, 1, 0, -5], [0, 0, 2, -8], [0, 0, 0, 1]], np.float64))


def blob_layers(*, seed: int = 0, layers: int = 1) -> Layers:
    """Return label maps (layer, x, y, z) on GRID with a block of label 1 in the first; another seed, another block."""
    labels = np.zeros((layers, *GRID.shape), np.uint8)
    x, y, z = 2 + seed % 5, 2 + seed // 5 % 4, 1 + seed // 20 % 4
    labels[0, x : x + 4, y : y + 3, z : z + 2] = 1
    return labels


@cache
def _image_bytes(seed: int) -> tuple[bytes, bytes, bytes]:
    """Return (original, browser copy, thumbnail) of a small image; another seed, other voxels."""
    voxels = np.random.default_rng(seed).integers(1, 900, GRID.shape).astype(np.int16)
    volume = Volume(voxels, GRID, "NIfTI-1", "int16")
    return nifti_bytes(voxels, GRID), preview.browser_copy(volume, GRID), preview.thumbnail(voxels, size=32)


class PatientFactory(DjangoModelFactory[Patient]):
    """A pseudonym."""

    class Meta:
        model = Patient

    pseudonym = Sequence(lambda n: f"P{n:04d}")
    centre = SubFactory(CentreFactory)


class CaseFactory(DjangoModelFactory[Case]):
    """An exam without images; PreparedCaseFactory has them."""

    class Meta:
        model = Case
        skip_postgeneration_save = True

    patient = SubFactory(PatientFactory)
    time_point = Case.TimePoint.PRE_OP
    tumour_type = Case.TumourType.GLIOMA
    imported_by = SubFactory(UserFactory, lead=True)


def _keep_original(series: Series, create: bool, extracted: Any, **kwargs: Any) -> None:
    """Keep a received file too."""
    if create:
        stored = storage.keep(_image_bytes(series.pk)[0])
        SeriesFile.objects.create(series=series, stored=stored, format="nifti", suffix=".nii.gz")


class SeriesFactory(DjangoModelFactory[Series]):
    """One sequence on GRID with its original, its browser copy and its thumbnail."""

    class Meta:
        model = Series
        skip_postgeneration_save = True

    class Params:
        seed = Sequence(int)

    case = SubFactory(CaseFactory)
    sequence = Series.Sequence.FLAIR
    shape = list(GRID.shape)
    affine = GRID.affine.tolist()
    browser_copy = LazyAttribute(lambda series: storage.keep(_image_bytes(series.seed)[1]))
    thumbnail = LazyAttribute(lambda series: storage.keep(_image_bytes(series.seed)[2]))
    window_low, window_high = 1.0, 900.0

    original = PostGeneration(_keep_original)


def _add_images(case: Case, create: bool, extracted: Any, **kwargs: Any) -> None:
    """Add the series that are named, or T1c and FLAIR; the first is the reference."""
    if create:
        made = [SeriesFactory.create(case=case, sequence=name) for name in extracted or ("T1c", "FLAIR")]
        case.reference = made[0]
        case.save(update_fields=["reference"])


class PreparedCaseFactory(CaseFactory):
    """An exam prepared for the browser; say `images=("T1", "T2")` for others than T1c and FLAIR."""

    images = PostGeneration(_add_images)


def preset_scheme(key: str = "brats-2018") -> LabelScheme:
    """Return a label scheme that every installation has."""
    return LabelScheme.objects.get(key=key, version=1)


class LabelSchemeFactory(DjangoModelFactory[LabelScheme]):
    """A scheme of one's own with one layer and one label."""

    class Meta:
        model = LabelScheme

    key = Sequence(lambda n: f"scheme-{n}")
    name = LazyAttribute(lambda scheme: f"Scheme {scheme.key}")
    definition = LazyFunction(
        lambda: {
            "layers": [{"key": "labels", "name": "Labels", "sequence": ""}],
            "labels": [{"layer": "labels", "value": 1, "key": "t", "name": "Tumour", "color": "#D55E00"}],
            "regions": [{"key": "wt", "name": "Whole tumour (WT)", "labels": ["t"]}],
            "import_values": {},
        }
    )


class SegmentationFactory(DjangoModelFactory[Segmentation]):
    """A labelling with a block of label 1 on the reference of its case; another seed, another block."""

    class Meta:
        model = Segmentation

    class Params:
        seed = Sequence(int)
        kept = LazyAttribute(
            lambda row: keep_layers(
                series=row.series,
                scheme=row.scheme,
                layers=blob_layers(seed=row.seed, layers=len(row.scheme.definition["layers"])),
            )
        )

    case = SubFactory(PreparedCaseFactory)
    series = LazyAttribute(lambda row: row.case.reference)
    rater = SubFactory(RaterFactory)
    scheme = SubFactory(LabelSchemeFactory)
    source = Segmentation.Source.IMPORT
    content = LazyAttribute(lambda row: row.kept.stored)
    sha256 = LazyAttribute(lambda row: row.kept.sha256)
    volumes_ml = LazyAttribute(lambda row: row.kept.volumes_ml)


class ImportFactory(DjangoModelFactory[Import]):
    """An import that waits for its files."""

    class Meta:
        model = Import

    owner = SubFactory(UserFactory, lead=True)
    centre = SelfAttribute("owner.centre")
    expires_at = LazyFunction(lambda: timezone.now() + timedelta(hours=48))


class UploadFactory(DjangoModelFactory[Upload]):
    """A file that was announced."""

    class Meta:
        model = Upload

    delivery = SubFactory(ImportFactory)
    path = Sequence(lambda n: f"P0001/image{n}.nii.gz")
    size = 1000
