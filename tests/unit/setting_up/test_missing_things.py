"""Set-up on a machine that lacks something: one clear sentence each, and no trace of a stack."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from scripts import machine, set_up
from scripts.fingerprint import Stamp, fingerprint
from scripts.machine import ROOT, Missing, check_disk, check_node


def program(folder: Path, name: str, *lines: str) -> None:
    """Make a program that does these lines of shell."""
    path = folder / name
    path.write_text("\n".join(["#!/bin/sh", *lines]) + "\n")
    path.chmod(0o755)


@pytest.fixture
def only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the whole search path."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def set_up_elsewhere(tmp_path: Path, only: Path) -> subprocess.CompletedProcess[str]:
    """Run the first step of `make run` in a fresh checkout."""
    checkout = tmp_path / "checkout"
    shutil.copytree(ROOT / "scripts", checkout / "scripts")
    for name in ("sh", "dirname"):
        (only / name).symlink_to(shutil.which(name, path=os.defpath) or f"/bin/{name}")
    environment = {"PATH": str(only)}
    return subprocess.run(
        ["/bin/sh", "scripts/setup.sh", "runtime"],
        cwd=checkout, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_an_old_python_is_named_with_the_way_to_a_right_one(tmp_path: Path, only: Path) -> None:
    program(only, "python3", 'if [ "$1" = --version ]; then echo Python 3.9.2; else exit 1; fi')
    said = set_up_elsewhere(tmp_path, only)
    assert said.returncode == 1
    assert said.stdout == ""
    assert said.stderr.startswith(
        "Overread needs Python 3.11 or 3.12, and there is none here (python3 is Python 3.9.2)"
    )
    assert "apt-get install python3.11" in said.stderr
    assert len(said.stderr.splitlines()) == 1


def test_no_python_at_all_is_one_sentence(tmp_path: Path, only: Path) -> None:
    said = set_up_elsewhere(tmp_path, only)
    assert said.returncode == 1
    assert said.stderr.startswith("Overread needs Python 3.11 or 3.12, and there is none here (no python at all)")
    assert len(said.stderr.splitlines()) == 1


def test_no_node_is_one_sentence(only: Path) -> None:
    with pytest.raises(
        Missing, match=r"^Overread needs Node 20.19 or newer to build its pages, and there is none here: "
    ):
        check_node()


@pytest.mark.parametrize("version", ["v18.20.4", "v20.18.3", "v9.0.0"])
def test_an_old_node_is_named(only: Path, version: str) -> None:
    program(only, "node", f"echo {version}")
    with pytest.raises(Missing, match=rf"needs Node 20.19 or newer, and .*/node is {version}: "):
        check_node()


def test_node_without_npm_is_one_sentence(only: Path) -> None:
    program(only, "node", "echo v20.19.0")
    with pytest.raises(Missing, match=r"^Overread needs npm beside Node"):
        check_node()


@pytest.mark.parametrize("version", ["v20.19.0", "v22.1.0", "v24.0.1"])
def test_a_new_node_with_npm_will_do(only: Path, version: str) -> None:
    program(only, "node", f"echo {version}")
    program(only, "npm", "echo 11")
    check_node()


def test_a_full_disk_is_named_with_what_is_needed(tmp_path: Path) -> None:
    with pytest.raises(Missing, match=r"^Installing needs 1e\+09 GB, and only [\d.]+ GB are free on the disk of "):
        check_disk(tmp_path, gigabytes=1e9, purpose="Installing")


def test_packages_that_cannot_be_had_end_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "python", "echo ERROR: no matching distribution", "exit 1")
    monkeypatch.setattr(set_up, "PYTHON", tmp_path / "python")
    with pytest.raises(Missing, match=r"^pip could not install the packages; its lines above say why"):
        set_up._pip("-r", "requirements.lock")


def test_the_size_of_a_cuda_build_is_told_before_the_download(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    told = set_up._about_torch("torch==1.2.3", "")
    assert told.startswith(
        "Installing torch==1.2.3 (the networks' library) from the source that pip is configured with"
    )
    assert "3 GB to download" in told
    assert "OVERREAD_TORCH_INDEX=ADDRESS" in told
    assert "GB" not in set_up._about_torch("torch==1.2.3", "https://example.org/cpu")


def test_a_step_is_done_again_only_when_what_it_depends_on_has_changed(tmp_path: Path) -> None:
    source, stamp = tmp_path / "src", Stamp(tmp_path / "stamp")
    source.mkdir()
    (source / "a.ts").write_text("1")
    first = fingerprint([source], "fact")
    assert not stamp.matches(first)
    stamp.set(first)
    assert stamp.matches(fingerprint([source], "fact"))
    assert not stamp.matches(fingerprint([source], "other fact"))
    (source / "a.ts").write_text("2")
    assert not stamp.matches(fingerprint([source], "fact"))
    stamp.clear()
    assert not stamp.matches(first)


def test_the_version_of_node_is_the_one_that_the_frontend_asks_for() -> None:
    wanted = ".".join(map(str, machine.NODE_NEEDED))
    assert f'"node": ">={wanted}"' in (ROOT / "frontend" / "package.json").read_text()
