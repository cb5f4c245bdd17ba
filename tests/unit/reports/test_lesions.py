"""The report on lesions: figures by hand and by scipy, exams without lesions, histories of patients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from evaluation.metrics import brats_lesionwise, dice, lesion_detection, normalised_dice
from evaluation.reports.lesions.computing import compute
from tests.unit.reports.lesion_world import FAR, LEFT, RIGHT, SHAPE, SPACING, Block, exam, inputs_of, labels, read

Row = dict[str, Any]
SMALLER, SHIFTED = np.s_[13:17, 3:7, 2:5], np.s_[3:6, 2:6, 2:5]


def run(inputs: Row, masks: dict[int, Any]) -> Row:
    return compute(inputs, masks.__getitem__, report=lambda *_: None)


def chosen(rows: list[Row], **values: Any) -> list[Row]:
    return [row for row in rows if all(row[key] == value for key, value in values.items())]


def six_patients() -> tuple[Row, dict[int, Any]]:
    """Method 2 misses the small lesion in half of the exams, method 3 finds both; patient 5 has no lesion at all."""
    cases = [exam(number, f"P{number}", 0) for number in range(1, 7)]
    masks = {}
    for number in range(1, 6):
        whole: Block = np.s_[12 : 15 + number // 2, 2 : 6 + number % 3, 2:6]
        found = (LEFT, SMALLER) if number % 2 else (SMALLER,)
        masks[number] = read(labels(LEFT, whole), labels(*found), labels(SHIFTED, whole))
    masks[6] = read(labels(), labels(FAR), labels())
    return inputs_of(cases), masks


def test_the_figures_of_an_exam_are_those_of_the_metrics() -> None:
    inputs, masks = six_patients()
    data = run(inputs, masks)
    (row,) = chosen(data["images"], case=3, rater=2, region="et")
    prediction, reference = masks[3].masks[2]["et"], masks[3].masks[1]["et"]
    rate = sum(masks[case].masks[1]["et"].sum() for case in masks) / (6 * np.prod(SHAPE))
    found = lesion_detection(prediction, reference)
    brats = brats_lesionwise(prediction, reference, SPACING, challenge="met")
    assert row["dice"] == dice(prediction, reference)
    assert row["ndsc"] == pytest.approx(normalised_dice(prediction, reference, occurrence_rate=rate), rel=1e-14)
    assert (row["occurrence_rate"], row["voxels"]) == (pytest.approx(rate, rel=1e-14), np.prod(SHAPE))
    assert (row["tp"], row["fp"], row["fn"], row["f1"], row["tpr"], row["fdr"]) == (
        found.tp,
        found.fp,
        found.fn,
        found.f1,
        found.tpr,
        found.fdr,
    )
    assert (row["brats_dice"], row["brats_hausdorff95"]) == (brats.dice, brats.hausdorff95)
    assert row["reference_ml"] == pytest.approx(reference.sum() * 0.002)


def test_exams_without_a_lesion_of_the_label_are_left_out_and_counted() -> None:
    data = run(*six_patients())
    (row,) = chosen(data["summary"], region="et", rater=2, subset="all", metric="dice")
    used = [one["dice"] for one in chosen(data["images"], region="et", rater=2) if one["case"] != 6]
    assert (row["n"], row["n_left_out"], row["n_false"]) == (5, 1, 1)
    assert (row["mean"], row["sd"]) == pytest.approx((np.mean(used), np.std(used, ddof=1)))
    (none,) = chosen(data["summary"], region="nc", rater=3, subset="all", metric="dice")
    assert (none["n"], none["n_left_out"], none["n_false"], none["mean"]) == (0, 6, 0, None)
    assert chosen(data["occurrence_rates"], region="nc")[0]["occurrence_rate"] is None


def test_a_method_that_marks_nothing_has_no_false_discovery_rate() -> None:
    inputs = inputs_of([exam(1, "P", 0)])
    data = run(inputs, {1: read(labels(LEFT), labels(), labels(LEFT))})
    (row,) = chosen(data["images"], region="et", rater=2)
    assert (row["dice"], row["f1"], row["tpr"], row["fdr"]) == (0, 0, 0, None)
    (summary,) = chosen(data["summary"], region="et", rater=2, subset="all", metric="fdr")
    assert (summary["n"], summary["n_undefined"]) == (0, 1)


def test_methods_are_tested_one_tailed_and_paired_against_the_baseline() -> None:
    inputs, masks = six_patients()
    data = run(inputs, masks)
    better, base = (
        [row["dice"] for row in chosen(data["images"], region="et", rater=rater) if row["case"] != 6]
        for rater in (3, 2)
    )
    (row,) = chosen(data["tests"], region="et", metric="dice", method=3)
    t = stats.ttest_rel(better, base, alternative="greater")
    ranks = stats.wilcoxon(better, base, alternative="greater")
    assert (row["n"], row["n_patients"], row["baseline"]) == (5, 5, 2)
    assert (row["t"], row["p_t"], row["p_wilcoxon"]) == pytest.approx((t.statistic, t.pvalue, ranks.pvalue), rel=1e-12)
    assert row["difference"] == pytest.approx(np.mean(np.subtract(better, base)))
    family = sorted(one["p_t"] for one in data["tests"] if one["p_t"] is not None)
    assert row["holm_t"] == pytest.approx(
        max(min(1, p * (len(family) - place)) for place, p in enumerate(family) if p <= row["p_t"])
    )
    (rate,) = chosen(data["tests"], region="et", metric="fdr", method=3)
    assert rate["difference"] is None or rate["difference"] <= 0
    (nothing,) = chosen(data["tests"], region="nc", metric="dice", method=3)
    assert nothing["n"] == 0
    assert nothing["note"] == "too few exams"


def test_larger_lesions_and_better_outlines_are_correlated_over_true_lesions() -> None:
    data = run(*six_patients())
    lesions = chosen(data["lesions"], region="et", rater=2)
    assert len(lesions) == 10
    missed = [row for row in lesions if not row["found"]]
    assert missed
    assert all((row["dice"], row["ndsc"]) == (0, 0) for row in missed)
    for metric in ("dice", "ndsc"):
        (row,) = chosen(data["correlations"], region="et", rater=2, subset="all", metric=metric)
        found = stats.spearmanr([one["volume_ml"] for one in lesions], [one[metric] for one in lesions])
        assert (row["rho"], row["p"]) == pytest.approx((found.statistic, found.pvalue), rel=1e-12)
        assert (row["n"], row["n_missed"]) == (10, len(missed))


def test_the_rate_of_the_source_can_be_taken() -> None:
    inputs, masks = six_patients()
    inputs["parameters"]["occurrence_rate"] = "source"
    data = run(inputs, masks)
    (row,) = chosen(data["images"], case=2, rater=3, region="et")
    expected = normalised_dice(masks[2].masks[3]["et"], masks[2].masks[1]["et"], occurrence_rate=0.001)
    assert row["ndsc"] == pytest.approx(expected, rel=1e-14)


def test_lesions_keep_their_numbers_over_a_patients_exams_in_the_order_of_days() -> None:
    cases = [exam(1, "P", 90), exam(2, "P", 0), exam(3, "P", 180), exam(4, "Q", 0)]
    first, second = labels(LEFT, RIGHT), labels(LEFT, RIGHT)
    masks = {2: read(first, second), 1: read(labels(SMALLER), labels(LEFT, SMALLER)), 3: read(labels(SMALLER, FAR))}
    data = run(inputs_of(cases), {**masks, 4: read(first)})
    left, right, far = chosen(data["tracks"], patient="P", rater=1)
    assert (left["came"], left["became"], left["n_seen"], left["change_percent"]) == ("first exam", "absent", 1, -100)
    assert (right["came"], right["became"], right["n_seen"]) == ("first exam", "persists", 3)
    assert right["first_ml"] == pytest.approx(6 * 6 * 4 * 0.002)
    assert right["last_ml"] == pytest.approx(4 * 4 * 3 * 0.002)
    assert (far["came"], far["first_exam"], far["became"], far["change_ml"]) == ("new", 3, None, None)
    days = [row["day"] for row in chosen(data["sightings"], patient="P", rater=1, lesion=right["lesion"])]
    assert days == [0, 90, 180]
    assert len(chosen(data["sightings"], patient="P", rater=2, lesion=1)) == 2
    assert chosen(data["tracks"], patient="Q") == []
    assert {row["rater"]: row["n_exams"] for row in data["followed"]} == {1: 3, 2: 2}


def test_the_first_exams_are_those_with_the_reference() -> None:
    cases = [exam(1, "P", 0), exam(2, "P", 50), exam(3, "P", 99)]
    masks = {1: read(), 2: read(labels(LEFT), labels(LEFT)), 3: read(labels(LEFT), labels())}
    data = run(inputs_of(cases), masks)
    (row,) = chosen(data["summary"], region="et", rater=2, subset="first", metric="dice")
    assert (row["n"], row["mean"]) == (1, 1)
    (whole,) = chosen(data["summary"], region="et", rater=2, subset="all", metric="dice")
    assert (whole["n"], whole["mean"]) == (2, 0.5)


def test_exams_without_days_follow_their_time_points() -> None:
    cases = [exam(1, "P", None, "follow_up", 2), exam(2, "P", 0, "pre_op"), exam(3, "P", None, "follow_up", 1)]
    masks = {number: read(labels(LEFT)) for number in (1, 2, 3)}
    data = run(inputs_of(cases), masks)
    assert [row["case"] for row in data["sightings"]] == [2, 3, 1]
    assert data["followed"][0]["days"] is False
