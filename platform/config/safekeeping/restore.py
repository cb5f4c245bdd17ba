"""Put a backup in the place of what is there."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import DEFAULT_DB_ALIAS, connection

from cases.models import Case
from config.safekeeping.archive import DATABASE, Archive
from config.safekeeping.databases import another_database, bring_up_to_date, unknown_migrations
from config.safekeeping.progress import Report, tell_nobody
from config.safekeeping.rows import copy_rows, count_rows
from core.errors import DomainError
from core.storage import name_of
from people.models import User


@dataclass(frozen=True)
class Restored:
    """What was put back, and where the database that stood there before is kept."""

    rows: int
    files: int
    damaged: list[str]
    previous: Path | None


def restore_backup(path: Path, *, force: bool, report: Report = tell_nobody) -> Restored:
    """Verify the whole archive, put back its files, then its rows; the platform does not run meanwhile.

    Files come first: one without a row is harmless, and the sweep takes it. The database is replaced in one step at
    the very end, so that a restore that is cut off leaves the old one. Raises DomainError when the archive is not
    sound, when it was made by a newer platform, or when there is data here already and force was not given.
    """
    archive = Archive(path)
    newer = unknown_migrations(archive.manifest.migrations)
    if newer:
        raise DomainError(
            f"{path} was made by a newer Overread (it knows {newer[0]}): install that version, then restore."
        )
    bring_up_to_date(DEFAULT_DB_ALIAS)
    if not force:
        _refuse_data()
    archive.verify()
    digests = archive.digests()
    for done, digest in enumerate(digests):
        report(done, len(digests))
        _put_back(archive, digest)
    report(len(digests), len(digests))
    previous = _replace_database(archive)
    return Restored(sum(count_rows(DEFAULT_DB_ALIAS).values()), len(digests), archive.manifest.damaged, previous)


def _refuse_data() -> None:
    people, cases = User.objects.count(), Case.objects.count()
    if people or cases:
        raise DomainError(
            f"There are {people} accounts and {cases} cases here already, and a restore replaces all of them: make a "
            "backup first, then say --force."
        )


def _put_back(archive: Archive, digest: str) -> None:
    """Write a verified file, unless a sound one of this name and size is there."""
    name = name_of(digest)
    with archive.open_file(digest) as source:
        if default_storage.exists(name):
            with default_storage.open(name, "rb") as there:
                if _same(source, there):
                    return
            default_storage.delete(name)
            source.seek(0)
        default_storage.save(name, File(source))


def _same(first: object, second: object) -> bool:
    """Tell whether two files have the same bytes."""
    while True:
        left, right = first.read(1 << 20), second.read(1 << 20)  # type: ignore[attr-defined]
        if left != right:
            return False
        if not left:
            return True


def _replace_database(archive: Archive) -> Path | None:
    """Put the archive's rows in the place of ours; return where the former SQLite file is kept."""
    with TemporaryDirectory(prefix="restore-", dir=settings.DATA_DIR) as folder:
        fresh = Path(folder) / DATABASE
        archive.extract_database(fresh)
        with another_database(f"sqlite:///{fresh}") as alias:
            bring_up_to_date(alias)
            if connection.vendor != "sqlite":
                copy_rows(source=alias, target=DEFAULT_DB_ALIAS)
                return None
        return _replace_file(fresh, Path(connection.settings_dict["NAME"]))


def _replace_file(fresh: Path, place: Path) -> Path:
    """Give the fresh database the name of the old one, which is kept under another."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    for suffix in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            place.with_name(place.name + suffix).unlink()
    previous = place.with_name(f"{place.name}.before-restore-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    previous.hardlink_to(place)
    fresh.replace(place)
    return previous
