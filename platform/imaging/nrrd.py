"""Reading NRRD (.nrrd, or .nhdr with its data file beside it).

Source of the header's meaning: Kindlmann, "Definition of NRRD file format",
http://teem.sourceforge.net/nrrd/format.html.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from imaging.checking import check_size, check_values, make_grid, spatial_shape
from imaging.decoding import VoxelSource, decode, find_sibling
from imaging.errors import ImageError
from imaging.grid import Matrix
from imaging.volume import ReadLimits, Removed, Volume

LONGEST_HEADER = 256 << 10
TYPES = {
    "int8": "signed char|int8|int8_t",
    "uint8": "uchar|unsigned char|uint8|uint8_t",
    "int16": "short|short int|signed short|signed short int|int16|int16_t",
    "uint16": "ushort|unsigned short|unsigned short int|uint16|uint16_t",
    "int32": "int|signed int|int32|int32_t",
    "uint32": "uint|unsigned int|uint32|uint32_t",
    "int64": "longlong|long long|long long int|signed long long|int64|int64_t",
    "uint64": "ulonglong|unsigned long long|unsigned long long int|uint64|uint64_t",
    "float32": "float",
    "float64": "double",
}
NUMPY_OF = {word: numpy for numpy, words in TYPES.items() for word in words.split("|")}
WORD_OF = {numpy: words.split("|")[0] for numpy, words in TYPES.items()}
METHODS = {"raw": "raw", "gzip": "gzip", "gz": "gzip", "bzip2": "bzip2", "bz2": "bzip2"}
RAS_FROM_SPACE = {
    "left-posterior-superior": (-1, -1, 1),
    "lps": (-1, -1, 1),
    "left-anterior-superior": (-1, 1, 1),
    "las": (-1, 1, 1),
    "right-anterior-superior": (1, 1, 1),
    "ras": (1, 1, 1),
}
SPATIAL_KINDS = {"domain", "space", "none", "???"}
STANDARD_COMMENT = ("complete nrrd file format", "http://teem.sourceforge.net/nrrd/format")
_TECHNICAL_FIELDS = (
    "type;dimension;space;space dimension;sizes;space directions;kinds;endian;encoding;space origin;"
    "spacings;thicknesses;axis mins;axis maxs;centers;centerings;space units;units;measurement frame;"
    "data file;byte skip;line skip;min;max;old min;old max;block size"
)
TECHNICAL = frozenset(_TECHNICAL_FIELDS.split(";"))
"""Fields that say nothing about a person; the texts of all others are shown as removed."""
UNKNOWN_PLACE = "The header does not say how the image lies in the patient: left and right are assumed, not known."


@dataclass
class _Header:
    """A parsed header: technical fields, other texts, where the voxels start."""

    fields: dict[str, str] = field(default_factory=dict)
    removed: list[Removed] = field(default_factory=list)
    end: int = 0


def looks_like_nrrd(start: bytes) -> bool:
    """Whether the first bytes of a file are those of an NRRD header."""
    return re.match(rb"NRRD000[1-6]\r?\n", start) is not None


def read_nrrd(path: Path, limits: ReadLimits) -> Volume:
    """Read an NRRD; see `imaging.reading.read_volume`."""
    name = path.name
    header = _read_header(path)
    fields = header.fields
    sizes = _whole_numbers(fields, "sizes", name=name)
    _check_axes(fields, sizes, name=name)
    shape = spatial_shape(sizes, name=name)
    stored_as = _check_type(fields, name=name)
    needed = check_size(shape, np.dtype(stored_as).itemsize, limits, name=name)
    affine, warned = _affine(fields, len(sizes), name=name)
    grid = make_grid(shape, affine, name=name)
    voxels = _source(path, header).read(needed)
    clean = _clean_header(fields, stored_as, shape, affine)
    array = decode(clean, voxels, ".nrrd", grid, name=name)
    return Volume(
        array=array,
        grid=grid,
        format="NRRD",
        stored_as=stored_as,
        removed=tuple(header.removed),
        warnings=(*warned, *check_values(array, name=name)),
    )


def _read_header(path: Path) -> _Header:
    name = path.name
    with path.open("rb") as stream:
        content = stream.read(LONGEST_HEADER)
    blank = re.search(rb"\r?\n\r?\n", content)
    detached = re.search(rb"(?mi)^data ?file: ", content[: blank.start() if blank else None])
    if blank is None and not detached:
        raise ImageError(name, "its header has no end", "Save the image again.")
    header = _Header(end=blank.end() if blank else len(content))
    try:
        text = content[: blank.start() if blank else None].decode("utf-8")
    except UnicodeDecodeError:
        raise ImageError(name, "its header is not valid text (UTF-8)", "Save the image again.") from None
    for line in text.splitlines()[1:]:
        _take_line(header, line.strip(), name=name)
    return header


def _take_line(header: _Header, line: str, *, name: str) -> None:
    if line.startswith("#"):
        comment = line.lstrip("# ")
        if comment and not comment.lower().startswith(STANDARD_COMMENT):
            header.removed.append(Removed.of("header comment", comment))
        return
    if ":=" in line:
        key, _, value = line.partition(":=")
        header.removed.append(Removed.of(f"header field {key.strip()}", value))
        return
    key, separator, value = line.partition(": ")
    key, value = {"datafile": "data file"}.get(key.lower(), key.lower()), value.strip()
    if key not in TECHNICAL:
        if line:
            header.removed.append(Removed.of(f"header field {key}" if separator else "header text", value or key))
        return
    if key in header.fields:
        raise ImageError(name, f"its header states {key} twice", "Save the image again.")
    header.fields[key] = value


def _check_axes(fields: dict[str, str], sizes: list[int], *, name: str) -> None:
    """Refuse colour and vector axes, and headers that contradict themselves about their axes."""
    if fields.get("dimension") != str(len(sizes)):
        raise ImageError(name, "its header contradicts itself about its axes", "Save the image again.")
    kinds = fields.get("kinds", "").lower().split()
    directions = _split_vectors(fields.get("space directions", ""))
    for axis, length in enumerate(sizes):
        kind = kinds[axis] if axis < len(kinds) else "domain"
        nowhere = axis < len(directions) and directions[axis] == "none"
        if (kind not in SPATIAL_KINDS or nowhere) and (axis < 3 or length > 1):
            raise ImageError(
                name,
                f"one of its axes is no direction in space (kind: {kind}): colour, vector or time",
                "Export one grey-scale 3-D image.",
            )


def _check_type(fields: dict[str, str], *, name: str) -> str:
    stored_as = NUMPY_OF.get(fields.get("type", "").lower())
    if stored_as is None:
        raise ImageError(
            name,
            f"its voxels are of an unknown type ({fields.get('type', 'not stated')[:40]})",
            "Save the image with whole or floating-point numbers.",
        )
    units = set(re.findall(r'"([^"]*)"', fields.get("space units", "")))
    if units - {"mm", "", "millimeter", "millimetre"}:
        raise ImageError(name, "its lengths are not in millimetres", "Save it in millimetres.")
    return stored_as


def _affine(fields: dict[str, str], axes: int, *, name: str) -> tuple[Matrix, tuple[str, ...]]:
    """Return the RAS+ affine and what to warn about."""
    space = fields.get("space", "").lower()
    signs = RAS_FROM_SPACE.get(space, RAS_FROM_SPACE["lps"])
    affine = np.eye(4)
    try:
        vectors = [vector for vector in _vectors(fields.get("space directions", ""))[:3] if vector]
        if vectors:
            affine[:3, :3] = np.array(vectors, dtype=np.float64).T
        elif "spacings" in fields:
            affine[:3, :3] = np.diag([float(word) for word in fields["spacings"].split()[:3]])
        if "space origin" in fields:
            affine[:3, 3] = np.array(_vectors(fields["space origin"])[0], dtype=np.float64)
    except (ValueError, IndexError, TypeError):
        raise ImageError(
            name, f"its header has an unusable geometry for {axes} axes", "Save the image again."
        ) from None
    known = bool(space in RAS_FROM_SPACE and vectors)
    return np.diag([*signs, 1.0]) @ affine, () if known else (UNKNOWN_PLACE,)


def _split_vectors(text: str) -> list[str]:
    """Return the parts of '(1,0,0) none (0,1,0)'."""
    return re.findall(r"\([^)]*\)|none", text.lower())


def _vectors(text: str) -> list[list[float] | None]:
    """Return the numbers of '(1,0,0) none (0,1,0)'; none stays None. Raises ValueError."""
    return [
        None if part == "none" else [float(number) for number in part[1:-1].split(",")] for part in _split_vectors(text)
    ]


def _source(path: Path, header: _Header) -> VoxelSource:
    name, fields = path.name, header.fields
    method = METHODS.get(fields.get("encoding", "").lower())
    if method is None:
        raise ImageError(
            name,
            f"its encoding ({fields.get('encoding', 'not stated')[:40]}) is not supported",
            "Save it with gzip encoding.",
        )
    if fields.get("line skip", "0") != "0" or not re.fullmatch(r"-1|\d{1,9}", fields.get("byte skip", "0")):
        raise ImageError(name, "its header skips part of the data file", "Save it as one .nrrd file.")
    skipped = int(fields.get("byte skip", "0"))
    if skipped and method != "raw":
        raise ImageError(name, "its header skips part of the packed data", "Save it as one .nrrd file.")
    if "data file" not in fields:
        return VoxelSource(path, -1 if skipped < 0 else header.end + skipped, method, name)
    reference = fields["data file"]
    if reference.upper().startswith("LIST") or re.search(r"%\d*d", reference):
        raise ImageError(name, "its voxels are spread over several files", "Save it as one .nrrd file.")
    return VoxelSource(find_sibling(path, reference.removeprefix("./")), skipped, method, name)


def _clean_header(fields: dict[str, str], stored_as: str, shape: tuple[int, int, int], affine: Matrix) -> str:
    """Return a header with nothing but type, order and geometry, for raw voxels that follow it."""
    lps = np.diag([-1.0, -1.0, 1.0, 1.0]) @ affine
    vectors = [f"({','.join(repr(float(part)) for part in column)})" for column in lps[:3].T]
    endian = "big" if fields.get("endian", "little").lower() == "big" else "little"
    lines = [
        "NRRD0004",
        f"type: {WORD_OF[stored_as]}",
        "dimension: 3",
        "space: left-posterior-superior",
        f"sizes: {' '.join(map(str, shape))}",
        f"space directions: {' '.join(vectors[:3])}",
        "kinds: domain domain domain",
        f"endian: {endian}",
        "encoding: raw",
        f"space origin: {vectors[3]}",
    ]
    return "\n".join(lines) + "\n\n"


def _whole_numbers(fields: dict[str, str], key: str, *, name: str) -> list[int]:
    words = fields.get(key, "").split()
    if not words or len(words) > 10 or not all(word.isdecimal() and len(word) < 10 for word in words):
        raise ImageError(name, f"its header has no usable {key}", "Save the image again.")
    return [int(word) for word in words]
