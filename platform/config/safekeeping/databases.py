"""A second database beside the platform's own, and the words for what is wrong with one."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from core.errors import DomainError

SUPPORTED = {"django.db.backends.sqlite3", "django.db.backends.postgresql"}


@contextmanager
def another_database(address: str) -> Iterator[str]:
    """Open the database at this address under an alias of its own, for as long as the block lasts.

    Raises DomainError when the address names no database that the platform can use, or none that answers.
    """
    alias = "another"
    connections.configure_settings({**settings.DATABASES, alias: (configured := _configured(address))})
    connections.settings[alias] = configured
    try:
        _check_answers(alias, address)
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]


def _configured(address: str) -> dict[str, Any]:
    try:
        configured: dict[str, Any] = environ.Env.db_url_config(address)
    except (ImproperlyConfigured, ValueError, KeyError) as error:
        raise DomainError(_unusable(address)) from error
    if configured.get("ENGINE") not in SUPPORTED:
        raise DomainError(_unusable(address))
    return configured


def _unusable(address: str) -> str:
    return (
        f"{without_password(address)} names no database that Overread can use: write "
        "postgres://USER:PASSWORD@HOST/NAME or sqlite:////PATH."
    )


def _check_answers(alias: str, address: str) -> None:
    try:
        connections[alias].ensure_connection()
    except DatabaseError as error:
        why = " ".join(str(error).split())
        raise DomainError(f"The database at {without_password(address)} does not answer: {why}") from error


def without_password(address: str) -> str:
    """Return the address as it may be shown."""
    parts = urlsplit(address)
    if not parts.password:
        return address
    return parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", ":…@")).geturl()


def bring_up_to_date(alias: str) -> None:
    """Make every table of the database what this version of the platform expects."""
    call_command("migrate", database=alias, verbosity=0, interactive=False)


def applied_migrations(alias: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Return the migrations that the database has, as `app.name`."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connections[alias]).applied_migrations())


def unknown_migrations(names: list[str]) -> list[str]:
    """Return those of the migrations that this version of the platform does not know."""
    loader = MigrationLoader(None)
    known = {f"{app}.{name}" for app, name in loader.disk_migrations}
    known |= {f"{app}.{name}" for migration in loader.disk_migrations.values() for app, name in migration.replaces}
    return sorted(set(names) - known)


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a SQLite database that is in use, as it is at one moment; the copy is one whole file."""
    with closing(sqlite3.connect(source, timeout=60)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        copy.create_function("REGEXP", 2, _matches, deterministic=True)  # as Django's connections have: checks use it
        (verdict,) = copy.execute("PRAGMA integrity_check").fetchone()
    if verdict != "ok":
        raise DomainError(f"The database {source} is damaged ({verdict}): restore the latest good backup.")


def _matches(pattern: str, text: str | None) -> bool | None:
    return None if text is None else bool(re.search(pattern, str(text)))
