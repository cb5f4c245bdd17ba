"""Backup and restore, run as an administrator runs them."""

import json
import resource
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path

from tests.integration.safekeeping.installation import ROOT, WITH_FACTORIES, Installation

WRITE_WITHOUT_END = """
from core.storage import keep
import itertools, sys
for number in itertools.count():
    factories.UserFactory.create()
    keep(str(number).encode())
    if number == 3:
        sys.stdout.write("writing\\n"); sys.stdout.flush()
"""


def test_a_restored_backup_has_every_row_and_every_file_and_goes_on_working(
    seeded: Installation, fresh: Installation, backup: Path
) -> None:
    done = fresh.run("restore", str(backup))
    assert done.returncode == 0, done.stderr
    assert fresh.rows() == seeded.rows()
    assert sum(map(len, fresh.rows().values())) > 100
    assert fresh.files() == seeded.files()
    assert len(fresh.files()) > 5
    assert all(name == digest for name, digest in fresh.files().items())

    fresh.make("factories.RatingFactory.create()")
    assert len(fresh.rows()["studies_rating"]) == 2


def test_a_backup_while_others_write_is_of_one_moment(
    seeded: Installation, fresh: Installation, tmp_path: Path
) -> None:
    code = WITH_FACTORIES + WRITE_WITHOUT_END
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=seeded.environment, stdout=subprocess.PIPE, text=True
    ) as writer:
        try:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "writing\n"
            done = seeded.run("backup", str(tmp_path / "live.tar"))
            assert writer.poll() is None, "the writer has ended, so that nothing was shown"
        finally:
            writer.kill()
    assert done.returncode == 0, done.stderr
    assert fresh.run("restore", str(tmp_path / "live.tar")).returncode == 0
    named = {row.split("'sha256': '")[1][:64] for row in fresh.rows()["core_storedfile"]}
    assert set(fresh.files()) == named
    assert len(fresh.rows()["people_user"]) < len(seeded.rows()["people_user"])


def test_a_restore_over_data_is_refused_unless_forced(seeded: Installation, backup: Path) -> None:
    seeded.make("factories.UserFactory.create()")
    before = seeded.rows()

    refused = seeded.run("restore", str(backup))
    assert refused.returncode == 1
    assert " accounts and " in refused.stderr
    assert "make a backup first, then say --force." in refused.stderr
    assert seeded.rows() == before

    done = seeded.run("restore", str(backup), "--force")
    assert done.returncode == 0, done.stderr
    assert len(seeded.rows()["people_user"]) == len(before["people_user"]) - 1
    (kept,) = seeded.data.glob("db.sqlite3.before-restore-*")
    assert str(kept) in done.stdout


def test_a_backup_that_is_not_whole_changes_nothing(seeded: Installation, backup: Path) -> None:
    before = (seeded.rows(), seeded.files())
    backup.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    done = seeded.run("restore", str(backup), "--force")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "was cut off while it was written or copied" in done.stderr
    assert (seeded.rows(), seeded.files()) == before


def test_a_backup_of_a_newer_version_is_refused(fresh: Installation, backup: Path) -> None:
    with tarfile.open(backup) as tar:
        manifest = json.load(tar.extractfile("manifest.json"))  # type: ignore[arg-type]
    manifest["migrations"].append("cases.9999_from_the_future")
    content = json.dumps(manifest).encode()
    with tarfile.open(backup, "a") as tar:  # of two members with one name, the later counts
        header = tarfile.TarInfo("manifest.json")
        header.size = len(content)
        tar.addfile(header, BytesIO(content))
    done = fresh.run("restore", str(backup))
    assert done.returncode == 1
    assert "was made by a newer Overread (it knows cases.9999_from_the_future)" in done.stderr


def test_a_full_disk_leaves_no_half_backup(seeded: Installation, tmp_path: Path) -> None:
    def at_most_half_a_megabyte() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))

    folder = tmp_path / "backups"
    folder.mkdir()
    done = seeded.run("backup", str(folder / "b.tar"), preexec_fn=at_most_half_a_megabyte)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert list(folder.iterdir()) == []


def test_a_backup_is_never_overwritten(seeded: Installation, backup: Path) -> None:
    before = backup.read_bytes()
    done = seeded.run("backup", str(backup))
    assert done.returncode == 1
    assert "A backup is never overwritten." in done.stderr
    assert backup.read_bytes() == before


def test_a_damaged_file_is_named_and_the_rest_is_kept(
    seeded: Installation, fresh: Installation, tmp_path: Path
) -> None:
    name, missing, *sound = sorted(seeded.files())
    next((seeded.data / "files").rglob(name)).write_bytes(b"rotten")
    next((seeded.data / "files").rglob(missing)).unlink()

    done = seeded.run("backup", str(tmp_path / "b.tar"))
    assert done.returncode == 1
    assert (
        f"2 files are missing on the disk or damaged, and the backup is without them: {name}, {missing}" in done.stderr
    )

    restored = fresh.run("restore", str(tmp_path / "b.tar"))
    assert restored.returncode == 0, restored.stderr
    assert "2 files were damaged when the backup was made" in restored.stdout
    assert sorted(fresh.files()) == sound


def test_a_backup_into_a_folder_gets_a_name_with_the_date(seeded: Installation, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    assert seeded.run("backup", str(folder)).returncode == 0
    (path,) = folder.iterdir()
    assert path.name.startswith("overread-20")
    assert path.suffix == ".tar"
