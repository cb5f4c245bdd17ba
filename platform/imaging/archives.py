"""Unpack zip and tar archives of strangers: names made safe, sizes counted, nothing left on failure."""

from __future__ import annotations

import gzip
import shutil
import stat
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, TypeAlias

from imaging.errors import ImageError

CHUNK = 1 << 20
LARGEST_READ = 8 << 20
"""Bytes that tarfile may ask for at once; long header records are how tar bombs fill the memory."""
ARCHIVE_SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz")
NESTED_LEVELS = 1
"""Archives inside the archive are unpacked, archives inside those are refused."""
JUNK_FOLDERS = {"__MACOSX"}
JUNK_FILES = {".ds_store", "thumbs.db", "desktop.ini"}
ADVICE = "Pack the images again into a plain zip archive."


@dataclass(frozen=True)
class ArchiveLimits:
    """What an archive may hold.

    ratio bounds unpacked to packed bytes once free_bytes are unpacked: label maps may shrink to a
    thousandth, so small archives may have any ratio.
    """

    files: int = 20_000
    total_bytes: int = 20 << 30
    ratio: float = 300.0
    free_bytes: int = 256 << 20
    depth: int = 16
    name_bytes: int = 255
    path_bytes: int = 1000


@dataclass(frozen=True)
class Unpacked:
    """Relative paths (with /) of the files that were unpacked and of junk that was passed over."""

    files: tuple[str, ...]
    ignored: tuple[str, ...]


DEFAULT_LIMITS = ArchiveLimits()

Opener: TypeAlias = Callable[[], IO[bytes]] | None
"""Opens a member; None for a folder."""
Members: TypeAlias = Iterator[tuple[str, Opener]]


def is_archive_name(name: str) -> bool:
    """Whether a file of this name is an archive that `unpack` takes."""
    return name.lower().endswith(ARCHIVE_SUFFIXES)


def unpack(path: Path, into: Path, limits: ArchiveLimits = DEFAULT_LIMITS) -> Unpacked:
    """Unpack a zip, tar or tar.gz archive into the folder `into`, which is new or empty.

    Archives inside are unpacked into a folder of their name, one level deep. Raises ImageError,
    and leaves `into` without a file, for: names with '..', absolute names, odd or too long names,
    the same name twice (also in other case), links, devices, encryption, damage, too many files,
    too deep folders, too many bytes, and a suspicious compression ratio.
    """
    into.mkdir(parents=True, exist_ok=True)
    if any(into.iterdir()):
        raise ValueError("An archive is unpacked into an empty folder.")
    task = _Task(into, limits, allowed=_allowed(path, limits))
    try:
        task.unpack(path, PurePosixPath(), level=0)
    except BaseException:
        shutil.rmtree(into, ignore_errors=True)
        into.mkdir(parents=True, exist_ok=True)
        raise
    return Unpacked(tuple(sorted(task.files)), tuple(sorted(task.ignored)))


def _allowed(path: Path, limits: ArchiveLimits) -> int:
    try:
        packed = path.stat().st_size
    except OSError as error:
        raise ImageError(path.name, "it cannot be read", "Upload it again.") from error
    return min(limits.total_bytes, max(limits.free_bytes, int(packed * limits.ratio)))


@dataclass
class _Task:
    """One unpacking: what it may still write and what it has written."""

    into: Path
    limits: ArchiveLimits
    allowed: int
    files: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    taken: dict[str, str] = field(default_factory=dict)
    members: int = 0
    written: int = 0

    def unpack(self, path: Path, below: PurePosixPath, *, level: int) -> None:
        """Unpack one archive below a folder, then the archives found in it."""
        reader = _reader(path)
        found: list[str] = []
        with _refusing_damage(path.name):
            for name, open_member in reader(path):
                kept = self._take(name, open_member, below, archive=path.name)
                found += [kept] if kept else []
        for nested in [name for name in found if is_archive_name(name)]:
            self._unpack_nested(nested, path, level=level)

    def _unpack_nested(self, nested: str, path: Path, *, level: int) -> None:
        if level >= NESTED_LEVELS:
            raise ImageError(path.name, f"it holds archives in archives ({nested[-80:]})", ADVICE)
        inner = self.into / nested
        folder = PurePosixPath(nested).parent / _without_suffix(inner.name)
        self.files.remove(nested)
        self.unpack(inner, folder, level=level + 1)
        inner.unlink()

    def _take(self, name: str, open_member: Opener, below: PurePosixPath, *, archive: str) -> str | None:
        """Write one member and return its path, or None for folders and junk."""
        self.members += 1
        if self.members > self.limits.files:
            raise ImageError(archive, f"it holds more than {self.limits.files:,} files", "Split it.")
        inside = _safe(name, archive=archive)
        relative = below / inside
        self._check_length(relative, archive=archive)
        if open_member is None:
            return None
        if _is_junk(inside):
            self.ignored.append(str(relative))
            return None
        self._check_new(relative, archive=archive)
        target = self.into / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        with open_member() as source, target.open("xb") as sink:
            self._copy(source, sink, archive=archive)
        self.files.append(str(relative))
        return str(relative)

    def _copy(self, source: IO[bytes], sink: IO[bytes], *, archive: str) -> None:
        while piece := source.read(CHUNK):
            self.written += len(piece)
            if self.written > self.allowed:
                raise ImageError(
                    archive,
                    f"it unpacks to more than the {self.allowed / 2**20:,.0f} MiB allowed for its size",
                    "Split it, or pack it again without files that are all zeros.",
                )
            sink.write(piece)

    def _check_length(self, relative: PurePosixPath, *, archive: str) -> None:
        longest = max(len(part.encode()) for part in relative.parts)
        if longest > self.limits.name_bytes or len(str(relative).encode()) > self.limits.path_bytes:
            raise ImageError(archive, "it has names that are too long", "Shorten folder and file names.")
        if len(relative.parts) > self.limits.depth:
            raise ImageError(archive, f"its folders are more than {self.limits.depth} deep", ADVICE)

    def _check_new(self, relative: PurePosixPath, *, archive: str) -> None:
        """Refuse a name twice, in another case, or as file and folder."""
        key = str(relative).casefold()
        parents = {str(parent).casefold() for parent in relative.parents if parent.parts}
        if self.taken.get(key) or any(self.taken.get(parent) == "file" for parent in parents):
            raise ImageError(archive, f"it holds the name {str(relative)[-80:]} twice", ADVICE)
        self.taken[key] = "file"
        self.taken.update(dict.fromkeys(parents, "folder"))


def _reader(path: Path) -> Callable[[Path], Members]:
    with path.open("rb") as stream:
        start = stream.read(512)
    if start[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _zip_members
    if start[:2] == b"\x1f\x8b" or start[257:262] == b"ustar":
        return _tar_members
    raise ImageError(path.name, "it is no zip, tar or tar.gz archive", ADVICE)


def _zip_members(path: Path) -> Members:
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if not member.filename:
                raise ImageError(path.name, "it holds a file without a name", ADVICE)
            kind = stat.S_IFMT(member.external_attr >> 16)
            if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise ImageError(path.name, f"it holds a link or device ({member.filename[-80:]})", ADVICE)
            if member.flag_bits & 0x1:
                raise ImageError(path.name, "it is encrypted", "Pack it again without a password.")
            yield member.filename, None if member.is_dir() else partial(archive.open, member)


def _tar_members(path: Path) -> Members:
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        stream: IO[bytes] = gzip.GzipFile(fileobj=raw, mode="rb") if packed else raw  # type: ignore[assignment]
        with tarfile.open(fileobj=_SmallReads(stream, path.name), mode="r:") as archive:  # type: ignore[call-overload]
            for member in archive:
                if member.isdir():
                    yield member.name, None
                    continue
                if not member.isreg() or member.issparse():
                    raise ImageError(path.name, f"it holds a link or device ({member.name[-80:]})", ADVICE)
                yield member.name, partial(_content, archive, member)


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = archive.extractfile(member)
    if content is None:
        raise tarfile.ReadError("a member without content")
    return content


class _SmallReads:
    """A stream that refuses to be read in one huge piece."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream = stream
        self._name = name

    def read(self, length: int = -1) -> bytes:
        if not 0 <= length <= LARGEST_READ:
            raise ImageError(self._name, "its headers are absurdly long", ADVICE)
        return self._stream.read(length)

    def seek(self, position: int, whence: int = 0) -> int:
        return self._stream.seek(position, whence)

    def tell(self) -> int:
        return self._stream.tell()


@contextmanager
def _refusing_damage(name: str) -> Iterator[None]:
    """Turn what the unpackers raise for a bad archive into an ImageError."""
    try:
        yield
    except ImageError:
        raise
    except (NotImplementedError, RuntimeError) as error:
        raise ImageError(name, "it is packed in an unusual way", ADVICE) from error
    except Exception as error:  # damage makes the unpackers fail in ways that have no common class
        raise ImageError(name, "the archive is damaged or cut off", "Upload it again.") from error


def _safe(name: str, *, archive: str) -> PurePosixPath:
    """Return a member's relative path, composed (NFC) and with / between folders."""
    clean = unicodedata.normalize("NFC", name).replace("\\", "/")
    shown = "".join(letter if letter.isprintable() else "?" for letter in clean)[-80:]
    if clean.startswith("/") or clean[1:2] == ":":
        raise ImageError(archive, f"it holds an absolute name ({shown})", ADVICE)
    parts = [part for part in clean.split("/") if part not in {"", "."}]
    if ".." in parts:
        raise ImageError(archive, f"it holds a name that leads out of it ({shown})", ADVICE)
    if not parts or not all(_is_plain(part) for part in parts):
        if clean.strip("./") == "":
            return PurePosixPath("archive")  # the archive's own root folder, "." or "./"
        raise ImageError(archive, f"it holds an odd name ({shown})", ADVICE)
    return PurePosixPath(*parts)


def _is_plain(part: str) -> bool:
    """Whether a name has only printable letters and no blank at its ends."""
    return part.isprintable() and part == part.strip() and not any(0xD800 <= ord(c) < 0xE000 for c in part)


def _is_junk(path: PurePosixPath) -> bool:
    name = path.name.lower()
    return bool(JUNK_FOLDERS & set(path.parts)) or name in JUNK_FILES or name.startswith("._")


def _without_suffix(name: str) -> str:
    for suffix in sorted(ARCHIVE_SUFFIXES, key=len, reverse=True):
        if name.lower().endswith(suffix):
            return name[: -len(suffix)] or "archive"
    return name
