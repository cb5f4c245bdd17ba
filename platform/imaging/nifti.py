"""Reading NIfTI-1 and NIfTI-2 (.nii, .nii.gz), of either byte order.

Source of the header's meaning: NIfTI-1 and NIfTI-2 definitions (nifti1.h, nifti2.h), NIfTI Data
Format Working Group, https://nifti.nimh.nih.gov.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import nibabel as nib
import numpy as np

from imaging.checking import check_size, check_values, make_grid, spatial_shape
from imaging.decompression import GZIP_MAGIC, count_rest, open_gzip, read_exactly, read_piece
from imaging.errors import ImageError
from imaging.grid import GEOMETRY_TOLERANCE, Grid, Matrix
from imaging.volume import ReadLimits, Removed, Volume, Voxels

LONGEST_HEADER = 16 << 20
"""Bytes before the voxels; header extensions beyond this are no header."""
EXCESS = 1 << 20
"""Bytes after the voxels that are passed over with a warning; more is refused."""
MM_PER_UNIT = {0: 1.0, 1: 1000.0, 2: 1.0, 3: 0.001}
"""The header's unit codes: unknown, metre, millimetre, micrometre."""
FORM_CODES = range(1, 6)
"""Codes with which a header says that its sform or qform is meant."""
TEXT_FIELDS = ("descrip", "aux_file", "db_name", "intent_name", "data_type")
REAL_TYPES = {
    2: "uint8",
    4: "int16",
    8: "int32",
    16: "float32",
    64: "float64",
    256: "int8",
    512: "uint16",
    768: "uint32",
    1024: "int64",
    1280: "uint64",
}
"""Datatype codes with one real number per voxel that every computer can hold."""
OTHER_TYPES = {
    1: "one bit per voxel",
    32: "complex",
    128: "colour (RGB)",
    1536: "128-bit",
    1792: "complex",
    2048: "complex",
    2304: "colour (RGBA)",
}


@dataclass(frozen=True)
class _Kind:
    """One of the two header layouts."""

    format: str
    size: int
    magic: bytes
    pair_magic: bytes
    magic_at: int
    image: Any


_KINDS = (
    _Kind("NIfTI-1", 348, b"n+1\0", b"ni1\0", 344, nib.Nifti1Image),
    _Kind("NIfTI-2", 540, b"n+2\0", b"ni2\0", 4, nib.Nifti2Image),
)


def looks_like_nifti(start: bytes) -> bool:
    """Whether the first bytes (unpacked, 348 or more) are a NIfTI or Analyze header."""
    return any(start[:4] in (kind.size.to_bytes(4, "little"), kind.size.to_bytes(4, "big")) for kind in _KINDS)


def read_nifti(path: Path, limits: ReadLimits) -> Volume:
    """Read a NIfTI file; see `imaging.reading.read_volume`."""
    name = path.name
    with path.open("rb") as raw:
        packed = raw.read(2) == GZIP_MAGIC
        raw.seek(0)
        stream = open_gzip(raw) if packed else raw
        kind, header, head = _read_header(stream, name=name)
        shape = spatial_shape(_sizes(header), name=name)
        stored_as = _check_type(header, name=name)
        content, warned = _read_content(
            stream,
            head,
            header,
            check_size(shape, np.dtype(stored_as).itemsize, limits, name=name),
            name=name,
        )
    image = _decode(kind, content, name=name)
    affine, about_affine = _affine(header, shape, name=name)
    grid = make_grid(shape, affine, name=name)
    array = _values(image, header, shape, name=name)
    return Volume(
        array=array,
        grid=grid,
        format=kind.format,
        stored_as=stored_as,
        removed=_texts(image),
        warnings=(*warned, *about_affine, *check_values(array, name=name)),
    )


def _read_header(stream: IO[bytes], *, name: str) -> tuple[_Kind, Any, bytes]:
    """Return the layout, the parsed header and its bytes, from the start of the stream."""
    head = read_piece(stream, _KINDS[0].size, name=name)
    for kind in _KINDS:
        order = next((o for o in ("<", ">") if head[:4] == np.array(kind.size, f"{o}i4").tobytes()), None)
        if order is None:
            continue
        head += read_piece(stream, kind.size - len(head), name=name) if kind.size > len(head) else b""
        if len(head) < kind.size:
            raise ImageError(name, "the file ends inside its header", "Copy it again.")
        magic = head[kind.magic_at : kind.magic_at + 4]
        if magic != kind.magic:
            raise _without_image(name, pair=magic == kind.pair_magic)
        header = kind.image.header_class(head, endianness=order, check=False)
        return kind, header, head
    raise ImageError(
        name,
        "it has no NIfTI header" if len(head) >= 4 else "it has no header",
        "Save the image as NIfTI (.nii.gz), NRRD or MetaImage.",
    )


def _without_image(name: str, *, pair: bool) -> ImageError:
    if pair:
        return ImageError(
            name,
            "it is the header of a two-file image (.hdr and .img)",
            "Convert the pair to one .nii.gz file.",
        )
    return ImageError(
        name,
        "it is an Analyze header, which does not say where left and right are",
        "Convert the original images to .nii.gz.",
    )


def _sizes(header: Any) -> list[int]:
    axes = int(header["dim"][0])
    return [int(length) for length in header["dim"][1 : axes + 1]] if 1 <= axes <= 7 else []


def _check_type(header: Any, *, name: str) -> str:
    """Return the NumPy name of the stored type, when it is one real number per voxel."""
    code, bits = int(header["datatype"]), int(header["bitpix"])
    if code not in REAL_TYPES:
        what = OTHER_TYPES.get(code, f"of an unknown type (code {code})")
        raise ImageError(
            name,
            f"its voxels are {what}, not one real number each",
            "Export a grey-scale image, for example the magnitude.",
        )
    stored_as = REAL_TYPES[code]
    if bits != np.dtype(stored_as).itemsize * 8:
        raise ImageError(
            name,
            f"its header contradicts itself: {stored_as} voxels of {bits} bits",
            "Save the image again with the program that made it.",
        )
    return stored_as


def _read_content(
    stream: IO[bytes], head: bytes, header: Any, voxel_bytes: int, *, name: str
) -> tuple[bytes, tuple[str, ...]]:
    """Return header, extensions and voxels as bytes, and a warning when something follows them."""
    offset = float(header["vox_offset"])
    if not (len(head) + 4 <= offset <= LONGEST_HEADER and offset == int(offset)):
        raise ImageError(
            name,
            f"its header says that the voxels start at byte {offset:g}, which cannot be",
            "Save the image again with the program that made it.",
        )
    between = read_exactly(stream, int(offset) - len(head), name=name)
    voxels = read_exactly(stream, voxel_bytes, name=name)
    excess = count_rest(stream, at_most=EXCESS, name=name)
    if excess > EXCESS:
        raise ImageError(
            name,
            "it holds far more data than its header announces",
            "The header is wrong or the file is made to do harm; save the image again.",
        )
    warned = (f"{excess:,} bytes after the voxels were left out.",) if excess else ()
    return head + between + voxels, warned


def _decode(kind: _Kind, content: bytes, *, name: str) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return kind.image.from_stream(BytesIO(content))
    except Exception as error:  # the decoder's own errors have no common base class
        raise ImageError(
            name,
            f"its header cannot be used ({error})",
            "Save the image again with the program that made it.",
        ) from error


def _values(image: Any, header: Any, shape: tuple[int, int, int], *, name: str) -> Voxels:
    """Return the voxels in native byte order, scaled as the header says."""
    scaling = np.array([header["scl_slope"], header["scl_inter"]], dtype=np.float64)
    if np.isinf(scaling).any():
        raise ImageError(name, "its intensity scaling is infinite", "Save the image again.")
    array = np.asarray(image.dataobj).reshape(shape, order="F")
    if array.dtype == np.float64 and (image.dataobj.slope, image.dataobj.inter) != (1, 0):
        array = array.astype(np.float32)
    return array.astype(array.dtype.newbyteorder("="), order="F", copy=False)


def _affine(header: Any, shape: tuple[int, int, int], *, name: str) -> tuple[Matrix, tuple[str, ...]]:
    """Return the affine in mm and what to warn about: sform before qform."""
    unit = MM_PER_UNIT.get(int(header["xyzt_units"]) & 7, 1.0)
    scale = np.diag([unit, unit, unit, 1.0])
    warned = [] if unit == 1.0 else ["The header's unit was converted to millimetres."]
    sform = scale @ header.get_sform() if int(header["sform_code"]) in FORM_CODES else None
    qform = None
    if int(header["qform_code"]) in FORM_CODES:
        try:
            qform = scale @ header.get_qform()
        except (ValueError, nib.spatialimages.HeaderDataError):
            if sform is None:
                raise ImageError(name, "its rotation (qform) is not valid", "Save the image again.") from None
    if sform is not None and qform is not None:
        warned += _disagreement(sform, qform, shape)
    if sform is not None:
        return sform, tuple(warned)
    if qform is not None:
        return qform, tuple(warned)
    warned.append("The header does not say how the image lies in the patient: left and right are assumed, not known.")
    return scale @ header.get_base_affine(), tuple(warned)


def _disagreement(sform: Matrix, qform: Matrix, shape: tuple[int, int, int]) -> list[str]:
    try:
        apart = np.linalg.norm(Grid(shape, sform).corners - Grid(shape, qform).corners, axis=1).max()
    except ValueError:
        return ["One of the header's two geometries (sform and qform) is not usable."]
    if apart <= GEOMETRY_TOLERANCE:
        return []
    return [f"The header's two geometries (sform and qform) disagree by up to {apart:.1f} mm; the sform is used."]


def _texts(image: Any) -> tuple[Removed, ...]:
    """Return the free texts of the header and its extensions, which are not taken over."""
    found = []
    for field in TEXT_FIELDS:
        if field not in image.header.keys():  # noqa: SIM118  # a header is no dictionary
            continue
        text = bytes(image.header[field].item()).decode("latin-1").strip("\0 ")
        if text:
            found.append(Removed.of(f"header field {field}", text))
    for extension in image.header.extensions:
        content = extension.get_content()
        text = content.decode("latin-1") if isinstance(content, bytes) else str(content)
        found.append(Removed.of(f"header extension {extension.get_code()}", text))
    return tuple(found)
