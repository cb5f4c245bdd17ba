"""Reading NRRD and MetaImage, and damage of any kind in any format."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from imaging.errors import ImageError
from imaging.grid import Grid
from imaging.reading import read_volume
from imaging.volume import Voxels
from imaging.writing import metaimage_bytes, nifti_bytes, nrrd_bytes
from tests.unit.imaging.builders import make_grid, number_voxels

GRID = make_grid((4, 5, 6), spacing=(1.0, 2.0, 3.0), degrees=(5, 0, 0))
ARRAY = number_voxels(GRID.shape)


def give(folder: Path, content: bytes, name: str = "image.nii") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("suffix", [".nrrd", ".mha", ".mhd", ".nhdr"])
@pytest.mark.parametrize("packed", [True, False])
def test_nrrd_and_metaimage_agree_with_simpleitk(tmp_path: Path, suffix: str, packed: bool) -> None:
    image = sitk.GetImageFromArray(ARRAY.transpose(2, 1, 0).astype(np.float32) / 3)
    image.SetSpacing((0.5, 1.5, 4.0))
    image.SetOrigin((10, -20, 30))
    image.SetDirection((0, 1, 0, -1, 0, 0, 0, 0, 1))
    path = tmp_path / f"image{suffix}"
    sitk.WriteImage(image, str(path), useCompression=packed)
    volume = read_volume(path)
    assert volume.array == pytest.approx(ARRAY / 3)
    x, y, z = image.TransformIndexToPhysicalPoint((3, 1, 5))
    assert volume.grid.to_mm([(3, 1, 5)])[0] == pytest.approx((-x, -y, z))
    assert volume.warnings == ()


def nrrd_text(**changes: str | None) -> bytes:
    fields = {
        "type": "short",
        "dimension": "3",
        "space": "left-posterior-superior",
        "sizes": "4 5 6",
        "space directions": "(1,0,0) (0,2,0) (0,0,3)",
        "kinds": "domain domain domain",
        "endian": "little",
        "encoding": "raw",
        "space origin": "(1,2,3)",
    } | {key.replace("_", " "): value for key, value in changes.items()}
    lines = [f"{key}: {value}" for key, value in fields.items() if value is not None]
    return ("NRRD0004\n" + "\n".join(lines) + "\n\n").encode() + ARRAY.tobytes(order="F")


def test_nrrd_in_any_known_space_is_put_in_the_right_place(tmp_path: Path) -> None:
    lps = read_volume(give(tmp_path, nrrd_text(), "a.nrrd")).grid
    ras = read_volume(give(tmp_path, nrrd_text(space="RAS"), "b.nrrd")).grid
    las = read_volume(give(tmp_path, nrrd_text(space="left-anterior-superior"), "c.nrrd")).grid
    assert [g.orientation for g in (lps, ras, las)] == ["LPS", "RAS", "LAS"]
    assert ras.origin == (1, 2, 3)
    assert lps.origin == (-1, -2, 3)


def test_big_endian_nrrd_is_read(tmp_path: Path) -> None:
    content = nrrd_text(endian="big").removesuffix(ARRAY.tobytes(order="F"))
    path = give(tmp_path, content + ARRAY.astype(">i2").tobytes(order="F"), "a.nrrd")
    assert np.array_equal(read_volume(path).array, ARRAY)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"sizes": "4 5 6 2", "dimension": "4", "kinds": None}, "4-D"),
        ({"sizes": "3 4 5 2", "dimension": "4", "kinds": "RGB-color domain domain domain"}, "no direction"),
        ({"sizes": "20 6", "dimension": "2", "kinds": None, "space directions": "(1,0) (0,2)"}, "2-D"),
        ({"sizes": "4 5 0"}, "no voxels"),
        ({"sizes": "4 5"}, "contradicts itself"),
        ({"sizes": "4 5 six"}, "no usable sizes"),
        ({"type": "block"}, "unknown type"),
        ({"encoding": "ascii"}, "encoding"),
        ({"encoding": "gzip"}, "damaged|cut off"),
        ({"space_directions": "(1,0,0) (1,0,0) (0,0,3)"}, "not usable"),
        ({"space_directions": "(1,0,0) (0.5,2,0) (0,0,3)"}, "right angles"),
        ({"space_directions": "(1,0,0) (0,nan,0) (0,0,3)"}, "not usable"),
        ({"space_directions": "(1,0) (0,2) (0,3)"}, "unusable geometry"),
        ({"space_units": '"m" "m" "m"'}, "not in millimetres"),
        ({"data_file": "/etc/passwd"}, "another folder"),
        ({"data_file": "../secret.raw"}, "another folder"),
        ({"data_file": "other.raw"}, "is not there"),
        ({"data_file": "LIST"}, "several files"),
        ({"data_file": "slice%03d.raw 1 6 1"}, "several files"),
        ({"byte_skip": "100"}, "cut off"),
        ({"line_skip": "2"}, "skips"),
    ],
)
def test_bad_nrrd_is_refused(tmp_path: Path, changes: dict[str, str | None], reason: str) -> None:
    with pytest.raises(ImageError, match=reason):
        read_volume(give(tmp_path, nrrd_text(**changes), "bad.nrrd"))


def test_an_nrrd_without_orientation_is_a_warning(tmp_path: Path) -> None:
    content = nrrd_text(space=None, space_directions=None, space_origin=None, spacings="1 2 3")
    volume = read_volume(give(tmp_path, content, "a.nrrd"))
    assert volume.grid.spacing == (1, 2, 3)
    assert any("left and right are assumed" in warning for warning in volume.warnings)


def test_nrrd_texts_are_listed_as_removed(tmp_path: Path) -> None:
    content = nrrd_text(content="Anna Mueller").replace(b"\n\n", b"\nPatientName:=Mueller\n# of ward 7\n\n", 1)
    texts = {entry.text for entry in read_volume(give(tmp_path, content, "a.nrrd")).removed}
    assert texts == {"Anna Mueller", "Mueller", "of ward 7"}


def meta_text(**changes: str | None) -> bytes:
    fields = {
        "ObjectType": "Image",
        "NDims": "3",
        "BinaryData": "True",
        "CompressedData": "False",
        "TransformMatrix": "1 0 0 0 1 0 0 0 1",
        "Offset": "1 2 3",
        "ElementSpacing": "1 2 3",
        "DimSize": "4 5 6",
        "ElementType": "MET_SHORT",
    } | changes
    fields["ElementDataFile"] = fields.pop("ElementDataFile", "LOCAL")
    lines = [f"{key} = {value}\n" for key, value in fields.items() if value is not None]
    return "".join(lines).encode() + ARRAY.tobytes(order="F")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"DimSize": "4 5 3 2", "NDims": "4"}, "4-D"),
        ({"DimSize": "4 5 6 1", "NDims": "3"}, "contradicts itself"),
        ({"DimSize": "20 6", "NDims": "2"}, "2-D"),
        ({"DimSize": "4 0 6"}, "no voxels"),
        ({"DimSize": "-4 5 6"}, "no usable DimSize"),
        ({"DimSize": "4000 4000 4000"}, "too large"),
        ({"ElementNumberOfChannels": "3"}, "3 channels"),
        ({"ElementType": "MET_FLOAT_ARRAY"}, "channels"),
        ({"ElementType": "MET_OTHER"}, "unknown type"),
        ({"ElementType": "MET_DOUBLE"}, "cut off"),
        ({"TransformMatrix": "1 0 0 0.5 1 0 0 0 1"}, "right angles"),
        ({"TransformMatrix": "1 0 0"}, "unusable geometry"),
        ({"ElementSpacing": "1 0 3"}, "not usable"),
        ({"ElementSpacing": "1 x 3"}, "unusable geometry"),
        ({"CompressedData": "True"}, "damaged"),
        ({"BinaryData": "False"}, "text"),
        ({"DistanceUnits": "cm"}, "millimetres"),
        ({"ElementDataFile": "/etc/hostname"}, "another folder"),
        ({"ElementDataFile": "../up.raw"}, "another folder"),
        ({"ElementDataFile": "..\\up.raw"}, "another folder"),
        ({"ElementDataFile": ".."}, "not a file"),
        ({"ElementDataFile": ""}, "another folder"),
        ({"ElementDataFile": "gone.raw"}, "gone.raw is not there"),
        ({"ElementDataFile": "LIST"}, "several files"),
        ({"ElementDataFile": "s%03d.raw 1 6 1"}, "several files"),
        ({"HeaderSize": "x", "ElementDataFile": "bad.mhd"}, "HeaderSize"),
        ({"ObjectType": "Tube"}, "no image"),
    ],
)
def test_bad_metaimage_is_refused(tmp_path: Path, changes: dict[str, str | None], reason: str) -> None:
    with pytest.raises(ImageError, match=reason):
        read_volume(give(tmp_path, meta_text(**changes), "bad.mhd"))


def test_a_header_that_points_at_a_link_is_refused(tmp_path: Path) -> None:
    secret = give(tmp_path, ARRAY.tobytes(order="F"), "secret.txt")
    folder = tmp_path / "upload"
    folder.mkdir()
    (folder / "data.raw").symlink_to(secret)
    path = give(folder, meta_text(ElementDataFile="data.raw"), "image.mhd")
    with pytest.raises(ImageError, match="not a file"):
        read_volume(path)


def test_a_repeated_header_field_is_refused(tmp_path: Path) -> None:
    content = meta_text().replace(b"Offset", b"DimSize = 9 9 9\nOffset", 1)
    with pytest.raises(ImageError, match="states DimSize twice"):
        read_volume(give(tmp_path, content, "image.mha"))


def test_metaimage_bomb_is_stopped(tmp_path: Path) -> None:
    content = meta_text(CompressedData="True").removesuffix(ARRAY.tobytes(order="F"))
    path = give(tmp_path, content + zlib.compress(bytes(200 << 20)), "image.mha")
    with pytest.raises(ImageError, match="unpacks to more than"):
        read_volume(path)


def test_patient_fields_of_metaimage_are_listed_as_removed(tmp_path: Path) -> None:
    content = meta_text().replace(b"ElementData", b"PatientName = Anna\nComment = ward 7\nElementData", 1)
    texts = {entry.text for entry in read_volume(give(tmp_path, content, "image.mha")).removed}
    assert texts == {"Anna", "ward 7"}


# Any damage at all

MAKERS: dict[str, Callable[[Voxels, Grid], bytes]] = {
    ".nii.gz": nifti_bytes,
    ".nii": lambda array, grid: gzip.decompress(nifti_bytes(array, grid)),
    ".nrrd": nrrd_bytes,
    ".mha": metaimage_bytes,
}


@pytest.mark.parametrize("suffix", sorted(MAKERS))
def test_damage_anywhere_is_an_image_error_or_still_an_image(tmp_path: Path, suffix: str) -> None:
    good = MAKERS[suffix](ARRAY, GRID)
    random = np.random.default_rng(20240501)
    refused = 0
    for _ in range(400):
        bad = bytearray(good)
        for position in random.integers(0, min(len(bad), 420), size=random.integers(1, 6)):
            bad[position] = random.integers(0, 256)
        if random.random() < 0.2:
            bad = bad[: random.integers(0, len(bad))]
        path = give(tmp_path, bytes(bad), f"image{suffix}")
        try:
            volume = read_volume(path)
        except ImageError:
            refused += 1
        else:
            assert volume.array.shape == volume.grid.shape
    assert refused > 50
