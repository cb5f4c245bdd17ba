"""Resampling: by the header alone, nearest for labels, exact where it can be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imaging.grid import Grid, to_canonical
from imaging.resampling import resample
from imaging.volume import Voxels
from tests.unit.imaging.builders import ALL_TURNS, Turn, make_grid, number_voxels


def smooth_field(grid: Grid) -> Voxels:
    """Return 2x + 3y - z in mm at every voxel: linear interpolation keeps it exactly."""
    index = np.argwhere(np.ones(grid.shape, dtype=bool))
    values: Voxels = (grid.to_mm(index) @ [2.0, 3.0, -1.0]).reshape(grid.shape)
    return values


@given(st.sampled_from(ALL_TURNS))
@settings(deadline=None, max_examples=48)
def test_permuted_grids_give_the_same_values_as_permuting(turn: Turn) -> None:
    grid = make_grid(turn=turn, spacing=(0.5, 1.5, 4.0), degrees=(10, 5, -8))
    array = number_voxels(grid.shape)
    canonical, canonical_grid = to_canonical(array, grid)
    assert np.array_equal(resample(array, grid, canonical_grid, order=0), canonical)


@given(st.sampled_from(ALL_TURNS), st.tuples(*[st.floats(-20, 20)] * 3))
@settings(deadline=None, max_examples=60)
def test_a_linear_field_is_kept_on_any_grid_inside(turn: Turn, degrees: tuple[float, float, float]) -> None:
    wide = make_grid((20, 22, 24), turn=turn, spacing=(2.0, 2.5, 3.0), degrees=degrees)
    centre = wide.to_mm([[9.5, 10.5, 11.5]])[0]
    small = make_grid((6, 5, 4), spacing=(1.1, 0.9, 2.0), degrees=(3, -4, 5), origin=tuple(centre))
    moved = resample(smooth_field(wide), wide, small, order=1)
    assert moved.dtype == np.float64
    assert np.allclose(moved, smooth_field(small), atol=1e-3)


@pytest.mark.parametrize("tiny", [1e-155, 5e-324])
@pytest.mark.parametrize("turn", ALL_TURNS)
def test_directions_that_are_almost_zero_do_no_harm(turn: Turn, tiny: float) -> None:
    wide = make_grid((8, 9, 10), turn=turn, degrees=(tiny, -tiny, tiny))
    small = make_grid((3, 3, 3), origin=tuple(wide.to_mm([[3.5, 4, 4.5]])[0]), degrees=(3, -4, 5))
    moved = resample(smooth_field(wide), wide, small, order=1)
    assert np.allclose(moved, smooth_field(small), atol=1e-3)


def test_the_cubic_spline_follows_a_smooth_field() -> None:
    wide, small = make_grid((24, 24, 24)), make_grid((6, 6, 6), origin=(-3.2, 16.1, 39.7))
    moved = resample(smooth_field(wide), wide, small, order=3)
    assert np.allclose(moved, smooth_field(small), atol=0.05)


def test_labels_keep_their_values_and_type() -> None:
    grid = make_grid((6, 6, 6))
    labels = np.zeros(grid.shape, np.uint8)
    labels[2:4, 2:4, 2:4] = 4
    fine = make_grid((12, 12, 12), spacing=(0.5, 0.5, 0.5), origin=(-12.75, 7.0, 30.75))
    moved = resample(labels, grid, fine, order=0)
    assert moved.dtype == np.uint8
    assert np.count_nonzero(moved == 4) == 8 * 8
    assert set(np.unique(moved)) == {0, 4}


def test_outside_gets_the_value_asked_for() -> None:
    grid = make_grid((4, 4, 4))
    far = make_grid((3, 3, 3), origin=(500, 500, 500))
    assert (resample(np.ones(grid.shape, np.float32), grid, far, order=1, outside=-7) == -7).all()


@pytest.mark.parametrize(
    ("given_type", "order", "kept"), [("u1", 0, "u1"), ("i2", 1, "f4"), ("f8", 3, "f8"), ("?", 0, "?")]
)
def test_types_are_kept_or_become_floats(given_type: str, order: int, kept: str) -> None:
    grid = make_grid((4, 4, 4))
    other = make_grid((5, 5, 5))
    array = number_voxels(grid.shape).astype(given_type)
    assert resample(array, grid, other, order=order).dtype == np.dtype(kept)  # type: ignore[arg-type]
    assert resample(array, grid, grid, order=order).dtype == np.dtype(kept)  # type: ignore[arg-type]


def test_a_copy_on_the_same_grid_is_a_copy() -> None:
    grid = make_grid()
    array = number_voxels(grid.shape)
    copy = resample(array, grid, grid, order=0)
    copy[:] = 0
    assert array.any()
