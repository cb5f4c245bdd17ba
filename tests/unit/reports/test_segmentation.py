"""The report on segmentation by subgroup, against sums written out here, MONAI, scikit-learn and SciPy."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest
import torch
from monai.metrics.hausdorff_distance import compute_hausdorff_distance
from numpy.typing import NDArray
from scipy import stats
from sklearn.metrics import f1_score, jaccard_score, precision_score, recall_score

from evaluation.reports.segmentation import computing, figures, methods, tables
from tests.unit.reports.synthetic import MODEL, REFERENCE, SECOND, Masks, Row, case, inputs, rater, silent

Mask = NDArray[np.bool_]
SHAPE, SPACING = (24, 20, 16), (1.0, 1.0, 2.0)
PARAMETERS = {
    "reference": REFERENCE,
    "models": [MODEL, SECOND],
    "people": True,
    "regions": ["t"],
    "groups": ["tumour_type"],
    "smallest_ml": 0.1,
    "over": "found",
    "tested": "dice",
    "pairing": "legacy",
    "min_voxels": 1,
    "hausdorff": "directed",
    "both_empty": "leave_out",
    "infinite": "leave_out",
}
RATERS = [
    rater(REFERENCE, "Expert", kind="human", group="reference"),
    rater(MODEL, "Model one"),
    rater(SECOND, "Model two"),
]


def block(size: int, at: int = 4) -> Mask:
    """Return a block of size³ voxels of 2 mm³: 0 is empty, 3 is 0.054 ml, 5 is 0.25 ml."""
    mask = np.zeros(SHAPE, bool)
    mask[at : at + size, at : at + size, 3 : 3 + size] = True
    return mask


def build(cases: list[Row], masks: dict[int, dict[int, Mask]], **parameters: Any) -> tuple[Row, Row]:
    given = inputs(cases, RATERS, {**PARAMETERS, **parameters})
    return given, computing.compute(given, Masks(masks, SPACING), report=silent)


def random_study(patients: int = 12) -> tuple[list[Row], dict[int, dict[int, Mask]]]:
    """Return two exams of every patient, gliomas and meningiomas, with three masks each."""
    rng = np.random.default_rng(5)
    cases, masks = [], {}
    for number in range(2 * patients):
        kind = "glioma" if number // 2 % 2 else "meningioma"
        cases.append(case(number, patient=f"P{number // 2}", tumour_type=kind))
        size = int(rng.integers(5, 9))
        masks[number] = {
            REFERENCE: block(size),
            MODEL: block(size + int(rng.integers(-1, 2)), 4 + int(rng.integers(0, 2))),
            SECOND: block(max(4, size - 2), 4 + int(rng.integers(0, 4))),
        }
    return cases, masks


def test_overlap_and_distance_equal_scikit_learn_and_monai() -> None:
    cases, masks = random_study(4)
    _, data = build(cases, masks)
    for row in data["cases"]:
        one, other = masks[row["case"]][row["rater"]], masks[row["case"]][REFERENCE]
        flat = other.ravel(), one.ravel()
        assert row["dice"] == pytest.approx(f1_score(*flat), abs=1e-12)
        assert row["jaccard"] == pytest.approx(jaccard_score(*flat), abs=1e-12)
        assert row["recall"] == pytest.approx(recall_score(*flat), abs=1e-12)
        assert row["precision"] == pytest.approx(precision_score(*flat), abs=1e-12)
        mine, theirs = (torch.from_numpy(mask[None, None]) for mask in (one, other))
        peer = compute_hausdorff_distance(mine, theirs, include_background=True, percentile=95, spacing=[SPACING])
        assert row["hausdorff95"] == pytest.approx(float(peer), abs=1e-5)
        assert row["reference_ml"] == pytest.approx(other.sum() * 0.002)


def test_means_are_those_of_the_found_cases_and_intervals_draw_whole_patients() -> None:
    cases, masks = random_study()
    given, data = build(cases, masks)
    everybody = {"region": "t", "attribute": "", "group": "all cases", "rater": MODEL, "metric": "dice"}
    found = next(row for row in data["performance"] if everybody.items() <= row.items())
    values = [row for row in data["cases"] if row["rater"] == MODEL and row["state"] == "found"]
    dice = np.array([row["dice"] for row in values])
    assert found["n"] == len(values) == 24
    assert found["mean"] == pytest.approx(dice.mean(), abs=1e-12)
    assert found["sd"] == pytest.approx(dice.std(ddof=1), abs=1e-12)
    by_patient = dice.reshape(12, 2)
    peer = stats.bootstrap(
        (np.arange(12),),
        lambda drawn: by_patient[drawn].mean(),
        vectorized=False,
        n_resamples=given["parameters"]["resamples"],
        rng=np.random.default_rng(given["parameters"]["seed"]),
    )
    assert found["low"] == pytest.approx(float(peer.confidence_interval.low), abs=1e-9)
    assert found["high"] == pytest.approx(float(peer.confidence_interval.high), abs=1e-9)


def test_the_subgroups_divide_all_cases() -> None:
    cases, masks = random_study()
    _, data = build(cases, masks)
    rows = [row for row in data["detection"] if row["rater"] == MODEL]
    assert [(row["group"], row["n_cases"]) for row in rows] == [("all cases", 24), ("glioma", 12), ("meningioma", 12)]


def test_positive_negative_excluded_found_and_missed() -> None:
    """By FLAIR's rule: 0.1 ml on both sides, a Dice of 0.1 %, empty references as negatives."""
    references = [5, 5, 5, 3, 0, 0]
    predictions = [block(5), block(0), block(5, 14), block(5), block(5), block(0)]
    masks = {n: {REFERENCE: block(size), MODEL: predictions[n]} for n, size in enumerate(references)}
    _, data = build([case(n) for n in range(6)], masks)
    states = [row["state"] for row in data["cases"]]
    assert states == ["found", "missed", "missed", "excluded", "false positive", "true negative"]
    row = data["detection"][0]
    counts = {key: row[key] for key in row if key.startswith("n_")}
    assert counts == {
        "n_cases": 6,
        "n_patients": 6,
        "n_excluded": 1,
        "n_positives": 3,
        "n_found": 1,
        "n_negatives": 2,
        "n_false_positives": 1,
        "n_called_positive": 3,
    }
    assert row["rate"] == pytest.approx(100 / 3)
    peer = stats.binomtest(1, 3).proportion_ci(method="wilson")
    assert (row["rate_low"], row["rate_high"]) == pytest.approx((100 * peer.low, 100 * peer.high))


@pytest.mark.parametrize(
    ("over", "infinite", "n", "n_infinite", "dice"),
    [
        ("found", "leave_out", 1, 0, 1.0),
        ("positives", "leave_out", 2, 1, 0.5),
        ("positives", "374", 2, 0, 0.5),
        ("positives", "diagonal", 2, 0, 0.5),
        ("all", "leave_out", 3, 2, 1 / 3),
    ],
)
def test_policies_are_applied_and_what_they_leave_out_is_counted(
    over: str, infinite: str, n: int, n_infinite: int, dice: float
) -> None:
    sizes = [(5, 5), (5, 0), (0, 5), (0, 0)]
    masks = {k: {REFERENCE: block(one), MODEL: block(other)} for k, (one, other) in enumerate(sizes)}
    _, data = build([case(k) for k in range(4)], masks, over=over, infinite=infinite)
    rows = {row["metric"]: row for row in data["performance"] if row["group"] == "all cases"}
    assert (rows["dice"]["n"], rows["dice"]["mean"]) == (n, pytest.approx(dice))
    assert rows["dice"]["n_undefined"] == (1 if over == "all" else 0)
    assert rows["hausdorff95"]["n_infinite"] == n_infinite
    if infinite == "374":
        assert rows["hausdorff95"]["mean"] == pytest.approx(187)
    if infinite == "diagonal":
        assert rows["hausdorff95"]["mean"] == pytest.approx(math.dist((0, 0, 0), (24, 20, 32)) / 2)


def test_two_empty_masks_count_as_1_by_policy() -> None:
    masks = {0: {REFERENCE: block(0), MODEL: block(0)}}
    _, data = build([case(0)], masks, over="all", both_empty="one")
    rows = {row["metric"]: row for row in data["performance"]}
    assert (rows["dice"]["mean"], rows["hausdorff95"]["mean"], rows["dice"]["n_undefined"]) == (1.0, 0.0, 0)


def test_over_and_under_segmentation_of_found_cases() -> None:
    sizes = [(5, 6), (5, 7), (6, 5), (5, 5), (5, 0)]
    masks = {k: {REFERENCE: block(one), MODEL: block(other)} for k, (one, other) in enumerate(sizes)}
    _, data = build([case(k) for k in range(5)], masks)
    row = data["volume_bias"][0]
    more = [(6**3 - 5**3) * 0.002, (7**3 - 5**3) * 0.002]
    assert (row["n_found"], row["n_over"], row["n_under"], row["n_equal"]) == (4, 2, 1, 1)
    assert (row["over_q1"], row["over_ml"], row["over_q3"]) == pytest.approx(tuple(np.percentile(more, [25, 50, 75])))
    assert row["under_ml"] == pytest.approx(more[0])


def test_models_are_compared_by_patient_and_subgroups_are_refused_when_they_share_patients() -> None:
    cases, masks = random_study()
    _, data = build(cases, masks)
    row = data["rater_tests"][0]
    dice = {
        r: np.array([x["dice"] for x in data["cases"] if x["rater"] == r]).reshape(12, 2).mean(1)
        for r in (MODEL, SECOND)
    }
    peer = stats.wilcoxon(dice[MODEL], dice[SECOND])
    assert (row["n"], row["n_cases"]) == (12, 24)
    assert row["p"] == pytest.approx(float(peer.pvalue), abs=1e-12)
    groups = next(r for r in data["group_tests"] if r["rater"] == MODEL)
    kinds = {one["patient"]: one["tumour_type"] for one in cases}
    sides = [
        [v for p, v in zip(dict.fromkeys(kinds), dice[MODEL], strict=True) if kinds[p] == k]
        for k in ("glioma", "meningioma")
    ]
    assert groups["p"] == pytest.approx(float(stats.mannwhitneyu(*sides, method="asymptotic").pvalue), abs=1e-12)
    for one in cases[::2]:
        one["tumour_type"] = "gbm"
    _, shared = build(cases, masks)
    refused = [r for r in shared["group_tests"] if "in both groups" in r["note"]]
    assert refused
    assert all(r["p"] is None for r in refused)


def test_spearman_goes_over_positive_cases_with_misses_as_0() -> None:
    sizes = [(5, 5), (6, 0), (7, 6), (8, 8), (5, 4)]
    masks = {k: {REFERENCE: block(one), MODEL: block(other)} for k, (one, other) in enumerate(sizes)}
    _, data = build([case(k) for k in range(5)], masks)
    rows = data["cases"]
    peer = stats.spearmanr([row["reference_ml"] for row in rows], [row["dice"] for row in rows])
    assert data["volume_and_dice"][0]["statistic"] == pytest.approx(float(peer.statistic))
    assert data["volume_and_dice"][0]["n"] == 5


def test_every_part_of_the_report_can_be_written() -> None:
    cases, masks = random_study()
    masks[0][MODEL] = block(0)
    given, data = build(cases, masks, over="positives")
    made = tables.tables(given, data)
    json.dumps([data, [one.to_json() for one in made]], allow_nan=False)
    drawn = figures.figures(given, data)
    assert set(drawn) == {"volume_and_dice", "subgroups"}
    assert "case_id" in json.dumps(drawn["volume_and_dice"])
    text = methods.methods(given, data)
    assert "24 cases of 12 patients" in text
    assert "HD95 is pooled" in text
    wide = next(one for one in made if one.key == "voxels")
    missed = next(row for row in wide.rows if row["rater"] == "Model one" and row["group"] == "all cases")
    assert (missed["n"], missed["n_distance"]) == (24, 23)


def test_the_same_inputs_give_the_same_data() -> None:
    cases, masks = random_study()
    assert json.dumps(build(cases, masks)[1]) == json.dumps(build(cases, masks)[1])


@pytest.mark.real_data
def test_two_networks_against_a_fusion_of_real_masks_equal_scikit_learn_and_monai(real_data: Path) -> None:
    files = {REFERENCE: "baseline_staple", MODEL: "unet", SECOND: "resunet"}
    masks = {
        who: np.asarray(nibabel.load(real_data / "labelfusion" / f"{name}.nii.gz").dataobj) > 0  # type: ignore[attr-defined]
        for who, name in files.items()
    }
    given = inputs([case(0)], RATERS, PARAMETERS)
    data = computing.compute(given, Masks({0: masks}), report=silent)
    for row in data["cases"]:
        one, other = masks[row["rater"]], masks[REFERENCE]
        assert row["dice"] == pytest.approx(f1_score(other.ravel(), one.ravel()), abs=1e-12)
        mine, theirs = (torch.from_numpy(mask[None, None]) for mask in (one, other))
        peer = compute_hausdorff_distance(mine, theirs, include_background=True, percentile=95)
        assert row["hausdorff95"] == pytest.approx(float(peer), abs=1e-5)
        assert row["state"] == "found"
