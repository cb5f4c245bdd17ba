"""Content-addressed storage: a file's name is the SHA-256 of its bytes.

Files cannot roll back with a transaction, so the file is written first and its row second. A file without a row that
points to it is harmless: `sweep` removes it after a grace period. Keeping the same bytes again costs a look-up and
touches the row, so that the sweep cannot take it away in between.
"""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.db.utils import IntegrityError
from django.utils import timezone

from core.models import StoredFile

CHUNK = 1 << 20


def keep(content: bytes) -> StoredFile:
    """Store the bytes and return their row."""
    digest = sha256(content).hexdigest()
    return _keep(digest, len(content), ContentFile(content))


def keep_file(path: Path) -> StoredFile:
    """Store a file of any size, read in pieces, and return its row."""
    digest = sha256()
    with path.open("rb") as file:
        for piece in iter(lambda: file.read(CHUNK), b""):
            digest.update(piece)
    with path.open("rb") as file:
        return _keep(digest.hexdigest(), path.stat().st_size, File(file))


def open_file(stored: StoredFile | str) -> IO[bytes]:
    """Open a kept file for reading."""
    digest = stored.sha256 if isinstance(stored, StoredFile) else stored
    return default_storage.open(name_of(digest), "rb")


def read(stored: StoredFile | str) -> bytes:
    """Return the whole content."""
    with open_file(stored) as file:
        return file.read()


def pieces(stored: StoredFile | str) -> Iterator[bytes]:
    """Return the content piece by piece, for sending."""
    with open_file(stored) as file:
        yield from iter(lambda: file.read(CHUNK), b"")


def name_of(digest: str) -> str:
    """Return the path inside the storage: two levels of folders keep each of them small."""
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def sweep(*, grace: timedelta | None = None) -> int:
    """Remove files that nothing has pointed to for the grace period; return how many."""
    limit = timezone.now() - (grace if grace is not None else timedelta(hours=settings.ORPHAN_GRACE_HOURS))
    removed = 0
    for digest in list(StoredFile.objects.filter(touched_at__lt=limit).values_list("pk", flat=True)):
        removed += _remove_orphan(digest, limit)
    return removed


def _remove_orphan(digest: str, limit: object) -> int:
    try:
        with transaction.atomic():
            deleted, _ = StoredFile.objects.filter(pk=digest, touched_at__lt=limit).delete()
            if deleted:
                if connection.vendor == "postgresql":
                    connection.check_constraints()  # deferred otherwise to the commit, when the file would be gone
                default_storage.delete(name_of(digest))
            return deleted
    except (ProtectedError, IntegrityError):
        return 0


def _keep(digest: str, size: int, file: File) -> StoredFile:  # type: ignore[type-arg]
    name = name_of(digest)
    touched = StoredFile.objects.filter(pk=digest).update(touched_at=timezone.now())
    if not touched or not default_storage.exists(name) or default_storage.size(name) != size:
        if default_storage.exists(name):
            default_storage.delete(name)  # left half-written by a crash
        default_storage.save(name, file)
    stored, _ = StoredFile.objects.get_or_create(pk=digest, defaults={"size": size})
    return stored
