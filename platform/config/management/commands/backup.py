"""`overread backup PATH`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.safekeeping.backup import write_backup
from config.safekeeping.progress import progress_bar
from core.errors import DomainError


class Command(BaseCommand):
    """Write everything into one file while the platform runs."""

    help = "Write database and files into one archive. The platform may run meanwhile."
    requires_system_checks: list[str] = []  # they load the whole web application, which this does not need

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a file, or a folder in which the backup gets a name with the date."""
        parser.add_argument("path", type=Path, help="the file to write, or a folder to write a dated file into")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it and say what it holds; exit with 1 when some files were already damaged."""
        path: Path = options["path"].absolute()
        if path.is_dir():
            path = path / f"overread-{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}.tar"
        try:
            with progress_bar("Files") as report:
                manifest = write_backup(path, report=report)
        except DomainError as error:
            raise CommandError(str(error)) from error
        rows = sum(manifest.rows.values())
        size = path.stat().st_size / 1e6
        self.stdout.write(f"{path}: {rows} rows, {manifest.files} files, {size:.1f} MB.")
        if manifest.damaged:
            raise CommandError(
                f"{len(manifest.damaged)} files are missing on the disk or damaged, and the backup is without them: "
                f"{', '.join(manifest.damaged)}. Restore them from an older backup."
            )
