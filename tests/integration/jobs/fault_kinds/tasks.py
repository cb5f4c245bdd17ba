"""Work that waits at gates, so that a test decides at which moment a worker dies.

A gate is a file that the test makes. What the handlers did is appended to `trace`, one line each: words of the
attempt, so that a test sees what ran, not only what was kept.
"""

import os
import time
from pathlib import Path

from jobs.models import Job, Superseded
from jobs.registry import handles
from people.models import Centre

PATIENCE = 120.0


def note(job: Job, words: str) -> None:
    """Append a line to the trace; short appends of several processes do not mix."""
    with (Path(job.params["folder"]) / "trace").open("a") as file:
        file.write(f"{job.key} {job.attempt} {words} {os.getpid()}\n")


def wait_at(job: Job, gate: str) -> None:
    """Wait until the test opens the gate: of every attempt, or of this one."""
    folder, until = Path(job.params["folder"]), time.monotonic() + PATIENCE
    while not ((folder / gate).exists() or (folder / f"{gate}-{job.attempt}").exists()):
        if time.monotonic() > until:
            raise TimeoutError(gate)
        time.sleep(0.02)


@handles("faults.work")
def work(job: Job) -> dict[str, object]:
    """Wait, report, keep one row, and return the square of a number: the same in every attempt that is right.

    The row says which attempt made it. It is made once, as every handler must: an attempt whose predecessor died
    after keeping finds it there.
    """
    note(job, "began")
    wait_at(job, "work")
    try:
        job.report(50, "half-way")
        with job.keeping():
            wait_at(job, "keep")
            made = f"{job.key} of attempt {job.attempt}"
            kept, _ = Centre.objects.get_or_create(code=job.key, defaults={"name": made})
    except Superseded:
        note(job, "superseded")
        raise
    note(job, "kept")
    wait_at(job, "finish")
    return {"square": int(str(job.params["number"])) ** 2, "row": kept.name}
