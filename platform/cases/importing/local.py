"""Import of files that lie on the server itself, through the same staging area as the browser's."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from cases.importing.gathering import Problem
from cases.importing.paths import is_junk, printable
from cases.importing.uploads import announce, receive
from cases.models import Import
from core.errors import DomainError


@dataclass(frozen=True)
class LocalFile:
    """A file to import: where it is, what it is called relative to the chosen folder, its size in bytes."""

    path: Path
    name: str
    size: int


def look_through(chosen: Path) -> tuple[list[LocalFile], list[Problem]]:
    """Return the files of a folder (or the one file) in order of their names, and what cannot be read.

    Links are not followed, since they may lead out of the folder. Raises DomainError when there is nothing there.
    """
    if not chosen.exists():
        raise DomainError(f"There is nothing at {chosen}. Check the path.")
    files: list[LocalFile] = []
    problems: list[Problem] = []
    for path in [chosen] if chosen.is_file() else _walk(chosen, problems):
        name = f"{chosen.name}/{path.relative_to(chosen).as_posix()}" if chosen.is_dir() else path.name
        if is_junk(name):
            continue
        reason = _why_not(path, chosen)
        if reason:
            problems.append(Problem(printable(name), reason))
        else:
            files.append(LocalFile(path, name, path.stat().st_size))
    return files, problems


def bring(*, delivery: Import, file: LocalFile, done: Callable[[int], object]) -> None:
    """Copy a file into the staging area, piece by piece; `done` gets the bytes of each. Raises DomainError."""
    upload = announce(delivery=delivery, path=file.name, size=file.size)
    with file.path.open("rb") as stream:
        stream.seek(upload.received)
        while upload.received < file.size:
            piece = stream.read(min(settings.UPLOAD_CHUNK_BYTES, file.size - upload.received))
            if not piece:
                raise DomainError(f"{printable(file.name)} became shorter while it was read. Import it again.")
            upload = receive(upload=upload, offset=upload.received, content=piece)
            done(len(piece))


def _walk(folder: Path, problems: list[Problem]) -> Iterator[Path]:
    def unreadable(error: OSError) -> None:
        name = Path(str(error.filename)).name
        problems.append(Problem(printable(name), "This folder cannot be read. Allow reading and try again."))

    for parent, folders, names in os.walk(folder, onerror=unreadable):
        folders.sort()
        yield from (Path(parent) / name for name in sorted([*names, *(f for f in folders if _is_link(parent, f))]))


def _is_link(parent: str, name: str) -> bool:
    return (Path(parent) / name).is_symlink()


def _why_not(path: Path, chosen: Path) -> str:
    if path.is_symlink() and path != chosen:
        return "It is a link, which is not followed. Give the file itself."
    if not stat.S_ISREG(path.stat().st_mode):
        return "It is no ordinary file."
    if not os.access(path, os.R_OK):
        return "There is no permission to read it. Allow reading and try again."
    return ""
