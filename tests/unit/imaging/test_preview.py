"""Browser copies, windows, thumbnails."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from PIL import Image

from imaging.grid import to_canonical
from imaging.preview import browser_copy, thumbnail, window
from imaging.reading import read_volume
from imaging.volume import Volume, Voxels
from tests.unit.imaging.builders import ALL_TURNS, Turn, make_grid, number_voxels


def as_volume(array: Voxels, **grid: object) -> Volume:
    return Volume(array, make_grid(array.shape, **grid), "test", array.dtype.name)  # type: ignore[arg-type]


def unpacked(content: bytes) -> nib.Nifti1Image:
    return nib.Nifti1Image.from_bytes(gzip.decompress(content))


@pytest.mark.parametrize("turn", ALL_TURNS)
def test_a_copy_on_its_own_reference_grid_keeps_every_value(turn: Turn, tmp_path: Path) -> None:
    volume = as_volume(number_voxels((4, 5, 6)), turn=turn, spacing=(0.5, 2.0, 3.0), degrees=(9, 4, -6))
    path = tmp_path / "copy.nii.gz"
    path.write_bytes(browser_copy(volume, volume.grid.canonical()))
    copy = read_volume(path)
    assert np.array_equal(copy.array, to_canonical(volume.array, volume.grid)[0])
    assert copy.grid.same_as(volume.grid.canonical(), tolerance=1e-3)
    assert copy.stored_as == "int16"


@pytest.mark.parametrize(
    ("array", "stored"),
    [
        (np.full((3, 3, 3), 7.0), "int16"),
        (np.arange(27.0).reshape(3, 3, 3) - 5, "int16"),
        (np.arange(27.0).reshape(3, 3, 3) / 4, "float32"),
        (np.arange(27, dtype=np.uint16).reshape(3, 3, 3) * 2400, "float32"),
        (np.arange(27, dtype=np.int32).reshape(3, 3, 3) * 100_000, "float32"),
    ],
)
def test_copies_are_lossless_in_the_smallest_type(array: Voxels, stored: str) -> None:
    volume = as_volume(array)
    copy = unpacked(browser_copy(volume, volume.grid))
    assert copy.get_data_dtype() == np.dtype(stored)
    assert np.array_equal(np.asarray(copy.dataobj), array)


def test_other_series_are_brought_to_the_reference_grid() -> None:
    reference = make_grid((8, 8, 8))
    volume = as_volume(number_voxels((4, 4, 4)), spacing=(2.0, 2.0, 2.0), turn=((0, 1, 2), (1, 1, 1)))
    copy = unpacked(browser_copy(volume, reference))
    assert copy.shape == (8, 8, 8)
    assert np.allclose(copy.affine, reference.affine)
    values = np.asarray(copy.dataobj)
    assert values[2, 2, 2] == volume.array[1, 1, 1]


def test_a_window_ignores_air_and_outliers() -> None:
    random = np.random.default_rng(7)
    head = random.normal(100, 10, (32, 32, 32))
    head[0, 0, 0] = 1e6
    padded = np.zeros((96, 96, 96))
    padded[32:64, 32:64, 32:64] = head
    low, high = window(padded)
    assert 60 < low < 90
    assert 110 < high < 140
    assert window(np.full((4, 4, 4), 3)) == (2.5, 3.5)


def test_the_patients_right_is_on_the_left_and_the_front_at_the_top() -> None:
    array = np.zeros((40, 60, 5), np.int16)
    array[30:, 45:, 2] = 1000  # right and front, in RAS+
    picture = np.asarray(Image.open(io.BytesIO(thumbnail(array, shown=(0, 1000)))))
    assert picture.shape == (256, 256)
    rows, columns = np.nonzero(picture > 128)
    assert columns.max() < 128
    assert rows.max() < 128


def test_the_slice_is_the_one_with_most_of_the_mask_and_the_mask_is_not_drawn() -> None:
    array = np.zeros((20, 20, 9), np.int16)
    array += np.arange(9, dtype=np.int16) * 10
    mask = np.zeros(array.shape, bool)
    mask[:2, :2, 3] = True
    mask[:9, :9, 7] = True
    picture = np.asarray(Image.open(io.BytesIO(thumbnail(array, mask=mask, shown=(0, 80)))))
    assert set(np.unique(picture)) == {223}  # 70 of 80, all over


def test_thick_voxels_keep_their_proportions() -> None:
    array = np.full((100, 50, 3), 5, np.int16)
    picture = np.asarray(Image.open(io.BytesIO(thumbnail(array, spacing=(1.0, 2.0, 5.0), shown=(0, 5), size=64))))
    assert (picture > 0).all()


def test_a_thumbnail_carries_no_text() -> None:
    assert Image.open(io.BytesIO(thumbnail(number_voxels((8, 8, 8))))).info == {}
