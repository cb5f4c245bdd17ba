"""Archives of strangers: everything hostile is refused, and nothing is left behind."""

from __future__ import annotations

import io
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from imaging.archives import ArchiveLimits, is_archive_name, unpack
from imaging.errors import ImageError

SMALL = ArchiveLimits(files=20, free_bytes=1 << 20, ratio=20)


def zipped(folder: Path, members: dict[str, bytes], name: str = "upload.zip") -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return path


def tarred(folder: Path, *members: tarfile.TarInfo, content: bytes = b"x", mode: str = "w:gz") -> Path:
    path = folder / "upload.tar.gz"
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for member in members:
            member.size = len(content) if member.isreg() else 0
            archive.addfile(member, io.BytesIO(content) if member.isreg() else None)
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_tar_files_are_unpacked(tmp_path: Path, mode: str) -> None:
    path = tarred(tmp_path, member("a/b.nii"), member("c.nii"), mode=mode)
    assert unpack(path, tmp_path / "into").files == ("a/b.nii", "c.nii")
    assert (tmp_path / "into/a/b.nii").read_bytes() == b"x"


def test_zip_files_are_unpacked_without_junk(tmp_path: Path) -> None:
    path = zipped(
        tmp_path,
        {
            "P01/t1.nii": b"1",
            "P01\\t2.nii": b"2",
            "__MACOSX/P01/._t1.nii": b"",
            "P01/.DS_Store": b"",
            "./P01/x.json": b"{}",
        },
    )
    unpacked = unpack(path, tmp_path / "into")
    assert unpacked.files == ("P01/t1.nii", "P01/t2.nii", "P01/x.json")
    assert unpacked.ignored == ("P01/.DS_Store", "__MACOSX/P01/._t1.nii")


def test_nested_archives_are_unpacked_one_level_deep(tmp_path: Path) -> None:
    inner = zipped(tmp_path, {"t1.nii": b"1"}, "P01.zip").read_bytes()
    path = zipped(tmp_path, {"all/P01.zip": inner, "all/P02.zip": inner})
    assert unpack(path, tmp_path / "into").files == ("all/P01/t1.nii", "all/P02/t1.nii")
    assert not (tmp_path / "into/all/P01.zip").exists()


def bomb(folder: Path) -> Path:
    return zipped(folder, {"zeros.nii": bytes(64 << 20)})


def tar_bomb(folder: Path) -> Path:
    return tarred(folder, member("zeros.nii"), content=bytes(64 << 20))


def nested_bomb(folder: Path) -> Path:
    inner = bomb(folder).read_bytes()
    return zipped(folder, {f"{n}.zip": inner for n in range(5)}, "outer.zip")


def nested_twice(folder: Path) -> Path:
    inner = zipped(folder, {"t1.nii": b"1"}, "a.zip").read_bytes()
    middle = zipped(folder, {"a.zip": inner}, "b.zip").read_bytes()
    return zipped(folder, {"b.zip": middle}, "c.zip")


def long_header(folder: Path) -> Path:
    info = member("a.nii")
    info.pax_headers = {"comment": "x" * (20 << 20)}
    path = folder / "upload.tar.gz"
    with tarfile.open(path, "w:gz", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(info)
    return path


def encrypted(folder: Path) -> Path:
    path = zipped(folder, {"a.nii": b"secret"})
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    return path


def zip_link(folder: Path) -> Path:
    path = folder / "upload.zip"
    info = zipfile.ZipInfo("link.nii")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    return path


def twice(folder: Path) -> Path:
    path = folder / "upload.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.nii", b"1")
        archive.writestr("A.NII", b"2")
    return path


def cut(folder: Path) -> Path:
    path = tarred(folder, member("a.nii"), member("b.nii"), content=bytes(range(256)) * 400)
    path.write_bytes(path.read_bytes()[:-60])
    return path


def broken_checksum(folder: Path) -> Path:
    path = folder / "upload.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.nii", b"hello hello")
    path.write_bytes(path.read_bytes().replace(b"hello hello", b"hello jello"))
    return path


HOSTILE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "dots": (lambda folder: zipped(folder, {"ok.nii": b"1", "../evil.nii": b"2"}), "leads out"),
    "dots inside": (lambda folder: zipped(folder, {"a/../../evil.nii": b"2"}), "leads out"),
    "dots of windows": (lambda folder: zipped(folder, {"..\\evil.nii": b"2"}), "leads out"),
    "absolute": (lambda folder: tarred(folder, member("ok"), member("/evil.nii")), "absolute"),
    "drive": (lambda folder: zipped(folder, {"C:\\evil.nii": b"2"}), "absolute"),
    "dots in tar": (lambda folder: tarred(folder, member("../evil.nii")), "leads out"),
    "dots in a folder's name": (lambda folder: tarred(folder, member("../evil", tarfile.DIRTYPE)), "leads out"),
    "symbolic link": (lambda folder: tarred(folder, member("a", tarfile.SYMTYPE, "/etc/passwd")), "link or device"),
    "hard link": (lambda folder: tarred(folder, member("a", tarfile.LNKTYPE, "/etc/passwd")), "link or device"),
    "device": (lambda folder: tarred(folder, member("a", tarfile.CHRTYPE)), "link or device"),
    "pipe": (lambda folder: tarred(folder, member("a", tarfile.FIFOTYPE)), "link or device"),
    "link in zip": (zip_link, "link or device"),
    "bomb": (bomb, "unpacks to more than"),
    "tar bomb": (tar_bomb, "unpacks to more than"),
    "nested bomb": (nested_bomb, "unpacks to more than"),
    "nested twice": (nested_twice, "archives in archives"),
    "long header": (long_header, "absurdly long"),
    "too many": (lambda folder: zipped(folder, {f"{n}.nii": b"" for n in range(21)}), "more than 20 files"),
    "too many folders": (
        lambda folder: tarred(folder, *[member(f"d{n}", tarfile.DIRTYPE) for n in range(21)]),
        "more than 20 files",
    ),
    "encrypted": (encrypted, "encrypted"),
    "twice": (twice, "twice"),
    "file and folder": (lambda folder: zipped(folder, {"a": b"1", "a/b": b"2"}), "twice"),
    "folder and file": (lambda folder: zipped(folder, {"a/b": b"1", "a": b"2"}), "twice"),
    "deep": (lambda folder: zipped(folder, {"/".join("a" * 17): b"1"}), "16 deep"),
    "long name": (lambda folder: zipped(folder, {"ä" * 130: b"1"}), "too long"),
    "control character": (lambda folder: zipped(folder, {"a\nb.nii": b"1"}), "odd name"),
    "right to left": (lambda folder: zipped(folder, {"a\u202egz.nii": b"1"}), "odd name"),
    "cut off": (cut, "damaged or cut off"),
    "wrong checksum": (broken_checksum, "damaged or cut off"),
}


@pytest.mark.parametrize("case", sorted(HOSTILE))
def test_hostile_archives_are_refused_and_leave_nothing(tmp_path: Path, case: str) -> None:
    make, reason = HOSTILE[case]
    (tmp_path / "made").mkdir()
    path = make(tmp_path / "made")
    into = tmp_path / "safe" / "into"
    with pytest.raises(ImageError, match=reason):
        unpack(path, into, SMALL)
    assert list(into.iterdir()) == []
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["made", "safe"]
    assert [entry.name for entry in (tmp_path / "safe").iterdir()] == ["into"]


@pytest.mark.parametrize("content", [b"", b"hello", b"\x1f\x8b" + bytes(20), b"PK\x03\x04" + bytes(20)])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "upload.zip"
    path.write_bytes(content)
    with pytest.raises(ImageError, match=r"no zip|damaged"):
        unpack(path, tmp_path / "into")


@pytest.mark.parametrize("suffix", [".zip", ".tar.gz"])
def test_damage_anywhere_is_an_image_error_or_harmless(tmp_path: Path, suffix: str) -> None:
    whole = zipped(tmp_path, {"a/b.nii": b"x" * 500, "c.nii": b"y"})
    good = (whole if suffix == ".zip" else tarred(tmp_path, member("a/b.nii"))).read_bytes()
    random = np.random.default_rng(20240502)
    refused = 0
    for attempt in range(300):
        bad = bytearray(good)
        for position in random.integers(0, len(bad), size=random.integers(1, 6)):
            bad[position] = random.choice([0, 10, 47, 255, int(random.integers(0, 256))])
        path = tmp_path / f"bad{suffix}"
        path.write_bytes(bytes(bad))
        into = tmp_path / f"into{attempt}"
        try:
            unpack(path, into, SMALL)
        except ImageError:
            refused += 1
            assert list(into.iterdir()) == []
    assert refused > 50


def test_a_folder_with_files_is_never_unpacked_into(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"a.nii": b"1"})
    with pytest.raises(ValueError, match="empty folder"):
        unpack(path, tmp_path)
    assert path.exists()


def test_small_masks_may_shrink_a_lot(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"mask.nii": bytes(9 << 20)})
    assert unpack(path, tmp_path / "into").files == ("mask.nii",)


def test_archive_names() -> None:
    assert is_archive_name("a.TAR.gz")
    assert not is_archive_name("a.nii.gz")
