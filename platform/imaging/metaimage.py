"""Reading MetaImage (.mha, or .mhd with its data file beside it).

Source of the header's meaning: MetaIO documentation, Insight Software Consortium,
https://itk.org/Wiki/MetaIO/Documentation.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

import numpy as np

from imaging.checking import check_size, check_values, make_grid, spatial_shape
from imaging.decoding import VoxelSource, decode, find_sibling
from imaging.errors import ImageError
from imaging.grid import Grid
from imaging.simpleitk import LPS_FROM_RAS
from imaging.volume import ReadLimits, Removed, Volume

Fields: TypeAlias = Mapping[str, str]

LONGEST_HEADER = 64 << 10
TYPES = {
    "MET_CHAR": "int8",
    "MET_UCHAR": "uint8",
    "MET_SHORT": "int16",
    "MET_USHORT": "uint16",
    "MET_INT": "int32",
    "MET_UINT": "uint32",
    "MET_LONG": "int32",
    "MET_ULONG": "uint32",
    "MET_LONG_LONG": "int64",
    "MET_ULONG_LONG": "uint64",
    "MET_FLOAT": "float32",
    "MET_DOUBLE": "float64",
}
_TECHNICAL_KEYS = """
    ObjectType ObjectSubType NDims BinaryData BinaryDataByteOrderMSB ElementByteOrderMSB CompressedData
    CompressedDataSize CompressionLevel TransformMatrix Rotation Orientation Offset Position Origin
    CenterOfRotation AnatomicalOrientation ElementSpacing ElementSize DimSize ElementType
    ElementNumberOfChannels ElementMin ElementMax HeaderSize HeaderSizePerSlice Modality DistanceUnits
    WindowCenter WindowWidth SliceThickness ElementDataFile
"""
TECHNICAL = frozenset(_TECHNICAL_KEYS.split())
"""Keys that say nothing about a person; the texts of all others are shown as removed."""


def looks_like_metaimage(start: bytes) -> bool:
    """Whether the first bytes of a file are a MetaImage header."""
    return b"NDims" in start and b"=" in start


def read_metaimage(path: Path, limits: ReadLimits) -> Volume:
    """Read a MetaImage; see `imaging.reading.read_volume`."""
    name = path.name
    fields, removed, end = _read_header(path)
    shape = spatial_shape(_whole_numbers(fields, "DimSize", name=name), name=name)
    stored_as = _check_type(fields, name=name)
    needed = check_size(shape, np.dtype(stored_as).itemsize, limits, name=name)
    grid = make_grid(shape, LPS_FROM_RAS @ _affine(fields, name=name), name=name)
    voxels = _source(path, fields, end).read(needed)
    array = decode(_clean_header(fields, grid), voxels, ".mha", grid, name=name)
    warned = () if "ElementSpacing" in fields or "ElementSize" in fields else (NO_SPACING,)
    return Volume(
        array=array,
        grid=grid,
        format="MetaImage",
        stored_as=stored_as,
        removed=removed,
        warnings=(*warned, *check_values(array, name=name)),
    )


NO_SPACING = "The header does not state the voxel size: 1 mm is assumed, not known."


def _read_header(path: Path) -> tuple[Fields, tuple[Removed, ...], int]:
    """Return the technical fields, the other texts, and where the header ends."""
    with path.open("rb") as stream:
        content = stream.read(LONGEST_HEADER)
    fields: dict[str, str] = {}
    others: list[Removed] = []
    at = end = 0
    while at < len(content):
        stop = content.find(b"\n", at)
        stop = len(content) if stop < 0 else stop
        key, separator, value = _line(content[at:stop], name=path.name)
        at = stop + 1
        if separator and key in TECHNICAL and not end:
            if key in fields:
                raise ImageError(path.name, f"its header states {key} twice", "Save the image again.")
            fields[key] = value
        elif value or key:
            others.append(Removed.of(f"header field {key}" if separator else "header text", value or key))
        if key == "ElementDataFile" and not end:
            end = at
            if value.upper() == "LOCAL":
                break
    if not end:
        raise ImageError(path.name, "its header does not say where the voxels are", "Save the image again.")
    return fields, tuple(others), end


def _line(line: bytes, *, name: str) -> tuple[str, str, str]:
    try:
        key, separator, value = line.decode("utf-8").partition("=")
    except UnicodeDecodeError:
        raise ImageError(
            name, "its header is not valid text (UTF-8)", "Save the image again with the program that made it."
        ) from None
    return key.strip(), separator, value.strip()


def _check_type(fields: Fields, *, name: str) -> str:
    channels = fields.get("ElementNumberOfChannels", "1")
    kind = fields.get("ElementType", "none")
    if channels != "1" or kind.endswith("_ARRAY"):
        raise ImageError(
            name,
            f"its voxels have {channels} channels (colour or vector), not one number each",
            "Export a grey-scale image.",
        )
    if kind not in TYPES:
        raise ImageError(name, f"its voxels are of an unknown type ({kind[:40]})", "Save the image again.")
    if fields.get("ObjectType", "Image") != "Image":
        raise ImageError(name, "it is a MetaIO object but no image", "Choose the image.")
    if fields.get("DistanceUnits", "mm") not in {"mm", "?"}:
        raise ImageError(name, "its lengths are not in millimetres", "Save it with DistanceUnits = mm.")
    return TYPES[kind]


def _affine(fields: Fields, *, name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return the LPS affine: the rows of the header's matrix are the directions of the axes."""
    axes = len(_whole_numbers(fields, "DimSize", name=name))
    keys = {
        "matrix": _first(fields, "TransformMatrix", "Rotation", "Orientation"),
        "offset": _first(fields, "Offset", "Position", "Origin"),
        "spacing": _first(fields, "ElementSpacing", "ElementSize"),
    }
    matrix = _numbers(keys["matrix"], np.eye(axes).ravel(), name=name).reshape(axes, axes)
    offset = _numbers(keys["offset"], np.zeros(axes), name=name)
    spacing = _numbers(keys["spacing"], np.ones(axes), name=name)
    affine = np.eye(4)
    affine[:3, :3] = matrix.T[:3, :3] * spacing[:3]
    affine[:3, 3] = offset[:3]
    return affine


def _source(path: Path, fields: Fields, end: int) -> VoxelSource:
    name = path.name
    if fields.get("BinaryData", "True").lower() != "true":
        raise ImageError(name, "its voxels are written as text", "Save it with binary voxels.")
    method = "zlib" if fields.get("CompressedData", "False").lower() == "true" else "raw"
    reference = fields["ElementDataFile"]
    if reference.upper() == "LOCAL":
        return VoxelSource(path, end, method, name)
    if reference.upper().startswith("LIST") or "%" in reference:
        raise ImageError(name, "its voxels are spread over several files", "Save it as one file (.mha).")
    try:
        skipped = int(fields.get("HeaderSize", "0"))
    except ValueError:
        raise ImageError(name, "its HeaderSize is no whole number", "Save the image again.") from None
    return VoxelSource(find_sibling(path, reference), skipped, method, name)


def _clean_header(fields: Fields, grid: Grid) -> str:
    """Return a header with nothing but type, order and geometry, for voxels that follow it."""
    big = (_first(fields, "BinaryDataByteOrderMSB", "ElementByteOrderMSB") or "False").lower() == "true"
    affine = LPS_FROM_RAS @ grid.affine
    directions = affine[:3, :3] / np.asarray(grid.spacing)
    lines = {
        "ObjectType": "Image",
        "NDims": "3",
        "BinaryData": "True",
        "BinaryDataByteOrderMSB": str(big),
        "CompressedData": "False",
        "TransformMatrix": _text(directions.T.ravel()),
        "Offset": _text(affine[:3, 3]),
        "ElementSpacing": _text(grid.spacing),
        "DimSize": " ".join(map(str, grid.shape)),
        "ElementType": fields["ElementType"],
        "ElementDataFile": "LOCAL",
    }
    return "".join(f"{key} = {value}\n" for key, value in lines.items())


def _text(numbers: object) -> str:
    return " ".join(repr(float(number)) for number in np.ravel(np.asarray(numbers)))


def _first(fields: Fields, *keys: str) -> str | None:
    return next((fields[key] for key in keys if key in fields), None)


def _whole_numbers(fields: Fields, key: str, *, name: str) -> list[int]:
    words = fields.get(key, "").split()
    if not words or len(words) > 10 or not all(word.isdecimal() and len(word) < 10 for word in words):
        raise ImageError(name, f"its header has no usable {key}", "Save the image again.")
    if fields.get("NDims", str(len(words))) != str(len(words)):
        raise ImageError(name, "its header contradicts itself about its axes", "Save the image again.")
    return [int(word) for word in words]


def _numbers(
    text: str | None, default: np.ndarray[tuple[int, ...], np.dtype[np.float64]], *, name: str
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    if text is None:
        return default
    try:
        numbers = np.array([float(word) for word in text.split()])
    except ValueError:
        numbers = np.array([])
    if numbers.shape != default.shape:
        raise ImageError(name, "its header has an unusable geometry", "Save the image again.")
    if not np.isfinite(numbers).all():
        raise ImageError(name, "its geometry has infinite numbers", "Save the image again.")
    return numbers
