"""Who may import whom in the browser application: the rules, which `make check` holds it to, catch a mistake."""

import subprocess
from pathlib import Path

from tests.architecture.trees import copy_of_frontend

PLANTED = [
    (
        "src/labels/edit.ts",
        'import { Niivue } from "@niivue/niivue"; new Niivue();',
        "one-user-of-the-viewer-library",
    ),
    ("src/labels/edit.ts", 'import { api } from "../api/client"; api;', "labels-are-pure"),
    ("src/tools/brushTool.ts", 'import { api } from "../api/client"; api;', "tools-know-labels-only"),
    ("src/api/client.ts", 'import { App } from "../app/App"; App;', "api-is-the-ground-floor"),
]


def cruise(folder: Path) -> subprocess.CompletedProcess[str]:
    words = ["node", "scripts/check-rooms.mjs"]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)


def test_a_copy_without_mistakes_passes(tmp_path: Path) -> None:
    said = cruise(copy_of_frontend(tmp_path / "frontend"))
    assert said.returncode == 0, said.stdout + said.stderr


def test_every_planted_import_is_caught_by_its_rule(tmp_path: Path) -> None:
    copy = copy_of_frontend(tmp_path / "frontend")
    for place, line, _ in PLANTED:
        module = copy / place
        assert module.exists(), f"{place} is gone: plant the mistake elsewhere"
        module.write_text(f"{line}\n{module.read_text()}")

    said = cruise(copy)

    assert said.returncode != 0, said.stdout
    for place, _, rule in PLANTED:
        assert f"error {rule}: {place}" in said.stderr, said.stderr


def test_a_check_that_saw_nothing_is_no_pass(tmp_path: Path) -> None:
    copy = copy_of_frontend(tmp_path / "frontend")
    for path in (copy / "src").rglob("*.ts*"):
        path.unlink()
    assert cruise(copy).returncode != 0
