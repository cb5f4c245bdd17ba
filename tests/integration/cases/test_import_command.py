"""`overread import PATH`."""

from __future__ import annotations

import os
from contextlib import nullcontext
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cases.models import Case, Import, Segmentation
from core.models import StoredFile
from people.models import User
from tests.integration.cases.sending import brats_2021, head, mask, staged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lead")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "delivery", brats_2021())


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def overread_import(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("import_cases", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


ME = "--as=lead@north.example"


def test_a_folder_is_shown_and_stored(folder: Path) -> None:
    out, err = overread_import(str(folder), ME, "--scheme=brats-2018", "--yes")
    assert "mask by Expert" in out
    assert "24×20×16" in out
    assert err == ""
    assert Case.objects.get().series.count() == 4
    assert Segmentation.objects.count() == 1


def test_nothing_is_stored_without_yes_where_nobody_can_answer(folder: Path) -> None:
    with pytest.raises(CommandError, match="--yes"):
        overread_import(str(folder), ME, "--scheme=brats-2018")
    assert_nothing_is_left()


@pytest.mark.parametrize(("answer", "cases"), [("y", 1), ("yes", 1), ("n", 0), ("", 0)])
def test_a_person_is_asked(folder: Path, monkeypatch: pytest.MonkeyPatch, answer: str, cases: int) -> None:
    questions: list[str] = []

    def ask(question: str) -> str:
        questions.append(question)
        return answer

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", ask)
    with nullcontext() if cases else pytest.raises(CommandError, match=r"^Nothing was stored\.$"):
        overread_import(str(folder), ME, "--scheme=brats-2018")
    assert questions == ["Store 5 files as 1 case? [y/N] "]
    assert Case.objects.count() == cases


def test_what_has_a_problem_is_told_and_left_out(folder: Path) -> None:
    write(folder, {"BraTS2021_00123/BraTS2021_00123_mask.nii": mask(1, shape=(12, 12, 12)), "notes.txt": b"hello"})
    out, err = overread_import(str(folder), ME, "--scheme=brats-2018", "--yes")
    assert "Refused: delivery/notes.txt: Its format is not known" in err
    assert "matches no image of its case" in out
    assert Segmentation.objects.count() == 1
    assert Case.objects.count() == 1


def test_masks_go_when_their_image_goes(tmp_path: Path) -> None:
    write(tmp_path / "a", {"P1_t1.nii": head(1)})
    overread_import(str(tmp_path / "a"), ME, "--yes")
    write(tmp_path / "b", {"P1_t1.nii": head(1), "P1_seg.nii": mask(1)})
    with pytest.raises(CommandError, match="Every file has a problem"):
        overread_import(str(tmp_path / "b"), ME, "--yes", "--scheme=flair")
    assert Case.objects.count() == 1


def test_a_file_without_permission_and_a_link_are_named(folder: Path) -> None:
    secret = folder / "P9_t1.nii"
    secret.write_bytes(head(9))
    secret.chmod(0)
    (folder / "link.nii").symlink_to("/etc/passwd")
    (folder / "linked").symlink_to("/etc")
    if os.access(secret, os.R_OK):  # the superuser of a container may read everything
        secret.unlink()
    _, err = overread_import(str(folder), ME, "--scheme=brats-2018", "--yes")
    assert "delivery/link.nii: It is a link" in err
    assert "delivery/linked: It is a link" in err
    assert ("P9_t1.nii: There is no permission" in err) == secret.exists()
    assert Case.objects.count() == 1


def test_permission_is_checked_before_a_file_is_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = folder / "P9_t1.nii"
    refused.write_bytes(head(9))
    allowed = os.access
    monkeypatch.setattr("os.access", lambda path, mode: path != refused and allowed(path, mode))
    _, err = overread_import(str(folder), ME, "--scheme=brats-2018", "--yes")
    assert "delivery/P9_t1.nii: There is no permission to read it" in err


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--as=nobody@north.example"], "no active account"),
        ([], "Say who imports"),
        ([ME, "--centre=west"], "There are: north"),
        ([ME, "--scheme=brats-1999"], "brats-2018"),
    ],
)
def test_a_wrong_choice_is_told_with_those_there_are(folder: Path, arguments: list[str], reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        overread_import(str(folder), *arguments, "--yes")
    assert not Import.objects.exists()


def test_a_path_with_nothing_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nothing at"):
        overread_import(str(tmp_path / "missing"), ME, "--yes")
    assert_nothing_is_left()


def test_one_pseudonym_can_be_given_for_all_files(tmp_path: Path) -> None:
    overread_import(str(write(tmp_path / "x", {"t1.nii": head(1), "t2.nii": head(2)})), ME, "--patient=N-017", "--yes")
    assert Case.objects.get().patient.pseudonym == "N-017"


def test_the_only_administrator_imports_when_nobody_is_named(folder: Path) -> None:
    root = User.objects.create_superuser("root@north.example", name="Root")
    overread_import(str(folder), "--yes", "--scheme=brats-2018", "--centre=north")
    assert Case.objects.get().imported_by == root


def assert_nothing_is_left() -> None:
    assert not Case.objects.exists()
    assert not StoredFile.objects.exists()
    for delivery in Import.objects.all():
        assert delivery.state == Import.State.DISCARDED
        assert not staged(str(delivery.pk)).exists()
