"""One measurement in a process of its own: seconds, compile time and peak memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.evaluation.masks import RATERS, SCENES, Masks, load_masks
from benchmarks.evaluation.works import WORKS, Work

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
LONG_S = 3.0
VERY_LONG_S = 20.0


@dataclass(frozen=True)
class Measurement:
    """CPU and wall seconds of the best run, the seconds that the first one took longer, extra peak MB, the result."""

    cpu_s: float
    wall_s: float
    first_extra_s: float
    extra_mb: float
    result: Any


def measure_apart(
    work: str, side: str, scene: str, folder: Path, *, raters: int = RATERS, compiled: Path | None = None
) -> Measurement:
    """Return the measurement of one side ("ours", a peer, or a peer + " cropped"), made in a new process.

    compiled is the folder for compiled kernels, by default the one in which they lie from earlier runs.
    """
    command = [sys.executable, "-m", "benchmarks.evaluation", "--one", work, side, scene, str(raters)]
    settings = os.environ | ONE_THREAD | ({"NUMBA_CACHE_DIR": str(compiled)} if compiled else {})
    done = subprocess.run([*command, "--folder", str(folder)], env=settings, capture_output=True, check=True, text=True)
    return Measurement(**json.loads(done.stdout.splitlines()[-1]))


def measure_here(work: str, side: str, scene: str, folder: Path, *, raters: int) -> Measurement:
    """Return the measurement of one side, made in this process."""
    masks = load_masks(scene, folder, raters=raters)
    ours, peers = WORKS[work]
    name = side.removesuffix(" cropped")
    run: Work = ours if side == "ours" else peers[name]
    if side.endswith(" cropped"):
        masks = crop(masks)
    start = time.perf_counter()
    run(masks[:, ::8, ::8, ::8].copy(), SCENES[scene])
    first = time.perf_counter() - start
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = resident_mb("VmRSS")
    timings: list[tuple[float, float]] = []
    result = None
    while _wants_another([wall for _, wall in timings]):
        marks = time.process_time(), time.perf_counter()
        result = run(masks, SCENES[scene])
        timings.append((time.process_time() - marks[0], time.perf_counter() - marks[1]))
    return Measurement(
        cpu_s=min(cpu for cpu, _ in timings),
        wall_s=min(wall for _, wall in timings),
        first_extra_s=first,
        extra_mb=resident_mb("VmHWM") - before,
        result=np.asarray(result, dtype=float).tolist(),
    )


def _wants_another(walls: list[float]) -> bool:
    """Return whether to run again: up to five times in 3 s, and twice at least, so that compiling is in one only."""
    if len(walls) < 2:
        return not walls or walls[0] < VERY_LONG_S
    return len(walls) < 5 and sum(walls) < LONG_S


def measure_reading(masks: Masks) -> float:
    """Return the CPU seconds to read the masks once at this machine's speed."""
    words = masks.reshape(-1)[: masks.size // 8 * 8].view(np.uint64)
    timings = []
    for _ in range(5):
        start = time.process_time()
        np.bitwise_or.reduce(words)
        timings.append(time.process_time() - start)
    return min(timings)


def crop(masks: Masks) -> Masks:
    """Return the masks in the smallest box that holds them all."""
    marked = np.argwhere(masks.any(axis=0))
    return masks[(slice(None), *map(slice, marked.min(axis=0), marked.max(axis=0) + 1))].copy()


def resident_mb(field: str) -> float:
    """Return a field of the process's status in MB: VmRSS, resident now, or VmHWM, its peak."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def print_measurement(measurement: Measurement) -> None:
    print(json.dumps(asdict(measurement)))
