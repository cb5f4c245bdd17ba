"""One supervised program: started in a process group of its own, its lines forwarded, started again when it dies."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from config.running.console import say
from config.running.programs import Program

LEASH = str(Path(__file__).with_name("leash.py"))
FIRST_WAIT = 1.0
LONGEST_WAIT = 30.0
STEADY_SECONDS = 60.0


class Service:
    """A program that should be running until `stop` is called."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.failures = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._due = 0.0

    @property
    def pid(self) -> int | None:
        """The process id of the program, None while it is not running."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        """Start the program in its own session, so that its children can be ended with it."""
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-S", "-E", LEASH, str(os.getpid()), *self.program.command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, **self.program.environment},
        )
        self._started = time.monotonic()
        threading.Thread(target=self._forward, args=(self._process,), daemon=True).start()

    def keep_alive(self) -> None:
        """Start the program again when it has ended: at once after a long life, later after each early death."""
        now = time.monotonic()
        if self._process is not None:
            code = self._process.poll()
            if code is None:
                return
            self._end_group(self._process)
            self._process = None
            self.failures = 1 if now - self._started > STEADY_SECONDS else self.failures + 1
            wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (self.failures - 1))
            self._due = now + wait
            say(f"{self.program.name} ended ({_ending(code)}); it is started again in {wait:.0f} s.")
        if now >= self._due:
            self.start()

    def ask_to_stop(self) -> None:
        """Ask the program to end in good order."""
        if self._process is not None and self._process.poll() is None:
            with suppress(ProcessLookupError):
                self._process.terminate()

    def stop(self, *, within: float) -> None:
        """Wait for the program to end, then end whatever is left of its process group."""
        if self._process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=max(0.0, within))
        self._end_group(self._process)
        self._process.wait()
        self._process = None

    @staticmethod
    def _end_group(process: subprocess.Popen[bytes]) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)

    def _forward(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None  # noqa: S101
        with process.stdout as lines:
            for line in lines:
                text = line.decode(errors="replace").rstrip()
                if text:
                    say(f"{self.program.name:<6} | {text}")


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
