"""Preparation: normalisation as the protocol has it, and positions in mm that survive it."""

from __future__ import annotations

import numpy as np
import pytest

from imaging.grid import Grid
from inference.engine.preparation import normalise, prepare
from tests.unit.engine.builders import brain_with_lesion, small_recipe


def centre_of(mask: np.ndarray, grid: Grid) -> np.ndarray:  # type: ignore[type-arg]
    return np.asarray(grid.to_mm(np.argwhere(mask)).mean(axis=0))


def test_non_zero_voxels_get_zero_mean_and_unit_variance() -> None:
    image = np.random.default_rng(1).gamma(4, 50, (12, 12, 12)).astype(np.float32)
    image[:4] = 0
    result = normalise(image, clip=(0, 99.5))
    tissue = result[4:]
    assert tissue.mean() == pytest.approx(0, abs=1e-4)
    assert tissue.std() == pytest.approx(1, abs=1e-4)
    assert np.unique(result[:4]).size == 1
    assert result[:4].max() <= tissue.min()


def test_outliers_above_the_percentile_are_clipped() -> None:
    image = np.full((10, 10, 10), 100, dtype=np.float32) + np.arange(1000, dtype=np.float32).reshape(10, 10, 10) / 100
    spiked = image.copy()
    spiked[0, 0, :3] = 1e6
    assert normalise(spiked, clip=(0, 99.5)).max() < 3
    assert normalise(spiked, clip=(0, 100)).max() > 10


def test_images_without_contrast_become_zero() -> None:
    assert not normalise(np.zeros((4, 4, 4)), clip=(0, 99.5)).any()
    assert not normalise(np.full((4, 4, 4), 7), clip=(0, 99.5)).any()


@pytest.mark.parametrize(
    "affine",
    [
        np.diag([1.5, 1.5, 3.0, 1]),
        np.diag([-1.5, -1.5, 3.0, 1]),
        np.array([[0, 0, -3.0, 20], [1.5, 0, 0, -5], [0, 1.5, 0, 7], [0, 0, 0, 1]]),
    ],
    ids=["RAS", "LPS", "permuted"],
)
def test_lesion_stays_where_it_is_in_mm(affine: np.ndarray) -> None:  # type: ignore[type-arg]
    grid = Grid((40, 44, 24), affine)
    image, lesion = brain_with_lesion(grid.shape, grid)
    prepared = prepare([image], grid, small_recipe())
    assert prepared.grid.is_canonical
    assert prepared.grid.spacing == pytest.approx((2.0, 2.0, 2.0))
    assert prepared.array.shape == (1, *prepared.grid.shape)
    found = prepared.array[0] > 1.5
    assert np.linalg.norm(centre_of(found, prepared.grid) - centre_of(lesion, grid)) < 1.0


def test_air_around_the_head_is_cropped() -> None:
    grid = Grid((60, 60, 60), np.diag([2.0, 2.0, 2.0, 1]))
    small = Grid((30, 30, 30), np.diag([2.0, 2.0, 2.0, 1]))
    image = np.zeros(grid.shape, np.float32)
    image[15:45, 15:45, 15:45] = brain_with_lesion(small.shape, small)[0]
    assert max(prepare([image], grid, small_recipe()).grid.shape) < 36


def test_constant_background_that_is_not_zero_is_air() -> None:
    grid = Grid((30, 30, 30), np.diag([2.0, 2.0, 2.0, 1]))
    image, _ = brain_with_lesion(grid.shape, grid)
    shifted = np.where(image == 0, -50.0, image - 120).astype(np.float32)
    plain, moved = (prepare([i], grid, small_recipe()).array for i in (image, shifted))
    inner = plain > np.percentile(plain, 60)
    assert np.corrcoef(plain[inner], moved[inner])[0, 1] > 0.95
    assert moved[0, 0, 0, 0] == moved.min()


def test_unusable_images_are_refused() -> None:
    grid = Grid((12, 12, 12), np.eye(4))
    image = np.random.default_rng(0).random(grid.shape)
    with_nan = image.copy()
    with_nan[3, 3, 3] = np.nan
    with pytest.raises(ValueError, match="not finite"):
        prepare([with_nan], grid, small_recipe())
    with pytest.raises(ValueError, match="same value"):
        prepare([np.ones(grid.shape)], grid, small_recipe())
    with pytest.raises(ValueError, match="shape"):
        prepare([image[1:]], grid, small_recipe())
    with pytest.raises(ValueError, match="FLAIR"):
        prepare([image, image], grid, small_recipe())
