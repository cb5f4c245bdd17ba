"""Where uploads wait: one private folder per import, gone with the import or when its time is over."""

from __future__ import annotations

import shutil
import time
import uuid
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cases.models import Import, Upload

UPLOADS = "uploads"


def folder_of(delivery: Import) -> Path:
    """Return the import's own folder; its name is random and says nothing."""
    return Path(settings.STAGING_DIR) / str(delivery.pk)


def staged_file(upload: Upload) -> Path:
    """Return where the bytes of an upload wait: named by the upload's id, never by what the sender called it."""
    return folder_of(upload.delivery) / UPLOADS / str(upload.pk)


def make_folder(folder: Path) -> Path:
    """Make a folder that nobody but the platform may enter."""
    Path(settings.STAGING_DIR).mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def new_expiry() -> datetime:
    """Return until when something that is touched now may wait."""
    return timezone.now() + timedelta(hours=settings.STAGING_HOURS)


def remove_files(delivery: Import) -> None:
    """Remove all that was staged, and every name that came with it. Doing it twice changes nothing.

    The folder goes first: a crash in between leaves a row that says that there are files, and the next round of
    `expire` comes back to it.
    """
    shutil.rmtree(folder_of(delivery), ignore_errors=True)
    with transaction.atomic():
        Upload.objects.filter(delivery=delivery).delete()
        Import.objects.filter(pk=delivery.pk).update(rows=[], files_removed_at=timezone.now())


def sweep_folders() -> int:
    """Remove old folders that no import claims, as a crash or a restored database leaves them; return how many."""
    root = Path(settings.STAGING_DIR)
    if not root.is_dir():
        return 0
    claimed = {str(pk) for pk in Import.objects.filter(files_removed_at__isnull=True).values_list("pk", flat=True)}
    oldest = time.time() - settings.STAGING_HOURS * 3600
    lost = [
        folder
        for folder in root.iterdir()
        if folder.name not in claimed and _is_uuid(folder.name) and folder.lstat().st_mtime < oldest
    ]
    for folder in lost:
        shutil.rmtree(folder, ignore_errors=True)
    return len(lost)


def _is_uuid(name: str) -> bool:
    try:
        return str(uuid.UUID(name)) == name
    except ValueError:
        return False
