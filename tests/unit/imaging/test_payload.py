"""The label payload: one order for browser and server, strict and bomb-safe; the identity of a mask."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from imaging.grid import Grid
from imaging.payload import (
    Layers,
    PayloadError,
    decode_layers,
    encode_layers,
    layers_from_raw,
    raw_layers,
    segmentation_sha256,
)
from tests.unit.imaging.builders import make_grid

SHAPE = (3, 4, 5)
layer_stacks = hnp.arrays(np.uint8, hnp.array_shapes(min_dims=4, max_dims=4, min_side=1, max_side=5))


def stack(layer_count: int = 2) -> Layers:
    count = layer_count * 60
    return np.arange(count, dtype=np.uint8).reshape(layer_count, *SHAPE)


@given(layer_stacks)
@settings(deadline=None)
def test_decoding_undoes_encoding(layers: Layers) -> None:
    shape = (layers.shape[1], layers.shape[2], layers.shape[3])
    decoded = decode_layers(encode_layers(layers), shape, layer_count=layers.shape[0])
    assert np.array_equal(decoded, layers)
    assert decoded.flags.writeable


@given(st.integers(0, 1), st.integers(0, 2), st.integers(0, 3), st.integers(0, 4))
def test_x_runs_fastest_and_layers_follow_each_other(layer: int, x: int, y: int, z: int) -> None:
    raw = gzip.decompress(encode_layers(stack()))
    nx, ny, nz = SHAPE
    assert raw[x + y * nx + z * nx * ny + layer * nx * ny * nz] == stack()[layer, x, y, z]


def test_equal_labels_give_equal_bytes_in_any_memory_order() -> None:
    assert encode_layers(stack()) == encode_layers(np.asfortranarray(stack()))
    assert raw_layers(layers_from_raw(raw_layers(stack()), SHAPE, layer_count=2)) == raw_layers(stack())


def test_another_compressor_is_understood() -> None:
    payload = gzip.compress(raw_layers(stack()), compresslevel=1, mtime=12345)
    assert np.array_equal(decode_layers(payload, SHAPE, layer_count=2), stack())


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "cut off"),
        (b"hello", "not valid gzip"),
        (zlib.compress(raw_layers(stack())), "not valid gzip"),
        (gzip.compress(raw_layers(stack()))[:-1], "cut off"),
        (gzip.compress(raw_layers(stack())[:-1]), "119 bytes; this grid needs 120"),
        (gzip.compress(raw_layers(stack()) + b"\0"), "more than the 120 bytes"),
        (gzip.compress(raw_layers(stack())) + b"\0", "follows"),
        (gzip.compress(raw_layers(stack())) * 2, "follows"),
        (gzip.compress(raw_layers(stack()))[:-8] + bytes(8), "not valid gzip"),
    ],
)
def test_bad_payloads_are_refused(payload: bytes, reason: str) -> None:
    with pytest.raises(PayloadError, match=reason):
        decode_layers(payload, SHAPE, layer_count=2)


def test_a_bomb_is_never_unpacked() -> None:
    bomb = gzip.compress(bytes(300 << 20))
    tracemalloc.start()
    with pytest.raises(PayloadError, match="more than"):
        decode_layers(bomb, SHAPE, layer_count=2)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 << 20


def test_only_uint8_stacks_are_encoded() -> None:
    with pytest.raises(PayloadError):
        encode_layers(stack().astype(np.int16))
    with pytest.raises(PayloadError):
        encode_layers(stack()[0])


def test_identity_depends_on_labels_grid_and_scheme_and_on_nothing_else() -> None:
    grid = make_grid(SHAPE)
    same = segmentation_sha256(stack(), grid, "brats")
    assert same == segmentation_sha256(np.asfortranarray(stack()), Grid.from_json(grid.to_json()), "brats")

    changed = stack()
    changed[1, 2, 3, 4] += 1
    moved = grid.affine.copy()
    moved[0, 3] += 1e-6
    others = {
        segmentation_sha256(changed, grid, "brats"),
        segmentation_sha256(stack(), Grid(SHAPE, moved), "brats"),
        segmentation_sha256(stack(), grid, "reseg"),
        segmentation_sha256(stack()[:1], grid, "brats"),
        segmentation_sha256(stack()[::-1], grid, "brats"),
    }
    assert same not in others
    assert len(others) == 5


def test_identity_needs_labels_on_the_grid() -> None:
    with pytest.raises(PayloadError, match="not on the grid"):
        segmentation_sha256(stack(), make_grid((3, 4, 6)), "brats")
