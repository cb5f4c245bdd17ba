"""`overread restore PATH`."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.running.preflight import CannotStart, only_one
from config.safekeeping.progress import progress_bar
from config.safekeeping.restore import restore_backup
from core.errors import DomainError


class Command(BaseCommand):
    """Put a backup in the place of what is there."""

    help = "Verify a backup, then put its files and rows in the place of what is there. The platform must not run."
    requires_system_checks: list[str] = []  # they load the whole web application, which this does not need

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the archive, and the word that replaces data."""
        parser.add_argument("path", type=Path, help="the archive that 'overread backup' wrote")
        parser.add_argument("--force", action="store_true", help="replace the data that is here")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore it and say what came back."""
        try:
            with only_one(settings.DATA_DIR, note="overread restore"), progress_bar("Files") as report:
                done = restore_backup(options["path"].absolute(), force=options["force"], report=report)
        except (DomainError, CannotStart) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{done.rows} rows and {done.files} files are back. Start the platform again.")
        if done.previous:
            self.stdout.write(f"The database that was here before is kept as {done.previous}.")
        if done.damaged:
            self.stdout.write(
                f"{len(done.damaged)} files were damaged when the backup was made: {', '.join(done.damaged)}"
            )
