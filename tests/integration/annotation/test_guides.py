"""What a rater may look at beside the mask: only what the study allows, and never another person's work."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from rest_framework.test import APIClient

from annotation import guides
from cases.models import Case, Segmentation
from core.errors import DomainError
from imaging.payload import decode_layers
from studies.models import Assignment, Study
from studies.services.planning import change_study
from tests import factories as make

pytestmark = pytest.mark.django_db


def shown(assignment: Assignment) -> Any:
    return client_of(assignment).get(f"/api/v1/assignments/{assignment.pk}/").json()["guides"]


def client_of(assignment: Assignment) -> APIClient:
    client = APIClient()
    client.force_authenticate(assignment.rater.user)
    return client


def reading(**study: bool) -> tuple[Assignment, Case]:
    """Return a reading of a patient's second exam in a study that allows this, and the first exam."""
    before = make.PreparedCaseFactory.create()
    now = make.PreparedCaseFactory.create(patient=before.patient, time_point="post_3m")
    assignment = make.AssignmentFactory.create(study=make.StudyFactory.create(**study), case=now)
    return assignment, before


def model_mask(assignment: Assignment, case: Case, **fields: Any) -> Segmentation:
    study = assignment.study
    mask: Segmentation = make.SegmentationFactory.create(
        case=case, rater=study.start_rater, scheme=study.scheme, **fields
    )
    return mask


def test_a_study_shows_no_guide_unless_it_says_so() -> None:
    assignment, before = reading()
    model_mask(assignment, before)
    make.ProbabilityFactory.create(segmentation=assignment.start, label="tumour")
    assert shown(assignment) == {"outlines": [], "probabilities": []}
    client = client_of(assignment)
    for address in ("previous", "probabilities/tumour"):
        assert client.get(f"/api/v1/assignments/{assignment.pk}/{address}/").status_code == 404


def test_the_start_mask_can_be_shown_as_an_outline() -> None:
    assignment, _ = reading(outlines_start=True)
    assert shown(assignment)["outlines"] == [{"kind": "start", "labels": f"/api/v1/assignments/{assignment.pk}/start/"}]
    empty = make.AssignmentFactory.create(study=assignment.study, start=None)
    assert shown(empty)["outlines"] == []


def test_of_the_previous_exam_the_raters_own_mask_is_shown_and_never_anothers() -> None:
    assignment, before = reading(outlines_previous=True)
    study = assignment.study
    other = make.MembershipFactory.create(study=study).rater
    make.SubmittedAssignmentFactory.create(study=study, case=before, rater=other, start=None)
    assert guides.previous_mask(assignment) is None
    own = make.SubmittedAssignmentFactory.create(study=study, case=before, rater=assignment.rater, start=None)
    assert guides.previous_mask(assignment) == own.submission


def test_without_an_own_one_the_models_mask_is_shown_where_the_arm_shows_such_masks() -> None:
    assignment, before = reading(outlines_previous=True)
    mask = model_mask(assignment, before)
    assert guides.previous_mask(assignment) == mask
    assignment.arm = make.ArmFactory.create(study=assignment.study, key="without", shows_start_mask=False)
    assert guides.previous_mask(assignment) is None


def test_a_study_that_starts_from_a_persons_masks_does_not_show_theirs_of_the_previous_exam() -> None:
    assignment, before = reading(outlines_previous=True)
    assignment.study.start_rater = make.RaterFactory.create()
    model_mask(assignment, before)
    assert guides.previous_mask(assignment) is None


def test_a_mask_of_another_study_or_scheme_is_not_shown() -> None:
    assignment, before = reading(outlines_previous=True)
    make.SubmittedAssignmentFactory.create(case=before, rater=assignment.rater)
    make.SegmentationFactory.create(case=before, rater=assignment.study.start_rater)
    assert guides.previous_mask(assignment) is None


def test_the_previous_mask_comes_on_the_grid_of_this_exam() -> None:
    assignment, before = reading(outlines_previous=True)
    assert before.reference is not None
    shifted = make.GRID.affine.copy()
    shifted[0, 3] += 1
    before.reference.affine = shifted.tolist()
    before.reference.save(update_fields=["affine"])
    mask = model_mask(assignment, before, seed=0)
    [outline] = shown(assignment)["outlines"]
    answer = client_of(assignment).get(outline["labels"])
    assert answer.headers["Cache-Control"].startswith("private")
    there = decode_layers(answer.content, make.GRID.shape, layer_count=1)[0]
    expected = np.roll(make.blob_layers(seed=0)[0], 1, axis=0)
    assert np.array_equal(there, expected)
    assert mask.sha256[:12] not in outline["labels"]


def test_an_address_without_its_version_is_not_kept_for_good() -> None:
    assignment, before = reading(outlines_previous=True)
    model_mask(assignment, before)
    [outline] = shown(assignment)["outlines"]
    client = client_of(assignment)
    assert "immutable" in client.get(outline["labels"]).headers["Cache-Control"]
    assert "no-store" in client.get(outline["labels"].split("?")[0]).headers["Cache-Control"]


def test_the_probability_of_the_start_mask_is_sent_as_it_is_kept() -> None:
    assignment, _ = reading(shows_probability=True)
    kept = make.ProbabilityFactory.create(segmentation=assignment.start, label="tumour")
    [one] = shown(assignment)["probabilities"]
    assert one["key"] == "tumour"
    answer: Any = client_of(assignment).get(one["map"])
    assert b"".join(answer.streaming_content) == b"a probability"
    assert kept.content_id not in str(answer.headers)


def test_who_starts_from_nothing_sees_no_probability() -> None:
    assignment, _ = reading(shows_probability=True)
    make.ProbabilityFactory.create(segmentation=assignment.start, label="tumour")
    Assignment.objects.filter(pk=assignment.pk).update(start=None)
    assert shown(assignment)["probabilities"] == []


def test_what_raters_may_look_at_is_settled_before_the_study_starts() -> None:
    study = make.StudyFactory.create()
    with pytest.raises(DomainError, match="shows_probability"):
        change_study(study=study, by=study.created_by, shows_probability=True)
    Study.objects.filter(pk=study.pk).update(state=Study.State.DRAFT)
    study.refresh_from_db()
    assert change_study(study=study, by=study.created_by, shows_probability=True).shows_probability


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ({"day_offset": 0}, {"day_offset": 40}),
        ({"time_point": "pre_op"}, {"time_point": "post_1m"}),
        ({"time_point": "follow_up", "follow_up_number": 1}, {"time_point": "follow_up", "follow_up_number": 2}),
    ],
)
def test_exams_are_ordered_by_day_or_else_by_time_point(earlier: dict[str, Any], later: dict[str, Any]) -> None:
    last = make.CaseFactory.create(**{"time_point": "recurrence", **later})
    first = make.CaseFactory.create(patient=last.patient, **earlier)
    make.CaseFactory.create(**earlier)  # of another patient
    assert last.earlier_exams() == [first]
    assert first.earlier_exams() == []


def test_an_exam_of_unknown_time_has_none_before_it() -> None:
    known = make.CaseFactory.create()
    unknown = make.CaseFactory.create(patient=known.patient, time_point="unknown")
    assert unknown.earlier_exams() == []
