"""Do a job in this process, for people at a command line, with a bar that shows how far it is."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connections
from tqdm import tqdm

from jobs.models import Job
from jobs.tasks import run

LOOK_SECONDS = 0.3


def work(job: Job, what: str) -> None:
    """Do a job here, unless a worker of the platform has it already; return when it has ended, well or badly."""
    with tqdm(total=100, unit="%", desc=what, disable=not sys.stderr.isatty()) as bar, _watching(job, bar):
        while Job.objects.unfinished().filter(pk=job.pk).exists():
            run(str(job.pk))
            if Job.objects.unfinished().filter(pk=job.pk).exists():  # a worker was faster
                time.sleep(LOOK_SECONDS)


@contextmanager
def _watching(job: Job, bar: Any) -> Iterator[None]:
    """Move the bar from a thread, since the job itself keeps this one busy."""
    ended = threading.Event()
    thread = threading.Thread(target=_watch, args=(job, bar, ended), daemon=True)
    if not bar.disable:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        if thread.is_alive():
            thread.join(timeout=2)


def _watch(job: Job, bar: Any, ended: threading.Event) -> None:
    try:
        while not ended.wait(LOOK_SECONDS):
            _show(job, bar)
        _show(job, bar)
    except DatabaseError:
        return  # a bar that stands still harms nobody
    finally:
        connections.close_all()


def _show(job: Job, bar: Any) -> None:
    percent, step = Job.objects.values_list("percent", "step").get(pk=job.pk)
    bar.set_postfix_str(step, refresh=False)
    bar.update(max(0, percent - bar.n))
