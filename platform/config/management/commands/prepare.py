"""Bring the data up to date before the servers start."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from inference.services import shipped_model
from jobs.models import Job

LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)


class Command(BaseCommand):
    """Migrate the database, register the model that comes with the platform, make the demo.

    To stdout goes only what the person should see at the end.
    """

    help = "Bring the database up to date, with the shipped model and the demo (done by 'overread run')."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Let a real installation start without the demo."""
        parser.add_argument("--empty", action="store_true", help="without the demo")

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, free the jobs of the workers of last time, register the shipped model, make the demo."""
        try:
            call_command("migrate", verbosity=0, interactive=False, stdout=self.stderr)
        except DatabaseError as error:
            self.stderr.write(f"The database cannot be used: {error}")
            raise SystemExit(1) from error
        if settings.EMBEDDED:
            _forget_workers()
        shipped_model()
        if not options["empty"]:
            call_command("demo", stdout=self.stdout, stderr=self.stderr)
        elif not _has_administrator():
            self.stdout.write(
                "There is no account yet. Make the first one with: overread user add EMAIL --administrator"
            )


def _forget_workers() -> None:
    """Let the next look-after free every running job: with the embedded broker all its workers have ended."""
    Job.objects.filter(status=Job.Status.RUNNING).update(heartbeat_at=LONG_AGO)


def _has_administrator() -> bool:
    return get_user_model()._default_manager.filter(is_superuser=True).exists()
