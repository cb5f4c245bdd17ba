"""Overlap and volume against scikit-learn and counting, and what empty masks give."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score, jaccard_score, precision_score, recall_score

from evaluation.metrics import (
    dice,
    jaccard,
    normalised_dice,
    pairwise,
    precision,
    recall,
    volume_difference,
    volume_ml,
)
from tests.unit.metrics.metric_masks import Mask, make_cases

EMPTY, FULL = np.zeros((3, 4, 5), dtype=bool), np.ones((3, 4, 5), dtype=bool)
seeds = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize("name", make_cases())
def test_overlaps_equal_those_of_scikit_learn(name: str) -> None:
    prediction, reference = make_cases()[name]
    flat = reference.ravel(), prediction.ravel()
    assert dice(prediction, reference) == pytest.approx(f1_score(*flat), abs=1e-12)
    assert jaccard(prediction, reference) == pytest.approx(jaccard_score(*flat), abs=1e-12)
    assert precision(prediction, reference) == pytest.approx(precision_score(*flat), abs=1e-12)
    assert recall(prediction, reference) == pytest.approx(recall_score(*flat), abs=1e-12)


def test_two_empty_masks_leave_every_overlap_undefined() -> None:
    for metric in (dice, jaccard, precision, recall):
        assert math.isnan(metric(EMPTY, EMPTY))


def test_one_empty_mask_gives_no_overlap_and_an_undefined_recall_only_without_a_reference() -> None:
    for metric in (dice, jaccard, precision):
        assert metric(EMPTY, FULL) == 0
        assert metric(FULL, EMPTY) == 0
    assert recall(EMPTY, FULL) == 0
    assert math.isnan(recall(FULL, EMPTY))


def test_volume_counts_voxels_times_their_size() -> None:
    assert volume_ml(FULL, (0.5, 0.5, 1.0)) == pytest.approx(0.015, abs=1e-15)
    assert volume_difference(EMPTY, FULL, (1, 1, 1)) == pytest.approx(-0.06, abs=1e-15)


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int8, np.int16, np.uint64, np.float32, np.float64])
@pytest.mark.parametrize("order", ["C", "F"])
def test_any_number_type_and_memory_order_give_the_same(dtype: type, order: str) -> None:
    prediction, reference = make_cases()["blobs 0"]
    assert dice(prediction.astype(dtype, order=order), reference) == dice(prediction, reference)  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (np.full((3, 4, 5), 2), "other than 0 and 1"),
        (np.full((3, 4, 5), 0.5), "other than 0 and 1"),
        (np.full((3, 4, 5), np.nan), "other than 0 and 1"),
        (np.full((3, 4, 5), -1, np.int8), "other than 0 and 1"),
        (np.zeros((3, 4, 6), bool), "shape"),
        (np.zeros((1, 3, 4, 5), bool), "axes"),
        (np.zeros((0, 4, 5), bool), "no voxel"),
        (np.zeros((3, 4, 5), complex), "type"),
    ],
)
def test_what_is_no_mask_is_refused(bad: Mask, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        dice(bad, FULL)


@pytest.mark.parametrize("spacing", [(1, 1), (1, 1, 0), (1, 1, -1), (1, 1, math.nan), (1, 1, math.inf)])
def test_a_spacing_that_is_none_is_refused(spacing: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="spacing"):
        volume_ml(FULL, spacing)


def test_normalised_dice_follows_its_formula() -> None:
    prediction, reference = make_cases()["blobs 1"]
    tp, fp = int((prediction & reference).sum()), int((prediction & ~reference).sum())
    fn, positives = int((~prediction & reference).sum()), int(reference.sum())
    kappa = (1 / 0.001 - 1) * positives / (reference.size - positives)
    expected = 2 * tp / (2 * tp + kappa * fp + fn)
    assert normalised_dice(prediction, reference, occurrence_rate=0.001) == pytest.approx(expected, abs=1e-12)


def test_normalised_dice_is_the_dice_where_the_reference_has_the_mean_rate() -> None:
    prediction, reference = make_cases()["blobs 2"]
    rate = reference.mean()
    assert normalised_dice(prediction, reference, occurrence_rate=rate) == pytest.approx(
        dice(prediction, reference), abs=1e-12
    )


def test_normalised_dice_is_undefined_when_the_reference_fills_the_domain() -> None:
    assert math.isnan(normalised_dice(FULL, FULL, occurrence_rate=0.001))
    assert math.isnan(normalised_dice(EMPTY, EMPTY, occurrence_rate=0.001))
    assert normalised_dice(FULL, EMPTY, occurrence_rate=0.001) == 0
    with pytest.raises(ValueError, match="occurrence rate"):
        normalised_dice(EMPTY, EMPTY, occurrence_rate=0.0)


@settings(max_examples=40, deadline=None)
@given(seeds, st.sampled_from([(7,), (5, 6), (4, 5, 6)]), st.integers(2, 20), st.floats(0, 1))
def test_pairwise_overlaps_equal_those_of_each_pair(
    seed: int, shape: tuple[int, ...], raters: int, density: float
) -> None:
    masks = np.random.default_rng(seed).random((raters, *shape)) < density
    table = pairwise(masks, (1.0,) * len(shape))
    for i in range(raters):
        for j in range(raters):
            np.testing.assert_equal(table.dice[i, j], dice(masks[i], masks[j]))
            np.testing.assert_equal(table.jaccard[i, j], jaccard(masks[i], masks[j]))


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_dice_is_symmetric_bounded_and_blind_to_flips(seed: int) -> None:
    rng = np.random.default_rng(seed)
    first, second = rng.random((2, 5, 4, 3)) < 0.4
    value = dice(first, second)
    np.testing.assert_equal(value, dice(second, first))
    np.testing.assert_equal(value, dice(first[::-1, :, ::-1], second[::-1, :, ::-1]))
    np.testing.assert_equal(value, dice(first.T, second.T))
    assert math.isnan(value) or 0 <= value <= 1
    d, j = value, jaccard(first, second)
    assert math.isnan(d) or j == pytest.approx(d / (2 - d), abs=1e-12)


def test_no_input_is_changed() -> None:
    masks = np.random.default_rng(0).random((3, 5, 4, 3)) < 0.5
    before = masks.copy()
    masks.flags.writeable = False
    pairwise(masks, (1, 1, 1))
    np.testing.assert_array_equal(masks, before)
