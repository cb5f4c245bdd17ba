"""Surface distances against medpy, MONAI, SciPy and surface-distance, and what empty masks give."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest
import scipy.ndimage
import surface_distance
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from medpy.metric.binary import assd, hd95
from monai.metrics.hausdorff_distance import compute_hausdorff_distance
from monai.metrics.surface_dice import compute_surface_dice
from monai.metrics.surface_distance import compute_average_surface_distance

from evaluation.metrics import (
    average_surface_distance,
    brats_lesionwise,
    compare,
    hausdorff95,
    lesion_detection,
    objectwise,
    pairwise,
    surface_dice,
)
from tests.unit.metrics.metric_masks import Mask, make_blob, make_cases

SPACINGS = [(1.0, 1.0, 1.0), (0.4, 0.4, 0.4), (0.47, 0.47, 5.0), (2.0, 1.0, 0.3)]
SHAPES = [(14, 12, 10), (15, 13)]
EMPTY, FULL = np.zeros((4, 5, 6), dtype=bool), np.ones((4, 5, 6), dtype=bool)
TAU = 2.0537  # no sum of squared steps of these spacings: peers and we agree on what is inside


def all_cases() -> Iterator[tuple[Mask, Mask, tuple[float, ...]]]:
    for shape in SHAPES:
        for spacing in SPACINGS:
            for prediction, reference in make_cases(seed=len(shape), shape=shape).values():
                yield prediction, reference, spacing[: len(shape)]


def as_monai(mask: Mask) -> torch.Tensor:
    return torch.from_numpy(mask[None, None].astype(np.float32))


@pytest.fixture(scope="module", autouse=True)
def _names_that_surface_distance_expects() -> Iterator[None]:
    """Lend surface-distance the names that NumPy 2 took away; the rest of the tests must not see them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(np, "Inf", np.inf, raising=False)
        yield


def test_surfel_variants_equal_surface_distance() -> None:
    for prediction, reference, spacing in all_cases():
        peer = surface_distance.compute_surface_distances(reference, prediction, spacing)
        assert hausdorff95(prediction, reference, spacing, variant="surfel") == pytest.approx(
            surface_distance.compute_robust_hausdorff(peer, 95), abs=1e-12
        )
        assert surface_dice(prediction, reference, spacing, tolerance_mm=TAU) == pytest.approx(
            surface_distance.compute_surface_dice_at_tolerance(peer, TAU), abs=1e-12
        )
        areas = peer["surfel_areas_gt"].sum(), peer["surfel_areas_pred"].sum()
        expected = np.average(surface_distance.compute_average_surface_distance(peer), weights=areas)
        assert average_surface_distance(prediction, reference, spacing, variant="surfel") == pytest.approx(
            expected, abs=1e-9
        )


def test_pooled_variants_equal_medpy() -> None:
    for prediction, reference, spacing in all_cases():
        assert hausdorff95(prediction, reference, spacing, variant="pooled") == pytest.approx(
            hd95(prediction, reference, spacing), abs=1e-9
        )
        assert average_surface_distance(prediction, reference, spacing) == pytest.approx(
            assd(prediction, reference, spacing), abs=1e-9
        )


def test_directed_and_voxel_variants_equal_monai() -> None:
    for prediction, reference, spacing in itertools.islice(all_cases(), 0, None, 2):
        pair = as_monai(prediction), as_monai(reference)
        assert hausdorff95(prediction, reference, spacing) == pytest.approx(
            compute_hausdorff_distance(*pair, include_background=True, percentile=95, spacing=spacing).item(), rel=1e-5
        )
        found = surface_dice(prediction, reference, spacing, tolerance_mm=TAU, variant="voxel")
        peer = compute_surface_dice(*pair, [TAU], include_background=True, spacing=spacing)
        assert found == pytest.approx(peer.item(), rel=1e-5)
        surfels = compute_surface_dice(*pair, [TAU], include_background=True, spacing=spacing, use_subvoxels=True)
        assert surface_dice(prediction, reference, spacing, tolerance_mm=TAU) == pytest.approx(surfels.item(), rel=1e-5)
        mean = compute_average_surface_distance(*pair, include_background=True, symmetric=True, spacing=spacing)
        assert average_surface_distance(prediction, reference, spacing) == pytest.approx(mean.item(), rel=1e-5)


def distances_by_scipy(start: Mask, end: Mask, spacing: tuple[float, ...]) -> Any:
    borders = [mask & ~scipy.ndimage.binary_erosion(mask) for mask in (start, end)]
    return scipy.ndimage.distance_transform_edt(~borders[1], sampling=spacing)[borders[0]]


def test_directed_variants_equal_scipy_in_float64() -> None:
    for prediction, reference, spacing in all_cases():
        there = distances_by_scipy(prediction, reference, spacing)
        back = distances_by_scipy(reference, prediction, spacing)
        assert hausdorff95(prediction, reference, spacing) == pytest.approx(
            max(np.percentile(there, 95), np.percentile(back, 95)), abs=1e-9
        )
        assert average_surface_distance(prediction, reference, spacing, variant="directed") == pytest.approx(
            (there.mean() + back.mean()) / 2, abs=1e-9
        )


def test_masks_far_apart_are_measured_as_exactly_as_near_ones() -> None:
    first, second = np.zeros((2, 60, 50, 40), dtype=bool)
    first[1:6, 2:8, 3:5] = True
    second[50:58, 40:49, 31:39] = True
    spacing = (0.4, 1.1, 2.3)
    there, back = distances_by_scipy(first, second, spacing), distances_by_scipy(second, first, spacing)
    assert there.min() > 60
    expected = max(np.percentile(there, 95), np.percentile(back, 95))
    assert hausdorff95(first, second, spacing) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("seed", range(12))
def test_scattered_boxes_of_many_raters_are_measured_exactly(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape, spacing = tuple(rng.integers(1, 60, 3)), tuple(rng.choice([0.3, 0.5, 1, 2, 5, 7.3], 3))
    masks = np.zeros((4, *shape), dtype=bool)
    for mask in masks:
        for _ in range(rng.integers(1, 4)):
            low = [int(rng.integers(0, size)) for size in shape]
            mask[tuple(slice(start, start + int(rng.integers(1, 12))) for start in low)] = True
    table = pairwise(masks, spacing)
    for i in range(4):
        for j in range(i):
            there = distances_by_scipy(masks[i], masks[j], spacing)
            back = distances_by_scipy(masks[j], masks[i], spacing)
            expected = max(np.percentile(there, 95), np.percentile(back, 95))
            assert table.hausdorff95[i, j] == pytest.approx(expected, abs=1e-9)


def test_a_distance_equal_to_the_tolerance_is_inside() -> None:
    first, second = np.zeros((2, 12, 5, 5), dtype=bool)
    first[2, 2, 2], second[7, 2, 2] = True, True
    for spacing in (0.4, 0.1, 1.0, 0.7):
        for variant in ("voxel", "surfel"):
            apart = 5 * spacing
            values = [
                surface_dice(first, second, (spacing,) * 3, tolerance_mm=tolerance, variant=variant)
                for tolerance in (apart, apart * 0.999)
            ]
            assert values[0] == 1
            assert values[1] < 1
        # a peer compares with τ as it is, so that at 0.4 mm it needs our margin on its side
        peer = surface_distance.compute_surface_distances(second, first, (spacing,) * 3)
        inside = surface_distance.compute_surface_dice_at_tolerance(peer, 5 * spacing * (1 + 1e-6))
        beyond = surface_distance.compute_surface_dice_at_tolerance(peer, 5 * spacing * 0.999)
        assert (inside, beyond < 1) == (1, True)
    exact = surface_distance.compute_surface_distances(second, first, (1.0,) * 3)
    assert surface_distance.compute_surface_dice_at_tolerance(exact, 5.0) == 1
    pair = as_monai(first), as_monai(second)
    assert compute_surface_dice(*pair, [5.0], include_background=True, spacing=(1.0,) * 3).item() == 1


@pytest.mark.parametrize("variant", ["directed", "pooled", "surfel"])
def test_empty_masks_give_nan_or_an_infinite_distance(variant: str) -> None:
    for metric in (hausdorff95, average_surface_distance):
        assert math.isnan(metric(EMPTY, EMPTY, (1, 1, 1), variant=variant))
        assert metric(EMPTY, FULL, (1, 1, 1), variant=variant) == math.inf
        assert metric(FULL, EMPTY, (1, 1, 1), variant=variant) == math.inf


@pytest.mark.parametrize("variant", ["surfel", "voxel"])
def test_empty_masks_give_nan_or_no_surface_dice(variant: str) -> None:
    assert math.isnan(surface_dice(EMPTY, EMPTY, (1, 1, 1), tolerance_mm=1, variant=variant))
    assert surface_dice(EMPTY, FULL, (1, 1, 1), tolerance_mm=1, variant=variant) == 0
    assert surface_dice(FULL, EMPTY, (1, 1, 1), tolerance_mm=1, variant=variant) == 0


def test_unknown_variants_and_tolerances_are_refused() -> None:
    with pytest.raises(ValueError, match="variant"):
        hausdorff95(FULL, FULL, (1, 1, 1), variant="mean")
    with pytest.raises(ValueError, match="variant"):
        surface_dice(FULL, FULL, (1, 1, 1), tolerance_mm=1, variant="directed")
    for tolerance in (-1.0, math.nan, math.inf):
        with pytest.raises(ValueError, match="tolerance"):
            surface_dice(FULL, FULL, (1, 1, 1), tolerance_mm=tolerance)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_distances_are_symmetric_and_blind_to_flips_and_axis_order(seed: int) -> None:
    rng = np.random.default_rng(seed)
    first, second = make_blob(rng, (9, 8, 7)), make_blob(rng, (9, 8, 7))
    spacing = tuple(rng.uniform(0.3, 3, 3))
    for variant in ("directed", "pooled", "surfel"):
        value = hausdorff95(first, second, spacing, variant=variant)
        turned = first.transpose(2, 0, 1)[::-1], second.transpose(2, 0, 1)[::-1]
        same = [
            hausdorff95(second, first, spacing, variant=variant),
            hausdorff95(first[:, ::-1], second[:, ::-1], spacing, variant=variant),
            hausdorff95(*turned, (spacing[2], spacing[0], spacing[1]), variant=variant),
            hausdorff95(np.asfortranarray(first), np.asfortranarray(second), spacing, variant=variant),
        ]
        np.testing.assert_allclose(same, value, atol=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_surface_dice_grows_with_the_tolerance_and_stays_in_bounds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    first, second = make_blob(rng, (9, 8, 7)), make_blob(rng, (9, 8, 7))
    for variant in ("surfel", "voxel"):
        values = [
            surface_dice(first, second, (1, 1, 1), tolerance_mm=tolerance, variant=variant)
            for tolerance in (0, 0.5, 1, 2, 5, 100)
        ]
        if not all(map(math.isnan, values)):
            assert values == sorted(values)
            assert values[0] >= 0


@pytest.mark.parametrize("raters", [2, 5, 9, 20])
@pytest.mark.parametrize("variants", [("directed", "surfel"), ("surfel", "surfel"), ("pooled", "voxel")])
def test_pairwise_equals_each_pair_on_its_own(raters: int, variants: tuple[str, str]) -> None:
    rng = np.random.default_rng(raters)
    masks = np.stack([make_blob(rng, (12, 14, 11)) for _ in range(raters)])
    masks[1] = False
    spacing = (0.9, 1.2, 2.0)
    table = pairwise(masks, spacing, tolerance_mm=1.3, hausdorff_variant=variants[0], surface_variant=variants[1])
    for i in range(raters):
        for j in range(i, raters):
            distance = hausdorff95(masks[i], masks[j], spacing, variant=variants[0])
            overlap = surface_dice(masks[i], masks[j], spacing, tolerance_mm=1.3, variant=variants[1])
            np.testing.assert_allclose([table.hausdorff95[i, j], table.hausdorff95[j, i]], distance, atol=1e-12)
            np.testing.assert_allclose([table.surface_dice[i, j], table.surface_dice[j, i]], overlap, atol=1e-12)


def test_compare_holds_every_single_figure_and_flags_empty_masks() -> None:
    prediction, reference = make_cases()["blobs 3"]
    spacing = (0.5, 1, 2)
    record = compare(prediction, reference, spacing, tolerance_mm=1.5)
    for variant in ("directed", "pooled", "surfel"):
        assert getattr(record, f"hausdorff95_{variant}") == hausdorff95(prediction, reference, spacing, variant=variant)
    for variant in ("voxel", "surfel"):
        expected = surface_dice(prediction, reference, spacing, tolerance_mm=1.5, variant=variant)
        assert getattr(record, f"surface_dice_{variant}") == expected
    assert record.average_surface_distance == average_surface_distance(prediction, reference, spacing)
    assert (record.prediction_empty, record.reference_empty, record.both_empty) == (False, False, False)
    assert record.lesions == lesion_detection(prediction, reference)
    assert record.objects == objectwise(prediction, reference, spacing)
    assert record.brats == brats_lesionwise(prediction, reference, spacing)
    alone = compare(EMPTY, FULL, (1, 1, 1))
    assert (alone.prediction_empty, alone.reference_empty, alone.both_empty) == (True, False, False)
    assert (alone.hausdorff95_pooled, alone.surface_dice_voxel, alone.dice) == (math.inf, 0, 0)
    none = compare(EMPTY, EMPTY, (1, 1, 1))
    assert none.both_empty
    assert all(map(math.isnan, (none.dice, none.hausdorff95_surfel, none.surface_dice_surfel)))


@pytest.mark.real_data
@pytest.mark.parametrize("label", [1, 2, 4])
def test_real_segmentations_by_two_networks_are_measured_as_the_peers_measure_them(real_data: Path, label: int) -> None:
    maps = [
        np.asarray(nibabel.load(real_data / "labelfusion" / f"{name}.nii.gz").dataobj)  # type: ignore[attr-defined]
        for name in ("unet", "resunet")
    ]
    prediction, reference = (one == label for one in maps)
    spacing = (1.0, 1.0, 1.0)
    peer = surface_distance.compute_surface_distances(reference, prediction, spacing)
    found = compare(prediction, reference, spacing, tolerance_mm=TAU)
    assert found.hausdorff95_surfel == pytest.approx(surface_distance.compute_robust_hausdorff(peer, 95), abs=1e-12)
    assert found.surface_dice_surfel == pytest.approx(
        surface_distance.compute_surface_dice_at_tolerance(peer, TAU), abs=1e-12
    )
    voted = np.argwhere(prediction | reference)
    box = tuple(slice(low, high + 1) for low, high in zip(voted.min(axis=0), voted.max(axis=0), strict=True))
    inside = prediction[box], reference[box]
    assert found.hausdorff95_pooled == pytest.approx(hd95(*inside, spacing), abs=1e-9)
    assert found.average_surface_distance == pytest.approx(assd(*inside, spacing), abs=1e-9)
    there, back = distances_by_scipy(*inside, spacing), distances_by_scipy(inside[1], inside[0], spacing)
    assert found.hausdorff95_directed == pytest.approx(max(np.percentile(there, 95), np.percentile(back, 95)), abs=1e-9)
    assert (found.tp, found.fp) == (int((prediction & reference).sum()), int((prediction & ~reference).sum()))
