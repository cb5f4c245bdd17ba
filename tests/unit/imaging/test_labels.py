"""Label maps: whole numbers from 0 to 255, however they were stored."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from imaging.errors import ImageError
from imaging.labels import as_labels, count_labels, read_label_map
from imaging.volume import Voxels
from imaging.writing import nifti_bytes
from tests.unit.imaging.builders import make_grid

GRID = make_grid((3, 4, 5))


def label_file(folder: Path, array: Voxels) -> Path:
    path = folder / "seg.nii.gz"
    path.write_bytes(nifti_bytes(array, GRID))
    return path


@pytest.mark.parametrize("dtype", ["u1", "i2", "u2", "i4", "f4", "f8"])
def test_whole_numbers_of_any_type_are_labels(tmp_path: Path, dtype: str) -> None:
    array = np.zeros(GRID.shape, dtype)
    array[0, 0, :3] = 1
    array[1] = 4
    read = read_label_map(label_file(tmp_path, array))
    assert read.labels.dtype == np.uint8
    assert np.array_equal(read.labels, array)
    assert read.counts == {0: 37, 1: 3, 4: 20}
    assert read.grid.same_as(GRID, tolerance=1e-4)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (0.25, r"not whole numbers \(for example 0.25\)"),
        (-1.0, r"negative values \(for example -1\)"),
        (300.0, r"above 255 \(for example 300\)"),
    ],
)
def test_what_is_no_label_is_refused_with_an_example(tmp_path: Path, value: float, reason: str) -> None:
    array = np.zeros(GRID.shape, np.float32)
    array[1, 1, 1:3] = value
    with pytest.raises(ImageError, match=reason) as caught:
        read_label_map(label_file(tmp_path, array))
    assert "2 voxels" in str(caught.value)


def test_the_largest_label_is_255() -> None:
    array = np.array([[[0, 255]]], dtype=np.int32)
    assert as_labels(array, name="seg").max() == 255
    assert count_labels(as_labels(array, name="seg")) == {0: 1, 255: 1}
