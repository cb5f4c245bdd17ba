"""Who may import whom on the server. The contracts stand in pyproject.toml; here they hold, and catch a mistake."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.trees import ROOT, copy_of_server

LINTER = Path(sys.executable).with_name("lint-imports")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join([str(folder), str(folder / "platform")])
    return subprocess.run(
        [str(LINTER), "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": paths, "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_contracts_hold() -> None:
    said = lint(ROOT)
    assert said.returncode == 0, said.stdout
    assert " 0 broken" in said.stdout


@pytest.mark.parametrize(
    ("place", "line", "broken"),
    [
        ("annotation/services.py", "import evaluation.models", "Data flows downwards"),
        ("platform/jobs/services.py", "import cases.models", "Data flows downwards"),
        ("platform/cases/services.py", "import studies.models", "Data flows downwards"),
        ("platform/imaging/grid.py", "import django.conf", "The science runs without Django"),
        ("evaluation/metrics/overlap.py", "import core.storage", "The science runs without Django"),
        ("evaluation/services.py", "import torch", "Only the inference engine knows torch"),
    ],
)
def test_a_planted_import_is_caught(place: str, line: str, broken: str, tmp_path: Path) -> None:
    copy = copy_of_server(tmp_path)
    module = copy / place
    if not module.exists():  # the room keeps its services in a package
        module = module.with_suffix("") / "__init__.py"
    assert module.exists(), f"{place} is gone: plant the mistake elsewhere"
    module.write_text(f"{module.read_text()}\n{line}\n")

    said = lint(copy)

    assert said.returncode != 0, said.stdout
    assert any(broken in row and "BROKEN" in row for row in said.stdout.splitlines()), said.stdout
