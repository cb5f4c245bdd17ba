"""Label maps, leave-one-out, entropy and voxel-wise kappa against peers and counting."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest
import scipy.stats
import SimpleITK
from numpy.typing import NDArray
from statsmodels.stats.inter_rater import fleiss_kappa

from evaluation.consensus import (
    leave_one_out_agreement,
    leave_one_out_consensus,
    majority_vote,
    majority_vote_labels,
    staple,
    staple_labels,
    vote_entropy,
    vote_entropy_labels,
    voxel_fleiss_kappa,
)
from evaluation.metrics import dice, jaccard, pairwise, pairwise_labels

LABELS = np.array([0, 1, 2, 4], dtype=np.uint8)


def make_maps(seed: int, raters: int = 5, shape: tuple[int, ...] = (9, 8, 7)) -> NDArray[np.uint8]:
    rng = np.random.default_rng(seed)
    truth = LABELS[rng.integers(0, 4, shape)]
    truth[:2] = 0
    noise = rng.random((raters, *shape)) < 0.25
    return np.where(noise, LABELS[rng.integers(0, 4, (raters, *shape))], truth).astype(np.uint8)


def to_images(maps: NDArray[Any]) -> list[SimpleITK.Image]:
    return [SimpleITK.GetImageFromArray(one) for one in maps]


@pytest.mark.parametrize("seed", range(5))
def test_plurality_equals_simpleitks_label_voting(seed: int) -> None:
    maps = make_maps(seed, raters=4 + seed)
    peer = SimpleITK.GetArrayFromImage(SimpleITK.LabelVoting(to_images(maps), 0))
    np.testing.assert_array_equal(majority_vote_labels(maps, rule="plurality"), peer)


@pytest.mark.parametrize("seed", range(5))
def test_multi_label_staple_equals_simpleitks(seed: int) -> None:
    maps = make_maps(seed, raters=3 + seed)
    peer = SimpleITK.GetArrayFromImage(SimpleITK.MultiLabelSTAPLE(to_images(maps), 0))
    ours = staple_labels(maps)
    np.testing.assert_array_equal(ours.labels, peer)
    total = sum(ours.probability(int(label)) for label in ours.values)
    np.testing.assert_allclose(total, 1, atol=1e-12)
    np.testing.assert_allclose(ours.confusion.sum(axis=1), 1, atol=1e-12)


def test_an_absolute_majority_of_one_label_is_the_majority_vote_of_its_mask() -> None:
    for raters in (3, 4, 8):
        maps = make_maps(raters, raters=raters)
        fused = majority_vote_labels(maps)
        for label in LABELS[1:]:
            np.testing.assert_array_equal(fused == label, majority_vote(maps == label))


def test_tied_labels_go_to_the_named_rule() -> None:
    maps = np.array([[1, 0, 4, 1], [1, 0, 4, 2], [2, 2, 1, 4], [2, 2, 0, 0]])[:, :, None]
    for rule, expected in (
        ("background", [0, 0, 4, 0]),
        ("lowest", [1, 2, 4, 1]),
        ("highest", [2, 2, 4, 4]),
    ):
        assert majority_vote_labels(maps, rule="plurality", tie=rule).ravel().tolist() == expected
    assert majority_vote_labels(maps, tie="lowest").ravel().tolist() == [1, 2, 4, 0]
    with pytest.raises(ValueError, match="rule"):
        majority_vote_labels(maps, rule="most")


def test_many_raters_with_many_labels_are_grouped_exactly() -> None:
    rng = np.random.default_rng(0)
    maps = rng.integers(0, 200, (40, 6, 5, 4))
    maps[:25] = maps[0]
    np.testing.assert_array_equal(majority_vote_labels(maps), maps[0])


@pytest.mark.real_data
def test_the_published_votes_on_label_maps_are_reproduced(real_data: Path) -> None:
    folder = real_data / "labelfusion"
    loaded = {
        name: np.asarray(nibabel.load(folder / f"{name}.nii.gz").dataobj)  # type: ignore[attr-defined]
        for name in ("resunet", "unet", "baseline_itkvoting", "baseline_majorityvoting", "baseline_staple")
    }
    maps = [loaded["resunet"], loaded["unet"]]
    np.testing.assert_array_equal(majority_vote_labels(maps, rule="plurality"), loaded["baseline_itkvoting"])
    np.testing.assert_array_equal(majority_vote_labels(maps), loaded["baseline_majorityvoting"])
    np.testing.assert_array_equal(majority_vote_labels(maps), loaded["baseline_staple"])
    np.testing.assert_array_equal(staple_labels(maps).labels, loaded["baseline_staple"])


@pytest.mark.parametrize("raters", [2, 5, 8, 12])
@pytest.mark.parametrize("tie", ["background", "foreground"])
def test_no_rater_is_compared_with_a_consensus_that_holds_them(raters: int, tie: str) -> None:
    rng = np.random.default_rng(raters)
    masks, models = rng.random((raters, 6, 5, 4)) < 0.5, rng.random((3, 6, 5, 4)) < 0.5
    consensus = leave_one_out_consensus(masks, tie=tie)
    agreement = leave_one_out_agreement(masks, others=models, tie=tie)
    for rater in range(raters):
        rest = np.delete(masks, rater, axis=0)
        np.testing.assert_array_equal(consensus[rater], majority_vote(rest, tie=tie))
        np.testing.assert_equal(agreement.jaccard[rater], jaccard(masks[rater], consensus[rater]))
        np.testing.assert_equal(agreement.dice[rater], dice(masks[rater], consensus[rater]))
        for model in range(3):
            expected = jaccard(models[model], consensus[rater])
            np.testing.assert_equal(agreement.jaccard_of_others[model, rater], expected)


def test_leave_one_out_by_staple_is_staple_of_the_rest() -> None:
    masks = np.random.default_rng(1).random((4, 6, 5, 4)) < 0.4
    fused = leave_one_out_consensus(masks, method="staple")
    np.testing.assert_array_equal(fused[2], staple(np.delete(masks, 2, axis=0)).mask)
    with pytest.raises(ValueError, match="raters"):
        leave_one_out_consensus(masks[:1])


def test_entropy_is_that_of_scipy_and_0_where_all_agree() -> None:
    masks = np.random.default_rng(2).random((5, 6, 5, 4)) < 0.4
    share = masks.mean(axis=0)
    expected = scipy.stats.entropy(np.stack([share, 1 - share]), base=2, axis=0)
    np.testing.assert_allclose(vote_entropy(masks), expected, atol=1e-12)
    assert (vote_entropy(np.ones((3, 2, 2))) == 0).all()
    maps = make_maps(3)
    shares = np.stack([(maps == label).mean(axis=0) for label in LABELS])
    np.testing.assert_allclose(vote_entropy_labels(maps), scipy.stats.entropy(shares, base=2, axis=0), atol=1e-12)


@pytest.mark.parametrize("domain", ["field", "box", "union"])
def test_voxel_wise_kappa_equals_statsmodels(domain: str) -> None:
    masks = np.random.default_rng(3).random((6, 9, 8, 7)) < 0.3
    masks[:, :2] = False
    inside = {
        "field": np.ones(masks.shape[1:], bool),
        "box": np.broadcast_to(np.arange(9)[:, None, None] >= 2, masks.shape[1:]),
        "union": masks.any(axis=0),
    }[domain]
    given = masks.sum(axis=0)[inside]
    ours = voxel_fleiss_kappa(masks, domain=domain)
    assert ours.kappa == pytest.approx(fleiss_kappa(np.stack([given, 6 - given], axis=1)), abs=1e-12)
    assert ours.domain_voxels == inside.sum()
    np.testing.assert_allclose(voxel_fleiss_kappa(masks, domain=inside).kappa, ours.kappa)


def test_voxel_wise_kappa_is_undefined_when_everybody_says_the_same_everywhere() -> None:
    assert math.isnan(voxel_fleiss_kappa(np.zeros((3, 4, 4))).kappa)
    assert math.isnan(voxel_fleiss_kappa(np.ones((3, 4, 4))).kappa)


def test_pairwise_figures_of_label_maps_are_those_of_each_region() -> None:
    maps = make_maps(4)
    table = pairwise_labels(maps, (1, 1, 2), regions={"WT": (1, 2, 4), "ET": (4,)})
    np.testing.assert_array_equal(table["WT"].dice, pairwise(maps > 0, (1, 1, 2)).dice)
    np.testing.assert_array_equal(table["ET"].surface_dice, pairwise(maps == 4, (1, 1, 2)).surface_dice)
    assert list(pairwise_labels(maps, (1, 1, 2))) == ["1", "2", "4"]
    for bad in (maps.astype(float) + 0.5, maps.astype(int) - 1, np.full((2, 3, 3), math.nan)):
        with pytest.raises(ValueError, match="label"):
            pairwise_labels(bad, (1,) * (bad.ndim - 1))
    with pytest.raises(ValueError, match="region"):
        pairwise_labels(maps, (1, 1, 1), regions={"none": ()})
