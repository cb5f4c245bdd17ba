"""Bytes out of compressed streams, never more than asked for."""

from __future__ import annotations

import bz2
import gzip
import io
import zlib
from collections.abc import Callable
from typing import IO, cast

from imaging.errors import ImageError

CHUNK = 1 << 20
GZIP_MAGIC = b"\x1f\x8b"

_OPENERS: dict[str, Callable[[IO[bytes]], IO[bytes]]] = {
    "gzip": lambda stream: cast(IO[bytes], gzip.GzipFile(fileobj=stream, mode="rb")),
    "bzip2": lambda stream: cast(IO[bytes], bz2.BZ2File(stream, mode="rb")),
}


def open_gzip(stream: IO[bytes]) -> IO[bytes]:
    """Return a reader of the unpacked bytes of a gzip stream of one or more members."""
    return _OPENERS["gzip"](stream)


def read_exactly(stream: IO[bytes], length: int, *, name: str) -> bytes:
    """Return the next `length` bytes. Raises ImageError when the stream is damaged or ends early.

    Reads in pieces, so that a header which promises more than there is costs no memory.
    """
    pieces = bytearray()
    while len(pieces) < length:
        piece = read_piece(stream, min(CHUNK, length - len(pieces)), name=name)
        if not piece:
            raise ImageError(
                name,
                f"the file is cut off: its header promises {length:,} bytes of voxels and {len(pieces):,} are there",
                "Copy it again from where it came from.",
            )
        pieces += piece
    return bytes(pieces)


def count_rest(stream: IO[bytes], *, at_most: int, name: str) -> int:
    """Return how many bytes follow, reading no more than at_most + 1 of them.

    Reaching the end of a gzip stream also checks its checksum.
    """
    count = 0
    while count <= at_most:
        piece = read_piece(stream, min(CHUNK, at_most + 1 - count), name=name)
        if not piece:
            break
        count += len(piece)
    return count


def read_piece(stream: IO[bytes], length: int, *, name: str) -> bytes:
    """Return up to `length` bytes; damage in a compressed stream becomes an ImageError."""
    try:
        return stream.read(length)
    except EOFError:
        raise ImageError(
            name,
            "the compressed file is cut off before its end",
            "Copy it again from where it came from.",
        ) from None
    except (zlib.error, gzip.BadGzipFile, OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise ImageError(
            name,
            "the compressed data are damaged",
            "Copy the file again from where it came from.",
        ) from None


def unpack_bytes(data: bytes, method: str, expected: int, *, name: str) -> bytes:
    """Return exactly `expected` bytes unpacked by method: 'raw', 'zlib', 'gzip' or 'bzip2'.

    Raises ImageError when there are fewer, or more, or the data are damaged.
    """
    if method == "zlib":
        return _unpack_zlib(data, expected, name=name)
    stream: IO[bytes] = io.BytesIO(data)
    if method != "raw":
        stream = _OPENERS[method](stream)
    raw = read_exactly(stream, expected, name=name)
    if method != "raw" and count_rest(stream, at_most=0, name=name):
        raise _too_much(name, expected)
    return raw


def _unpack_zlib(data: bytes, expected: int, *, name: str) -> bytes:
    unpacker = zlib.decompressobj(wbits=47)  # zlib or gzip, by what the bytes say
    try:
        raw = unpacker.decompress(data, expected + 1)
    except zlib.error:
        raise ImageError(
            name,
            "the compressed data are damaged",
            "Copy the file again from where it came from.",
        ) from None
    if len(raw) > expected:
        raise _too_much(name, expected)
    return read_exactly(io.BytesIO(raw), expected, name=name)


def _too_much(name: str, expected: int) -> ImageError:
    return ImageError(
        name,
        f"it unpacks to more than the {expected:,} bytes that its header announces",
        "The file is damaged or made to do harm; save it again with the program that made it.",
    )
