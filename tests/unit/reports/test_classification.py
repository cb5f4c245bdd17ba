"""The report on classification: EPMR's test vector, scikit-learn, statsmodels, and the pooled estimates written out."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats
from sklearn.metrics import balanced_accuracy_score, f1_score
from statsmodels.stats.contingency_tables import mcnemar

from evaluation.metrics import average_dice
from evaluation.reports.classification import computing, figures, methods, tables
from tests.unit.reports.synthetic import MODEL, REFERENCE, SECOND, Masks, Row, case, inputs, rater, silent

Mask = NDArray[np.bool_]
SHAPE = (12, 12, 12)
PARAMETERS = {
    "reference": REFERENCE,
    "models": [MODEL, SECOND],
    "people": True,
    "cases": "all",
    "region": "t",
    "threshold_ml": 0.175,
    "folds": "",
    "hausdorff": "directed",
    "infinite": "leave_out",
}
RATERS = [
    rater(REFERENCE, "Expert", kind="human", group="reference"),
    rater(MODEL, "nnU-Net B"),
    rater(SECOND, "AGU-Net B"),
]
CENTRES = ("STO", "GOT", "AMS")


def ball(voxels: int, *, from_end: bool = False) -> Mask:
    """Return a mask of so many voxels of 1 mm³, from the first voxel on or from the last."""
    marked = np.arange(np.prod(SHAPE)) < voxels
    return (marked[::-1] if from_end else marked).reshape(SHAPE)


def published() -> tuple[list[Row], dict[int, dict[int, Mask]]]:
    """Return EPMR's held-out test set of nnU-Net B: TP 50, FN 1, FP 12, TN 10."""
    volumes = [(300, 250)] * 50 + [(300, 100)] + [(100, 300)] * 12 + [(0, 174)] * 10
    masks = {n: {REFERENCE: ball(true), MODEL: ball(said)} for n, (true, said) in enumerate(volumes)}
    return [case(n) for n in range(len(volumes))], masks


def build(cases: list[Row], masks: dict[int, dict[int, Mask]], **parameters: Any) -> tuple[Row, Row]:
    given = inputs(cases, RATERS, {**PARAMETERS, **parameters})
    return given, computing.compute(given, Masks(masks), report=silent)


def random_study() -> tuple[list[Row], dict[int, dict[int, Mask]]]:
    rng = np.random.default_rng(11)
    cases = [case(n, centre=CENTRES[n % 3]) for n in range(45)]
    masks = {}
    for n in range(45):
        true = int(rng.choice([0, 60, 200, 400]))
        masks[n] = {
            REFERENCE: ball(true),
            MODEL: ball(max(0, true + int(rng.integers(-150, 150)))),
            SECOND: ball(int(rng.choice([0, 200, 300])), from_end=bool(rng.integers(0, 2))),
        }
    return cases, masks


def test_the_published_vector_of_epmr() -> None:
    given, data = build(*published())
    made = {one.key: one.rows for one in tables.tables(given, data)}
    row = made["outcomes"][0]
    assert (row["n_tp"], row["n_fn"], row["n_fp"], row["n_tn"]) == (50, 1, 12, 10)
    rates = made["classification"][0]
    printed = {name: round(rates[name], 2) for name in computing.RATES}
    assert printed == {
        "sensitivity": 98.04,
        "specificity": 45.45,
        "balanced_accuracy": 71.75,
        "precision": 80.65,
        "f1": 88.50,
    }
    for name, (hits, n) in {"sensitivity": (50, 51), "specificity": (10, 22), "precision": (50, 62)}.items():
        peer = stats.binomtest(hits, n).proportion_ci(method="wilson")
        assert (rates[f"{name}_low"], rates[f"{name}_high"]) == pytest.approx((100 * peer.low, 100 * peer.high))
        assert rates[f"{name}_interval"] == "Wilson"
    for name in ("balanced_accuracy", "f1"):
        assert rates[f"{name}_low"] < rates[name] < rates[f"{name}_high"]
        assert rates[f"{name}_interval"] == "BCa"


def test_a_volume_at_the_threshold_is_residual_tumour_on_both_sides() -> None:
    masks = {0: {REFERENCE: ball(175), MODEL: ball(174)}, 1: {REFERENCE: ball(174), MODEL: ball(175)}}
    _, data = build([case(0), case(1)], masks)
    assert [(row["residual"], row["called"]) for row in data["cases"]] == [(True, False), (False, True)]


def test_rates_equal_scikit_learn() -> None:
    _, data = build(*random_study())
    for rates in data["rates"]:
        rows = [row for row in data["cases"] if row["rater"] == rates["rater"]]
        true, said = [row["residual"] for row in rows], [row["called"] for row in rows]
        assert rates["balanced_accuracy"] == pytest.approx(100 * balanced_accuracy_score(true, said))
        assert rates["f1"] == pytest.approx(100 * f1_score(true, said))


def test_dsc_p_and_both_dsc_tp_are_those_of_the_metrics() -> None:
    _, data = build(*random_study())
    for rater_id in (MODEL, SECOND):
        rows = [row for row in data["cases"] if row["rater"] == rater_id]
        peer = average_dice(
            [np.nan if row["dice"] is None else row["dice"] for row in rows],
            [row["prediction_ml"] for row in rows],
            [row["reference_ml"] for row in rows],
        )
        found = {row["metric"]: row for row in data["overlap"] if row["rater"] == rater_id}
        assert found["over_positives"]["mean"] == pytest.approx(peer.over_positives)
        assert found["over_found_volumes"]["mean"] == pytest.approx(peer.over_found_volumes)
        assert found["over_found_overlaps"]["mean"] == pytest.approx(peer.over_found_overlaps)
        assert found["over_found_overlaps"]["n"] == peer.n_found_overlaps


def test_the_two_readings_of_dsc_tp_differ_where_masks_miss_each_other() -> None:
    masks = {n: {REFERENCE: ball(300), MODEL: ball(300, from_end=n == 0)} for n in range(4)}
    _, data = build([case(n) for n in range(4)], masks)
    found = {row["metric"]: (row["mean"], row["n"]) for row in data["overlap"]}
    assert found["over_found_volumes"] == (0.75, 4)
    assert found["over_found_overlaps"] == (1.0, 3)


def test_estimates_pooled_over_groups_weigh_them_by_size() -> None:
    cases, masks = random_study()
    _, data = build(cases[:40], masks, folds="centre")
    pooled = {row["metric"]: row for row in data["pooled"] if row["rater"] == MODEL}
    folds = [row for row in data["rates"] if row["rater"] == MODEL and row["fold"] in CENTRES]
    sizes = np.array([row["n"] for row in folds])
    values = np.array([row["sensitivity"] for row in folds])
    mean = sizes @ values / sizes.sum()
    assert sorted(sizes.tolist()) == [13, 13, 14]
    assert pooled["sensitivity"]["mean"] == pytest.approx(mean)
    assert pooled["sensitivity"]["sd"] == pytest.approx(np.sqrt(sizes @ (values - mean) ** 2 / (sizes.sum() - 1)))
    dice = [row["dice"] for row in data["cases"] if row["rater"] == MODEL and row["residual"]]
    assert pooled["over_positives"]["mean"] == pytest.approx(np.mean(dice))
    assert pooled["over_positives"]["sd"] == pytest.approx(np.std(dice, ddof=1))


def test_without_groups_nothing_is_pooled_and_the_text_says_so() -> None:
    given, data = build(*random_study())
    assert data["pooled"] == []
    assert "no folds were chosen" in methods.methods(given, data)
    one, same = build(*random_study(), folds="dataset_group")
    assert "puts all cases in one group" in methods.methods(one, same)


def test_models_are_compared_by_mcnemar_on_the_same_cases() -> None:
    _, data = build(*random_study())
    by = {r: {row["case"]: row for row in data["cases"] if row["rater"] == r} for r in (MODEL, SECOND)}
    table = np.zeros((2, 2), int)
    for number, row in by[MODEL].items():
        if row["residual"]:
            table[int(row["called"]), int(by[SECOND][number]["called"])] += 1
    peer = mcnemar(table, exact=False, correction=False)
    found = {row["metric"]: row for row in data["tests"]}
    assert found["Sensitivity"]["p"] == pytest.approx(float(peer.pvalue), abs=1e-12)
    assert found["Sensitivity"]["p_holm"] >= found["Sensitivity"]["p"]
    assert set(found) == {"Sensitivity", "Specificity", "Dice of positive cases"}


def test_a_patient_with_two_exams_is_drawn_as_one() -> None:
    cases, masks = random_study()
    for one in cases:
        one["patient"] = f"P{one['id'] // 2}"
        one["centre"] = "STO"
    _, data = build(cases, masks)
    assert data["rates"][0]["n_patients"] == 23
    assert data["rates"][0]["specificity_interval"] == "BCa"


def test_without_a_negative_case_specificity_is_undefined() -> None:
    masks = {n: {REFERENCE: ball(300), MODEL: ball(300)} for n in range(3)}
    given, data = build([case(n) for n in range(3)], masks)
    row = data["rates"][0]
    assert (row["specificity"], row["balanced_accuracy"], row["sensitivity"]) == (None, None, 100)
    assert row["sensitivity_low"] < 100
    json.dumps([data, [one.to_json() for one in tables.tables(given, data)]], allow_nan=False)


def test_every_part_of_the_report_can_be_written() -> None:
    given, data = build(*random_study(), folds="centre")
    json.dumps([data, [one.to_json() for one in tables.tables(given, data)]], allow_nan=False)
    drawn = figures.figures(given, data)
    assert set(drawn) == {"volumes", "rates"}
    assert "case_id" in json.dumps(drawn["volumes"])
    assert "in the place of folds" in methods.methods(given, data)
