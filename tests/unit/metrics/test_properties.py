"""What holds for every metric and consensus, whatever the masks: symmetry, no sense of direction, bounds, growth."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.consensus import majority_vote, staple, vote_entropy, voxel_fleiss_kappa
from evaluation.metrics import (
    average_surface_distance,
    brats_lesionwise,
    dice,
    hausdorff95,
    jaccard,
    lesion_detection,
    normalised_dice,
    objectwise,
    pairwise,
    precision,
    recall,
    surface_dice,
    volume_difference,
)
from tests.unit.metrics.metric_masks import Mask

SPACING = (0.4, 1.0, 2.5)
seeds = st.integers(0, 2**32 - 1)
FEW = settings(max_examples=25, deadline=None)

Metric = Callable[[Mask, Mask, tuple[float, ...]], float]


def distance(variant: str) -> Metric:
    return lambda p, r, s: hausdorff95(p, r, s, variant=variant)


def overlap(variant: str) -> Metric:
    return lambda p, r, s: surface_dice(p, r, s, tolerance_mm=1.3, variant=variant)


def average(variant: str) -> Metric:
    return lambda p, r, s: average_surface_distance(p, r, s, variant=variant)


SYMMETRIC: dict[str, Metric] = {
    "dice": lambda p, r, _: dice(p, r),
    "jaccard": lambda p, r, _: jaccard(p, r),
    **{f"hausdorff95 {variant}": distance(variant) for variant in ("directed", "pooled", "surfel")},
    **{f"surface dice {variant}": overlap(variant) for variant in ("surfel", "voxel")},
    **{f"average {variant}": average(variant) for variant in ("pooled", "directed", "surfel")},
    "lesion f1": lambda p, r, _: lesion_detection(p, r).f1,
}
ONE_WAY: dict[str, Metric] = {
    "precision": lambda p, r, _: precision(p, r),
    "recall": lambda p, r, _: recall(p, r),
    "normalised dice": lambda p, r, _: normalised_dice(p, r, occurrence_rate=0.01),
    "volume difference": volume_difference,
    "objectwise dice": lambda p, r, s: objectwise(p, r, s, min_voxels=2).dice,
    "objectwise f1, one to one": lambda p, r, s: objectwise(p, r, s, min_voxels=2, pairing="one_to_one").f1,
    "lesion tpr": lambda p, r, _: lesion_detection(p, r).tpr,
    "brats dice": lambda p, r, s: brats_lesionwise(p, r, s, challenge="met").dice,
    "brats hd95": lambda p, r, s: brats_lesionwise(p, r, s, challenge="met").hausdorff95,
}
SHARES = [
    name for name in [*SYMMETRIC, *ONE_WAY] if not name.startswith(("hausdorff", "average", "volume", "brats hd95"))
]


def draw(seed: int, shape: tuple[int, ...] = (7, 6, 5)) -> tuple[Mask, Mask]:
    """Return two masks that overlap more or less: a scatter of boxes, and the same with a part of it changed."""
    rng = np.random.default_rng(seed)
    first = np.zeros(shape, bool)
    for _ in range(int(rng.integers(0, 4))):
        low = rng.integers(0, shape)
        first[tuple(slice(a, a + int(rng.integers(1, 4))) for a in low)] = True
    second = first ^ (rng.random(shape) < rng.choice([0.0, 0.02, 0.1]))
    return first, second


def same(one: float, other: float) -> bool:
    return one == pytest.approx(other, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("name", SYMMETRIC)
@FEW
@given(seeds)
def test_it_does_not_matter_which_mask_comes_first(name: str, seed: int) -> None:
    one, other = draw(seed)
    assert same(SYMMETRIC[name](one, other, SPACING), SYMMETRIC[name](other, one, SPACING))


@pytest.mark.parametrize("name", [*SYMMETRIC, *ONE_WAY])
@FEW
@given(seeds)
def test_flipped_and_turned_images_have_the_same_figures(name: str, seed: int) -> None:
    metric = (SYMMETRIC | ONE_WAY)[name]
    one, other = draw(seed)
    rng = np.random.default_rng(seed)
    expected = metric(one, other, SPACING)
    axes = tuple(np.flatnonzero(rng.random(3) < 0.5))
    assert same(metric(np.flip(one, axes), np.flip(other, axes), SPACING), expected)
    order = tuple(rng.permutation(3))
    turned = metric(one.transpose(order), other.transpose(order), tuple(SPACING[axis] for axis in order))
    assert same(turned, expected)


@pytest.mark.parametrize("name", SHARES)
@FEW
@given(seeds)
def test_shares_lie_between_0_and_1_and_are_1_for_the_same_mask(name: str, seed: int) -> None:
    metric = (SYMMETRIC | ONE_WAY)[name]
    one, other = draw(seed)
    value = metric(one, other, SPACING)
    assert math.isnan(value) or 0 <= value <= 1
    itself = metric(one, one, SPACING)
    assert math.isnan(itself) or itself == pytest.approx(1)


@pytest.mark.parametrize("name", ["dice", "jaccard", "recall", "normalised dice", "precision"])
@FEW
@given(seeds)
def test_a_voxel_more_that_is_right_never_makes_an_overlap_worse(name: str, seed: int) -> None:
    metric = (SYMMETRIC | ONE_WAY)[name]
    prediction, reference = draw(seed)
    missing = np.argwhere(reference & ~prediction)
    if not len(missing) or not prediction.any():
        return
    better = prediction.copy()
    better[tuple(missing[0])] = True
    assert metric(better, reference, SPACING) >= metric(prediction, reference, SPACING) - 1e-12


@FEW
@given(seeds, st.floats(0, 5), st.floats(0, 5))
def test_a_larger_tolerance_never_lowers_the_surface_dice(seed: int, one_mm: float, more_mm: float) -> None:
    masks = draw(seed)
    small, large = (surface_dice(*masks, SPACING, tolerance_mm=tolerance) for tolerance in (one_mm, one_mm + more_mm))
    assert math.isnan(small) or small <= large + 1e-12


@FEW
@given(seeds, st.floats(0.1, 10))
def test_distances_grow_with_the_voxels(seed: int, factor: float) -> None:
    one, other = draw(seed)
    larger = tuple(size * factor for size in SPACING)
    for variant in ("directed", "pooled", "surfel"):
        expected = hausdorff95(one, other, SPACING, variant=variant) * factor
        assert hausdorff95(one, other, larger, variant=variant) == pytest.approx(expected, rel=1e-9, nan_ok=True)


@FEW
@given(seeds, st.integers(2, 9))
def test_raters_in_another_order_give_the_same_consensus(seed: int, raters: int) -> None:
    rng = np.random.default_rng(seed)
    base = draw(seed)[0]
    masks = np.stack([base ^ (rng.random(base.shape) < 0.1) for _ in range(raters)])
    order = rng.permutation(raters)
    np.testing.assert_array_equal(majority_vote(masks[order]), majority_vote(masks))
    np.testing.assert_allclose(vote_entropy(masks[order]), vote_entropy(masks), atol=1e-12)
    first, second = staple(masks), staple(masks[order])
    np.testing.assert_allclose(second.probability, first.probability, atol=1e-6)
    np.testing.assert_allclose(second.sensitivity, first.sensitivity[order], atol=1e-6)
    found, turned = pairwise(masks, SPACING), pairwise(masks[order], SPACING)
    for name in ("dice", "hausdorff95", "surface_dice"):
        np.testing.assert_allclose(getattr(turned, name), getattr(found, name)[np.ix_(order, order)], atol=1e-12)


@FEW
@given(seeds, st.integers(2, 9))
def test_entropy_and_kappa_keep_to_their_bounds(seed: int, raters: int) -> None:
    rng = np.random.default_rng(seed)
    masks = rng.random((raters, 5, 4, 3)) < rng.random()
    bits = vote_entropy(masks)
    assert bits.min() >= 0
    assert bits.max() <= 1
    np.testing.assert_array_equal(bits == 0, np.all(masks == masks[0], axis=0))
    kappa = voxel_fleiss_kappa(masks).kappa
    assert math.isnan(kappa) or -1 <= kappa <= 1


@FEW
@given(seeds)
def test_a_voter_more_for_the_majority_keeps_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    masks = rng.random((5, 4, 4, 4)) < 0.5
    vote = majority_vote(masks)
    np.testing.assert_array_equal(majority_vote([*masks, vote]), vote)


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int64, np.float32])
@pytest.mark.parametrize("axes", [1, 2, 3])
def test_any_type_memory_order_and_number_of_axes_gives_the_same_and_nothing_is_changed(dtype: Any, axes: int) -> None:
    shape = (9, 8, 7)[:axes]
    rng = np.random.default_rng(axes)
    masks = rng.random((3, *shape)) < 0.4
    spacing = SPACING[:axes]
    expected = pairwise(masks, spacing)
    for turned in (masks.astype(dtype), np.asfortranarray(masks.astype(dtype)), masks.astype(dtype)[:, ::-1][:, ::-1]):
        before = turned.copy()
        turned.flags.writeable = False
        found = pairwise(turned, spacing)
        for name in ("dice", "jaccard", "hausdorff95", "surface_dice"):
            np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
        np.testing.assert_array_equal(staple(turned).mask, staple(masks).mask)
        np.testing.assert_array_equal(majority_vote(turned), majority_vote(masks))
        np.testing.assert_array_equal(turned, before)


@pytest.mark.parametrize(
    "bad",
    [
        np.array([[0.0, math.nan], [0.0, 1.0]]),
        np.array([[0.5, 0.0], [0.0, 1.0]]),
        np.array([[2, 0], [0, 1]]),
        np.array([[-1, 0], [0, 1]]),
        np.array([[math.inf, 0.0], [0.0, 1.0]]),
        np.array([["a", "b"], ["c", "d"]]),
        np.zeros((2, 2, 2, 2)),
        np.zeros((0, 2)),
    ],
)
@pytest.mark.parametrize("name", [*SYMMETRIC, *ONE_WAY])
def test_every_metric_refuses_what_is_no_mask(name: str, bad: Any) -> None:
    good = np.ones(bad.shape, bool)
    spacing = (1.0,) * bad.ndim
    for one, other in ((bad, good), (good, bad)):
        with pytest.raises(ValueError, match=r"mask|prediction|reference"):
            (SYMMETRIC | ONE_WAY)[name](one, other, spacing)


def test_more_than_64_raters_are_refused_by_name() -> None:
    masks = np.ones((65, 3), bool)
    refusing: tuple[Any, ...] = (majority_vote, staple, vote_entropy)
    for consensus in refusing:
        with pytest.raises(ValueError, match="64 raters"):
            consensus(masks)
    with pytest.raises(ValueError, match="64 raters"):
        pairwise(masks, (1.0,))
