"""Any report: frozen once, computed the same again, given out in every form."""

import csv
import io
import json
from typing import Any

import numpy as np
import pytest
from pyarrow import parquet

from cases.models import Segmentation
from core import storage
from core.errors import DomainError
from evaluation import services
from evaluation.models import Report
from evaluation.reports.loading import FrozenCases
from jobs.tasks import run
from tests.factories import StudyFactory, SubmittedAssignmentFactory
from tests.integration.evaluation.making import QUICK, compute, study_with_readings

pytestmark = pytest.mark.django_db


def test_computing_again_gives_the_same_data() -> None:
    study = study_with_readings()
    first, second = compute(study), compute(study)
    assert first.inputs_sha256 == second.inputs_sha256
    assert json.dumps(first.data) == json.dumps(second.data)
    assert json.dumps([first.tables, first.figures]) == json.dumps([second.tables, second.figures])


def test_a_reading_that_comes_in_later_does_not_change_a_report() -> None:
    study = study_with_readings()
    report = services.request_report(study=study, by=study.created_by, parameters=QUICK)
    late = SubmittedAssignmentFactory.create(study=study)
    assert report.job is not None
    run(str(report.job.pk))
    report.refresh_from_db()
    assert report.data is not None
    assert late.case_id not in {row["case"] for row in report.data["readings"]}


def test_every_table_and_figure_is_given_out_in_every_form() -> None:
    report = compute(study_with_readings())
    contents = {file.name: storage.read(file.stored) for file in report.files.all()}
    assert contents["report.pdf"].startswith(b"%PDF")
    whole = json.loads(contents["report.json"])
    assert (whole["data"], whole["inputs"], whole["tables"]) == (report.data, report.inputs, report.tables)
    for table in report.tables:
        if not table["rows"]:
            continue
        lines = list(csv.DictReader(io.StringIO(contents[f"{table['key']}.csv"].decode())))
        read = parquet.read_table(io.BytesIO(contents[f"{table['key']}.parquet"])).to_pylist()
        assert len(lines) == len(read) == len(table["rows"])
        assert set(lines[0]) == set(read[0]) == set(table["rows"][0])
    assert {f"{name}.{form}" for name in report.figures for form in ("svg", "png")} <= set(contents)
    assert contents["agreement.svg"].startswith(b"<svg")


def test_the_choices_and_versions_are_kept_with_the_report() -> None:
    report = compute(study_with_readings(cases=1), tolerance_mm=1.5)
    assert {"title": "Tolerance of the surface Dice", "value": "1.5 mm"} in report.inputs["choices"]
    assert "within 1.5 mm" in report.methods
    assert report.environment["packages"]["numpy"] == np.__version__


def test_every_point_of_a_figure_names_its_case() -> None:
    report = compute(study_with_readings())
    cases = {case["id"] for case in report.inputs["cases"]}
    for name in ("agreement", "bland_altman", "volumes"):
        (rows,) = report.figures[name]["datasets"].values()
        assert {row["case_id"] for row in rows if row.get("Case")} == cases


def test_a_frozen_reading_that_was_altered_is_noticed() -> None:
    study = study_with_readings()
    report = services.request_report(study=study, by=study.created_by)
    reading = report.inputs["readings"][0]
    Segmentation.objects.filter(pk=reading["segmentation"]).update(sha256="0" * 64)
    with pytest.raises(DomainError, match="altered"):
        FrozenCases(report)(reading["case"])


def test_an_unknown_kind_is_refused() -> None:
    study = study_with_readings(cases=1)
    with pytest.raises(DomainError, match="no kind of report 'horoscope'"):
        services.request_report(study=study, by=study.created_by, kind="horoscope")


@pytest.mark.parametrize("parameters", [{"regions": ["spleen"]}, {"tie": "coin"}, {"colour": "red"}, {"reference": 77}])
def test_a_wrong_choice_is_refused_and_nothing_is_made(parameters: dict[str, Any]) -> None:
    study = study_with_readings(cases=1)
    with pytest.raises(DomainError):
        services.request_report(study=study, by=study.created_by, parameters=parameters)
    assert not Report.objects.exists()


def test_one_rater_alone_makes_no_report() -> None:
    with pytest.raises(DomainError, match="at least two raters"):
        services.request_report(study=study_with_readings(raters=1), by=StudyFactory.create().created_by)
