"""The inter-rater report, against independent implementations and by its policies."""

from typing import Any

import numpy as np
import pandas as pd
import pingouin
import pytest
import SimpleITK as sitk
import torch
from monai.metrics.hausdorff_distance import compute_hausdorff_distance
from sklearn.metrics import f1_score, jaccard_score
from statsmodels.stats.inter_rater import fleiss_kappa
from surface_distance import compute_surface_dice_at_tolerance, compute_surface_distances

from cases.models import Segmentation
from cases.services import read_layers
from core.errors import DomainError
from evaluation import services
from evaluation.reports.inter_rater.consensus import majority_layers
from studies.models import Membership
from studies.services.planning import end_membership
from tests.factories import (
    AssignmentFactory,
    MembershipFactory,
    RaterFactory,
    SegmentationFactory,
    SubmittedAssignmentFactory,
)
from tests.integration.evaluation.making import (
    compute,
    mask_of,
    move_to_another_grid,
    people_of,
    replace_layers,
    study_with_readings,
)

pytestmark = pytest.mark.django_db


def rows_of(report: Any, name: str, **where: Any) -> list[dict[str, Any]]:
    assert report.data is not None
    return [row for row in report.data[name] if all(row[key] == value for key, value in where.items())]


def spacing_of(report: Any, case: int) -> tuple[float, float, float]:
    frozen = next(row for row in report.inputs["readings"] if row["case"] == case)
    return Segmentation.objects.get(pk=frozen["segmentation"]).grid.spacing


def test_every_pair_agrees_with_scikit_learn_monai_and_surface_distance() -> None:
    report = compute(study_with_readings())
    rows = rows_of(report, "pairs", region="t")
    assert len(rows) == 4 * 6  # three people and the model
    for row in rows:
        one, other = (mask_of(report, row["case"], row[side]) for side in ("first", "second"))
        spacing = spacing_of(report, row["case"])
        assert row["dice"] == pytest.approx(f1_score(one.ravel(), other.ravel()), abs=1e-12)
        assert row["jaccard"] == pytest.approx(jaccard_score(one.ravel(), other.ravel()), abs=1e-12)
        there = compute_surface_distances(one, other, spacing)
        assert row["surface_dice"] == pytest.approx(compute_surface_dice_at_tolerance(there, 2.0), abs=1e-12)
        padded = [torch.from_numpy(np.pad(mask, 1).astype(np.float32))[None, None] for mask in (one, other)]
        peer = compute_hausdorff_distance(padded[0], padded[1], include_background=True, percentile=95, spacing=spacing)
        assert row["hausdorff95"] == pytest.approx(float(peer), abs=1e-5)


def test_the_consensus_is_the_vote_of_more_than_half_of_the_people_and_is_stored_once() -> None:
    study = study_with_readings()
    report = compute(study)
    for case in report.inputs["cases"]:
        votes = sum(mask_of(report, case["id"], rater).astype(int) for rater in people_of(report))
        stored = Segmentation.objects.get(case=case["id"], source="consensus")
        np.testing.assert_array_equal(read_layers(stored)[0] == 1, votes >= 2)
    compute(study)
    assert Segmentation.objects.filter(source="consensus").count() == 4


def test_nobody_is_compared_with_a_consensus_that_contains_them() -> None:
    report = compute(study_with_readings())
    people = people_of(report)
    for row in rows_of(report, "readings", region="t"):
        own = mask_of(report, row["case"], row["rater"])
        expected = []
        for left_out in [row["rater"]] if row["rater"] in people else people:
            one, other = (mask_of(report, row["case"], rater) for rater in people if rater != left_out)
            expected.append(f1_score(own.ravel(), (one & other).ravel()))  # more than half of two people: both
        assert [one["dice"] for one in row["others"]] == pytest.approx(expected, abs=1e-12)


def test_volumes_agree_with_pingouin() -> None:
    report = compute(study_with_readings(cases=6))
    people = people_of(report)
    table = pd.DataFrame(
        [
            {"case": row["case"], "rater": row["rater"], "ml": row["volume_ml"]}
            for row in rows_of(report, "readings", region="t")
            if row["rater"] in people
        ]
    )
    peer = pingouin.intraclass_corr(table, targets="case", raters="rater", ratings="ml").set_index("Type")["ICC"]
    found = {row["form"]: row["value"] for row in rows_of(report, "volumes", region="t")}
    names = [name for name in peer.index if "A,1" in name or name == "ICC2"]
    assert found["A,1"] == pytest.approx(peer[names[0]], abs=1e-9)
    names = [name for name in peer.index if "C,1" in name or name == "ICC3"]
    assert found["C,1"] == pytest.approx(peer[names[0]], abs=1e-9)


def test_limits_of_agreement_are_bias_and_1_96_sd_of_the_differences_to_the_others() -> None:
    report = compute(study_with_readings(cases=6))
    for rater in people_of(report):
        rows = rows_of(report, "readings", region="t", rater=rater)
        differences = [row["volume_ml"] - row["others"][0]["volume_ml"] for row in rows]
        (found,) = rows_of(report, "bland_altman", region="t", first=rater, second="consensus")
        assert found["bias"] == pytest.approx(np.mean(differences), abs=1e-12)
        spread = 1.959963984540054 * np.std(differences, ddof=1)
        assert found["upper"] - found["bias"] == pytest.approx(spread, abs=1e-9)
        assert found["n"] == 6


def test_performance_agrees_with_simpleitk() -> None:
    report = compute(study_with_readings(cases=2))
    people = people_of(report)
    for row in rows_of(report, "staple", region="t"):
        peer = sitk.STAPLEImageFilter()
        peer.SetForegroundValue(1)
        masks = [mask_of(report, row["case"], rater).astype(np.uint8) for rater in people]
        probability = sitk.GetArrayFromImage(peer.Execute([sitk.GetImageFromArray(mask) for mask in masks]))
        rated = {one["rater"]: one for one in row["raters"]}
        assert [rated[rater]["sensitivity"] for rater in people] == pytest.approx(peer.GetSensitivity(), abs=1e-8)
        assert [rated[rater]["specificity"] for rater in people] == pytest.approx(peer.GetSpecificity(), abs=1e-8)
        assert row["iterations"] == peer.GetElapsedIterations()
        assert (row["domain"], row["domain_voxels"]) == ("field", masks[0].size)
        (model,) = set(rated) - set(people)
        own = mask_of(report, row["case"], model)
        assert rated[model]["sensitivity"] == pytest.approx(probability[own].sum() / probability.sum(), abs=1e-8)
        missed = (1 - probability)[~own].sum() / (1 - probability).sum()
        assert rated[model]["specificity"] == pytest.approx(missed, abs=1e-8)


@pytest.mark.parametrize("domain", ["field", "union"])
def test_kappa_agrees_with_statsmodels_over_its_domain(domain: str) -> None:
    report = compute(study_with_readings(cases=2), domain=domain)
    for row in rows_of(report, "consensus", region="t"):
        votes = sum(mask_of(report, row["case"], rater).astype(int) for rater in people_of(report)).ravel()
        votes = votes[votes > 0] if domain == "union" else votes
        assert row["kappa"] == pytest.approx(fleiss_kappa(np.stack([3 - votes, votes], axis=1)), abs=1e-9)
        assert row["domain_voxels"] == len(votes)


def test_performance_over_the_box_is_that_of_simpleitk_in_the_cropped_masks() -> None:
    study = study_with_readings(cases=1)
    first = study.assignments.order_by("rater")[0].submission
    assert first is not None
    layers = read_layers(first)
    layers[0, 1, 1, 0] = 1  # so that the box has background
    replace_layers(first, layers)
    report = compute(study, domain="box")
    (row,) = rows_of(report, "staple", region="t")
    people = people_of(report)
    masks = [mask_of(report, row["case"], rater) for rater in people]
    spans = np.argwhere(np.logical_or.reduce(masks))
    box = tuple(slice(low, high + 1) for low, high in zip(spans.min(axis=0), spans.max(axis=0), strict=True))
    peer = sitk.STAPLEImageFilter()
    peer.SetForegroundValue(1)
    cropped = [sitk.GetImageFromArray(mask[box].astype(np.uint8)) for mask in masks]
    probability = sitk.GetArrayFromImage(peer.Execute(cropped))
    rated = {one["rater"]: one for one in row["raters"]}
    assert [rated[rater]["specificity"] for rater in people] == pytest.approx(peer.GetSpecificity(), abs=1e-8)
    (model,) = set(rated) - set(people)
    own = mask_of(report, row["case"], model)[box]
    assert rated[model]["sensitivity"] == pytest.approx(probability[own].sum() / probability.sum(), abs=1e-8)
    passed = (1 - probability)[~own].sum() / (1 - probability).sum()
    assert rated[model]["specificity"] == pytest.approx(passed, abs=1e-8)


def test_a_case_that_all_left_blank_is_undefined_and_counted_or_perfect_by_policy() -> None:
    study = study_with_readings(empty=True)
    left_out, perfect = compute(study), compute(study, both_empty="one")
    people = people_of(left_out)
    for report, expected in ((left_out, {(3, 1)}), (perfect, {(4, 0)})):
        rows = [row for row in rows_of(report, "summary", region="t", against="consensus") if row["rater"] in people]
        assert {(row["n"], row["n_undefined"]) for row in rows} == expected
    blank = next(case["id"] for case in left_out.inputs["cases"])
    (row,) = rows_of(perfect, "readings", region="t", case=blank, rater=people[0])
    assert row["consensus"] == {"jaccard": None, "dice": None, "hausdorff95": None, "surface_dice": None}


def test_the_distance_to_an_empty_mask_is_infinite_and_counted_or_as_long_as_the_policy_says() -> None:
    study = study_with_readings(empty=True)
    model = study.start_rater_id
    wanted = {"against": "consensus", "metric": "hausdorff95", "rater": model, "region": "t"}
    found = {
        policy: rows_of(compute(study, infinite=policy), "summary", **wanted)[0]
        for policy in ("leave_out", "diagonal", "fixed")
    }
    assert (found["leave_out"]["n"], found["leave_out"]["n_infinite"]) == (3, 1)
    assert (found["fixed"]["n"], found["fixed"]["n_infinite"]) == (4, 0)
    total = 3 * found["leave_out"]["mean"]
    assert found["fixed"]["mean"] == pytest.approx((total + 374) / 4)
    report = compute(study)
    diagonal = next(iter(rows_of(report, "cases")))["diagonal_mm"]
    assert found["diagonal"]["mean"] == pytest.approx((total + diagonal) / 4)


def test_the_reference_is_compared_with_and_votes_for_nothing() -> None:
    study = study_with_readings(cases=2)
    expert = RaterFactory.create(user=None, name="Reference panel")
    truth = {}
    for assignment in study.assignments.all():
        if assignment.case_id not in truth:
            truth[assignment.case_id] = SegmentationFactory.create(
                case=assignment.case, scheme=study.scheme, rater=expert
            )
    report = compute(study, reference=expert.pk)
    without = compute(study)
    assert next(rater["group"] for rater in report.inputs["raters"] if rater["id"] == expert.pk) == "reference"
    for row in rows_of(report, "readings", region="t"):
        if row["rater"] == expert.pk:
            assert (row["reference"], row["consensus"], row["others"]) == (None, None, [])
            continue
        own, other = (mask_of(report, row["case"], rater).ravel() for rater in (row["rater"], expert.pk))
        assert row["reference"]["jaccard"] == pytest.approx(jaccard_score(own, other), abs=1e-12)
    assert rows_of(report, "consensus") == rows_of(without, "consensus")
    assert "imported masks of Reference panel" in report.methods
    assert "reference" in report.figures


def test_a_model_that_was_not_chosen_has_no_part() -> None:
    study = study_with_readings(cases=1)
    report = compute(study, models=[])
    assert {rater["group"] for rater in report.inputs["raters"]} == {"expert"}
    assert rows_of(report, "expert_range") == []


def test_readings_of_somebody_who_left_are_kept_or_left_out_by_policy() -> None:
    study = study_with_readings(raters=3)
    gone = Membership.objects.raters().filter(study=study).first()
    assert gone is not None
    end_membership(membership=gone, by=study.created_by)
    kept, left_out = compute(study, withdrawn="keep"), compute(study, withdrawn="leave_out")
    assert gone.rater_id in people_of(kept)
    assert "1 person who left the study are kept" in kept.methods
    assert gone.rater_id not in people_of(left_out)
    assert all(row["rater"] != gone.rater_id for row in left_out.inputs["readings"])
    # What they handed in is left out by choice, and not missing.
    assert rows_of(left_out, "missing") == []
    assert "nothing that was asked for is missing" in left_out.methods


def test_only_cases_with_a_mask_of_everybody_by_choice() -> None:
    study = study_with_readings(cases=3)
    late = MembershipFactory.create(study=study)
    case = study.assignments.order_by("case_id")[0].case
    SubmittedAssignmentFactory.create(study=study, case=case, rater=late.rater)
    assert len({row["case"] for row in rows_of(compute(study), "readings")}) == 3
    complete = compute(study, missing="complete")
    assert {row["case"] for row in rows_of(complete, "readings")} == {case.pk}
    assert "(1 of 3)" in complete.methods


def test_a_report_over_no_complete_case_is_refused() -> None:
    study = study_with_readings(raters=2, cases=1)
    alone = SubmittedAssignmentFactory.create(study=study, rater=MembershipFactory.create(study=study).rater)
    assert alone.case_id
    with pytest.raises(DomainError, match="No case has a mask of every rater"):
        services.request_report(study=study, by=study.created_by, parameters={"missing": "complete"})


def test_a_mask_on_another_grid_is_left_out_with_its_reason() -> None:
    study = study_with_readings(cases=2)
    own = Segmentation.objects.filter(rater=study.start_rater).order_by("case_id")[0]
    move_to_another_grid(own)
    report = compute(study)
    assert [(row["case"], row["rater"]) for row in report.inputs["left_out"]] == [(own.case_id, own.rater_id)]
    assert "another grid" in report.inputs["left_out"][0]["reason"]
    assert "1 mask could not be compared and was left out" in report.methods


def test_a_reading_on_another_grid_is_left_out_and_not_missing() -> None:
    study = study_with_readings(cases=2)
    reading = study.assignments.order_by("case_id", "rater_id")[0].submission
    assert reading is not None
    move_to_another_grid(reading)
    report = compute(study)
    assert [(row["case"], row["rater"]) for row in report.inputs["left_out"]] == [(reading.case_id, reading.rater_id)]
    assert rows_of(report, "missing") == []


def test_the_statement_about_the_experts_range_follows_from_the_means() -> None:
    report = compute(study_with_readings(cases=5))
    model = next(rater["id"] for rater in report.inputs["raters"] if rater["group"] == "model")
    (found,) = rows_of(report, "expert_range", region="t")

    def mean_of(rater: int) -> float:
        rows = rows_of(report, "readings", region="t", rater=rater)
        return float(np.mean([np.mean([one["jaccard"] for one in row["others"]]) for row in rows]))

    means = {rater: mean_of(rater) for rater in [*people_of(report), model]}
    lowest = min(people_of(report), key=lambda rater: means[rater])
    assert found["lowest_expert"] == lowest
    assert found["difference"] == pytest.approx(means[model] - means[lowest], abs=1e-12)
    assert found["inside"] is bool(means[model] >= means[lowest])
    assert len(rows_of(report, "expert_differences", region="t")) == 3


def test_what_was_asked_for_and_is_not_in_is_listed() -> None:
    study = study_with_readings()
    waiting = AssignmentFactory.create(study=study)
    assert rows_of(compute(study), "missing") == [{"case": waiting.case_id, "rater": waiting.rater_id}]


def test_the_majority_of_label_maps_is_taken_label_by_label() -> None:
    maps = [np.array([[[[1, 1, 2, 0, 1]]]], np.uint8), np.array([[[[1, 2, 2, 2, 2]]]], np.uint8)]
    third = np.array([[[[1, 2, 1, 0, 3]]]], np.uint8)
    np.testing.assert_array_equal(majority_layers([*maps, third], tie="background").ravel(), [1, 2, 2, 0, 0])
    np.testing.assert_array_equal(majority_layers(maps, tie="foreground").ravel(), [1, 1, 2, 2, 1])


def test_a_model_without_a_mask_of_a_case_is_left_out_of_that_case() -> None:
    study = study_with_readings()
    other = SegmentationFactory.create(rater=study.start_rater)
    blank = Segmentation.objects.filter(rater=study.start_rater, case__assignments__study=study).first()
    assert blank is not None
    replace_layers(blank, np.zeros_like(read_layers(blank)))
    readings = rows_of(compute(study), "readings", region="t")
    assert other.case_id not in {row["case"] for row in readings}
    (row,) = [row for row in readings if (row["case"], row["rater"]) == (blank.case_id, blank.rater_id)]
    assert row["consensus"]["hausdorff95"] == "inf"
    assert row["consensus"]["jaccard"] == 0
