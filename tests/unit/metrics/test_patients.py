"""Patient-wise classification, detection, volume bias and threshold curves."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from evaluation.metrics import (
    average_dice,
    choose_threshold,
    classify_resections,
    detection_rate,
    dice,
    is_residual,
    threshold_curve,
    volume_bias,
)


def test_the_printed_figures_of_epmr_follow_from_its_counts() -> None:
    groups = [(1.0, 1.0, 50), (0.0, 1.0, 1), (1.0, 0.0, 12), (0.0, 0.0, 10)]
    predicted = [p for p, _, n in groups for _ in range(n)]
    reference = [r for _, r, n in groups for _ in range(n)]
    table = classify_resections(predicted, reference)
    assert (table.tp, table.fn, table.fp, table.tn) == (50, 1, 12, 10)
    figures = table.sensitivity, table.specificity, table.balanced_accuracy, table.precision, table.f1
    assert [round(100 * figure, 2) for figure in figures] == [98.04, 45.45, 71.75, 80.65, 88.50]


def test_a_volume_at_the_threshold_is_residual_tumour() -> None:
    assert is_residual(0.175)
    assert not is_residual(0.1749)
    assert classify_resections([0.175], [0.175]).tp == 1
    assert math.isnan(classify_resections([0.0], [0.0]).sensitivity)
    for bad in ([-1.0], [math.nan], [[1.0]], [1.0, 2.0]):
        with pytest.raises(ValueError, match=r"[Vv]olume"):
            classify_resections(bad, [1.0])


def test_misses_enter_the_mean_over_positives_as_0_and_both_readings_of_true_positives_are_offered() -> None:
    found = average_dice([0.8, 0.0, 0.0, math.nan], [1.0, 1.0, 0.0, 0.0], [1.0, 1.0, 1.0, 0.0])
    assert (found.over_positives, found.over_found_volumes, found.over_found_overlaps) == pytest.approx(
        (0.8 / 3, 0.4, 0.8)
    )
    assert (found.n_positives, found.n_found_volumes, found.n_found_overlaps) == (3, 2, 1)
    with pytest.raises(ValueError, match="Dice"):
        average_dice([math.nan], [1.0], [1.0])


def test_detection_leaves_out_tiny_references_and_reports_false_positives() -> None:
    found = detection_rate(
        dice=[0.5, 0.0005, 0.5, 0.3, math.nan, 0.0],
        prediction_ml=[1.0, 1.0, 0.05, 1.0, 0.0, 0.1],
        reference_ml=[1.0, 1.0, 1.0, 0.05, 0.0, 0.0],
    )
    assert (found.tp, found.fn, found.excluded, found.negatives, found.false_positives) == (1, 2, 1, 2, 1)
    assert found.rate == 1 / 3
    assert detection_rate([0.001], [0.1], [0.1]).tp == 1
    assert math.isnan(detection_rate([math.nan], [0.0], [0.0]).rate)


def test_over_and_under_segmentation_are_counted_apart() -> None:
    bias = volume_bias([3.0, 2.0, 1.0, 1.0], [1.0, 1.0, 2.0, 1.0])
    assert (bias.over, bias.under, bias.equal) == (2, 1, 1)
    assert bias.over_ml == (1.25, 1.5, 1.75)
    assert bias.under_ml == (1.0, 1.0, 1.0)
    assert all(map(math.isnan, volume_bias([1.0], [1.0]).over_ml))


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16])
def test_a_curve_is_the_dice_of_each_thresholded_mask(dtype: type) -> None:
    rng = np.random.default_rng(0)
    probability: Any = (rng.integers(0, 11, (6, 5, 4)) / 10).astype(dtype)
    reference = rng.random((6, 5, 4)) < 0.3
    curve = threshold_curve(probability, reference, (1, 1, 2))
    tenths = np.rint(probability.astype(float) * 10)
    expected = [dice(tenths >= step, reference) for step in range(1, 11)]
    np.testing.assert_allclose(curve.dice, expected, atol=1e-12)
    np.testing.assert_allclose(curve.prediction_ml, [(tenths >= step).sum() * 0.002 for step in range(1, 11)])


def test_the_threshold_balances_the_dice_of_found_cases_with_recall() -> None:
    reference = np.zeros((10, 10, 10), dtype=bool)
    reference[:5] = True
    sure, faint = np.where(reference, 0.9, 0.45), np.where(reference, 0.55, 0.0)
    curves = [threshold_curve(one, reference, (1, 1, 1)) for one in (sure, faint)]
    chosen = choose_threshold(curves)
    assert chosen.threshold == 0.5
    assert chosen.criterion[4] == 1
    assert chosen.recall[8] == 0.5
    assert math.isnan(chosen.mean_dice[9])
    nothing = threshold_curve(faint, np.zeros_like(reference), (1, 1, 1))
    with pytest.raises(ValueError, match="No case"):
        choose_threshold([nothing])


def test_probabilities_and_thresholds_out_of_range_are_refused() -> None:
    reference = np.ones((2, 2), dtype=bool)
    for bad in (np.full((2, 2), 1.1), np.full((2, 2), math.nan), np.full((2, 2), -0.1), np.zeros((2, 3))):
        with pytest.raises(ValueError, match=r"[Pp]robabilit"):
            threshold_curve(bad, reference, (1, 1))
    with pytest.raises(ValueError, match="Thresholds"):
        threshold_curve(np.zeros((2, 2)), reference, (1, 1), thresholds=[0.5, 0.5])
