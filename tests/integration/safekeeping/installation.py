"""An installation under test: a data folder, the real commands run on it, and an independent look at its rows."""

import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[3]
Rows = dict[str, list[str]]
# Text or JSON, bytes or text, 1 or true: what the servers write differently for the same value.
NOT_COMPARED = {"django_migrations", "sqlite_sequence"}

SEED = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from audit.services import record
from tests.factories import (
    ApiTokenFactory, DraftFactory, JobFactory, PredictionFactory, RatingFactory, ReportFileFactory, UserFactory,
)
record("study.rated", RatingFactory.create())
DraftFactory.create()
PredictionFactory.create()
ReportFileFactory.create()
ApiTokenFactory.create()
JobFactory.create(params={"list": [1, 2.5, None, True, "ä"], "nested": {"b": 1, "a": 2}})
"""

# Factories number their rows from 0 in every process: go on far above what is there.
WITH_FACTORIES = """
import django
django.setup()
import tests.factories as factories
for name in dir(factories):
    if name.endswith("Factory"):
        getattr(factories, name).reset_sequence(1000, force=True)
"""


class Installation:
    """A data folder, and the database that its settings name."""

    def __init__(self, data: Path, *, database: str = "") -> None:
        self.data = data
        self.database = database or f"sqlite:///{data}/db.sqlite3"

    @property
    def environment(self) -> dict[str, str]:
        """What makes a command work on this installation."""
        return {
            **os.environ,
            "OVERREAD_DATA_DIR": str(self.data),
            "DATABASE_URL": self.database,
            "CELERY_BROKER_URL": "filesystem://localhost//",
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        }

    def run(self, *words: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run `overread` with these words."""
        return self._python("-m", "config.cli", *words, **options)

    def make(self, code: str) -> None:
        """Run code that makes more rows, with `factories` at hand."""
        done = self._python("-c", f"{WITH_FACTORIES}\n{code}")
        assert done.returncode == 0, done.stderr

    def _python(self, *words: str, **options: Any) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *words]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False, timeout=120, **options
        )

    def seed(self) -> None:
        """Put something of every kind into it."""
        done = self._python("-c", SEED)
        assert done.returncode == 0, done.stderr

    def copy(self, target: Path) -> "Installation":
        """Return another installation with the same rows and files."""
        shutil.copytree(self.data, target)
        return Installation(target)

    def rows(self) -> Rows:
        """Read every table with the driver alone, Django left out; rows as sorted, comparable text."""
        return _sqlite_rows(self.data / "db.sqlite3") if "sqlite" in self.database else _postgresql_rows(self.database)

    def files(self) -> dict[str, str]:
        """Return the name of every kept file and the SHA-256 of what is in it."""
        paths = [path for path in (self.data / "files").rglob("*") if path.is_file()]
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def _sqlite_rows(path: Path) -> Rows:
    with closing(sqlite3.connect(path)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {}
        for table in tables:
            cursor = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            found[table] = _comparable([column[0] for column in cursor.description], cursor.fetchall())
    return {table: rows for table, rows in found.items() if table not in NOT_COMPARED}


def _postgresql_rows(address: str) -> Rows:
    with psycopg.connect(address) as connection:
        listed = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        found = {}
        for (table,) in listed:
            cursor = connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table)))
            found[table] = _comparable([column.name for column in cursor.description or []], cursor.fetchall())
    return {table: rows for table, rows in found.items() if table not in NOT_COMPARED}


def _comparable(names: list[str], rows: list[Any]) -> list[str]:
    return sorted(repr({name: _plain(value) for name, value in sorted(zip(names, row, strict=True))}) for row in rows)


def _plain(value: Any) -> str:
    """Write a value the same way whichever server it came from."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, (dict, list)):
        return _letters(repr(value))
    text = str(value)
    if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text):
        return text.replace("-", "")
    if re.match(r"\d{4}-\d\d-\d\d \d\d:", text):
        return text.replace("+00:00", "")
    return _letters(text) if text[:1] in "[{" else text


def _letters(text: str) -> str:
    """Reduce JSON to its sorted words, since one server keeps its text and the other its value."""
    words = re.findall(r"[\w.äöü-]+", text.encode().decode("unicode_escape") if "\\u" in text else text)
    return " ".join(sorted({"True": "true", "False": "false", "None": "null"}.get(word, word) for word in words))
