"""The kinds that need scores or a reference: what they freeze, what they say when something is missing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cases.models import Segmentation
from cases.services import keep_layers, read_layers
from core.errors import DomainError
from evaluation import services
from evaluation.models import Report
from evaluation.reports import against_reference
from evaluation.reports.registry import KINDS
from jobs.models import Job
from jobs.tasks import run
from people.models import Rater
from studies.models import Assignment, Membership, Rating, Study
from studies.rubrics import NOT_ASSESSED
from studies.services.planning import end_membership
from tests.factories import (
    MembershipFactory,
    PreparedCaseFactory,
    RaterFactory,
    RatingFactory,
    SegmentationFactory,
    StudyFactory,
    SubmittedAssignmentFactory,
)

pytestmark = pytest.mark.django_db


def study_with_scores(*, cases: int = 4) -> Study:
    """Return a study whose two raters have read and scored all cases, by turns pre- and post-operative."""
    study = StudyFactory.create()
    members = [MembershipFactory.create(study=study) for _ in range(2)]
    for number in range(cases):
        case = PreparedCaseFactory.create(time_point="post_3m" if number % 2 else "pre_op")
        for place, member in enumerate(members):
            assignment: Any = SubmittedAssignmentFactory.create(study=study, case=case, rater=member.rater)
            RatingFactory.create(assignment=assignment, score=1 + (number + place) % 5)
    return study


def add_reference(study: Study, *, cases: int | None = None) -> Rater:
    """Give cases of the study masks by an expert who is not in it."""
    expert = RaterFactory.create(name="Phantom truth")
    for row in study.study_cases.order_by("case")[:cases]:
        SegmentationFactory.create(case=row.case, rater=expert, scheme=study.scheme)
    return expert


def request(study: Study, kind: str, **parameters: Any) -> Report:
    return services.request_report(study=study, by=study.created_by, kind=kind, parameters=parameters)


def compute(study: Study, kind: str, **parameters: Any) -> Report:
    report = request(study, kind, **parameters)
    assert report.job is not None
    run(str(report.job.pk))
    job = Job.objects.get(pk=report.job.pk)
    assert job.status == Job.Status.SUCCEEDED, job.detail
    return Report.objects.get(pk=report.pk)


def data_of(report: Report) -> dict[str, Any]:
    data: dict[str, Any] | None = report.data
    assert data is not None
    return data


def test_every_score_is_frozen_with_the_mask_that_it_is_about() -> None:
    study = study_with_scores()
    report = compute(study, "scores")
    start = study.start_rater
    assert start is not None
    assert [one["name"] for one in report.inputs["conditions"]] == [start.name]
    masks = {row["segmentation"] for row in report.inputs["readings"]}
    assert {row["segmentation"] for row in report.inputs["ratings"]} == masks
    assert len(report.inputs["ratings"]) == 8
    row = next(row for row in data_of(report)["distribution"] if row["rater"] is None)
    assert (row["n"], row["n_cases"]) == (4, 4)


def test_two_arms_with_masks_of_one_source_are_two_conditions() -> None:
    study = study_with_scores(cases=2)
    other = study.arms.create(key="second", name="Second arm")
    case = Assignment.objects.filter(study=study).values_list("case", flat=True)[0]
    Assignment.objects.filter(study=study, case=case).update(arm=other)
    names = [one["name"] for one in request(study, "scores").inputs["conditions"]]
    assert len(names) == 2
    assert all("arm" in name or "start mask" in name for name in names)


def test_of_a_case_scored_again_the_first_score_counts() -> None:
    study = study_with_scores(cases=1)
    first = Assignment.objects.filter(study=study).order_by("pk")[0]
    again: Any = SubmittedAssignmentFactory.create(study=study, case=first.case, rater=first.rater, occasion=2)
    RatingFactory.create(assignment=again, score=5)
    frozen = [row for row in request(study, "scores").inputs["ratings"] if row["rater"] == first.rater_id]
    assert [row["occasion"] for row in frozen] == [1]


def test_a_mask_that_cannot_be_assessed_is_counted_beside_the_scores() -> None:
    study = study_with_scores()
    Rating.objects.filter(pk=Rating.objects.order_by("pk")[0].pk).update(
        score=None, answers={NOT_ASSESSED: "The FLAIR is blurred by motion."}
    )
    rows = [row for row in data_of(compute(study, "scores"))["distribution"] if row["rater"] is not None]
    assert sum(row["n_not_assessed"] for row in rows) == 1
    assert sum(row["n"] for row in rows) == 7


def test_scores_of_another_mask_by_the_same_source_are_left_out_with_the_reason() -> None:
    study = study_with_scores(cases=2)
    late = Rating.objects.filter(assignment__study=study).order_by("assignment__case_id", "assignment__rater_id")[1]
    first = late.segmentation
    layers = np.zeros_like(read_layers(first))
    layers[0, 1:3, 1:3, 1:3] = 1
    kept = keep_layers(series=first.series, scheme=first.scheme, layers=layers)
    newer = SegmentationFactory.create(case=first.case, rater=first.rater, scheme=first.scheme, kept=kept)
    Rating.objects.filter(pk=late.pk).update(segmentation=newer)
    report = compute(study, "scores", reference=add_reference(study).pk)
    assert [(row["case"], row["rater"]) for row in report.inputs["left_out"]] == [
        (first.case_id, late.assignment.rater_id)
    ]
    assert len(report.inputs["ratings"]) == 3
    assert first.pk in {row["segmentation"] for row in report.inputs["readings"]}
    assert newer.pk not in {row["segmentation"] for row in report.inputs["readings"]}
    assert "1 score or mask could not be used" in report.methods
    assert next(table for table in report.tables if table["key"] == "left_out")["rows"]


def test_scores_say_what_is_missing() -> None:
    study = StudyFactory.create()
    assert "scored" in KINDS["scores"].missing(study)
    Study.objects.filter(pk=study.pk).update(rubric=None)
    study.refresh_from_db()
    assert "rubric" in KINDS["scores"].missing(study)
    with pytest.raises(DomainError, match="scored"):
        request(study, "scores")


def test_scored_masks_are_compared_with_an_imported_reference() -> None:
    study = study_with_scores()
    expert = add_reference(study, cases=3)
    data = data_of(compute(study, "scores", reference=expert.pk, region="t"))
    assert len(data["overlap"]) == 3


@pytest.mark.parametrize("kind", ["segmentation", "classification"])
def test_without_a_reference_the_listing_says_what_to_do(kind: str) -> None:
    study = StudyFactory.create()
    PreparedCaseFactory.create()
    assert KINDS[kind].missing(study) == against_reference.NO_REFERENCE
    with pytest.raises(DomainError, match="no case of this study has a reference".capitalize()):
        request(study, kind)
    alone = StudyFactory.create(start_rater=None)
    SubmittedAssignmentFactory.create(study=alone, start=None)
    assert KINDS[kind].missing(alone) == against_reference.NOTHING_TO_COMPARE


def test_models_and_people_are_compared_with_the_imported_reference() -> None:
    study = study_with_scores()
    expert = add_reference(study, cases=3)
    report = compute(study, "segmentation", reference=expert.pk, regions=["t"])
    assert {rater["kind"] for rater in report.inputs["raters"]} == {"human", "model"}
    assert len(report.inputs["without_reference"]) == 1
    rows = data_of(report)["cases"]
    assert len(rows) == 3 * 3
    for row in rows:
        one, other = (_mask(report, row["case"], rater) for rater in (row["rater"], expert.pk))
        assert row["dice"] == pytest.approx(2 * (one & other).sum() / (one.sum() + other.sum()))
    alone = request(study, "segmentation", reference=expert.pk, people=False)
    assert {rater["kind"] for rater in alone.inputs["raters"] if rater["id"] != expert.pk} == {"model"}


def test_a_rater_of_the_study_can_be_the_reference() -> None:
    study = study_with_scores()
    reader = Membership.objects.raters().filter(study=study)[0].rater
    assert reader is not None
    report = compute(study, "segmentation", reference=reader.pk)
    assert reader.pk not in {row["rater"] for row in data_of(report)["cases"]}
    assert len({row["rater"] for row in data_of(report)["cases"]}) == 2


def test_only_cases_with_a_mask_of_everybody_by_choice() -> None:
    study = study_with_scores()
    expert = add_reference(study)
    reader = Membership.objects.raters().filter(study=study)[0]
    lost = Assignment.objects.filter(study=study, rater=reader.rater).order_by("case_id")[0]
    Assignment.objects.filter(pk=lost.pk).update(state=Assignment.State.READY, submission=None)
    every = request(study, "segmentation", reference=expert.pk)
    assert len(every.inputs["cases"]) == 4
    complete = compute(study, "segmentation", reference=expert.pk, missing="complete")
    assert lost.case_id not in {case["id"] for case in complete.inputs["cases"]}
    assert {row["n_cases"] for row in data_of(complete)["detection"] if not row["attribute"]} == {3}
    assert "Only cases with a mask of everybody are compared." in complete.methods


def test_a_reference_who_left_is_left_out_by_choice() -> None:
    study = study_with_scores()
    gone = Membership.objects.raters().filter(study=study)[0]
    assert gone.rater is not None
    end_membership(membership=gone, by=study.created_by)
    kept = request(study, "segmentation", reference=gone.rater.pk)
    assert gone.rater.pk in {row["rater"] for row in kept.inputs["readings"]}
    with pytest.raises(DomainError, match="Nobody but the reference"):
        request(study, "segmentation", reference=gone.rater.pk, withdrawn="leave_out")


def test_the_consensus_can_be_the_reference() -> None:
    study = study_with_scores(cases=2)
    compute(study, "inter_rater")
    consensus = Rater.objects.get(kind=Rater.Kind.CONSENSUS)
    report = compute(study, "segmentation", reference=consensus.pk, smallest_ml=0.001)
    assert "The reference is a consensus" in report.methods
    assert {row["state"] for row in data_of(report)["cases"]} <= {"found", "missed", "false positive", "true negative"}


def test_the_consensus_of_another_study_is_no_reference_of_this_one() -> None:
    study, other = study_with_scores(cases=1), study_with_scores(cases=1)
    compute(study, "inter_rater")
    own = Rater.objects.get(kind=Rater.Kind.CONSENSUS)
    case = study.study_cases.get().case
    for _ in range(2):
        member = MembershipFactory.create(study=other)
        SubmittedAssignmentFactory.create(study=other, case=case, rater=member.rater)
    compute(other, "inter_rater")
    [offered] = against_reference._consensus(study)
    assert offered.value == own.pk
    report = compute(study, "segmentation", reference=own.pk, smallest_ml=0.001)
    [frozen] = [row["sha256"] for row in report.inputs["readings"] if row["rater"] == own.pk]
    assert frozen == Segmentation.objects.get(rater=own).sha256


def test_what_the_reference_handed_in_elsewhere_is_not_taken() -> None:
    study = study_with_scores(cases=1)
    expert = add_reference(study)
    imported = Segmentation.objects.get(rater=expert)
    elsewhere = MembershipFactory.create(rater=expert).study
    SubmittedAssignmentFactory.create(study=elsewhere, case=imported.case, rater=expert)
    assert Segmentation.objects.filter(rater=expert).latest("created_at", "pk").source == "submission"
    report = request(study, "segmentation", reference=expert.pk)
    assert imported.pk in {row["segmentation"] for row in report.inputs["readings"]}
    assert {row["rater"] for row in report.inputs["readings"]} > {expert.pk}


def test_classification_is_about_post_operative_exams_unless_all_are_chosen() -> None:
    study = study_with_scores()
    expert = add_reference(study)
    post = compute(study, "classification", reference=expert.pk, region="t", threshold_ml=0.01)
    assert [case["post_operative"] for case in post.inputs["cases"]] == [True, True]
    everything = request(study, "classification", reference=expert.pk, region="t", cases="all")
    assert len(everything.inputs["cases"]) == 4
    row = data_of(post)["rates"][0]
    assert row["n"] == 2
    assert row["sensitivity"] == 100


def test_an_empty_mask_makes_no_kind_fail() -> None:
    study = study_with_scores()
    expert = add_reference(study)
    for mask in Segmentation.objects.filter(rater__in=[expert, study.start_rater]):
        layers = np.zeros_like(read_layers(mask))
        kept = keep_layers(series=mask.series, scheme=mask.scheme, layers=layers)
        fields = {"content": kept.stored, "sha256": kept.sha256, "volumes_ml": kept.volumes_ml}
        Segmentation.objects.filter(pk=mask.pk).update(**fields)
    assert data_of(compute(study, "segmentation", reference=expert.pk))["detection"][0]["n_negatives"] == 4
    assert data_of(compute(study, "classification", reference=expert.pk))["rates"][0]["sensitivity"] is None
    assert data_of(compute(study, "scores", reference=expert.pk))["overlap"][0]["dice"] is None


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [("scores", {}), ("segmentation", {"smallest_ml": 0.01}), ("classification", {"threshold_ml": 0.01})],
)
def test_the_same_inputs_give_the_same_data_and_files(kind: str, parameters: dict[str, Any]) -> None:
    study = study_with_scores()
    add_reference(study)
    first, second = compute(study, kind, **parameters), compute(study, kind, **parameters)
    assert first.inputs_sha256 == second.inputs_sha256
    assert first.data == second.data
    names = {file.name for file in first.files.all()}
    assert {"report.pdf", "report.json"} < names
    assert any(name.endswith(".svg") for name in names)


def _mask(report: Report, case: int, rater: int) -> Any:
    frozen = next(row for row in report.inputs["readings"] if (row["case"], row["rater"]) == (case, rater))
    return read_layers(Segmentation.objects.get(pk=frozen["segmentation"]))[0] == 1
