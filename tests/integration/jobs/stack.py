"""One database and one broker of the fault tests' own, and real Celery workers on them.

Which ones is said by DATABASE_URL and CELERY_BROKER_URL, as for the platform itself: SQLite and files without them.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from kombu.exceptions import ChannelError

from config.celery import app
from jobs.models import Job
from jobs.services import enqueue
from people.models import Centre

ROOT = Path(__file__).resolve().parents[3]
HEARTBEAT, LOST, LOOK_AFTER = 0.4, 3.0, 1.0
PATIENCE = 90.0


def wait_until(fact: Callable[[], object], what: str, *, seconds: float = PATIENCE) -> None:
    """Return as soon as the fact is true; fail with the words when it does not become so."""
    until = time.monotonic() + seconds
    while not fact():
        if time.monotonic() > until:
            raise AssertionError(f"After {seconds:.0f} s it is not true that {what}.")
        time.sleep(0.05)


class Database:
    """A database of one's own on the server of DATABASE_URL, in the place of the one that Django knows."""

    def __init__(self, folder: Path, mark: str) -> None:
        self._known = dict(connections.settings["default"])
        self.is_sqlite = self._known["ENGINE"].endswith("sqlite3")
        self.name = str(folder / "faults.sqlite3") if self.is_sqlite else f"overread_{mark}"
        self.url = f"sqlite:///{self.name}" if self.is_sqlite else self._url(self.name)

    def _url(self, name: str) -> str:
        return os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"

    def open(self) -> None:
        """Make it, and let Django and its migrations use it in every thread of this process."""
        self._command(f'CREATE DATABASE "{self.name}"')
        self._use({**self._known, "NAME": self.name, "CONN_MAX_AGE": 0})

    def can_be_written(self) -> bool:
        """Tell whether no process holds the one writer's place of SQLite."""
        if not self.is_sqlite:
            return True
        with closing(sqlite3.connect(self.name, timeout=0.5, isolation_level=None)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return False
            return True

    def close(self) -> None:
        """Give Django its own database back and remove this one."""
        self._use(self._known)
        self._command(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    @staticmethod
    def _use(facts: dict[str, Any]) -> None:
        connections.close_all()
        connections.settings["default"] = facts
        with suppress(AttributeError):
            del connections["default"]

    def _command(self, statement: str) -> None:
        if not self.is_sqlite:
            import psycopg

            with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
                connection.execute(statement)


class Worker:
    """A Celery worker in a process group of its own."""

    def __init__(self, stack: Stack, *, processes: int = 2) -> None:
        words = ("--queues", f"{stack.queue},{stack.mark}", "--concurrency", str(processes), "--pool", "prefork")
        quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO")
        name = ("--hostname", f"w{uuid.uuid4().hex[:6]}@faults")
        self.log = stack.folder / f"worker-{uuid.uuid4().hex[:6]}.log"
        self.process = stack.start("worker", *words, *quiet, *name, log=self.log)

    def is_ready(self) -> bool:
        """Tell whether it listens."""
        assert self.process.poll() is None, self.log.read_text()
        return " ready." in self.log.read_text()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the whole group: the worker and its pool."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def stop(self, database: Database) -> None:
        """Stop it as a suspended machine does, but not in the middle of a write to SQLite: that stops all writers."""
        for _ in range(100):
            self.signal(signal.SIGSTOP)
            if database.can_be_written():
                return
            self.signal(signal.SIGCONT)
            time.sleep(0.05)
        raise AssertionError("the worker never leaves the database alone")

    def end(self) -> None:
        """Kill it, wherever it stands."""
        self.signal(signal.SIGKILL)
        self.process.wait(timeout=20)


@dataclass
class Stack:
    """What a fault test works with. Every test gets a queue of its own."""

    folder: Path
    mark: str
    database: Database
    queue: str = ""
    desk: Path = Path()
    workers: list[Worker] = field(default_factory=list)
    programs: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        """Return what the workers are told."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.integration.jobs.fault_kinds.settings",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
            "DATABASE_URL": self.database.url,
            "CELERY_BROKER_URL": settings.CELERY_BROKER_URL,
            "OVERREAD_DATA_DIR": str(settings.DATA_DIR),
            "OVERREAD_TEST_QUEUE": self.mark,
            "OVERREAD_JOB_HEARTBEAT_SECONDS": str(HEARTBEAT),
            "OVERREAD_JOB_LOST_SECONDS": str(LOST),
            "OVERREAD_LOOK_AFTER_SECONDS": str(LOOK_AFTER),
            "CELERY_SKIP_CHECKS": "1",  # they load the addresses of all apps
            "OMP_NUM_THREADS": "1",
        }

    def start(self, *words: str, log: Path) -> subprocess.Popen[bytes]:
        """Start a program of Celery."""
        with log.open("wb") as file:
            return subprocess.Popen(
                [sys.executable, "-m", "celery", "--app", "config.celery", *words],
                cwd=ROOT,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def worker(self, *, processes: int = 2, ready: bool = True) -> Worker:
        """Start a worker on the test's queue and wait until it listens."""
        worker = Worker(self, processes=processes)
        self.workers.append(worker)
        if ready:
            wait_until(worker.is_ready, "the worker is ready")
        return worker

    def ask(self, key: str, number: int = 7) -> Job:
        """Ask for a piece of work."""
        return enqueue("faults.work", key=key, queue=self.queue, folder=str(self.desk), number=number)

    def open(self, *gates: str) -> None:
        """Let the work go on."""
        for gate in gates:
            (self.desk / gate).touch()

    def trace(self, key: str) -> list[list[str]]:
        """Return (attempt, word, process) of everything that was done for a job."""
        file = self.desk / "trace"
        lines = file.read_text().splitlines() if file.exists() else []
        return [words[1:] for words in (line.split() for line in lines) if words[0] == key]

    def has_done(self, key: str, attempt: int, word: str) -> bool:
        """Tell whether an attempt got somewhere."""
        return any(line[:2] == [str(attempt), word] for line in self.trace(key))

    def purge(self) -> None:
        """Lose every message that waits."""
        self._at_broker("queue_purge", self.queue, self.mark)

    def clear(self) -> None:
        """End the test's workers and remove its queue."""
        for worker in self.workers:
            worker.end()
        self.workers.clear()
        self.remove(self.queue)

    def remove(self, *queues: str) -> None:
        """Remove queues from the broker."""
        self._at_broker("queue_purge", *queues)
        self._at_broker("queue_delete", *queues)

    def forget_names(self) -> None:
        """Remove what Redis remembers of queues that are gone, and of messages that killed workers held."""
        if settings.CELERY_BROKER_URL.startswith("redis"):
            import redis

            with redis.Redis.from_url(settings.CELERY_BROKER_URL) as server:
                for name in server.scan_iter(match=f"{self.mark}:*"):
                    server.delete(name)

    @staticmethod
    def _at_broker(verb: str, *queues: str) -> None:
        """Do something to queues; one that was never used is no queue yet, which ends a channel of RabbitMQ."""
        for queue in queues:
            with app.connection_for_write() as connection, suppress(ChannelError):
                channel: Any = connection.channel()
                getattr(channel, verb)(queue)


def finished(job: Job) -> bool:
    """Tell whether a job has ended."""
    return not Job.objects.unfinished().filter(pk=job.pk).exists()


def rows_of(key: str) -> list[str]:
    """Return the names of the rows that a job's attempts kept."""
    return list(Centre.objects.filter(code=key).values_list("name", flat=True))
