"""The example of docs/metrics.md and the script of 20 lines run as they stand, without Django."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np

from tests.unit.metrics.metric_masks import make_blob

ROOT = Path(__file__).resolve().parents[3]


def test_the_example_of_the_page_runs_with_the_pure_packages_alone(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    np.save(tmp_path / "readings.npy", np.stack([make_blob(rng) for _ in range(4)]))
    page = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    assert len(example.splitlines()) <= 20
    script = f"{example}\nimport sys\nassert not {{'django', 'torch', 'monai'}} & set(sys.modules)\n"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "field 8640" in done.stdout


def test_the_script_of_20_lines_runs_with_the_pure_packages_alone(tmp_path: Path) -> None:
    script = ROOT / "examples" / "agreement_in_20_lines.py"
    code = [line for line in script.read_text(encoding="utf-8").splitlines()[1:] if line]
    assert len(code) <= 20
    imported = {line.split()[1].split(".")[0] for line in code if line.startswith(("import ", "from "))}
    assert imported == {"numpy", "evaluation"}
    check = "\nimport sys\nassert not {'django', 'torch', 'monai', 'imaging', 'cases'} & set(sys.modules)\n"
    done = subprocess.run(
        [sys.executable, "-c", script.read_text(encoding="utf-8") + check],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 8
    assert all("STAPLE" in line for line in lines[:6])
    jaccards = [float(value) for value in re.findall(r"0\.\d+", lines[6])]
    assert len(jaccards) == 4
    assert all(0.7 < value < 1 for value in jaccards)
    assert re.fullmatch(r"ICC\(A,1\) of volume: 0\.9\d+ \[0\.\d+, 0\.\d+\]", lines[7])
