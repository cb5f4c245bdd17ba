"""Agreement as readings come in: the figures of the moment, against independent implementations."""

from __future__ import annotations

import gzip
from datetime import timedelta
from typing import Any

import nibabel as nib
import numpy as np
import pytest
import torch
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from monai.metrics.hausdorff_distance import compute_hausdorff_distance
from scipy.stats import entropy
from sklearn.metrics import f1_score, jaccard_score

from annotation import services as annotating
from annotation.notes import Effort
from cases.models import DerivedMap, Segmentation
from cases.services import read_layers
from core import storage
from evaluation.agreement.inputs import JOB_KIND
from evaluation.models import CaseAgreement, DisagreementMap
from imaging.payload import encode_layers
from jobs.models import Job
from jobs.tasks import run
from people.models import User
from studies.models import Assignment, Study
from studies.services.running import close, return_assignment
from tests.factories import (
    ANSWERS,
    GRID,
    AssignmentFactory,
    MembershipFactory,
    PreparedCaseFactory,
    SegmentationFactory,
    StudyFactory,
)
from tests.integration.evaluation.making import move_to_another_grid
from workflow import steps

pytestmark = pytest.mark.django_db


def shape_of(place: int) -> Any:
    """Return label maps with a block that is a voxel larger for each place."""
    layers = np.zeros((1, *GRID.shape), np.uint8)
    layers[0, 2 : 6 + place, 2:7, 1 : 4 + place % 2] = 1
    return layers


def study_with(*, raters: int = 3, cases: int = 1) -> tuple[Study, list[list[Assignment]]]:
    """Return a running study and its assignments by case, none of them read."""
    study = StudyFactory.create()
    members = [MembershipFactory.create(study=study) for _ in range(raters)]
    asked = []
    for _ in range(cases):
        case = PreparedCaseFactory.create()
        asked.append([AssignmentFactory.create(study=study, case=case, rater=one.rater) for one in members])
    return study, asked


def person(assignment: Assignment) -> User:
    assert assignment.rater.user is not None
    return assignment.rater.user


def hand_in(assignment: Assignment, layers: Any) -> Segmentation:
    """Save a draft and submit it, as the workbench does."""
    fresh = Assignment.objects.get(pk=assignment.pk)
    there = fresh.drafts.filter(branch=False).first()
    draft = annotating.save_draft(
        assignment=fresh,
        payload=encode_layers(layers),
        base=annotating.base_token(fresh),
        sequence=there.sequence if there else 0,
    )
    return annotating.submit(
        assignment=Assignment.objects.get(pk=assignment.pk),
        by=person(assignment),
        sequence=draft.sequence,
        answers=ANSWERS,
        effort=Effort(),
    )


def work() -> int:
    """Do what the workers would: look what is due, and compare. Return how many comparisons were made."""
    steps.advance()
    waiting = list(Job.objects.filter(kind=JOB_KIND, status=Job.Status.QUEUED))
    for job in waiting:
        run(str(job.pk))
    return len(waiting)


def seen_by(user: User, study: Study, region: str = "", *, etag: str = "") -> Any:
    client = Client()
    client.force_login(user)
    return client.get(
        reverse("v1:study-agreement", args=[study.pk]),
        {"region": region} if region else {},
        headers={"If-None-Match": etag},
    )


def figures(study: Study, region: str = "t") -> dict[str, Any]:
    response = seen_by(study.created_by, study, region)
    assert response.status_code == 200
    return dict(response.json())


def test_a_submission_shows_in_the_figures_and_they_are_those_of_scikit_learn_and_monai() -> None:
    study, [asked] = study_with()
    for place, assignment in enumerate(asked):
        hand_in(assignment, shape_of(place))
        assert figures(study)["cases"][0]["state"] == "computing"
        assert figures(study)["readings"] == []
        assert work() == 1
        shown = figures(study)
        assert shown["cases"][0]["state"] == "current"
        assert shown["cases"][0]["readers"] == place + 1
    masks = {row.rater_id: read_layers(row.submission)[0] == 1 for row in study.assignments.all() if row.submission}
    assert study.start_rater_id is not None
    start = Segmentation.objects.get(rater=study.start_rater)
    masks[study.start_rater_id] = read_layers(start)[0] == 1
    assert len(shown["pairs"]) == 6
    for row in shown["pairs"]:
        one, other = masks[row["first"]], masks[row["second"]]
        assert row["dice"]["mean"] == pytest.approx(f1_score(one.ravel(), other.ravel()), abs=1e-12)
        assert row["jaccard"]["mean"] == pytest.approx(jaccard_score(one.ravel(), other.ravel()), abs=1e-12)
        distance = compute_hausdorff_distance(
            torch.from_numpy(one)[None, None], torch.from_numpy(other)[None, None],
            include_background=True, percentile=95, spacing=GRID.spacing,
        )  # fmt: skip
        assert row["hausdorff95"]["mean"] == pytest.approx(distance.item(), abs=1e-5)
        assert row["dice"]["n"] == 1


def test_each_rater_is_compared_with_the_majority_of_all_and_of_the_others() -> None:
    study, [asked] = study_with()
    for place, assignment in enumerate(asked):
        hand_in(assignment, shape_of(place))
    work()
    masks = [shape_of(place)[0] == 1 for place in range(3)]
    vote = np.sum(masks, axis=0) >= 2
    rows = {row["rater"]: row for row in figures(study)["readings"]}
    for place, assignment in enumerate(asked):
        row = rows[assignment.rater_id]
        rest = np.logical_and(*[mask for other, mask in enumerate(masks) if other != place])
        assert row["volume_ml"] == pytest.approx(masks[place].sum() * 0.002)
        assert row["consensus_ml"] == pytest.approx(vote.sum() * 0.002)
        assert row["consensus"]["dice"] == pytest.approx(f1_score(masks[place].ravel(), vote.ravel()), abs=1e-12)
        assert row["others"]["jaccard"] == pytest.approx(jaccard_score(masks[place].ravel(), rest.ravel()), abs=1e-12)


def test_the_figures_of_cases_are_averaged_and_both_empty_is_left_out_and_counted() -> None:
    study, asked = study_with(raters=2, cases=3)
    blank = np.zeros((1, *GRID.shape), np.uint8)
    for number, pair in enumerate(asked):
        for place, assignment in enumerate(pair):
            hand_in(assignment, blank if number == 0 or (number == 1 and place) else shape_of(place))
    assert work() == 3
    shown = figures(study)
    people = {row.rater_id for row in asked[0]}
    row = next(one for one in shown["pairs"] if {one["first"], one["second"]} == people)
    dice = f1_score(shape_of(0).ravel(), shape_of(1).ravel())
    assert row["dice"] == {"mean": pytest.approx(dice / 2), "n": 2, "n_infinite": 0, "n_undefined": 1}
    assert (row["hausdorff95"]["n"], row["hausdorff95"]["n_infinite"], row["hausdorff95"]["n_undefined"]) == (1, 1, 1)


def test_a_reading_that_goes_back_leaves_the_figures_and_comes_back_at_once() -> None:
    study, [asked] = study_with(raters=2)
    for place, assignment in enumerate(asked):
        hand_in(assignment, shape_of(place))
    work()
    rows = CaseAgreement.objects.count()
    returned = Assignment.objects.get(pk=asked[1].pk)
    Job.objects.filter(kind="workflow.advance").delete()
    return_assignment(assignment=returned, reason="Look again.", by=study.created_by)
    assert Job.objects.filter(kind="workflow.advance").exists()
    work()
    assert {row["rater"] for row in figures(study)["readings"]} == {asked[0].rater_id, study.start_rater_id}
    hand_in(asked[1], shape_of(1))
    before = CaseAgreement.objects.count()
    assert work() == 0  # the same masks were compared before
    assert CaseAgreement.objects.count() == before == rows + 1
    assert len(figures(study)["readings"]) == 3


def test_figures_that_count_no_more_go_after_a_while_and_those_that_count_stay() -> None:
    study, [asked] = study_with(raters=3)
    for place, assignment in enumerate(asked):
        hand_in(assignment, shape_of(place))
        work()
    assert CaseAgreement.objects.count() == 3
    two, three = CaseAgreement.objects.order_by("pk")[1:]
    old = timezone.now() - timedelta(days=8)
    CaseAgreement.objects.exclude(pk=two.pk).update(created_at=old)
    maps = DerivedMap.objects.count()
    return_assignment(assignment=Assignment.objects.get(pk=asked[0].pk), reason="Again.", by=study.created_by)
    hand_in(asked[0], shape_of(3))
    work()
    kept = list(CaseAgreement.objects.order_by("pk"))
    assert two in kept, "it is young: its readings may come back"
    assert three not in kept
    assert len(kept) == 2, "the young one and the one that counts"
    assert DerivedMap.objects.count() == maps, "one map went and one came"
    assert Job.objects.filter(kind=JOB_KIND).count() == 2
    assert len(figures(study)["readings"]) == 4
    return_assignment(assignment=Assignment.objects.get(pk=asked[0].pk), reason="Again.", by=study.created_by)
    hand_in(asked[0], shape_of(0))
    assert work() == 1, "what was forgotten is compared anew"


def test_doing_it_again_does_nothing_new_and_a_closed_study_keeps_its_figures() -> None:
    study, [asked] = study_with(raters=2)
    for place, assignment in enumerate(asked):
        hand_in(assignment, shape_of(place))
    close(study=study, by=study.created_by)
    assert work() == 1
    assert work() == 0
    job = Job.objects.get(kind=JOB_KIND)
    Job.objects.filter(pk=job.pk).update(status=Job.Status.QUEUED)
    run(str(job.pk))
    assert Job.objects.get(pk=job.pk).status == Job.Status.SUCCEEDED
    assert CaseAgreement.objects.count() == 1
    assert DerivedMap.objects.count() == 1
    assert figures(study)["cases"][0]["state"] == "current"


def test_a_comparison_that_fails_is_said_with_its_case() -> None:
    study, [asked] = study_with(raters=2)
    made = hand_in(asked[0], shape_of(0))
    hand_in(asked[1], shape_of(1))
    steps.advance()
    Segmentation.objects.filter(pk=made.pk).update(sha256="0" * 64)
    job = Job.objects.get(kind=JOB_KIND)
    run(str(job.pk))
    Segmentation.objects.filter(pk=made.pk).update(sha256=made.sha256)
    case = figures(study)["cases"][0]
    assert case["state"] == "failed"
    assert "altered" in case["error"]


def test_readings_on_different_grids_are_not_compared() -> None:
    study, [asked] = study_with(raters=2)
    made = hand_in(asked[0], shape_of(0))
    hand_in(asked[1], shape_of(1))
    move_to_another_grid(made)
    work()
    case = figures(study)["cases"][0]
    assert case["state"] == "failed"
    assert "different grids" in case["error"]


def test_asked_again_with_its_etag_it_is_not_sent_twice_until_something_changes() -> None:
    study, [asked] = study_with(raters=2)
    hand_in(asked[0], shape_of(0))
    work()
    first = seen_by(study.created_by, study)
    etag = first.headers["ETag"]
    assert seen_by(study.created_by, study, etag=etag).status_code == 304
    hand_in(asked[1], shape_of(1))
    assert seen_by(study.created_by, study, etag=etag).status_code == 200


def test_somebody_who_still_reads_the_blinded_study_sees_nothing_of_it() -> None:
    study, [asked] = study_with(raters=2)
    MembershipFactory.create(study=study, user=person(asked[1]), role="lead")
    hand_in(asked[0], shape_of(0))
    work()
    for reader in (person(asked[0]), person(asked[1])):
        assert seen_by(reader, study).status_code == 404
        client = Client()
        client.force_login(reader)
        assert client.get(reverse("v1:agreement")).json() == []
        assert client.get(reverse("v1:disagreement-map-list"), {"assignment": str(asked[1].pk)}).json() == []
    hand_in(asked[1], shape_of(1))
    assert seen_by(person(asked[1]), study).status_code == 200
    assert seen_by(person(asked[0]), study).status_code == 404


def test_the_overview_says_the_mean_dice_of_people_and_what_is_on_its_way() -> None:
    study, asked = study_with(raters=2, cases=2)
    for place, assignment in enumerate(asked[0]):
        hand_in(assignment, shape_of(place))
    work()
    hand_in(asked[1][0], shape_of(0))
    client = Client()
    client.force_login(study.created_by)
    [line] = client.get(reverse("v1:agreement")).json()
    dice = f1_score(shape_of(0).ravel(), shape_of(1).ravel())
    assert line == {
        "study": study.pk, "region": "Tumour", "dice": pytest.approx(dice), "n_cases": 1, "computing": 1,
    }  # fmt: skip


def test_the_map_is_the_entropy_of_the_peoples_votes_on_the_grid_that_was_drawn_on() -> None:
    study, [asked] = study_with(raters=3)
    for place, assignment in enumerate(asked):
        hand_in(assignment, shape_of(place))
    work()
    client = Client()
    client.force_login(study.created_by)
    [row] = client.get(reverse("v1:disagreement-map-list"), {"case": asked[0].case_id}).json()
    assert (row["readers"], row["most_bits"], row["series"]) == (3, 1.0, asked[0].series_id)
    content = b"".join(client.get(row["image"]).streaming_content)  # type: ignore[attr-defined]
    image = nib.Nifti1Image.from_bytes(gzip.decompress(content))
    np.testing.assert_allclose(image.affine, asked[0].series.grid.canonical().affine)
    share = np.mean([shape_of(place)[0] for place in range(3)], axis=0)
    expected = entropy(np.stack([share, 1 - share]), base=2)
    np.testing.assert_allclose(image.get_fdata(), expected, atol=0.5 / 255 + 1e-6)
    stored = DisagreementMap.objects.get().derived
    assert stored.kind == DerivedMap.Kind.ENTROPY
    assert storage.read(stored.content) == content


def test_a_map_made_of_readings_that_changed_is_no_longer_listed() -> None:
    study, [asked] = study_with(raters=2)
    for place, assignment in enumerate(asked):
        hand_in(assignment, shape_of(place))
    work()
    return_assignment(assignment=Assignment.objects.get(pk=asked[0].pk), reason="Again.", by=study.created_by)
    client = Client()
    client.force_login(study.created_by)
    assert client.get(reverse("v1:disagreement-map-list"), {"case": asked[0].case_id}).json() == []


def test_a_new_mask_of_the_model_is_compared_anew() -> None:
    study, [asked] = study_with(raters=1)
    hand_in(asked[0], shape_of(0))
    assert work() == 1
    SegmentationFactory.create(
        case=asked[0].case, series=asked[0].series, scheme=study.scheme, rater=study.start_rater, source="model", seed=9
    )
    assert work() == 1
