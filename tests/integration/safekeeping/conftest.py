"""A seeded installation, made once, and databases of a real PostgreSQL server."""

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from scripts.servers import POSTGRESQL
from tests.integration.safekeeping.installation import Installation


@pytest.fixture(scope="session")
def seeded_once(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    installation = Installation(tmp_path_factory.mktemp("seeded") / "data")
    installation.seed()
    return installation


@pytest.fixture
def seeded(seeded_once: Installation, tmp_path: Path) -> Installation:
    """An installation with something of every kind."""
    return seeded_once.copy(tmp_path / "seeded")


@pytest.fixture
def fresh(tmp_path: Path) -> Installation:
    """An installation that has never been started."""
    return Installation(tmp_path / "fresh")


@pytest.fixture(scope="session")
def backed_up_once(seeded_once: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("backed-up") / "backup.tar"
    done = seeded_once.run("backup", str(path))
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture
def backup(backed_up_once: Path, tmp_path: Path) -> Path:
    """A sound backup of the seeded installation."""
    return Path(shutil.copy(backed_up_once, tmp_path))


@pytest.fixture
def postgresql() -> Iterator[str]:
    """The address of an empty database of its own."""
    problem = POSTGRESQL.problem()
    if problem and POSTGRESQL.was_named:
        pytest.fail(problem)
    if problem:
        pytest.skip(f"NOT RUN: {problem}")
    server = POSTGRESQL.address.rpartition("/")[0]
    name = f"overread_ci_{os.getpid()}_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield f"{server}/{name}"
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
