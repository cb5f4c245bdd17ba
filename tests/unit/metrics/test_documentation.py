"""The example of docs/metrics.md runs as it stands, without Django."""

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
