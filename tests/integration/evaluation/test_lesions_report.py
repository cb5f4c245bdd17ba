"""The report on lesions beside the database: what is missing, what is frozen, what is given out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cases.models import Case, Patient, Segmentation
from cases.services import keep_layers
from core.errors import DomainError
from evaluation import services
from evaluation.models import Report
from evaluation.reports.registry import KINDS
from evaluation.reports.sources import source_options
from jobs.models import Job
from jobs.tasks import run
from people.models import Rater
from studies.models import Study
from studies.services.planning import end_membership
from tests.factories import (
    GRID,
    MembershipFactory,
    ModelRaterFactory,
    PatientFactory,
    PreparedCaseFactory,
    RaterFactory,
    SegmentationFactory,
    StudyCaseFactory,
    StudyFactory,
    SubmittedAssignmentFactory,
    preset_scheme,
)
from tests.integration.evaluation.making import move_to_another_grid

pytestmark = pytest.mark.django_db


def add_mask(case: Case, rater: Rater, *blocks: tuple[slice, slice, slice]) -> Segmentation:
    """Import a mask with enhancing blocks in the numbering of RESEG."""
    scheme = preset_scheme("reseg")
    layers = np.zeros((1, *GRID.shape), np.uint8)
    for block in blocks:
        layers[0][block] = 1
    kept = keep_layers(series=case.reference, scheme=scheme, layers=layers)  # type: ignore[arg-type]
    return SegmentationFactory.create(case=case, rater=rater, scheme=scheme, kept=kept)


ONE, TWO = np.s_[1:4, 1:4, 1:4], np.s_[7:10, 5:8, 3:6]


def longitudinal_study() -> tuple[Study, Rater, Rater]:
    """Return a study of two patients with two exams each, an imported reference and a model."""
    study: Any = StudyFactory.create(scheme=preset_scheme("reseg"), start_rater=None)
    reference, model = RaterFactory.create(), ModelRaterFactory.create()
    for patient in (PatientFactory.create(), PatientFactory.create()):
        for number, blocks in enumerate([(ONE, TWO), (ONE,)]):
            case = add_exam(patient, number)
            StudyCaseFactory.create(study=study, case=case)
            add_mask(case, reference, *blocks)
            add_mask(case, model, ONE, TWO)
    return study, reference, model


def add_exam(patient: Patient, number: int) -> Case:
    time_point = Case.TimePoint.FOLLOW_UP if number else Case.TimePoint.PRE_OP
    made = PreparedCaseFactory.create(
        patient=patient, time_point=time_point, follow_up_number=number, day_offset=90 * number
    )
    return Case.objects.get(pk=made.pk)


def compute(study: Study, **parameters: Any) -> Report:
    report = services.request_report(study=study, by=study.created_by, kind="lesions", parameters=parameters)
    assert report.job is not None
    run(str(report.job.pk))
    job = Job.objects.get(pk=report.job.pk)
    assert job.status == Job.Status.SUCCEEDED, job.detail
    return Report.objects.get(pk=report.pk)


def test_lesions_are_compared_and_followed_and_given_out() -> None:
    study, reference, model = longitudinal_study()
    report = compute(study, regions=["et"])
    assert report.data is not None
    assert report.inputs["parameters"]["reference"] == reference.pk
    assert report.inputs["methods"] == [model.pk]
    assert report.inputs["parameters"]["baseline"] == model.pk
    later = [row for row in report.data["images"] if row["fp"]]
    assert [(row["tp"], row["fp"], row["f1"]) for row in later] == [(1, 1, pytest.approx(2 / 3))] * 2
    vanished = [row for row in report.data["tracks"] if row["became"] == "vanished"]
    assert {(row["rater"], row["change_percent"]) for row in vanished} == {(reference.pk, -100)}
    assert len(vanished) == 2
    names = set(report.files.values_list("name", flat=True))
    assert {"report.pdf", "report.json", "results.csv", "tracks.parquet", "over_time.svg", "size.png"} <= names
    assert "no registration was made" in report.methods


def test_the_same_inputs_give_the_same_data() -> None:
    study, _, _ = longitudinal_study()
    assert compute(study).data == compute(study).data


def test_a_study_with_masks_by_one_alone_says_what_is_missing() -> None:
    study: Any = StudyFactory.create(scheme=preset_scheme("reseg"), start_rater=None)
    case = add_exam(PatientFactory.create(), 0)
    StudyCaseFactory.create(study=study, case=case)
    add_mask(case, RaterFactory.create(), ONE)
    assert len(source_options(study)) == 1
    assert "at least two raters or models" in KINDS["lesions"].missing(study)
    with pytest.raises(DomainError, match="at least two raters or models"):
        services.request_report(study=study, by=study.created_by, kind="lesions")


def test_a_baseline_that_is_no_method_and_a_reference_without_shared_cases_are_refused() -> None:
    study, reference, _ = longitudinal_study()
    with pytest.raises(DomainError, match="among the methods"):
        services.request_report(study=study, by=study.created_by, kind="lesions", parameters={"baseline": reference.pk})
    stranger = RaterFactory.create()
    case = add_exam(PatientFactory.create(), 0)
    StudyCaseFactory.create(study=study, case=case)
    add_mask(case, stranger, ONE)
    with pytest.raises(DomainError, match="No case has both"):
        services.request_report(
            study=study,
            by=study.created_by,
            kind="lesions",
            parameters={"reference": reference.pk, "methods": [stranger.pk]},
        )


def test_somebody_who_left_is_left_out_and_only_complete_exams_are_compared_by_choice() -> None:
    study, reference, model = longitudinal_study()
    exams = [row.case for row in study.study_cases.order_by("case")]
    gone = MembershipFactory.create(study=study)
    for case in exams:
        submission: Any = SubmittedAssignmentFactory.create(study=study, case=case, rater=gone.rater).submission
        assert submission.rater_id == gone.rater_id
    Segmentation.objects.filter(case=exams[0], rater=model).delete()
    end_membership(membership=gone, by=study.created_by)
    kept = compute(study, reference=reference.pk, regions=["et"])
    assert set(kept.inputs["methods"]) == {model.pk, gone.rater_id}
    assert len(kept.inputs["cases"]) == 4
    chosen = {"withdrawn": "leave_out", "missing": "complete"}
    left_out = compute(study, reference=reference.pk, regions=["et"], **chosen)
    assert left_out.inputs["methods"] == [model.pk]
    assert [case["id"] for case in left_out.inputs["cases"]] == [case.pk for case in exams[1:]]
    assert "people who left the study are left out" in left_out.methods


def test_a_reading_on_another_grid_is_left_out_with_its_reason() -> None:
    study, reference, model = longitudinal_study()
    reader = MembershipFactory.create(study=study)
    case = study.study_cases.order_by("case")[0].case
    submission: Any = SubmittedAssignmentFactory.create(study=study, case=case, rater=reader.rater).submission
    move_to_another_grid(submission)
    report = compute(study, reference=reference.pk, regions=["et"])
    assert report.inputs["methods"] == [model.pk]
    assert [(row["rater"], "another grid" in row["reason"]) for row in report.inputs["left_out"]] == [
        (reader.rater_id, True)
    ]
