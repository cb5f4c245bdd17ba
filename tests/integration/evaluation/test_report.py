"""The first report, against independent implementations and against itself."""

import json
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import f1_score, jaccard_score

from cases.models import Segmentation
from cases.services import keep_layers, read_layers
from core import storage
from core.errors import DomainError
from evaluation import services
from evaluation.models import Report
from evaluation.reports.inter_rater import majority_layers
from jobs.models import Job
from jobs.tasks import run
from studies.models import Study
from tests.factories import (
    AssignmentFactory,
    MembershipFactory,
    PreparedCaseFactory,
    SegmentationFactory,
    StudyFactory,
    SubmittedAssignmentFactory,
)

pytestmark = pytest.mark.django_db


def study_with_readings(*, raters: int = 3, cases: int = 4, empty: bool = False) -> Study:
    """Return a study whose raters have read all cases, each with a mask of their own."""
    study = StudyFactory.create()
    members = [MembershipFactory.create(study=study) for _ in range(raters)]
    for number in range(cases):
        case = PreparedCaseFactory.create()
        for place, member in enumerate(members):
            assignment: Any = SubmittedAssignmentFactory.create(study=study, case=case, rater=member.rater)
            if empty and number == 0:
                _replace(assignment, np.zeros_like(read_layers(assignment.submission)))
            else:
                layers = np.zeros_like(read_layers(assignment.submission))
                layers[0, 2 : 6 + place, 2 : 7 + number % 2, 1 : 4 + place % 2] = 1
                _replace(assignment, layers)
    return study


def _replace(assignment: Any, layers: Any) -> None:
    kept = keep_layers(series=assignment.series, scheme=assignment.study.scheme, layers=layers)
    Segmentation.objects.filter(pk=assignment.submission.pk).update(
        content=kept.stored, sha256=kept.sha256, volumes_ml=kept.volumes_ml
    )


def compute(study: Study, **parameters: Any) -> Report:
    report = services.request_report(study=study, by=study.created_by, parameters=parameters)
    assert report.job is not None
    run(str(report.job.pk))
    job = Job.objects.get(pk=report.job.pk)
    assert job.status == Job.Status.SUCCEEDED, job.detail
    return Report.objects.get(pk=report.pk)


def mask_of(report: Report, case: int, rater: int) -> Any:
    frozen = next(row for row in report.inputs["readings"] if (row["case"], row["rater"]) == (case, rater))
    return read_layers(Segmentation.objects.get(pk=frozen["segmentation"]))[0] == 1


def test_every_pair_agrees_with_scikit_learn() -> None:
    report = compute(study_with_readings())
    assert report.data is not None
    rows = [row for row in report.data["pairs"] if row["region"] == "t"]
    assert len(rows) == 4 * 6  # three people and the model
    for row in rows:
        one, other = (mask_of(report, row["case"], row[side]).ravel() for side in ("first", "second"))
        assert row["dice"] == pytest.approx(f1_score(one, other), abs=1e-12)
        assert row["jaccard"] == pytest.approx(jaccard_score(one, other), abs=1e-12)


def test_the_consensus_is_the_vote_of_more_than_half_of_the_people() -> None:
    report = compute(study_with_readings())
    people = [rater["id"] for rater in report.inputs["raters"] if rater["kind"] == "human"]
    for case in report.inputs["cases"]:
        votes = sum(mask_of(report, case["id"], rater).astype(int) for rater in people)
        stored = Segmentation.objects.get(case=case["id"], source="consensus")
        np.testing.assert_array_equal(read_layers(stored)[0] == 1, votes >= 2)


def test_nobody_is_compared_with_a_consensus_that_contains_them() -> None:
    report = compute(study_with_readings())
    assert report.data is not None
    people = [rater["id"] for rater in report.inputs["raters"] if rater["kind"] == "human"]
    for row in report.data["readings"]:
        if row["region"] != "t" or row["rater"] not in people:
            continue
        others = [mask_of(report, row["case"], rater) for rater in people if rater != row["rater"]]
        both = others[0] & others[1]  # more than half of two people: both
        own = mask_of(report, row["case"], row["rater"])
        assert row["others"]["dice"] == pytest.approx(f1_score(own.ravel(), both.ravel()), abs=1e-12)


def test_a_case_that_all_left_blank_is_undefined_and_counted_or_1_by_policy() -> None:
    study = study_with_readings(empty=True)
    left_out = compute(study).data
    as_one = compute(study, both_empty="one").data
    assert left_out is not None
    assert as_one is not None

    def people(data: Any) -> list[Any]:
        return [row for row in data["summary"] if row["region"] == "t" and row["against"] == "consensus" and row["n"]]

    humans = [row for row in people(left_out) if row["n_undefined"]]
    assert {(row["n"], row["n_undefined"]) for row in humans} == {(3, 1)}
    assert all(row["n_undefined"] == 0 for row in people(as_one))


def test_computing_again_gives_the_same_data_and_no_second_consensus() -> None:
    study = study_with_readings()
    first, second = compute(study), compute(study)
    assert first.inputs_sha256 == second.inputs_sha256
    assert json.dumps(first.data) == json.dumps(second.data)
    assert Segmentation.objects.filter(source="consensus").count() == 4


def test_a_reading_that_comes_in_later_does_not_change_a_report() -> None:
    study = study_with_readings()
    report = services.request_report(study=study, by=study.created_by)
    late = SubmittedAssignmentFactory.create(study=study)
    assert report.job is not None
    run(str(report.job.pk))
    report.refresh_from_db()
    assert report.data is not None
    assert late.case_id not in {row["case"] for row in report.data["readings"]}


def test_the_files_are_a_pdf_tables_and_figures() -> None:
    report = compute(study_with_readings())
    contents = {file.name: storage.read(file.stored) for file in report.files.all()}
    assert contents["report.pdf"].startswith(b"%PDF")
    assert b"jaccard" in contents["pairs.csv"].splitlines()[0]
    assert {"agreement.svg", "agreement.png", "pairs.svg", "volumes.svg", "summary.csv"} <= set(contents)


def test_what_was_asked_for_and_is_not_in_is_listed() -> None:
    study = study_with_readings()
    waiting = AssignmentFactory.create(study=study)
    data = compute(study).data
    assert data is not None
    assert data["missing"] == [{"case": waiting.case_id, "rater": waiting.rater_id}]


def test_one_rater_alone_makes_no_report() -> None:
    with pytest.raises(DomainError, match="at least two raters"):
        services.request_report(study=study_with_readings(raters=1), by=StudyFactory.create().created_by)


@pytest.mark.parametrize("parameters", [{"regions": ["spleen"]}, {"tie": "coin"}, {"colour": "red"}])
def test_unknown_parameters_are_refused(parameters: dict[str, Any]) -> None:
    with pytest.raises(DomainError):
        services.request_report(
            study=study_with_readings(cases=1), by=StudyFactory.create().created_by, parameters=parameters
        )


def test_the_majority_of_label_maps_is_taken_label_by_label() -> None:
    maps = [np.array([[[[1, 1, 2, 0, 1]]]], np.uint8), np.array([[[[1, 2, 2, 2, 2]]]], np.uint8)]
    third = np.array([[[[1, 2, 1, 0, 3]]]], np.uint8)
    np.testing.assert_array_equal(majority_layers([*maps, third], tie="background").ravel(), [1, 2, 2, 0, 0])
    np.testing.assert_array_equal(majority_layers(maps, tie="foreground").ravel(), [1, 1, 2, 2, 1])


def test_a_frozen_reading_that_was_altered_is_noticed() -> None:
    study = study_with_readings()
    report = services.request_report(study=study, by=study.created_by)
    reading = report.inputs["readings"][0]
    Segmentation.objects.filter(pk=reading["segmentation"]).update(sha256="0" * 64)
    with pytest.raises(DomainError, match="altered"):
        services.readings_of(report, reading["case"])


def test_a_model_that_has_no_prediction_for_a_case_is_left_out_of_it() -> None:
    study = study_with_readings()
    assert study.start_rater is not None
    gone = Segmentation.objects.filter(rater=study.start_rater).values_list("case", flat=True)[0]
    other = SegmentationFactory.create(rater=study.start_rater)
    data = compute(study).data
    assert data is not None
    assert any(row["case"] == gone and row["rater"] == study.start_rater_id for row in data["readings"])
    assert other.case_id not in {row["case"] for row in data["readings"]}
