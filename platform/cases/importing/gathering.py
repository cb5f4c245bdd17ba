"""From staged uploads to files that can be read: archives unpacked, each folder kept together, junk passed over."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.conf import settings

from cases.importing.paths import is_junk
from cases.importing.staging import make_folder, staged_file
from cases.importing.uploads import bytes_in_use
from cases.models import Import, Upload
from imaging.archives import ArchiveLimits, is_archive_name, unpack
from imaging.errors import ImageError

KEPT_FREE_BYTES = 1 << 30
"""Room on the disk that unpacking leaves to everybody else."""
Report = Callable[[float, str], None]


@dataclass(frozen=True)
class Gathered:
    """A file to read: where it lies, and the path that its sender knows it by."""

    path: Path
    shown: str

    @property
    def folder(self) -> str:
        """The sender's folder."""
        return str(PurePosixPath(self.shown).parent)


@dataclass(frozen=True)
class Problem:
    """A file that was refused, and why."""

    file: str
    reason: str


def gather(delivery: Import, work: Path, report: Report) -> tuple[list[Gathered], list[Problem]]:
    """Lay the files of an import out below the empty folder `work`, and return them with what was refused.

    Files that came from one folder lie in one folder, which is numbered: a sender's folder names never become paths
    of the server. Their own names stay, since headers name their data files.
    """
    files: list[Gathered] = []
    problems: list[Problem] = []
    folders: dict[str, Path] = {}
    uploads = list(Upload.objects.filter(delivery=delivery).select_related("delivery"))
    for number, upload in enumerate(uploads):
        report(100 * number / len(uploads), "Unpacking")
        if is_junk(upload.path):
            continue
        parent, name = str(PurePosixPath(upload.path).parent), PurePosixPath(upload.path).name
        folder = folders.setdefault(parent, work / f"folder{len(folders)}")
        path = make_folder(folder) / name
        _lay(staged_file(upload), path)
        if not is_archive_name(name):
            files.append(Gathered(path, upload.path))
            continue
        try:
            files += _unpacked(delivery, path, upload.path, into=work / f"archive{number}")
        except ImageError as error:
            problems.append(Problem(upload.path, without_name(error)))
    return files, problems


def without_name(error: ImageError) -> str:
    """Return what is wrong with a file as a sentence that does not repeat its name."""
    reason = error.reason[:1].upper() + error.reason[1:]
    return f"{reason}. {error.advice}".strip()


def _lay(staged: Path, path: Path) -> None:
    """Give a staged file its name, without copying it where the file system can do so."""
    if not staged.exists():
        path.touch(mode=0o600)  # an empty file: no byte of it ever arrived
        return
    try:
        os.link(staged, path)
    except OSError:
        shutil.copyfile(staged, path)


def _unpacked(delivery: Import, archive: Path, shown: str, *, into: Path) -> Iterator[Gathered]:
    room = min(
        settings.STAGING_QUOTA_BYTES - bytes_in_use(delivery.owner_id) - _bytes_below(into.parent),
        shutil.disk_usage(archive.parent).free - KEPT_FREE_BYTES,
    )
    content = unpack(archive, into, ArchiveLimits(total_bytes=max(0, room)))
    return (Gathered(into / name, f"{shown}/{name}") for name in content.files if not is_junk(name))


def _bytes_below(folder: Path) -> int:
    """Return the bytes that earlier archives of this import were unpacked to."""
    unpacked = (path for path in folder.glob("archive*/**/*") if path.is_file())
    return sum(path.stat().st_size for path in unpacked)
