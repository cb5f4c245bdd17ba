"""From SQLite to PostgreSQL and back, on a real server."""

import fcntl
from pathlib import Path

import psycopg
import pytest

from tests.integration.safekeeping.installation import Installation

pytestmark = pytest.mark.servers


def test_every_row_moves_to_postgresql(seeded: Installation, postgresql: str) -> None:
    before = seeded.rows()
    done = seeded.run("move-database", postgresql)
    assert done.returncode == 0, done.stderr
    assert "are copied and the same on both sides" in done.stdout
    assert Installation(seeded.data, database=postgresql).rows() == before == seeded.rows()
    assert sum(map(len, before.values())) > 100


def test_the_moved_installation_goes_on_working(seeded: Installation, postgresql: str) -> None:
    assert seeded.run("move-database", postgresql).returncode == 0
    moved = Installation(seeded.data, database=postgresql)
    moved.make("factories.RatingFactory.create(); factories.ReportFileFactory.create()")
    assert len(moved.rows()["studies_rating"]) == 2

    with psycopg.connect(postgresql) as connection, pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        connection.execute("DELETE FROM audit_event")

    again = seeded.run("move-database", postgresql)
    assert again.returncode == 1
    assert "accounts already: make an empty one." in again.stderr


def test_the_database_of_another_program_is_left_alone(seeded: Installation, postgresql: str) -> None:
    with psycopg.connect(postgresql) as connection:
        connection.execute("CREATE TABLE theirs (id int)")
    done = seeded.run("move-database", postgresql)
    assert done.returncode == 1
    assert "holds the tables of another program" in done.stderr


def test_nothing_moves_while_the_platform_runs(seeded: Installation, postgresql: str) -> None:
    with (seeded.data / "supervisor.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = seeded.run("move-database", postgresql)
    assert done.returncode == 1
    assert "is in use by" in done.stderr


def test_a_server_that_does_not_answer_is_one_sentence(seeded: Installation) -> None:
    done = seeded.run("move-database", "postgres://who:secret@127.0.0.1:1/nowhere")
    assert done.returncode == 1
    assert "The database at postgres://who:…@127.0.0.1:1/nowhere does not answer" in done.stderr
    assert "secret" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_a_backup_of_postgresql_is_restored_to_sqlite_and_to_postgresql(
    seeded: Installation, fresh: Installation, postgresql: str, tmp_path: Path
) -> None:
    assert seeded.run("move-database", postgresql).returncode == 0
    server = Installation(seeded.data, database=postgresql)
    done = server.run("backup", str(tmp_path / "b.tar"))
    assert done.returncode == 0, done.stderr

    assert fresh.run("restore", str(tmp_path / "b.tar")).returncode == 0
    assert fresh.rows() == server.rows()

    server.make("factories.RatingFactory.create()")
    assert server.rows() != fresh.rows()
    assert server.run("restore", str(tmp_path / "b.tar")).returncode == 1
    forced = server.run("restore", str(tmp_path / "b.tar"), "--force")
    assert forced.returncode == 0, forced.stderr
    assert server.rows() == fresh.rows()
