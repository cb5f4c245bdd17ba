"""`overread move-database URL`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.running.preflight import CannotStart, only_one
from config.safekeeping.databases import without_password
from config.safekeeping.move import move_rows
from core.errors import DomainError


class Command(BaseCommand):
    """Copy every row to another database server, for example from SQLite to PostgreSQL."""

    help = "Copy every row to an empty database, compare, and say how to use it. The platform must not run."
    requires_system_checks: list[str] = []  # they load the whole web application, which this does not need

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address of the empty database."""
        parser.add_argument("url", help="postgres://USER:PASSWORD@HOST:PORT/NAME of an empty database")

    def handle(self, *args: Any, **options: Any) -> None:
        """Copy and say what comes next."""
        address: str = options["url"]
        try:
            with only_one(settings.DATA_DIR, note="overread move-database"):
                copied = move_rows(address)
        except (DomainError, CannotStart) as error:
            raise CommandError(str(error)) from error
        rows = sum(count for count, _ in copied.values())
        self.stdout.write(
            f"{rows} rows of {len(copied)} tables are copied and the same on both sides. To use the new database, set "
            f"DATABASE_URL={without_password(address)} in the environment or in .env and start again. The old database "
            "was not changed; the files stay where they are."
        )
