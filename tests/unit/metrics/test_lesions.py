"""Lesion- and object-wise metrics against independent computations."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import scipy.ndimage
import surface_distance
from medpy.metric.binary import hd95
from panoptica import ConnectedComponentsInstanceApproximator, InputType, NaiveThresholdMatching, Panoptica_Evaluator
from scipy.optimize import linear_sum_assignment

from evaluation.metrics import brats_lesionwise, lesion_detection, normalised_dice, objectwise
from tests.unit.metrics.metric_masks import Mask

CUBE = scipy.ndimage.generate_binary_structure(3, 3)
EMPTY = np.zeros((6, 5, 4), dtype=bool)


def make_lesions(seed: int, shape: tuple[int, ...] = (30, 28, 26)) -> tuple[Mask, Mask]:
    """Return lesions and a prediction that moves, misses and makes up some of them."""
    rng = np.random.default_rng(seed)
    prediction, reference = np.zeros((2, *shape), dtype=bool)
    grid = np.stack(np.meshgrid(*[np.arange(size) for size in shape], indexing="ij"), axis=-1)
    for _ in range(12):
        centre, radius = rng.uniform(0, shape), rng.uniform(1, 4)
        reference |= np.linalg.norm(grid - centre, axis=-1) < radius * (rng.random() < 0.85)
        moved = centre + rng.normal(0, 1.2, len(shape))
        prediction |= np.linalg.norm(grid - moved, axis=-1) < radius * rng.uniform(0.7, 1.3) * (rng.random() < 0.85)
    return prediction, reference


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(6))
def test_lesions_are_counted_as_panoptica_counts_them(seed: int) -> None:
    prediction, reference = make_lesions(seed)
    above = float(np.nextafter(0.25, 1))  # panoptica takes an IoU equal to its threshold, RESEG wants more
    judge = Panoptica_Evaluator(
        expected_input=InputType.SEMANTIC,
        instance_approximator=ConnectedComponentsInstanceApproximator(),
        instance_matcher=NaiveThresholdMatching(matching_threshold=above),
    )
    peer = judge.evaluate(prediction.astype(np.uint8), reference.astype(np.uint8), verbose=False)["ungrouped"]
    ours = lesion_detection(prediction, reference)
    assert (ours.tp, ours.fp, ours.fn) == (peer.tp, peer.fp, peer.fn)
    assert ours.f1 == pytest.approx(peer.rq, abs=1e-12)


def brute_force_matches(prediction: Mask, reference: Mask, iou: float) -> int:
    found, n = scipy.ndimage.label(prediction, CUBE)
    wanted, m = scipy.ndimage.label(reference, CUBE)
    table = [
        (np.sum((found == i) & (wanted == j)) / np.sum((found == i) | (wanted == j)), i, j)
        for i in range(1, n + 1)
        for j in range(1, m + 1)
    ]
    taken: set[tuple[str, int]] = set()
    for value, i, j in sorted(table, reverse=True):
        if value > iou and not {("p", i), ("r", j)} & taken:
            taken |= {("p", i), ("r", j)}
    return len(taken) // 2


@pytest.mark.parametrize("iou", [0.0, 0.1, 0.25, 0.5])
def test_lesions_match_one_to_one_from_the_highest_iou_down(iou: float) -> None:
    for seed in range(4):
        prediction, reference = make_lesions(seed, (16, 15, 14))
        ours = lesion_detection(prediction, reference, iou=iou)
        assert ours.tp == brute_force_matches(prediction, reference, iou)


@pytest.mark.filterwarnings("ignore")
def test_an_iou_equal_to_the_threshold_is_no_match_and_panoptica_takes_it() -> None:
    prediction, reference = np.zeros((2, 10, 3, 3), dtype=bool)
    reference[0:5, 1, 1] = True
    prediction[3:8, 1, 1] = True  # 2 of 8
    assert lesion_detection(prediction, reference).tp == 0
    assert lesion_detection(prediction, reference, iou=0.2499).tp == 1
    for threshold, matches in ((0.25, 1), (float(np.nextafter(0.25, 1)), 0)):
        judge = Panoptica_Evaluator(
            expected_input=InputType.SEMANTIC,
            instance_approximator=ConnectedComponentsInstanceApproximator(),
            instance_matcher=NaiveThresholdMatching(matching_threshold=threshold),
        )
        peer = judge.evaluate(prediction.astype(np.uint8), reference.astype(np.uint8), verbose=False)
        assert peer["ungrouped"].tp == matches


def test_equal_ious_go_to_the_tie_rule() -> None:
    reference, prediction = np.zeros((2, 20, 3, 3), dtype=bool)
    reference[0:3, 1, 1] = True
    reference[5:11, 1, 1] = True
    prediction[2:9, 1, 1] = True
    reference[3, 1, 1] = False  # true lesions of 3 and 6 voxels, one predicted one of 7 over both
    by_size = lesion_detection(prediction, reference, iou=0.0)
    assert [(match.reference_voxels, match.prediction_voxels) for match in by_size.matches] == [(6, 7)]
    prediction[:], reference[:] = False, False
    reference[[0, 2], 1, 1] = True
    prediction[0:3, 1, 1] = True
    first = lesion_detection(prediction, reference, tie="order").matches
    assert [match.reference for match in first] == [1]
    assert lesion_detection(prediction[::-1].T, reference[::-1].T).fn == 1


def test_connectivity_decides_what_one_lesion_is() -> None:
    corner = EMPTY.copy()
    corner[0, 0, 0] = corner[1, 1, 1] = True
    edge = EMPTY.copy()
    edge[0, 0, 0] = edge[1, 1, 0] = True
    assert [lesion_detection(corner, corner, connectivity=c).tp for c in (6, 18, 26)] == [2, 2, 1]
    assert [lesion_detection(edge, edge, connectivity=c).tp for c in (6, 18, 26)] == [2, 1, 1]
    with pytest.raises(ValueError, match="connectivity"):
        lesion_detection(corner, corner, connectivity=8)


def test_detection_of_empty_masks_is_undefined_where_nothing_can_be_counted() -> None:
    one = EMPTY.copy()
    one[2, 2, 2] = True
    none = lesion_detection(EMPTY, EMPTY)
    assert all(map(math.isnan, (none.f1, none.tpr, none.fdr)))
    missed = lesion_detection(EMPTY, one)
    assert (missed.fn, missed.f1, missed.tpr, missed.missed) == (1, 0, 0, (1,))
    assert math.isnan(missed.fdr)
    made_up = lesion_detection(one, EMPTY)
    assert (made_up.fp, made_up.f1, made_up.fdr, made_up.false) == (1, 0, 1, (1,))
    assert math.isnan(made_up.tpr)


def test_a_matched_lesion_carries_its_own_dice_and_normalised_dice() -> None:
    prediction, reference = EMPTY.copy(), EMPTY.copy()
    reference[1:5, 1:4, 1] = True
    prediction[1:4, 1:4, 1] = True
    (match,) = lesion_detection(prediction, reference).matches
    assert match.dice == pytest.approx(18 / 21)
    expected = normalised_dice(prediction, reference, occurrence_rate=0.01)
    assert match.normalised_dice(voxels=EMPTY.size, occurrence_rate=0.01) == pytest.approx(expected)


def pair_by_hand(prediction: Mask, reference: Mask, *, pairing: str, min_voxels: int) -> list[tuple[Mask, Mask]]:
    parts = []
    for mask in (reference, prediction):
        labels, n = scipy.ndimage.label(mask)
        parts.append([labels == k for k in range(1, n + 1) if np.sum(labels == k) >= min_voxels])
    scores = np.array([[2 * np.sum(a & b) / (a.sum() + b.sum()) for b in parts[1]] for a in parts[0]])
    if pairing == "legacy":
        chosen = [tuple(pair) for pair in np.argwhere(scores > 0)]
    else:
        rows, columns = linear_sum_assignment(-scores)
        chosen = [(i, j) for i, j in zip(rows, columns, strict=True) if scores[i, j] > 0.1]
    return [(parts[0][i], parts[1][j]) for i, j in chosen]


@pytest.mark.parametrize("pairing", ["legacy", "one_to_one"])
@pytest.mark.parametrize("seed", range(4))
def test_objects_are_paired_and_measured_as_by_hand(pairing: str, seed: int) -> None:
    prediction, reference = make_lesions(seed)
    spacing = (0.5, 1.0, 1.5)
    pairs = pair_by_hand(prediction, reference, pairing=pairing, min_voxels=20)
    ours = objectwise(prediction, reference, spacing, pairing=pairing, min_voxels=20)
    dices = [2 * np.sum(a & b) / (a.sum() + b.sum()) for a, b in pairs]
    assert ours.dice == pytest.approx(np.mean(dices), abs=1e-12)
    assert ours.hausdorff95 == pytest.approx(np.mean([hd95(b, a, spacing) for a, b in pairs]), abs=1e-9)
    assert sorted(pair.recall for pair in ours.pairs) == pytest.approx(
        sorted(np.sum(a & b) / a.sum() for a, b in pairs)
    )
    assert ours.recall == len({a.tobytes() for a, _ in pairs}) / ours.reference_objects
    assert ours.precision == len({b.tobytes() for _, b in pairs}) / ours.prediction_objects


def test_objects_below_the_smallest_size_are_dropped_and_none_are_left_undefined() -> None:
    dot = EMPTY.copy()
    dot[2, 2, 2] = True
    assert math.isnan(objectwise(dot, dot, (1, 1, 1)).dice)
    assert objectwise(dot, dot, (1, 1, 1), min_voxels=1).dice == 1
    missed = objectwise(EMPTY, dot, (1, 1, 1), min_voxels=1)
    assert (missed.dice, missed.recall, missed.precision, missed.f1, missed.hausdorff95) == (0, 0, 0, 0, math.inf)
    made_up = objectwise(dot, EMPTY, (1, 1, 1), min_voxels=1)
    assert math.isnan(made_up.recall)
    assert (made_up.dice, made_up.precision, made_up.hausdorff95) == (0, 0, math.inf)


def brats_by_hand(
    prediction: Mask, reference: Mask, spacing: tuple[float, ...], *, dilations: int, left_out: float
) -> dict[str, Any]:
    """The challenge's rule on whole images, lesion by lesion, with SciPy and surface-distance."""
    ball = scipy.ndimage.generate_binary_structure(3, 2)
    zones, n = scipy.ndimage.label(scipy.ndimage.binary_dilation(reference, ball, iterations=dilations), CUBE)
    found, m = scipy.ndimage.label(prediction, CUBE)
    used, rows = set(), []
    for zone in range(1, n + 1):
        lesion = reference & (zones == zone)
        hits = set(np.unique(found[zones == zone])) - {0}
        used |= hits
        union = np.isin(found, list(hits)) & (found > 0)
        peer = surface_distance.compute_surface_distances(lesion, union, spacing)
        distance = surface_distance.compute_robust_hausdorff(peer, 95)
        score = 2 * np.sum(lesion & union) / (lesion.sum() + union.sum())
        if lesion.sum() * np.prod(spacing) > left_out:
            rows.append((score, distance if np.isfinite(distance) else 374.0, bool(hits)))
    fp = m - len(used)
    total = len(rows) + fp
    return {
        "dice": sum(row[0] for row in rows) / total,
        "hausdorff95": (sum(row[1] for row in rows) + 374 * fp) / total,
        "counts": (sum(row[2] for row in rows), fp, sum(not row[2] for row in rows)),
    }


@pytest.mark.parametrize(("challenge", "dilations", "left_out"), [("gli", 3, 50), ("met", 1, 2), ("men", 1, 50)])
@pytest.mark.parametrize("seed", range(4))
def test_brats_lesionwise_equals_the_rule_carried_out_by_hand(
    challenge: str, dilations: int, left_out: float, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(np, "Inf", np.inf, raising=False)
    prediction, reference = make_lesions(seed + 10)
    spacing = (1.0, 1.0, 1.0) if seed % 2 else (0.8, 1.1, 1.3)
    expected = brats_by_hand(prediction, reference, spacing, dilations=dilations, left_out=left_out)
    for masks in ((prediction, reference), (np.asfortranarray(prediction), np.asfortranarray(reference))):
        ours = brats_lesionwise(*masks, spacing, challenge=challenge)
        assert (ours.tp, ours.fp, ours.fn) == expected["counts"]
        assert ours.dice == pytest.approx(expected["dice"], abs=1e-12)
        assert ours.hausdorff95 == pytest.approx(expected["hausdorff95"], abs=1e-9)


def test_brats_lesionwise_of_nothing_is_undefined_and_of_a_false_lesion_the_worst() -> None:
    dot = EMPTY.copy()
    dot[2, 2, 2] = True
    assert math.isnan(brats_lesionwise(EMPTY, EMPTY, (1, 1, 1)).dice)
    assert math.isnan(brats_lesionwise(EMPTY, dot, (1, 1, 1)).dice)  # 1 mm³ is left out
    false = brats_lesionwise(dot, EMPTY, (1, 1, 1))
    assert (false.dice, false.hausdorff95, false.fp) == (0, 374, 1)
    with pytest.raises(ValueError, match="challenge"):
        brats_lesionwise(dot, dot, (1, 1, 1), challenge="2024")


def test_two_axes_work_as_three() -> None:
    flat = np.zeros((40, 30), dtype=bool)
    flat[5:12, 5:14] = flat[20:30, 15:25] = True
    moved = np.roll(flat, 1, axis=0)
    for masks in ((moved, flat), (np.asfortranarray(moved), np.asfortranarray(flat))):
        assert lesion_detection(*masks).tp == 2
        assert objectwise(*masks, (1, 2)).hausdorff95 == pytest.approx(
            np.mean([pair.hausdorff95 for pair in objectwise(*masks, (1, 2)).pairs])
        )
        assert objectwise(*masks, (1, 2), pairing="one_to_one").hausdorff95 == 1
        assert brats_lesionwise(*masks, (1, 2)).tp == 2
