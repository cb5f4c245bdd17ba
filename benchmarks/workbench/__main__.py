"""Run the benchmark: python -m benchmarks.workbench [--json FILE] [--only PART …] [--data FOLDER].

Chromium without a graphics card draws in software here, as in the tests. The data are synthetic heads of
240 × 240 × 155 voxels in four sequences on a platform that really runs. Ratios are within one run; times are this
machine's, under the load that is printed with them. It fails when a required ratio or count is not met. The table in
docs/workbench.md is this program's output.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.workbench import cases, engine
from benchmarks.workbench.browser import accounts, chromium, new_context, sign_in
from benchmarks.workbench.figures import HEADER, Figure
from scripts.browser import find_chromium
from tests.integration.running.processes import ROOT, Platform, wait_until

CASES = 4
PARTS = ("engine", "first", "traffic", "memory", "editing", "submit")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--only", nargs="*", default=PARTS, choices=PARTS, metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--data", type=Path, help="keep the scene in this folder and use it again")
    parser.add_argument("--runs", type=int, default=3, help="of the first picture")
    chosen = parser.parse_args()
    if not (ROOT / "frontend" / "dist" / "index.html").exists():
        parser.error("build the application first: cd frontend && npm run build")
    with tempfile.TemporaryDirectory(prefix="overread-workbench-") as folder:
        scene = chosen.data or Path(folder) / "scene"
        prepare(scene)
        pages, data = Path(folder) / "pages", Path(folder) / "data"
        if "engine" in chosen.only:
            engine.build(pages)
        shutil.copytree(scene, data)
        with running(data) as address, chromium(find_chromium()) as browser:
            place = find_place(browser, address, data)
            facts = about(browser)
            print(json.dumps(facts), HEADER, sep="\n\n", flush=True)
            figures = measure(browser, place, pages, parts=chosen.only, runs=chosen.runs)
    if chosen.json:
        report = {"machine": facts, "load_at_end": os.getloadavg(), "figures": [asdict(one) for one in figures]}
        chosen.json.write_text(json.dumps(report, indent=1), encoding="utf-8")
    missed = [figure.what for figure in figures if figure.required and figure.met is False]
    if missed:
        sys.exit(f"Required and not met: {'; '.join(missed)}")


def prepare(scene: Path) -> None:
    """Make the scene unless it is there."""
    if (scene / "whole").exists():
        return
    for part in ("broker/queue", "broker/control"):
        (scene / part).mkdir(parents=True, exist_ok=True)
    environment = os.environ | {"OVERREAD_DATA_DIR": str(scene), "DATABASE_URL": f"sqlite:///{scene}/db.sqlite3"}
    environment |= {"CELERY_BROKER_URL": "filesystem://localhost//", "DJANGO_SETTINGS_MODULE": "config.settings.dev"}
    command = [sys.executable, "-m", "benchmarks.workbench.scene", str(CASES)]
    subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=sys.stderr)
    (scene / "whole").touch()


@contextmanager
def running(data: Path) -> Iterator[str]:
    """Run the platform on the data; give its address."""
    served = Platform(data)
    try:
        wait_until(served.is_announced, "the platform is ready", seconds=300)
        yield f"http://127.0.0.1:{served.port}"
    finally:
        served.send(signal.SIGINT)
        served.wait()
        served.end()


def find_place(browser: Browser, address: str, data: Path) -> cases.Place:
    account = accounts(data)["expert1"]
    context = new_context(browser, address)
    page = sign_in(context, *account)
    rows = page.request.get("/api/v1/assignments/").json()["results"]
    context.close()
    found = sorted(rows, key=lambda row: int(row["position"]))
    return cases.Place(address, account, [f"/assignments/{row['id']}" for row in found])


def about(browser: Browser) -> dict[str, object]:
    """Return machine, load and versions."""
    package = json.loads((ROOT / "frontend" / "node_modules" / "@niivue" / "niivue" / "package.json").read_text())
    return {
        "machine": platform.machine(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load": [round(one, 1) for one in os.getloadavg()],
        "chromium": browser.version,
        "niivue": package["version"],
        "python": platform.python_version(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")


def measure(browser: Browser, place: cases.Place, pages: Path, *, parts: Sequence[str], runs: int) -> list[Figure]:
    """Measure part after part, printing each figure as it is known."""

    def run_engine() -> Iterator[Figure]:
        context = new_context(browser, place.address)
        page = sign_in(context, *place.account)
        root = f"/api/v1{place.cases[0]}"
        image, mask = (page.request.get(f"{root}/{part}/").body() for part in ("series/0/image", "start"))
        context.close()
        return engine.measure_engine(browser, pages, image, mask)

    works: dict[str, Callable[[], Iterable[Figure]]] = {
        "engine": run_engine,
        "first": lambda: cases.measure_first_picture(browser, place, runs=runs),
        "traffic": lambda: cases.measure_traffic(browser, place),
        "memory": lambda: cases.measure_memory(browser, place),
        "editing": lambda: cases.measure_editing(browser, place),
        "submit": lambda: cases.measure_submit(browser, place),
    }
    figures: list[Figure] = []
    for part in [part for part in PARTS if part in parts]:
        load = os.getloadavg()[0]
        for figure in works[part]():
            figures.append(figure)
            print(figure.row(), flush=True)
        print(f"| *load before and after {part}* | {load:.1f}, {os.getloadavg()[0]:.1f} | | | |", flush=True)
    return figures


if __name__ == "__main__":
    main()
