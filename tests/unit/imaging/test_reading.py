"""Reading: what is taken, and what is refused by name and reason."""

from __future__ import annotations

import gzip
import os
import struct
import tracemalloc
from pathlib import Path
from typing import Literal

import nibabel as nib
import numpy as np
import pytest

from imaging.errors import ImageError
from imaging.reading import is_image_name, read_volume
from imaging.volume import ReadLimits
from imaging.writing import nifti_bytes, nrrd_bytes
from tests.unit.imaging.builders import make_grid, number_voxels

GRID = make_grid((4, 5, 6), spacing=(1.0, 2.0, 3.0), degrees=(5, 0, 0))
ARRAY = number_voxels(GRID.shape)


def raw_nifti() -> bytearray:
    return bytearray(gzip.decompress(nifti_bytes(ARRAY, GRID)))


def write_image(path: Path, image: nib.Nifti1Image) -> Path:
    nib.save(image, path)
    return path


def give(folder: Path, content: bytes, name: str = "image.nii") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def patched(offset: int, layout: str, *values: float | int) -> bytes:
    content = raw_nifti()
    struct.pack_into(f"<{layout}", content, offset, *values)
    return bytes(content)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", [nib.Nifti1Image, nib.Nifti2Image])
@pytest.mark.parametrize("suffix", [".nii", ".nii.gz"])
def test_both_nifti_layouts_and_byte_orders_are_read(
    tmp_path: Path, kind: type[nib.Nifti1Image], order: Literal["<", ">"], suffix: str
) -> None:
    header = kind.header_class(endianness=order)
    header.set_data_dtype(np.dtype("i2").newbyteorder(order))
    path = write_image(tmp_path / f"image{suffix}", kind(ARRAY, GRID.affine, header))
    volume = read_volume(path)
    assert np.array_equal(volume.array, ARRAY)
    assert volume.array.dtype == np.int16
    assert volume.array.dtype.isnative
    assert volume.grid.same_as(GRID, tolerance=1e-4)


@pytest.mark.parametrize("dtype", ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8"])
def test_every_real_type_keeps_its_values(tmp_path: Path, dtype: str) -> None:
    array = ARRAY.astype(dtype)
    path = write_image(tmp_path / "image.nii", nib.Nifti1Image(array, GRID.affine, dtype=array.dtype))
    volume = read_volume(path)
    assert volume.stored_as == np.dtype(dtype).name
    assert np.array_equal(volume.array, array)


def test_scaled_intensities_are_scaled(tmp_path: Path) -> None:
    volume = read_volume(give(tmp_path, patched(112, "ff", 0.5, -3.0)))
    assert volume.array.dtype == np.float32
    assert np.array_equal(volume.array, ARRAY * np.float32(0.5) - 3)


def test_the_content_and_not_the_name_tells_the_format(tmp_path: Path) -> None:
    packed = give(tmp_path, nifti_bytes(ARRAY, GRID), "packed.nii")
    assert np.array_equal(read_volume(packed).array, ARRAY)
    renamed = give(tmp_path, nrrd_bytes(ARRAY, GRID), "image.mha")
    assert read_volume(renamed).format == "NRRD"


def test_trailing_axes_of_one_are_left_out(tmp_path: Path) -> None:
    path = write_image(tmp_path / "image.nii", nib.Nifti1Image(ARRAY[..., None, None], GRID.affine))
    assert read_volume(path).array.shape == GRID.shape


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"not an image at all", "no NIfTI header"),
        (bytes(2000), "no NIfTI header"),
        (bytes(raw_nifti())[:200], "no NIfTI header|ends inside its header"),
        (bytes(raw_nifti())[:-1], "cut off"),
        (gzip.compress(bytes(raw_nifti()))[:-40], "cut off"),
        (gzip.compress(bytes(raw_nifti()))[:-4] + b"abcd", "damaged|cut off"),
        (gzip.compress(bytes(raw_nifti()))[:60] + b"\xff" * 40, "damaged|cut off"),
        (patched(344, "4s", b"ni1\0"), "two-file image"),  # type: ignore[arg-type]
        (patched(344, "4s", b"\0\0\0\0"), "Analyze"),  # type: ignore[arg-type]
        (patched(40, "8h", 4, 4, 5, 2, 3, 1, 1, 1), "4-D"),
        (patched(40, "8h", 2, 20, 6, 1, 1, 1, 1, 1), "2-D"),
        (patched(40, "8h", 3, 20, 6, 1, 1, 1, 1, 1), "2-D"),
        (patched(40, "8h", 3, 0, 5, 6, 1, 1, 1, 1), "no voxels"),
        (patched(40, "8h", 3, -4, 5, 6, 1, 1, 1, 1), "no voxels"),
        (patched(40, "8h", 0, 4, 5, 6, 1, 1, 1, 1), "no voxels"),
        (patched(40, "8h", 99, 4, 5, 6, 1, 1, 1, 1), "no voxels"),
        (patched(40, "8h", 3, 4000, 4000, 4000, 1, 1, 1, 1), "too large"),
        (patched(40, "8h", 3, 30000, 2, 2, 1, 1, 1, 1), "too large"),
        (patched(40, "8h", 3, 400, 400, 400, 1, 1, 1, 1), "cut off"),
        (patched(70, "hh", 128, 24), "colour"),
        (patched(70, "hh", 32, 64), "complex"),
        (patched(70, "hh", 77, 8), "unknown type"),
        (patched(70, "hh", 4, 8), "contradicts itself"),
        (patched(108, "f", 100.0), "cannot be"),
        (patched(108, "f", float("nan")), "cannot be"),
        (patched(108, "f", 1e9), "cannot be"),
        (patched(280, "4f", float("nan"), 0, 0, 0), "not usable"),
        (patched(280, "4f", 0, 0, 0, 0), "not usable"),
        (patched(280, "4f", 1e6, 0, 0, 0), "no MRI has"),
        (patched(280, "4f", 1.0, 0.5, 0, 0), "right angles"),
        (patched(112, "ff", float("inf"), 0), "scaling"),
    ],
)
def test_bad_nifti_is_refused_by_name_and_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    path = give(tmp_path, content)
    with pytest.raises(ImageError, match=reason) as caught:
        read_volume(path)
    assert str(caught.value).startswith("image.nii: ")
    assert str(tmp_path) not in str(caught.value)
    assert caught.value.advice


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_values_that_are_no_numbers_are_counted_and_refused(tmp_path: Path, bad: float) -> None:
    array = ARRAY.astype(np.float32)
    array[1, 2, :3] = bad
    path = write_image(tmp_path / "image.nii.gz", nib.Nifti1Image(array, GRID.affine))
    with pytest.raises(ImageError, match="3 of 120 voxels"):
        read_volume(path)


def test_a_gzip_bomb_costs_no_memory(tmp_path: Path) -> None:
    path = give(tmp_path, gzip.compress(bytes(raw_nifti()) + bytes(200 << 20)), "bomb.nii.gz")
    tracemalloc.start()
    with pytest.raises(ImageError, match="more data than its header"):
        read_volume(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 << 20


def test_the_limit_on_decoded_bytes_is_the_callers(tmp_path: Path) -> None:
    path = give(tmp_path, bytes(raw_nifti()))
    with pytest.raises(ImageError, match="too large"):
        read_volume(path, ReadLimits(decoded_bytes=ARRAY.nbytes - 1))
    assert read_volume(path, ReadLimits(decoded_bytes=ARRAY.nbytes)).array.shape == GRID.shape


def test_a_few_bytes_after_the_voxels_are_a_warning(tmp_path: Path) -> None:
    volume = read_volume(give(tmp_path, bytes(raw_nifti()) + bytes(10)))
    assert any("10 bytes" in warning for warning in volume.warnings)


def test_disagreeing_forms_are_reported_and_the_sform_wins(tmp_path: Path) -> None:
    image = nib.Nifti1Image(ARRAY, GRID.affine)
    moved = GRID.affine.copy()
    moved[0, 3] += 2.5
    image.set_qform(moved, code=1)
    image.set_sform(GRID.affine, code=1)
    volume = read_volume(write_image(tmp_path / "image.nii", image))
    assert any("2.5 mm" in warning for warning in volume.warnings)
    assert volume.grid.same_as(GRID, tolerance=1e-4)


def test_agreeing_forms_are_no_warning(tmp_path: Path) -> None:
    assert read_volume(give(tmp_path, bytes(raw_nifti()))).warnings == ()


def test_the_qform_is_used_when_there_is_no_sform(tmp_path: Path) -> None:
    volume = read_volume(give(tmp_path, patched(254, "h", 0)))
    assert volume.grid.same_as(GRID, tolerance=1e-3)
    assert volume.warnings == ()


def test_a_header_without_orientation_is_a_warning(tmp_path: Path) -> None:
    volume = read_volume(give(tmp_path, patched(252, "hh", 0, 0)))
    assert any("left and right are assumed" in warning for warning in volume.warnings)


def test_metres_become_millimetres(tmp_path: Path) -> None:
    image = nib.Nifti1Image(ARRAY, np.diag([0.001, 0.002, 0.003, 1.0]))
    image.header.set_xyzt_units("meter")
    volume = read_volume(write_image(tmp_path / "image.nii", image))
    assert volume.grid.spacing == pytest.approx((1, 2, 3))
    assert any("millimetres" in warning for warning in volume.warnings)


def test_one_value_everywhere_is_a_warning(tmp_path: Path) -> None:
    volume = read_volume(give(tmp_path, nifti_bytes(np.ones_like(ARRAY), GRID)))
    assert any("same value (1)" in warning for warning in volume.warnings)


def test_header_texts_are_found_and_listed_as_removed(tmp_path: Path) -> None:
    image = nib.Nifti1Image(ARRAY, GRID.affine)
    image.header["descrip"] = b"Mueller^Anna 1983"
    image.header["aux_file"] = b"anna.par"
    image.header["db_name"] = b"ward 7"
    image.header.extensions.append(nib.nifti1.Nifti1Extension("comment", b"born 12.04.1983"))
    volume = read_volume(write_image(tmp_path / "image.nii", image))
    texts = {entry.text for entry in volume.removed}
    assert texts == {"Mueller^Anna 1983", "anna.par", "ward 7", "born 12.04.1983"}


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    path = give(tmp_path, bytes(raw_nifti()))
    path.chmod(0)
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)  # nobody: permissions do not bind root
    try:
        with pytest.raises(ImageError, match="permission"):
            read_volume(path)
    finally:
        os.seteuid(was)


def test_missing_files_and_folders_are_named(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="not there"):
        read_volume(tmp_path / "gone.nii")
    with pytest.raises(ImageError, match="folder"):
        read_volume(tmp_path)


@pytest.mark.parametrize(
    ("name", "start", "reason"),
    [
        ("image.dcm", bytes(128) + b"DICM" + bytes(400), "DICOM.*later"),
        ("image.nii", struct.pack("<i", 348) + bytes(124) + b"DICM" + bytes(400), "DICOM.*later"),
        ("image.nii.gz", b"PK\x03\x04" + bytes(600), "zip archive"),
        ("scan.png", b"\x89PNG" + bytes(600), "PNG"),
        ("scan.mnc", b"CDF\x01" + bytes(600), "MINC"),
        ("image.nrrd", b"hello", "no NRRD header"),
        ("notes.txt", b"hello", "not known"),
    ],
)
def test_other_formats_are_called_by_name(tmp_path: Path, name: str, start: bytes, reason: str) -> None:
    with pytest.raises(ImageError, match=reason):
        read_volume(give(tmp_path, start, name))


def test_image_names() -> None:
    assert is_image_name("a.NII.GZ")
    assert is_image_name("a.mhd")
    assert not is_image_name("a.raw")
