"""Run the benchmark: python -m benchmarks.evaluation [--scene NAME …] [--work NAME …] [--json FILE].

With --curve: our cost from 2 to 64 raters; with --compile: the seconds that compiling takes, once per machine.

Every figure is the best of up to five runs, in CPU seconds of one thread, in a process of its own. A peer is measured
on the whole masks and, where that changes nothing, on the cropped ones (its cropping is not counted). Ours counts
everything from the raters' masks on. The table in docs/metrics.md is this program's output.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.evaluation.masks import RATERS, SCENES, load_masks
from benchmarks.evaluation.measure import (
    measure_apart,
    measure_here,
    measure_reading,
    print_measurement,
)
from benchmarks.evaluation.works import CROPS_CHANGE, MASKS_READ, WORKS

HEADER = (
    "| work | masks | ours s | × reading once | ours MB | first call s | peer | peer s | peer cropped s | peer MB "
    "| faster | faster than cropped | largest difference |"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scene", nargs="*", choices=list(SCENES), default=list(SCENES))
    parser.add_argument("--work", nargs="*", choices=list(WORKS), default=list(WORKS))
    parser.add_argument("--json", type=Path)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "overread-benchmark")
    parser.add_argument("--curve", action="store_true", help="our cost from 2 to 64 raters instead")
    parser.add_argument("--compile", action="store_true", help="our seconds to compile instead")
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    if chosen.one:
        work, side, scene, raters = chosen.one
        print_measurement(measure_here(work, side, scene, chosen.folder, raters=int(raters)))
    elif chosen.curve:
        print_curve(chosen.folder)
    elif chosen.compile:
        print_compile_times(chosen.work, chosen.folder)
    else:
        print_table(chosen)


def print_table(chosen: argparse.Namespace) -> None:
    print(HEADER, "|" + " --- |" * 13, sep="\n", flush=True)
    rows = []
    for scene in chosen.scene:
        all_masks = measure_reading(load_masks(scene, chosen.folder))
        for work in chosen.work:
            reading = all_masks * MASKS_READ.get(work, RATERS) / RATERS  # two masks alone would stay in the cache
            row = compare_sides(work, scene, chosen.folder)
            rows.append(row | {"work": work, "scene": scene, "reading_s": reading})
            print(format_row(row, work, scene, reading), flush=True)
    if chosen.json:
        chosen.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


def compare_sides(work: str, scene: str, folder: Path) -> dict[str, Any]:
    ours = measure_apart(work, "ours", scene, folder)
    (name,) = WORKS[work][1]
    peer = measure_apart(work, name, scene, folder)
    cropped = None if work in CROPS_CHANGE else measure_apart(work, f"{name} cropped", scene, folder)
    gap = np.abs(np.nan_to_num(np.array(ours.result) - np.array(peer.result))).max()
    return {
        "ours": asdict(ours),
        "peer": name,
        "whole": asdict(peer),
        "cropped": asdict(cropped) if cropped else None,
        "gap": float(gap),
    }


def format_row(row: dict[str, Any], work: str, scene: str, reading: float) -> str:
    ours, whole, cropped = row["ours"], row["whole"], row["cropped"]
    cells = [
        work,
        scene,
        f"{ours['cpu_s']:.3f}",
        f"{ours['cpu_s'] / reading:.0f}",
        f"{ours['extra_mb']:.0f}",
        f"{ours['first_extra_s']:.1f}",
        row["peer"],
        f"{whole['cpu_s']:.2f}",
        f"{cropped['cpu_s']:.2f}" if cropped else "–",
        f"{whole['extra_mb']:.0f}",
        f"{whole['cpu_s'] / ours['cpu_s']:.0f}×",
        f"{cropped['cpu_s'] / ours['cpu_s']:.0f}×" if cropped else "–",
        f"{row['gap']:.1g}",
    ]
    return "| " + " | ".join(cells) + " |"


def print_curve(folder: Path) -> None:
    print("| raters | pairs | pairwise surfel s | MB | STAPLE s | MB |", "|" + " --- |" * 6, sep="\n", flush=True)
    for raters in (2, 4, 8, 16, 32, 64):
        pairs = measure_apart("28 pairs, surfel", "ours", "tumour", folder, raters=raters)
        fused = measure_apart("STAPLE of 8", "ours", "tumour", folder, raters=raters)
        cells = [raters, raters * (raters - 1) // 2, f"{pairs.cpu_s:.3f}", f"{pairs.extra_mb:.0f}"]
        print("| " + " | ".join(map(str, [*cells, f"{fused.cpu_s:.3f}", f"{fused.extra_mb:.0f}"])) + " |", flush=True)


def print_compile_times(works: list[str], folder: Path) -> None:
    print("| work | first call, compiled before s | first call, nothing compiled s |", "|" + " --- |" * 3, sep="\n")
    for work in works:
        before = measure_apart(work, "ours", "tumour", folder)
        with tempfile.TemporaryDirectory() as empty:
            fresh = measure_apart(work, "ours", "tumour", folder, compiled=Path(empty))
        print(f"| {work} | {before.first_extra_s:.1f} | {fresh.first_extra_s:.1f} |", flush=True)


if __name__ == "__main__":
    main()
