"""Write a backup while the platform runs."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, transaction

from config.safekeeping.archive import CHUNK, DATABASE, ArchiveWriter, Manifest
from config.safekeeping.databases import another_database, applied_migrations, bring_up_to_date, copy_sqlite
from config.safekeeping.progress import Report, tell_nobody
from config.safekeeping.rows import copy_rows, count_rows
from core.errors import DomainError
from core.models import StoredFile
from core.storage import name_of

logger = logging.getLogger(__name__)


@dataclass
class Kept:
    """What became of the kept files."""

    files: int = 0
    file_bytes: int = 0
    damaged: tuple[str, ...] = ()


def write_backup(path: Path, *, report: Report = tell_nobody) -> Manifest:
    """Write the database as it is now, and every file that it points to, into one archive.

    The rows come first: files are written before their rows and removed only long after, so that every row of the
    copy finds its file. A file that is missing or no longer what its name says is listed as damaged and left out;
    the rest is kept. `report` gets the number of files done and of all. Raises DomainError when the path is taken or
    cannot be written; then nothing is left there.
    """
    if path.exists():
        raise DomainError(f"{path} is there already: choose another name. A backup is never overwritten.")
    try:
        with TemporaryDirectory(prefix="overread-backup-", dir=path.parent) as folder:
            snapshot = Path(folder) / DATABASE
            _copy_database(snapshot)
            return _write(path, snapshot, report)
    except OSError as error:
        raise DomainError(f"The backup cannot be written to {path.parent}: {error.strerror or error}.") from error
    except (sqlite3.Error, DatabaseError) as error:
        raise DomainError(f"The rows cannot be copied to {path.parent}: {error}. Is its disk full?") from error


def _copy_database(target: Path) -> None:
    """Copy all rows, as they are at one moment, into a SQLite file."""
    if connection.vendor == "sqlite":
        copy_sqlite(Path(connection.settings_dict["NAME"]), target)
        return
    with another_database(f"sqlite:///{target}") as alias:
        bring_up_to_date(alias)
        with _one_moment():
            copy_rows(source=DEFAULT_DB_ALIAS, target=alias)


@contextmanager
def _one_moment() -> Iterator[None]:
    """See the rows as they were at the first look, whatever others write meanwhile."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def _write(path: Path, snapshot: Path, report: Report) -> Manifest:
    writer = ArchiveWriter(path)
    try:
        with snapshot.open("rb") as file:
            database_sha256 = writer.add(DATABASE, file, snapshot.stat().st_size)
        with another_database(f"sqlite:///{snapshot}") as alias:
            rows, migrations = count_rows(alias), applied_migrations(alias)
            digests = list(StoredFile.objects.using(alias).order_by("pk").values_list("pk", flat=True))
        kept = _add_files(writer, digests, report)
        manifest = Manifest(
            version=settings.VERSION,
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            database_sha256=database_sha256,
            migrations=migrations,
            rows=rows,
            files=kept.files,
            file_bytes=kept.file_bytes,
            damaged=list(kept.damaged),
        )
        writer.finish(manifest)
    except BaseException:
        writer.abandon()
        raise
    return manifest


def _add_files(writer: ArchiveWriter, digests: list[str], report: Report) -> Kept:
    kept = Kept()
    for done, digest in enumerate(digests):
        report(done, len(digests))
        size = _sound_size(digest)
        if size is None:
            if StoredFile.objects.filter(pk=digest).exists():  # else it was swept since: nothing pointed to it
                kept.damaged += (digest,)
            continue
        with default_storage.open(name_of(digest), "rb") as file:
            if writer.add(f"files/{digest}", file, size) != digest:
                raise DomainError(f"The file {digest} changed while it was read: look at the disk, then try again.")
        kept.files += 1
        kept.file_bytes += size
    report(len(digests), len(digests))
    return kept


def _sound_size(digest: str) -> int | None:
    """Return the size of a file in bytes, None when it is missing or not what its name says."""
    hashed, size = sha256(), 0
    try:
        with default_storage.open(name_of(digest), "rb") as file:
            for piece in iter(lambda: file.read(CHUNK), b""):
                hashed.update(piece)
                size += len(piece)
    except OSError:
        logger.exception("The file %s cannot be read.", digest)
        return None
    return size if hashed.hexdigest() == digest else None
