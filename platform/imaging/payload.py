"""Label maps on the wire and in storage, and what identifies a segmentation.

The form is decided once for browser and server: uint8, one map per layer, layers one after
another, x fastest, then y, then z (index = x + y·nx + z·nx·ny), compressed with gzip.
"""

from __future__ import annotations

import gzip
import hashlib
import math
import zlib
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from imaging.grid import Grid

Layers: TypeAlias = NDArray[np.uint8]

COMPRESSION_LEVEL = 6
IDENTITY_VERSION = b"overread segmentation 1\n"


class PayloadError(ValueError):
    """A label payload that is damaged, too long or too short for its grid."""


def encode_layers(layers: Layers) -> bytes:
    """Return the payload of label maps (layer, x, y, z); equal maps give equal bytes."""
    return gzip.compress(raw_layers(layers), compresslevel=COMPRESSION_LEVEL, mtime=0)


def decode_layers(payload: bytes, shape: tuple[int, int, int], *, layer_count: int) -> Layers:
    """Return the label maps (layer, x, y, z) of a payload made for this shape.

    Never unpacks more than the maps need, whatever the payload holds. Raises PayloadError when it
    is not gzip, is cut off, holds more or fewer bytes than the maps need or is followed by
    anything.
    """
    expected = layer_count * math.prod(shape)
    unpacker = zlib.decompressobj(wbits=31)
    try:
        raw = unpacker.decompress(payload, expected + 1)
    except zlib.error:
        raise PayloadError("The labels are not valid gzip. Send them again.") from None
    if len(raw) > expected:
        raise PayloadError(f"The labels hold more than the {expected} bytes of this grid.")
    if not unpacker.eof:
        raise PayloadError("The labels are cut off. Send them again.")
    if unpacker.unused_data:
        raise PayloadError("Something follows the labels. Send them again.")
    return layers_from_raw(raw, shape, layer_count=layer_count)


def raw_layers(layers: Layers) -> bytes:
    """Return label maps (layer, x, y, z) as uncompressed bytes in the order of the payload."""
    if layers.dtype != np.uint8 or layers.ndim != 4:
        raise PayloadError("Label maps are uint8 and indexed (layer, x, y, z).")
    return b"".join(layer.tobytes(order="F") for layer in layers)


def layers_from_raw(raw: bytes, shape: tuple[int, int, int], *, layer_count: int) -> Layers:
    """Return the label maps (layer, x, y, z) of uncompressed bytes of exactly the right length."""
    expected = layer_count * math.prod(shape)
    if len(raw) != expected:
        raise PayloadError(f"The labels hold {len(raw)} bytes; this grid needs {expected}.")
    flat = np.frombuffer(raw, dtype=np.uint8).reshape((layer_count, *reversed(shape)))
    return flat.transpose(0, 3, 2, 1).copy(order="K")


def segmentation_sha256(layers: Layers, grid: Grid, scheme_key: str) -> str:
    """Return what identifies a segmentation: SHA-256 of its labels, its grid and its scheme.

    Layers are (layer, x, y, z) on `grid`. Made of decoded labels, so that compression does not
    matter.
    """
    if layers.shape[1:] != grid.shape:
        raise PayloadError(f"Labels of shape {layers.shape[1:]} are not on the grid {grid.shape}.")
    digest = hashlib.sha256(IDENTITY_VERSION)
    digest.update(hashlib.sha256(scheme_key.encode()).digest())
    digest.update(np.asarray(layers.shape, dtype="<i8").tobytes())
    digest.update(grid.affine.astype("<f8").tobytes())
    for layer in _as_uint8(layers):
        digest.update(layer.tobytes(order="F"))
    return digest.hexdigest()


def _as_uint8(layers: NDArray[Any]) -> Layers:
    if layers.dtype != np.uint8 or layers.ndim != 4:
        raise PayloadError("Label maps are uint8 and indexed (layer, x, y, z).")
    return layers
