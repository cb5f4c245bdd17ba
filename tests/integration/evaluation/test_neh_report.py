"""The NEH report beside the database: what is missing, that images are frozen too, what is given out."""

from __future__ import annotations

from typing import Any

import pytest

from cases.models import Segmentation, SeriesFile
from core import storage
from core.errors import DomainError
from evaluation import services
from evaluation.models import Report
from evaluation.reports.loading import FrozenCases
from evaluation.reports.neh.computing import compute
from evaluation.reports.registry import KINDS
from jobs.models import Job
from jobs.tasks import run
from studies.models import Study
from tests.factories import StudyFactory, preset_scheme
from tests.integration.evaluation.neh_study import neh_study

pytestmark = pytest.mark.django_db


def make_report(study: Study, **parameters: Any) -> Report:
    report = services.request_report(
        study=study, by=study.created_by, kind="neh", parameters={"draws": 100, "flips": 100, **parameters}
    )
    assert report.job is not None
    run(str(report.job.pk))
    job = Job.objects.get(pk=report.job.pk)
    assert job.status == Job.Status.SUCCEEDED, job.detail
    return Report.objects.get(pk=report.pk)


def test_the_report_of_stored_images_and_masks_is_that_of_the_arrays() -> None:
    study, models, world = neh_study(3)
    report = make_report(study, et_of=models[1].pk)
    parameters = report.inputs["parameters"]
    assert (parameters["rims_of"], parameters["neh_of"], parameters["et_of"]) == (
        models[0].pk,
        models[0].pk,
        models[1].pk,
    )
    world.inputs["parameters"] |= {name: parameters[name] for name in ("draws", "flips", "seed")}
    expected = compute(world.inputs, world, report=lambda *_: None)
    assert report.data is not None
    for part in ("agreement", "intensities", "perfusion"):
        figures = [name for name in ("dice", "hausdorff95", "mean", "voxels") if name in expected[part][0]]
        assert [[row[name] for name in figures] for row in report.data[part]] == [
            [pytest.approx(row[name], rel=1e-6) for name in figures] for row in expected[part]
        ]
    assert [row["p"] for row in report.data["null"]] == [row["p"] for row in expected["null"]]
    names = set(report.files.values_list("name", flat=True))
    assert {"report.pdf", "agreement.csv", "null.parquet", "perfusion.svg", "intensity.png", "rcbv.csv"} <= names
    assert "this is agreement, not accuracy" in report.methods
    tables = {table["key"]: table["rows"] for table in report.tables}
    assert [row["where"] for row in tables["perfusion"][:3]] == ["ET", "NEH", "ED"]
    assert "gaps" not in tables


def test_what_the_study_lacks_is_the_first_table() -> None:
    study, _, _ = neh_study(2, recurrences=False, rcbv=False)
    report = make_report(study)
    assert report.tables[0]["key"] == "gaps"
    assert [row["part"] for row in report.tables[0]["rows"]] == ["rCBV", "Recurrence"]


def test_an_image_that_was_replaced_is_refused() -> None:
    study, _, _ = neh_study(1)
    report = services.request_report(study=study, by=study.created_by, kind="neh")
    (series, *_) = report.inputs["series"]
    load = FrozenCases(report)
    assert load.image(series["id"])[0].shape == (48, 52, 44)
    SeriesFile.objects.filter(series=series["id"]).update(stored=storage.keep(b"something else"))
    with pytest.raises(DomainError, match="image that this report froze"):
        load.image(series["id"])


def test_a_scheme_without_neh_says_what_it_needs() -> None:
    study: Any = StudyFactory.create(scheme=preset_scheme("brats-2018"))
    assert "has no neh" in KINDS["neh"].missing(study)
    with pytest.raises(DomainError, match="has no neh"):
        services.request_report(study=study, by=study.created_by, kind="neh")


def test_a_study_without_masks_says_so() -> None:
    study: Any = StudyFactory.create(scheme=preset_scheme("neh"), start_rater=None)
    assert "masks with NEH" in KINDS["neh"].missing(study)


def test_rims_of_somebody_who_is_no_method_are_refused() -> None:
    study, models, _ = neh_study(1)
    with pytest.raises(DomainError, match="from the methods"):
        services.request_report(
            study=study,
            by=study.created_by,
            kind="neh",
            parameters={"methods": [models[0].pk], "rims_of": models[1].pk},
        )


def test_a_mask_of_another_scheme_is_left_out_with_its_reason() -> None:
    study, models, _ = neh_study(1)
    chosen = Segmentation.objects.filter(rater=models[1]).first()
    assert chosen is not None
    Segmentation.objects.filter(pk=chosen.pk).update(scheme=preset_scheme("reseg"))
    report = services.request_report(study=study, by=study.created_by, kind="neh")
    (row,) = report.inputs["left_out"]
    assert (row["case"], row["rater"]) == (chosen.case_id, models[1].pk)
    assert "has no neh" in row["reason"]
