"""A study of the NEH phantom's synthetic patients: images and two models' masks in the storage, like imported ones."""

# mypy: allow-untyped-calls

from __future__ import annotations

from typing import Any

import numpy as np

from cases.models import Case, Series, SeriesFile
from cases.services import keep_layers
from core import storage
from imaging.writing import nifti_bytes
from people.models import Rater
from studies.models import Study
from tests.factories import (
    CaseFactory,
    CentreFactory,
    ModelRaterFactory,
    PatientFactory,
    SegmentationFactory,
    StudyCaseFactory,
    StudyFactory,
    preset_scheme,
)
from tests.unit.reports.neh_phantom import GRID, World, make_world

VALUES = {"nc": 1, "ed": 2, "neh": 3, "et": 4}


def neh_study(patients: int = 4, **choices: Any) -> tuple[Study, list[Rater], World]:
    """Return the study, its two models and the world that it was made from."""
    world = make_world(patients, **choices)
    study: Any = StudyFactory.create(scheme=preset_scheme("neh"), start_rater=None)
    models = [ModelRaterFactory.create(), ModelRaterFactory.create()]
    centre = CentreFactory.create()
    names = dict.fromkeys(case["patient"] for case in world.inputs["cases"])
    made = {name: PatientFactory.create(pseudonym=name, centre=centre) for name in names}
    for facts in world.inputs["cases"]:
        row = CaseFactory.create(patient=made[facts["patient"]], time_point=facts["time_point_key"], synthetic=True)
        case = Case.objects.get(pk=row.pk)
        _add_images(case, facts["id"], world)
        StudyCaseFactory.create(study=study, case=case)
        for place, rater in enumerate(models, start=1):
            _add_mask(case, rater, world.masks[facts["id"]].masks[place])
    return study, models, world


def _add_images(case: Case, number: int, world: World) -> None:
    for frozen in world.inputs["series"]:
        if frozen["case"] != number:
            continue
        image, grid = world.images_by_id[frozen["id"]]
        series = Series.objects.create(
            case=case, sequence=frozen["sequence"], shape=list(grid.shape), affine=grid.affine.tolist()
        )
        stored = storage.keep(nifti_bytes(image, grid))
        SeriesFile.objects.create(series=series, stored=stored, format="nifti", suffix=".nii.gz")
        if case.reference is None:
            case.reference = series
            case.save(update_fields=["reference"])


def _add_mask(case: Case, rater: Rater, masks: dict[str, np.ndarray[Any, np.dtype[np.bool_]]]) -> None:
    layers = np.zeros((1, *GRID.shape), np.uint8)
    for key, value in VALUES.items():
        layers[0][masks[key]] = value
    scheme = preset_scheme("neh")
    kept = keep_layers(series=case.reference, scheme=scheme, layers=layers)  # type: ignore[arg-type]
    SegmentationFactory.create(case=case, rater=rater, scheme=scheme, kept=kept, source="model")
