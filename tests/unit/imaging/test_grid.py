"""Geometry: all 48 orientations, anisotropic and oblique, there and back."""

from __future__ import annotations

import json
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st

from imaging.grid import Grid, from_canonical, to_canonical
from imaging.reading import read_volume
from imaging.simpleitk import from_simpleitk, to_simpleitk
from imaging.writing import write_mask, write_nifti
from tests.unit.imaging.builders import ALL_TURNS, Turn, make_grid, number_voxels

ANISOTROPIC = (0.5, 1.25, 4.0)
OBLIQUE = (12.0, -7.0, 20.0)

turns = st.sampled_from(ALL_TURNS)
spacings = st.tuples(*[st.floats(0.3, 6.0)] * 3)
angles = st.tuples(*[st.floats(-25, 25)] * 3)
shapes = st.tuples(*[st.integers(2, 6)] * 3)


@given(turns, spacings, angles, shapes)
@settings(max_examples=200, deadline=None)
def test_canonical_order_is_undone_exactly(
    turn: Turn,
    spacing: tuple[float, float, float],
    degrees: tuple[float, float, float],
    shape: tuple[int, int, int],
) -> None:
    grid = make_grid(shape, turn=turn, spacing=spacing, degrees=degrees)
    array = number_voxels(shape)
    canonical, canonical_grid = to_canonical(array, grid)
    assert canonical.shape == canonical_grid.shape
    assert canonical_grid.is_canonical
    assert np.array_equal(from_canonical(canonical, grid), array)


@given(turns, spacings, angles, shapes)
@settings(max_examples=200, deadline=None)
def test_every_voxel_keeps_its_place_in_the_patient(
    turn: Turn,
    spacing: tuple[float, float, float],
    degrees: tuple[float, float, float],
    shape: tuple[int, int, int],
) -> None:
    grid = make_grid(shape, turn=turn, spacing=spacing, degrees=degrees)
    array = number_voxels(shape)
    canonical, canonical_grid = to_canonical(array, grid)
    before = grid.to_mm(np.argwhere(array)[np.argsort(array[array > 0])])
    after = canonical_grid.to_mm(np.argwhere(canonical)[np.argsort(canonical[canonical > 0])])
    assert np.allclose(before, after, atol=1e-9)


@pytest.mark.parametrize("turn", ALL_TURNS)
def test_two_independent_readers_put_every_voxel_where_we_do(turn: Turn, tmp_path: Path) -> None:
    grid = make_grid(turn=turn, spacing=ANISOTROPIC, degrees=OBLIQUE)
    array = number_voxels(grid.shape)
    path = tmp_path / "image.nii.gz"
    write_nifti(array, grid, path)

    ours = read_volume(path)
    assert np.array_equal(ours.array, array)
    assert ours.grid.same_as(grid, tolerance=1e-4)

    other = sitk.ReadImage(str(path))
    for voxel in [(0, 0, 0), (4, 5, 6), (1, 4, 2)]:
        x, y, z = other.TransformIndexToPhysicalPoint(voxel)
        assert np.allclose((-x, -y, z), grid.to_mm([voxel])[0], atol=1e-4)
        assert other[voxel] == array[voxel]

    canonical, canonical_grid = to_canonical(ours.array, ours.grid)
    closest = nib.as_closest_canonical(nib.load(path))
    assert np.array_equal(np.asarray(closest.dataobj), canonical)
    assert np.allclose(closest.affine, canonical_grid.affine, atol=1e-4)

    reoriented = sitk.DICOMOrient(other, "RAS")
    assert np.array_equal(sitk.GetArrayFromImage(reoriented).transpose(2, 1, 0), canonical)


@pytest.mark.parametrize("suffix", [".nrrd", ".mha", ".nii.gz"])
@pytest.mark.parametrize("turn", ALL_TURNS)
def test_a_written_mask_is_read_back_on_its_grid(turn: Turn, suffix: str, tmp_path: Path) -> None:
    grid = make_grid(turn=turn, spacing=ANISOTROPIC, degrees=OBLIQUE)
    mask = (number_voxels(grid.shape) % 5).astype(np.uint8)
    path = tmp_path / f"mask{suffix}"
    write_mask(mask, grid, path)
    read = read_volume(path)
    assert np.array_equal(read.array, mask)
    assert read.grid.same_as(grid, tolerance=1e-4)


@pytest.mark.parametrize("turn", ALL_TURNS[::5])
def test_simpleitk_images_come_back_unchanged(turn: Turn) -> None:
    grid = make_grid(turn=turn, spacing=ANISOTROPIC, degrees=OBLIQUE)
    array = number_voxels(grid.shape)
    back, affine = from_simpleitk(to_simpleitk(array, grid))
    assert np.array_equal(back, array)
    assert np.allclose(affine, grid.affine, atol=1e-9)


def test_orientation_is_named_by_where_axes_point() -> None:
    assert make_grid().orientation == "RAS"
    assert make_grid(turn=((0, 1, 2), (-1, -1, 1))).orientation == "LPS"
    assert make_grid(turn=((1, 2, 0), (-1, -1, 1)), degrees=(3, 3, 3)).orientation == "PIR"


def test_obliquity_is_the_largest_angle_to_a_patient_axis() -> None:
    assert make_grid().obliquity == pytest.approx(0)
    assert make_grid(spacing=ANISOTROPIC, degrees=(12.5, 0, 0)).obliquity == pytest.approx(12.5)


def test_volumes_are_in_millilitres() -> None:
    grid = make_grid(spacing=(0.5, 2.0, 3.0), degrees=OBLIQUE)
    assert grid.voxel_volume_ml == pytest.approx(0.003)
    assert grid.spacing == pytest.approx((0.5, 2.0, 3.0))


def test_shear_is_told_from_rounding() -> None:
    straight = make_grid((200, 200, 100), spacing=ANISOTROPIC, degrees=OBLIQUE)
    rounded = Grid(straight.shape, straight.affine.astype(np.float32).astype(np.float64))
    sheared = straight.affine.copy()
    sheared[:3, 0] += 0.01 * sheared[:3, 1]
    assert not straight.is_sheared
    assert not rounded.is_sheared
    assert Grid(straight.shape, sheared).is_sheared


def test_grids_are_the_same_within_a_tenth_of_a_millimetre() -> None:
    grid = make_grid()
    shifted, moved = grid.affine.copy(), grid.affine.copy()
    shifted[0, 3] += 0.05
    moved[0, 3] += 0.5
    assert grid.same_as(Grid(grid.shape, shifted))
    assert grid != Grid(grid.shape, shifted)
    assert not grid.same_as(Grid(grid.shape, moved))
    assert not grid.same_as(make_grid((5, 6, 8)))


@given(turns, spacings, angles)
@settings(deadline=None)
def test_json_keeps_a_grid_exactly(
    turn: Turn, spacing: tuple[float, float, float], degrees: tuple[float, float, float]
) -> None:
    grid = make_grid(turn=turn, spacing=spacing, degrees=degrees)
    back = Grid.from_json(json.loads(json.dumps(grid.to_json())))
    assert back == grid
    assert hash(back) == hash(grid)


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        {"shape": [2, 2], "affine": np.eye(4).tolist()},
        {"shape": [2, 2, 2.5], "affine": np.eye(4).tolist()},
        {"shape": [2, 2, 2], "affine": np.zeros((4, 4)).tolist()},
        {"shape": [2, 2, 2], "affine": [["a"] * 4] * 4},
        {"shape": [2, 2, 0], "affine": np.eye(4).tolist()},
        {"shape": [2, 2, 2], "affine": np.full((4, 4), np.inf).tolist()},
    ],
)
def test_what_is_no_grid_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"grid|affine|shape"):
        Grid.from_json(value)


def test_voxels_and_millimetres_are_inverse() -> None:
    grid = make_grid(spacing=ANISOTROPIC, degrees=OBLIQUE)
    voxels = np.array([[0, 0, 0], [1.5, 2, 3]])
    assert np.allclose(grid.to_voxels(grid.to_mm(voxels)), voxels)


def test_an_array_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        to_canonical(np.zeros((2, 2, 2)), make_grid())
