"""A running platform under test: its supervisor, its output, and every process that belongs to it."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 90.0
BEGAN = 18
"""Where /proc/PID/stat has the start time, counted from behind the state."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(fact: Callable[[], object], what: str, *, seconds: float = PATIENCE) -> None:
    """Return as soon as the fact is true; fail with the words when it does not become so."""
    until = time.monotonic() + seconds
    while not fact():
        if time.monotonic() > until:
            raise AssertionError(f"After {seconds:.0f} s it is not true that {what}.")
        time.sleep(0.1)


class Platform:
    """`overread run` on its own data folder and port, without the demo unless it is asked for."""

    def __init__(self, data: Path, *, demo: bool = False) -> None:
        self.data, self.port = data, free_port()
        self.lines: list[str] = []
        empty = [] if demo else ["--empty"]
        self._process = self.begin("run", *empty, "--port", str(self.port))
        threading.Thread(target=self._read, daemon=True).start()

    def begin(self, *words: str) -> subprocess.Popen[str]:
        """Start the command line on this data folder."""
        environment = {
            **os.environ,
            "OVERREAD_DATA_DIR": str(self.data),
            "DATABASE_URL": f"sqlite:///{self.data}/db.sqlite3",
            "CELERY_BROKER_URL": "filesystem://localhost//",
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        }
        return subprocess.Popen(
            [sys.executable, "-m", "config.cli", *words],
            cwd=ROOT,
            env=environment,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(line.rstrip())

    def is_announced(self) -> bool:
        return any(line == f"Overread is ready: http://127.0.0.1:{self.port}" for line in self.lines)

    def is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v1/health/", timeout=2) as answer:
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def processes(self, *words: str) -> list[int]:
        """Return the ids of all processes of this platform whose command line has these words, the first begun first.

        Not by number: numbers begin anew when they are used up.
        """
        mark, found = f"OVERREAD_DATA_DIR={self.data}".encode(), []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                own = mark in (folder / "environ").read_bytes().split(b"\0")
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                state, *facts = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if own and state != "Z" and all(word in command for word in words):
                found.append((int(facts[BEGAN]), int(folder.name)))
        return [number for _, number in sorted(found)]

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def wait(self, seconds: float = 30.0) -> int:
        return self._process.wait(timeout=seconds)

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def end(self) -> None:
        """Leave nothing behind, whatever the test found."""
        for pid in [self._process.pid, *self.processes()]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self._process.wait(timeout=10)
