"""Files on their way: announced with a size, sent in pieces, taken up again from the byte that arrived last."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum

from cases.importing.paths import clean_path, printable
from cases.importing.staging import folder_of, make_folder, new_expiry, staged_file
from cases.models import Import, Upload
from core.errors import Conflict, DomainError

FILES_IN_AN_IMPORT = 5000
GIB = 1024**3


def announce(*, delivery: Import, path: str, size: int) -> Upload:
    """Make room for a file and return its upload; announcing the same file again gives the one that is under way.

    Raises DomainError for a bad path, when the owner's quota or the disk would be exceeded, and Conflict when the
    import takes no more files or knows another file by this name.
    """
    path = clean_path(path)
    with transaction.atomic():
        _hold_imports_of(delivery)
        known = Upload.objects.filter(delivery=delivery, path=path).first()
        if known is not None:
            if known.size != size:
                raise Conflict(f"Another file named '{printable(path)}' is already in this import.")
            return known
        _check_room(delivery, size)
        return Upload.objects.create(delivery=delivery, path=path, size=size)


def receive(*, upload: Upload, offset: int, content: bytes) -> Upload:
    """Write a piece that starts at byte `offset` and return the upload with what has arrived.

    Raises Conflict, with `received`, when the offset is not the byte that is waited for; DomainError when the piece
    goes beyond the size that was announced: then nothing of it is kept.
    """
    with _only_writer(staged_file(upload)) as file:
        upload = _as_it_is_now(upload)
        if offset != upload.received:
            raise Conflict(f"This file goes on at byte {upload.received}, not {offset}.", received=upload.received)
        if upload.delivery.state != Import.State.UPLOADING:
            raise Conflict("This import takes no more files. Start another one.", received=upload.received)
        end = offset + len(content)
        if end > upload.size:
            raise DomainError(
                f"'{printable(upload.path)}' was announced with {upload.size} bytes; this piece would make it {end}."
            )
        _write_at(file, offset, content)
        Upload.objects.filter(pk=upload.pk, received=offset).update(received=end)
    upload.received = end
    return upload


def withdraw(*, upload: Upload) -> None:
    """Take a file back before the import is parsed."""
    if not _open_for_files(upload.delivery).exists():
        raise Conflict("This import takes no more changes to its files.")
    Upload.objects.filter(pk=upload.pk).delete()
    staged_file(upload).unlink(missing_ok=True)


def bytes_in_use(owner: Any) -> int:
    """Return how many bytes a person's imports hold or have announced."""
    waiting = Upload.objects.filter(delivery__owner=owner, delivery__files_removed_at__isnull=True)
    return waiting.aggregate(total=Sum("size"))["total"] or 0


def _as_it_is_now(upload: Upload) -> Upload:
    now = Upload.objects.select_related("delivery").filter(pk=upload.pk).first()
    if now is None:
        raise Conflict("This import was discarded.")
    return now


def _open_for_files(delivery: Import) -> Any:
    return Import.objects.filter(pk=delivery.pk, state=Import.State.UPLOADING)


def _hold_imports_of(delivery: Import) -> None:
    """Make two announcements of one person wait for each other, so that they cannot both use the last of the quota."""
    Import.objects.filter(owner=delivery.owner_id, files_removed_at__isnull=True).update(state=F("state"))
    if not _open_for_files(delivery).update(expires_at=new_expiry()):
        raise Conflict("This import takes no more files. Start another one.")


def _check_room(delivery: Import, size: int) -> None:
    quota = settings.STAGING_QUOTA_BYTES
    if bytes_in_use(delivery.owner_id) + size > quota:
        raise DomainError(
            f"Your imports may hold {quota / GIB:.3g} GiB together. Confirm or discard an earlier one, or send less."
        )
    if Upload.objects.filter(delivery=delivery).count() >= FILES_IN_AN_IMPORT:
        raise DomainError(f"An import holds at most {FILES_IN_AN_IMPORT} files. Send archives, or several imports.")
    if shutil.disk_usage(make_folder(folder_of(delivery))).free < 2 * size:
        raise DomainError("The server's disk has no room for this file. Ask the administrator.")


@contextmanager
def _only_writer(path: Path) -> Iterator[int]:
    """Open the staged file for one writer at a time, so that two windows cannot mix their pieces."""
    make_folder(path.parent)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)


def _write_at(file: int, offset: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        written = os.pwrite(file, view, offset)
        offset, view = offset + written, view[written:]
    os.ftruncate(file, offset)
