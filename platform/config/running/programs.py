"""The programs that make up the platform, and their command lines.

Three kinds of work are kept apart so that a long training run never delays an import: quick jobs (queue `default`),
heavy jobs (queue `gpu`), and the beat, which sends lost work again.
"""

import sys
from dataclasses import dataclass, field

from django.conf import settings


@dataclass(frozen=True)
class Program:
    """One program: its short name in the log, its command line, and what it needs in its environment."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


def web(*, host: str, port: int) -> Program:
    """Return the web server. One process suits SQLite; threads inside it wait for files and rows."""
    return Program(
        "web",
        (
            sys.executable, "-m", "granian", "config.wsgi:application",
            "--interface", "wsgi",
            "--host", host,
            "--port", str(port),
            "--workers", str(settings.WEB_PROCESSES),
            "--blocking-threads", str(settings.WEB_THREADS),
            "--backlog", "1024",
            "--respawn-failed-workers",
            "--workers-kill-timeout", "3",
            "--log-level", "warning",
        ),
    )  # fmt: skip


def worker(queue: str) -> Program:
    """Return a Celery worker for one queue.

    A pool of forked processes, so that a crash inside a numeric library ends one job and not the worker. Only the
    heavy queue gets more than one OpenMP thread, and idle threads sleep instead of spinning.
    """
    heavy = queue == "gpu"
    processes = 1 if heavy else settings.WORKER_PROCESSES
    threads = str(settings.WORKER_THREADS if heavy else 1)
    return Program(
        "gpu" if heavy else "worker",
        (
            sys.executable, "-m", "celery", "--app", "config.celery", "--quiet", "worker",
            "--queues", queue,
            "--hostname", f"{queue}@%h",
            "--concurrency", str(processes),
            "--pool", "prefork",
            "--without-gossip", "--without-mingle", "--without-heartbeat",
            "--loglevel", "WARNING",
        ),
        {
            "OMP_WAIT_POLICY": "passive",
            "OMP_NUM_THREADS": threads,
            "MKL_NUM_THREADS": threads,
            "OPENBLAS_NUM_THREADS": threads,
            "NUMBA_NUM_THREADS": threads,
            "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS": threads,
            "PYTHONWARNINGS": "ignore:You're running the worker with superuser",
        },
    )  # fmt: skip


def beat() -> Program:
    """Return the clock that looks after lost work."""
    return Program(
        "beat",
        (
            sys.executable, "-m", "celery", "--app", "config.celery", "--quiet", "beat",
            "--pidfile", "",
            "--loglevel", "WARNING",
        ),
    )  # fmt: skip
