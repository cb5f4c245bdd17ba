"""Written files: geometry and values, and not one word more."""

from __future__ import annotations

import gzip
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from imaging.errors import ImageError
from imaging.reading import read_volume
from imaging.writing import metaimage_bytes, nifti_bytes, nrrd_bytes, write_mask, write_nifti
from tests.unit.imaging.builders import make_grid, number_voxels

GRID = make_grid((4, 5, 6), spacing=(0.5, 1.5, 3.0), degrees=(8, -3, 11))
ARRAY = number_voxels(GRID.shape)


def test_equal_images_give_equal_files() -> None:
    for write in (nifti_bytes, nrrd_bytes, metaimage_bytes):
        assert write(ARRAY, GRID) == write(np.asfortranarray(ARRAY), GRID)
    assert nifti_bytes(ARRAY, GRID)[4:8] == bytes(4)  # no time in the gzip header


def test_a_nifti_header_holds_no_text_and_no_extension() -> None:
    header = nib.Nifti1Image.from_bytes(gzip.decompress(nifti_bytes(ARRAY, GRID))).header
    for field in ("descrip", "aux_file", "db_name", "intent_name", "data_type"):
        assert header[field].item() == b""
    assert len(header.extensions) == 0
    assert header.get_xyzt_units()[0] == "mm"


def test_both_forms_say_the_same() -> None:
    image = nib.Nifti1Image.from_bytes(gzip.decompress(nifti_bytes(ARRAY, GRID)))
    assert np.allclose(image.get_sform(), GRID.affine, atol=1e-4)
    assert np.allclose(image.get_qform(), GRID.affine, atol=1e-4)


@pytest.mark.parametrize("write", [nrrd_bytes, metaimage_bytes])
def test_other_headers_hold_nothing_of_the_machine(write: object) -> None:
    content = write(ARRAY, GRID)  # type: ignore[operator]
    head = content[:700].decode("latin-1").lower()
    assert not any(word in head for word in ("tmp", "date", "user", "host", "name"))


def test_bool_and_long_integers_get_the_smallest_type(tmp_path: Path) -> None:
    path = tmp_path / "image.nii.gz"
    for array, stored in (
        (ARRAY > 5, "uint8"),
        (ARRAY.astype(np.int64), "uint8"),
        (ARRAY.astype(np.int64) - 200, "int16"),
        (ARRAY.astype(np.int64) * 70000, "int32"),
        (ARRAY.astype(np.uint64) * 30_000_000, "uint32"),
    ):
        write_nifti(array, GRID, path)
        assert read_volume(path).stored_as == stored
        assert np.array_equal(read_volume(path).array, array)
    with pytest.raises(ValueError, match="32 bits"):
        nifti_bytes(ARRAY.astype(np.int64) << 40, GRID)


def test_arrays_off_the_grid_and_unknown_endings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not on a grid"):
        nifti_bytes(ARRAY[1:], GRID)
    with pytest.raises(ImageError, match=r"\.nii\.gz, \.nrrd or \.mha"):
        write_mask(ARRAY, GRID, tmp_path / "mask.png")
