"""STAPLE against SimpleITK, and the published fusion baselines."""

from __future__ import annotations

from pathlib import Path

import nibabel
import numpy as np
import pytest
import SimpleITK
from numpy.typing import NDArray

from evaluation.consensus import staple
from tests.unit.metrics.metric_masks import make_blob


def fuse_with_itk(masks: NDArray[np.bool_]) -> tuple[NDArray[np.float64], SimpleITK.STAPLEImageFilter]:
    peer = SimpleITK.STAPLEImageFilter()
    peer.SetForegroundValue(1)
    fused = peer.Execute([SimpleITK.GetImageFromArray(mask.astype(np.uint8)) for mask in masks])
    return SimpleITK.GetArrayFromImage(fused), peer


def make_readings(seed: int) -> NDArray[np.bool_]:
    rng = np.random.default_rng(seed)
    raters = int(rng.integers(2, 12))
    if seed % 3 == 0:
        return np.stack([make_blob(rng, (20, 16, 14)) for _ in range(raters)])
    truth = make_blob(rng, (20, 16, 14))
    return np.stack([truth ^ (rng.random(truth.shape) < rng.uniform(0, 0.2)) for _ in range(raters)])


@pytest.mark.parametrize("seed", range(15))
def test_staple_equals_simpleitk_in_mask_iterations_probability_and_raters(seed: int) -> None:
    masks = make_readings(seed)
    probability, peer = fuse_with_itk(masks)
    ours = staple(masks)
    assert ours.iterations == peer.GetElapsedIterations()
    np.testing.assert_array_equal(ours.mask, probability >= 0.5)
    np.testing.assert_allclose(ours.probability, probability, atol=1e-8)
    if not masks.any(axis=0).all():
        assert ours.unmarked == pytest.approx(probability[~masks.any(axis=0)].max(), rel=1e-6)
    np.testing.assert_allclose(ours.sensitivity, peer.GetSensitivity(), atol=1e-8)
    np.testing.assert_allclose(ours.specificity, peer.GetSpecificity(), atol=1e-8)


def test_a_smaller_domain_is_the_same_as_cropping_for_simpleitk() -> None:
    masks = make_readings(3)
    voted = np.argwhere(masks.any(axis=0))
    box = tuple(slice(low, high + 1) for low, high in zip(voted.min(axis=0), voted.max(axis=0), strict=True))
    cropped, peer = fuse_with_itk(masks[(slice(None), *box)])
    ours = staple(masks, domain="box")
    assert (ours.domain, ours.domain_voxels, ours.iterations) == ("box", cropped.size, peer.GetElapsedIterations())
    np.testing.assert_allclose(ours.probability[box], cropped, atol=1e-8)
    own = np.zeros(masks.shape[1:], bool)
    own[box] = True
    np.testing.assert_allclose(staple(masks, domain=own).probability, ours.probability, atol=1e-12)


def test_the_domain_changes_the_volume_and_the_union_is_the_smallest() -> None:
    masks = make_readings(6)
    volumes = {domain: staple(masks, domain=domain).mask.sum() for domain in ("field", "box", "union")}
    assert volumes["field"] >= volumes["box"] >= volumes["union"]
    assert staple(masks, domain="union").domain_voxels == masks.any(axis=0).sum()


@pytest.mark.parametrize("raters", [17, 40, 64])
def test_up_to_64_raters_find_the_hidden_mask(raters: int) -> None:
    rng = np.random.default_rng(raters)
    truth = make_blob(rng, (12, 12, 12), rough=0)
    masks = truth ^ (rng.random((raters, *truth.shape)) < 0.1)
    ours = staple(masks)
    np.testing.assert_array_equal(ours.mask, truth)
    np.testing.assert_allclose(ours.sensitivity, masks[:, truth].mean(axis=1), atol=1e-3)
    np.testing.assert_allclose(ours.specificity, (~masks[:, ~truth]).mean(axis=1), atol=1e-3)


def test_no_vote_at_all_gives_no_foreground_and_undefined_sensitivities() -> None:
    ours = staple(np.zeros((3, 4, 4, 4)))
    assert not ours.probability.any()
    assert not ours.mask.any()
    assert np.isnan(ours.sensitivity).all()
    np.testing.assert_array_equal(ours.specificity, 1)


def test_full_agreement_on_everything_gives_undefined_specificities() -> None:
    ours = staple(np.ones((3, 4, 4, 4)))
    assert (ours.probability == 1).all()
    assert np.isnan(ours.specificity).all()


def test_memory_order_and_missing_axes_change_nothing() -> None:
    masks = make_readings(4)
    expected = staple(masks).probability
    np.testing.assert_array_equal(staple([np.asfortranarray(mask) for mask in masks]).probability, expected)
    flat = staple(masks.reshape(len(masks), -1))
    np.testing.assert_allclose(flat.probability, expected.ravel(), atol=1e-12)


def test_parameters_out_of_range_are_refused() -> None:
    masks = make_readings(1)
    for bad in ({"domain": "brain"}, {"threshold": 0.0}, {"max_iterations": 0}, {"confidence_weight": 2.0}):
        with pytest.raises(ValueError, match=next(iter(bad)).split("_")[-1].rstrip("s")):
            staple(masks, **bad)
    with pytest.raises(ValueError, match="leaves out"):
        staple(masks, domain=np.zeros(masks.shape[1:], bool))


@pytest.mark.real_data
def test_the_fusion_of_two_published_label_maps_is_reproduced(real_data: Path) -> None:
    folder = real_data / "labelfusion"
    maps = [np.asarray(nibabel.load(folder / f"{name}.nii.gz").dataobj) for name in ("resunet", "unet")]  # type: ignore[attr-defined]
    baseline = np.asarray(nibabel.load(folder / "baseline_staple.nii.gz").dataobj)  # type: ignore[attr-defined]
    for label in np.unique(baseline[baseline > 0]):
        np.testing.assert_array_equal(staple([one == label for one in maps]).mask, baseline == label)


def test_the_map_is_made_once_from_the_domain_as_it_was() -> None:
    masks = np.random.default_rng(3).random((3, 6, 5, 4)) < 0.4
    own = np.ones(masks.shape[1:], bool)
    own[0] = False
    masks[:, 0] = False
    found = staple(masks, domain=own)
    own[:] = False
    assert np.array_equal(found.probability >= found.threshold, found.mask)
    assert not found.probability[0].any()
    assert found.probability[1:].all()
    assert found.probability is found.probability
