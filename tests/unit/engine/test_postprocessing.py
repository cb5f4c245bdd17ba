"""Post-processing and the threshold baseline, on masks small enough to count by hand."""

from __future__ import annotations

import numpy as np
import pytest

from imaging.grid import Grid
from inference.engine.baseline import GAUSSIAN, threshold_segmentation
from inference.engine.postprocessing import drop_small_parts, largest_part, postprocess
from tests.unit.engine.builders import small_recipe

GRID = Grid((20, 20, 20), np.diag([2.0, 2.0, 2.0, 1]))  # 8 mm³ = 0.008 ml per voxel


def probability(*boxes: tuple[slice, slice, slice]) -> np.ndarray:  # type: ignore[type-arg]
    field = np.zeros(GRID.shape, dtype=np.float32)
    for box in boxes:
        field[box] = 0.5
    return field


LARGE = (slice(2, 6), slice(2, 6), slice(2, 6))
TINY = (slice(12, 13), slice(12, 15), slice(12, 14))  # 6 voxels, 0.048 ml
SMALL = (slice(12, 13), slice(12, 19), slice(12, 14))  # 14 voxels, 0.112 ml
FLAT = (slice(12, 18), slice(12, 18), slice(17, 18))  # 0.288 ml in one axial slice


def test_threshold_itself_counts() -> None:
    everywhere = np.ones(GRID.shape, dtype=bool)
    assert postprocess(probability(LARGE), everywhere, GRID, small_recipe()).sum() == 64
    assert not postprocess(probability(LARGE), everywhere, GRID, small_recipe(threshold=0.51)).any()


def test_probabilities_outside_the_brain_count_as_nothing() -> None:
    brain = np.zeros(GRID.shape, dtype=bool)
    brain[:4] = True
    mask = postprocess(probability(LARGE), brain, GRID, small_recipe())
    assert mask.sum() == 32
    assert not mask[4:].any()


def test_empty_brain_mask_limits_nothing() -> None:
    assert postprocess(probability(LARGE), np.zeros(GRID.shape, bool), GRID, small_recipe()).sum() == 64


def test_parts_below_the_volume_are_removed_and_others_kept() -> None:
    mask = drop_small_parts(probability(LARGE, TINY) > 0, GRID, smallest=0.05, slices=2)
    assert mask[LARGE].all()
    assert not mask[TINY].any()
    assert drop_small_parts(probability(SMALL) > 0, GRID, smallest=0.05, slices=2)[SMALL].all()


def test_parts_in_one_axial_slice_are_removed_whatever_the_voxel_order() -> None:
    flat = probability(FLAT) > 0
    assert not drop_small_parts(flat, GRID, smallest=0.05, slices=2).any()
    assert drop_small_parts(flat, GRID, smallest=0.05, slices=1)[FLAT].all()
    turned = Grid((20, 20, 20), np.array([[0, 0, 2.0, 0], [2.0, 0, 0, 0], [0, -2.0, 0, 0], [0, 0, 0, 1]]))
    # Here the second voxel axis is head-foot, so the flat part covers six slices.
    assert drop_small_parts(flat, turned, smallest=0.05, slices=2)[FLAT].all()
    sideways = np.moveaxis(flat, 2, 1)
    assert not drop_small_parts(sideways, turned, smallest=0.05, slices=2).any()


def test_empty_masks_stay_empty() -> None:
    nothing = np.zeros(GRID.shape, dtype=bool)
    assert not drop_small_parts(nothing, GRID, smallest=0.05, slices=2).any()
    assert not largest_part(nothing).any()


def test_shapes_must_agree() -> None:
    with pytest.raises(ValueError, match="shape"):
        postprocess(probability(LARGE), np.ones((2, 2, 2), bool), GRID, small_recipe())
    with pytest.raises(ValueError, match="shape"):
        threshold_segmentation(np.zeros((3, 3, 3)), np.ones((2, 2, 2), bool))


def test_threshold_is_median_plus_two_mad_and_keeps_the_largest_part() -> None:
    # Values 0 … 4 equally often: median 2, MAD 1, so plain > 4 and scaled > 4.97.
    image = np.tile(np.arange(5.0), 400).reshape(10, 10, 20)
    image[0:2, 0:2, 0:3] = 4.5
    image[7:9, 7:9, 7:11] = 6.0
    brain = np.ones(image.shape, dtype=bool)
    brain[9] = False
    image[9] = 100.0
    plain = threshold_segmentation(image, brain)
    assert plain.sum() == 16
    assert plain[7:9, 7:9, 7:11].all()
    image[7:9, 7:9, 7:11] = 4.6
    assert not threshold_segmentation(image, brain, scale=GAUSSIAN).any()


def test_threshold_in_no_brain_is_nothing() -> None:
    assert not threshold_segmentation(np.ones((4, 4, 4)), np.zeros((4, 4, 4), bool)).any()
