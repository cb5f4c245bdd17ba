"""Which archives are refused before anything changes."""

import json
import tarfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest

from config.safekeeping.archive import DATABASE, Archive, ArchiveWriter, Manifest
from core.errors import DomainError

CONTENT = b"kept bytes" * 500


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A small sound archive."""
    path, digest = tmp_path / "backup.tar", sha256(CONTENT).hexdigest()
    writer = ArchiveWriter(path)
    database = writer.add(DATABASE, BytesIO(b"rows" * 1000), 4000)
    assert writer.add(f"files/{digest}", BytesIO(CONTENT), len(CONTENT)) == digest
    assert not path.exists()
    writer.finish(Manifest("0.1.0", "2026-01-01T00:00:00+00:00", database, [], {}, 1, len(CONTENT)))
    return path


def test_a_sound_archive_is_accepted(archive: Path) -> None:
    read = Archive(archive)
    read.verify()
    (digest,) = read.digests()
    assert read.open_file(digest).read() == CONTENT


def test_an_archive_that_was_cut_off_anywhere_is_refused(archive: Path) -> None:
    whole = archive.read_bytes()
    end = whole.index(b'"format": 1') + len(b'"format": 1')  # what follows is padding
    for size in [*range(0, end, 997), end]:
        archive.write_bytes(whole[:size])
        with pytest.raises(DomainError, match=r"backup"):
            Archive(archive).verify()


@pytest.mark.parametrize("member", [DATABASE, "files/"])
def test_an_archive_with_one_wrong_bit_is_refused(archive: Path, member: str) -> None:
    with tarfile.open(archive) as tar:
        place = next(info for info in tar.getmembers() if info.name.startswith(member))
    content = bytearray(archive.read_bytes())
    content[place.offset_data + place.size // 2] ^= 1
    archive.write_bytes(content)
    with pytest.raises(DomainError, match=f"is damaged at {place.name}: use another backup"):
        Archive(archive).verify()


def member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.type, header.linkname = kind, target
    return header


@pytest.mark.parametrize(
    "odd",
    [
        member("../escaped"),
        member("/etc/cron.d/escaped"),
        member(f"files/{'0' * 64}", tarfile.SYMTYPE, "/etc/passwd"),
        member(f"files/{'0' * 64}", tarfile.LNKTYPE, DATABASE),
        member("files/device", tarfile.CHRTYPE),
        member("notes.txt"),
    ],
    ids=lambda odd: f"{odd.name[:12]} {odd.type.decode()}",
)
def test_an_archive_with_a_member_that_is_not_ours_is_refused(archive: Path, odd: tarfile.TarInfo) -> None:
    with tarfile.open(archive, "a") as tar:
        tar.addfile(odd)
    with pytest.raises(DomainError, match=r"holds what no backup holds"):
        Archive(archive).verify()


def test_an_archive_of_another_format_is_refused(archive: Path) -> None:
    with tarfile.open(archive) as tar:
        manifest = json.load(tar.extractfile("manifest.json"))  # type: ignore[arg-type]
    content = json.dumps({**manifest, "format": 2, "version": "9.0"}).encode()
    header = member("manifest.json")
    header.size = len(content)
    with tarfile.open(archive, "a") as tar:
        tar.addfile(header, BytesIO(content))
    with pytest.raises(DomainError, match=r"was made by a newer Overread \(9\.0\)"):
        Archive(archive)


def test_something_else_is_no_backup(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("hello")
    with pytest.raises(DomainError, match=r"cannot be read as a backup"):
        Archive(path)


def test_an_archive_that_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path / "b.tar")
    writer.add(DATABASE, BytesIO(b"rows"), 4)
    writer.abandon()
    assert list(tmp_path.iterdir()) == []
