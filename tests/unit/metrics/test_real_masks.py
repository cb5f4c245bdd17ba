"""Every metric and consensus on real masks: one glioma, segmented by six algorithms, against each one's peer."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from pathlib import Path

import nibabel
import numpy as np
import pytest
import scipy.ndimage
import scipy.spatial
import scipy.stats
import SimpleITK as sitk
import surface_distance
import torch
from medpy.metric.binary import assd, hd95
from monai.metrics.hausdorff_distance import compute_hausdorff_distance
from monai.metrics.surface_dice import compute_surface_dice
from numpy.typing import NDArray
from panoptica import ConnectedComponentsInstanceApproximator, InputType, NaiveThresholdMatching, Panoptica_Evaluator
from sklearn.metrics import f1_score, jaccard_score, precision_score, recall_score
from statsmodels.stats.inter_rater import fleiss_kappa

from evaluation.consensus import (
    leave_one_out_agreement,
    majority_vote,
    majority_vote_labels,
    staple,
    staple_labels,
    vote_entropy,
    vote_entropy_labels,
    voxel_fleiss_kappa,
)
from evaluation.metrics import (
    average_surface_distance,
    brats_lesionwise,
    compare,
    hausdorff95,
    lesion_detection,
    normalised_dice,
    objectwise,
    pairwise,
    precision,
    recall,
    surface_dice,
    volume_ml,
)
from tests.unit.metrics.metric_masks import Mask
from tests.unit.metrics.test_lesions import brats_by_hand, pair_by_hand

pytestmark = pytest.mark.real_data
Labels = NDArray[np.uint8]
ALGORITHMS = ("mic-dkfz", "scan", "xfeng", "lfb_rwth", "scan_2019", "zyx_2019")
SPACINGS = {"as scanned": (1.0, 1.0, 1.0), "fine": (0.4, 0.4, 0.4), "thick": (0.47, 0.47, 5.0)}
TAU = 2.0537
REGIONS = {"whole tumour": (1, 2, 4), "core": (1, 4), "enhancing": (4,)}


@pytest.fixture(scope="module")
def maps(real_data: Path) -> list[Labels]:
    """The six label maps inside the box of all their labels, with one voxel of background around it."""
    folder = real_data / "tcga-du-7294" / "btk_output_segmentor"
    whole = [np.asarray(nibabel.load(folder / f"{name}.nii.gz").dataobj).astype(np.uint8) for name in ALGORITHMS]  # type: ignore[attr-defined]
    used = np.argwhere(np.any(whole, axis=0))
    box = tuple(slice(max(0, low - 1), high + 2) for low, high in zip(used.min(axis=0), used.max(axis=0), strict=True))
    return [one[box] for one in whole]


@pytest.fixture(params=REGIONS)
def masks(request: pytest.FixtureRequest, maps: list[Labels]) -> list[Mask]:
    return [np.isin(one, REGIONS[request.param]) for one in maps]


@pytest.fixture(autouse=True)
def _names_that_surface_distance_expects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(np, "Inf", np.inf, raising=False)


def pairs(masks: list[Mask]) -> Iterator[tuple[int, int, Mask, Mask]]:
    for i, j in itertools.combinations(range(len(masks)), 2):
        if masks[i].any() and masks[j].any():
            yield i, j, masks[i], masks[j]


def scipy_directed(one: Mask, other: Mask, spacing: tuple[float, ...]) -> float:
    borders = [np.argwhere(mask & ~scipy.ndimage.binary_erosion(mask)) * spacing for mask in (one, other)]
    trees = [scipy.spatial.cKDTree(points) for points in borders]
    return float(max(np.percentile(trees[1 - side].query(borders[side])[0], 95) for side in (0, 1)))


def test_overlaps_of_all_pairs_are_those_of_scikit_learn(masks: list[Mask]) -> None:
    found = pairwise(masks, (1, 1, 1))
    for i, j, one, other in pairs(masks):
        flat = other.ravel(), one.ravel()
        assert found.dice[i, j] == pytest.approx(f1_score(*flat), abs=1e-12)
        assert found.jaccard[i, j] == pytest.approx(jaccard_score(*flat), abs=1e-12)
        assert precision(one, other) == pytest.approx(precision_score(*flat), abs=1e-12)
        assert recall(one, other) == pytest.approx(recall_score(*flat), abs=1e-12)
        assert volume_ml(one, (1, 1, 1)) == pytest.approx(one.sum() / 1000, abs=1e-12)


@pytest.mark.parametrize("name", SPACINGS)
def test_distances_of_all_pairs_are_those_of_scipy_medpy_and_surface_distance(masks: list[Mask], name: str) -> None:
    spacing = SPACINGS[name]
    directed = pairwise(masks, spacing, tolerance_mm=TAU)
    surfel = pairwise(masks, spacing, tolerance_mm=TAU, hausdorff_variant="surfel")
    pooled = pairwise(masks, spacing, hausdorff_variant="pooled")
    for i, j, one, other in pairs(masks):
        peer = surface_distance.compute_surface_distances(other, one, spacing)
        overlap = surface_distance.compute_surface_dice_at_tolerance(peer, TAU)
        assert surfel.hausdorff95[i, j] == pytest.approx(surface_distance.compute_robust_hausdorff(peer, 95), abs=1e-12)
        assert directed.surface_dice[i, j] == pytest.approx(overlap, abs=1e-12)
        assert directed.hausdorff95[i, j] == pytest.approx(scipy_directed(one, other, spacing), abs=1e-9)
        assert pooled.hausdorff95[i, j] == pytest.approx(hd95(one, other, spacing), abs=1e-9)
        assert average_surface_distance(one, other, spacing) == pytest.approx(assd(one, other, spacing), abs=1e-9)


def test_voxel_variants_are_those_of_monai(masks: list[Mask]) -> None:
    for _, _, one, other in pairs(masks):
        first, second = torch.from_numpy(one)[None, None], torch.from_numpy(other)[None, None]
        distance = compute_hausdorff_distance(first, second, include_background=True, percentile=95, spacing=(1, 1, 1))
        overlap = compute_surface_dice(first, second, [TAU], include_background=True, spacing=(1, 1, 1))
        assert hausdorff95(one, other, (1, 1, 1)) == pytest.approx(distance.item(), abs=1e-5)
        ours = surface_dice(one, other, (1, 1, 1), tolerance_mm=TAU, variant="voxel")
        assert ours == pytest.approx(overlap.item(), abs=1e-5)


@pytest.mark.filterwarnings("ignore")
def test_lesions_are_counted_as_panoptica_and_the_challenge_count_them(masks: list[Mask]) -> None:
    judge = Panoptica_Evaluator(
        expected_input=InputType.SEMANTIC,
        instance_approximator=ConnectedComponentsInstanceApproximator(),
        instance_matcher=NaiveThresholdMatching(matching_threshold=float(np.nextafter(0.25, 1))),
    )
    for _, _, one, other in itertools.islice(pairs(masks), 4):
        peer = judge.evaluate(one.astype(np.uint8), other.astype(np.uint8), verbose=False)["ungrouped"]
        ours = lesion_detection(one, other)
        assert (ours.tp, ours.fp, ours.fn) == (peer.tp, peer.fp, peer.fn)
        found = brats_lesionwise(one, other, (1, 1, 1), challenge="gli")
        if not found.tp + found.fp + found.fn:
            assert math.isnan(found.dice)  # nothing but specks that the challenge leaves out
            continue
        expected = brats_by_hand(one, other, (1, 1, 1), dilations=3, left_out=50)
        assert (found.tp, found.fp, found.fn) == expected["counts"]
        assert found.dice == pytest.approx(expected["dice"], abs=1e-12)
        assert found.hausdorff95 == pytest.approx(expected["hausdorff95"], abs=1e-9)


@pytest.mark.parametrize("pairing", ["legacy", "one_to_one"])
def test_objects_are_paired_and_measured_as_by_hand(masks: list[Mask], pairing: str) -> None:
    for _, _, one, other in itertools.islice(pairs(masks), 4):
        found = objectwise(one, other, (1, 1, 1), pairing=pairing)
        if not found.prediction_objects * found.reference_objects:
            assert found.pairs == ()
            continue
        expected = pair_by_hand(one, other, pairing=pairing, min_voxels=50)
        assert len(found.pairs) == len(expected)
        if expected:
            dices = [f1_score(b.ravel(), a.ravel()) for a, b in expected]
            assert found.dice == pytest.approx(np.mean(dices), abs=1e-12)
            assert found.hausdorff95 == pytest.approx(np.mean([hd95(b, a) for a, b in expected]), abs=1e-9)


def test_votes_entropy_and_kappa_of_six_real_masks(masks: list[Mask]) -> None:
    given = np.sum(masks, axis=0)
    np.testing.assert_array_equal(majority_vote(masks), given > 3)
    np.testing.assert_array_equal(majority_vote(masks, tie="foreground"), given >= 3)
    assert (given == 3).any()  # ties do occur
    share = given / 6
    np.testing.assert_allclose(vote_entropy(masks), scipy.stats.entropy([share, 1 - share], base=2), atol=1e-12)
    table = np.stack([given.ravel(), 6 - given.ravel()], axis=1)
    assert voxel_fleiss_kappa(masks).kappa == pytest.approx(fleiss_kappa(table), abs=1e-9)
    ours = leave_one_out_agreement(masks)
    for place, mask in enumerate(masks):
        rest = 2 * (given - mask) > 5
        assert ours.dice[place] == pytest.approx(f1_score(rest.ravel(), mask.ravel()), abs=1e-12)


def test_staple_of_six_real_masks_is_simpleitks(masks: list[Mask]) -> None:
    peer = sitk.STAPLEImageFilter()
    peer.SetForegroundValue(1)
    fused = sitk.GetArrayFromImage(peer.Execute([sitk.GetImageFromArray(mask.astype(np.uint8)) for mask in masks]))
    ours = staple(masks)
    np.testing.assert_array_equal(ours.mask, fused >= 0.5)
    np.testing.assert_allclose(ours.probability, fused, atol=1e-8)
    np.testing.assert_allclose(ours.sensitivity, peer.GetSensitivity(), atol=1e-8)
    np.testing.assert_allclose(ours.specificity, peer.GetSpecificity(), atol=1e-8)
    assert ours.iterations == peer.GetElapsedIterations()


def test_label_maps_of_six_algorithms_are_fused_as_simpleitk_does(maps: list[Labels]) -> None:
    voting = sitk.LabelVotingImageFilter()
    voting.SetLabelForUndecidedPixels(0)
    peer = sitk.GetArrayFromImage(voting.Execute([sitk.GetImageFromArray(one) for one in maps]))
    np.testing.assert_array_equal(majority_vote_labels(maps, rule="plurality"), peer)
    shares = np.stack([np.mean([one == label for one in maps], axis=0) for label in (0, 1, 2, 4)])
    np.testing.assert_allclose(vote_entropy_labels(maps), scipy.stats.entropy(shares, base=2), atol=1e-12)


@pytest.mark.parametrize("raters", [slice(3), slice(2, 6), slice(6)])
def test_multi_label_staple_of_real_label_maps_is_simpleitks(maps: list[Labels], raters: slice) -> None:
    peer = sitk.MultiLabelSTAPLEImageFilter()
    fused = sitk.GetArrayFromImage(peer.Execute([sitk.GetImageFromArray(one) for one in maps[raters]]))
    ours = staple_labels(maps[raters])
    undecided = int(ours.values[-1]) + 1  # ITK's name for a tie; ours is the background
    np.testing.assert_array_equal(ours.labels, np.where(fused == undecided, 0, fused))
    for rater, confusion in enumerate(ours.confusion):
        theirs = np.array(peer.GetConfusionMatrix(rater)).reshape(undecided + 1, undecided)  # (given, true)
        np.testing.assert_allclose(confusion, theirs[np.ix_(ours.values, ours.values)], atol=1e-5)  # float32 there


def test_normalised_dice_of_real_masks_is_a_weighted_f1(masks: list[Mask], real_data: Path) -> None:
    seen = np.asarray(nibabel.load(next((real_data / "brats2021-00006").glob("*_seg.nii.gz"))).dataobj) > 0  # type: ignore[attr-defined]
    seen = seen[40:200:2, 40:200:2, 20:140:2]
    for one, other in [*[pair[2:] for pair in pairs(masks)][:4], (np.roll(seen, 3, axis=0), seen)]:
        for rate in (0.001, 0.02):
            odds = other.sum() / (other.size - other.sum())
            weights = np.where(other, 1.0, (1 - rate) / rate * odds)  # a false positive counts κ times
            expected = f1_score(other.ravel(), one.ravel(), sample_weight=weights.ravel())
            assert normalised_dice(one, other, occurrence_rate=rate) == pytest.approx(expected, abs=1e-12)


def test_real_masks_of_an_expert_and_of_nobody_give_what_the_rule_says(real_data: Path) -> None:
    whole = {
        name: np.asarray(nibabel.load(next((real_data / name).glob("*_seg.nii.gz"))).dataobj)  # type: ignore[attr-defined]
        for name in ("brats2021-00006", "brats2021-01480")
    }
    assert volume_ml(whole["brats2021-00006"] == 4, (1, 1, 1)) == pytest.approx(26.448)
    nothing = whole["brats2021-01480"] == 4
    assert not nothing.any()
    missed = compare(nothing, whole["brats2021-00006"] == 4, (1, 1, 1))
    assert (missed.dice, missed.surface_dice_surfel, missed.hausdorff95_directed) == (0, 0, math.inf)
    assert math.isnan(compare(nothing, nothing, (1, 1, 1)).dice)
