"""One act at a time, on a page of its own: the pen against NiiVue's, dab, undo, opening a mask, the worker's jobs."""

from __future__ import annotations

import gzip
import mimetypes
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route

from benchmarks.workbench.browser import Clocks, call, new_context
from benchmarks.workbench.figures import Figure

ADDRESS = "http://localhost"
FRONTEND = Path(__file__).parents[2] / "frontend"
DISC_VOXELS_WIDE = 21
"""NiiVue's pen is a square: 21 × 21 voxels are the 441 of a disc of 12 mm radius at 1 mm."""


def build(folder: Path) -> None:
    """Build the page with the product's own bundler."""
    config = "benchmarks/workbench/vite.config.ts"
    command = [
        "npx",
        "--no-install",
        "vite",
        "build",
        "--config",
        config,
        "--outDir",
        str(folder),
        "--logLevel",
        "warn",
    ]
    subprocess.run(command, cwd=FRONTEND, check=True)


def measure_engine(browser: Browser, pages: Path, image: bytes, mask: bytes) -> Iterator[Figure]:
    """Give the figures of single acts; `image` is a NIfTI file, `mask` its labels as raw bytes, x fastest."""
    context = new_context(browser, ADDRESS)
    data = {"/data/image.nii.gz": image, "/data/mask.gz": gzip.compress(mask)}

    def serve(route: Route) -> None:
        path = route.request.url.removeprefix(ADDRESS).split("?")[0]
        file = pages / ("index.html" if path == "/" else path.lstrip("/"))
        if path in data:
            route.fulfill(body=data[path], content_type="application/octet-stream")
        elif not file.is_file():
            route.fulfill(status=404)
        else:
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0])

    context.route("**/*", serve)
    page = context.new_page()
    page.goto("/")
    page.wait_for_function("() => 'overreadBench' in window")
    call(page, "overreadBench.prepare()")
    yield from _strokes(page)
    yield from _dabs(page)
    yield from _opening(browser, page)
    yield from _jobs(page)
    context.close()


def _strokes(page: Page) -> list[Figure]:
    disc: dict[str, Any] = call(page, "overreadBench.ownStroke('disc')")
    sphere: dict[str, Any] = call(page, "overreadBench.ownStroke('sphere')")
    theirs: dict[str, Any] = call(page, f"overreadBench.niivueStroke({DISC_VOXELS_WIDE})")
    return [
        Figure("Stroke of 20 points, disc of 12 mm", disc["script"], "ms", note=f"{disc['voxels']} voxels"),
        Figure("the same, sphere of 12 mm", sphere["script"], "ms", note=f"{sphere['voxels']} voxels"),
        Figure("the same, NiiVue's pen", theirs["script"], "ms", note=f"{theirs['voxels']} voxels, 21 × 21 a point"),
        Figure("NiiVue's pen / our disc", theirs["script"] / disc["script"], "×", least=3, required=True),
        Figure("NiiVue's pen / our sphere", theirs["script"] / sphere["script"], "×", least=3, required=True),
    ]


def _dabs(page: Page) -> list[Figure]:
    found: dict[str, Any] = call(page, "overreadBench.dabAndUndo()")
    size = call(page, "overreadBench.bytesPerVoxel()")
    return [
        Figure("Dab of a 12 mm sphere", found["dab"], "ms", most=1, note=f"{found['dabVoxels']} voxels"),
        Figure("Undo of a stroke of spheres, before redraw", found["undo"], "ms", most=5),
        Figure("History, per changed voxel of that stroke", size, "bytes", most=6, required=True),
    ]


def _opening(browser: Browser, page: Page) -> list[Figure]:
    clocks = Clocks(browser, page)
    call(page, "overreadBench.loadMask()")
    before = clocks.now()
    call(page, "overreadBench.loadMask()")
    spent = clocks.since(before)
    return [Figure("Mask load, page's thread", spent.thread, "ms", most=300, note="unpack, count, keep, send to card")]


def _jobs(page: Page) -> list[Figure]:
    found: dict[str, Any] = call(page, "overreadBench.jobs()")
    return [
        Figure(
            "Components and volumes, in the worker", found["lesions"], "ms", most=100, note=f"{found['parts']} parts"
        ),
        Figure("Fill of 20 slices, in the worker", found["between"], "ms", most=500, note=f"{found['filled']} voxels"),
    ]
