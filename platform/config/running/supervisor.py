"""`overread run`: prepare the data, start every program, keep them running, and stop all of them together."""

import http.client
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from argparse import Namespace
from collections.abc import Sequence
from types import FrameType

from django.conf import settings

from config.running import programs
from config.running.console import complain, say
from config.running.preflight import CannotStart, check_disk, check_port, make_folders, only_one
from config.running.service import Service

EARLY_DEATHS = 3
STOP_SECONDS = 8.0
LOOK_SECONDS = 0.2
PATIENCE_SECONDS = 60.0


def run(options: Namespace) -> int:
    """Run the platform until it is told to stop; return the exit code."""
    host, port = options.host, options.port
    os.environ.setdefault("OVERREAD_PUBLIC_URL", f"http://{_shown(host)}:{port}")
    try:
        _read_settings()
        make_folders(settings.DATA_DIR, settings.STAGING_DIR, settings.STATIC_ROOT)
        make_folders(settings.BROKER_DIR / "queue", settings.BROKER_DIR / "control")
        with only_one(settings.DATA_DIR, note=f"Overread at http://{_shown(host)}:{port}"):
            check_port(host, port)
            check_disk(settings.DATA_DIR)
            return Supervisor(host=host, port=port, demo=not options.empty).run()
    except CannotStart as reason:
        complain(str(reason))
        return 1


def _read_settings() -> None:
    """Read the settings for the first time; they make the data folder and the secret key in it."""
    try:
        _ = settings.DATA_DIR
    except OSError as error:
        raise CannotStart(
            f"The data folder cannot be used ({error.filename}: {error.strerror}): set OVERREAD_DATA_DIR to a folder "
            "that you may write to."
        ) from error


class Supervisor:
    """The programs of one machine and their common life."""

    def __init__(self, *, host: str, port: int, demo: bool) -> None:
        self._host, self._port, self._demo = host, port, demo
        self._stopping = threading.Event()
        self._hurried = False
        self._web = Service(programs.web(host=host, port=port))
        self._services = [
            self._web,
            Service(programs.worker("default")),
            Service(programs.worker("gpu")),
            Service(programs.beat()),
        ]

    def run(self) -> int:
        """Prepare, start, watch, stop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        accounts = self._prepare()
        if accounts is None:
            return 0 if self._stopping.is_set() else 1
        try:
            for service in self._services:
                service.start()
            return self._watch(accounts)
        finally:
            self._stop()

    def _prepare(self) -> str | None:
        """Bring the database up to date and make the demo; return what to show, None when it did not work."""
        say("Preparing the database" + (" and the demo …" if self._demo else " …"))
        command = [sys.executable, "-m", "config.cli", "prepare", *([] if self._demo else ["--empty"])]
        with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as process:  # noqa: S603
            while process.poll() is None and not self._stopping.wait(LOOK_SECONDS / 4):
                pass
            if self._stopping.is_set():
                os.killpg(process.pid, signal.SIGTERM)
            shown = process.communicate()[0].decode(errors="replace").strip("\n")
        if process.returncode:
            if not self._stopping.is_set():
                complain("The database could not be prepared; the lines above say why.")
            return None
        return shown

    def _watch(self, accounts: str) -> int:
        ready, told, began = False, False, time.monotonic()
        while not self._stopping.wait(LOOK_SECONDS):
            for service in self._services:
                service.keep_alive()
            if not ready and self._web.failures >= EARLY_DEATHS:
                complain("The web server does not start; the lines marked 'web' above say why.")
                return 1
            if not ready and self._answers():
                ready = True
                self._announce(accounts)
            if not ready and not told and time.monotonic() - began > PATIENCE_SECONDS:
                told = True
                complain("The web server runs but is not healthy yet; the lines marked 'web' above say why.")
        return 0

    def _answers(self) -> bool:
        """Tell whether the web server is up and healthy."""
        connection = http.client.HTTPConnection(_shown(self._host), self._port, timeout=2)
        known = [name.lstrip(".") for name in settings.ALLOWED_HOSTS if name != "*"]
        headers = {"Host": known[0] if known else "localhost", "X-Forwarded-Proto": "https"}
        try:
            connection.request("GET", "/api/v1/health/", headers=headers)
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _announce(self, accounts: str) -> None:
        address = f"http://{_shown(self._host)}:{self._port}"
        lines = ["", f"Overread is ready: {address}", *_indented(accounts), "", "Stop it with Ctrl-C.", ""]
        say("\n".join(lines))

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._hurried = self._stopping.is_set() and number == signal.SIGINT
        self._stopping.set()

    def _stop(self) -> None:
        say("Stopping …")
        for service in reversed(self._services):
            service.ask_to_stop()
        until = time.monotonic() + STOP_SECONDS
        for service in reversed(self._services):
            service.stop(within=0 if self._hurried else until - time.monotonic())
        say("Stopped.")


def _indented(text: str) -> Sequence[str]:
    return ["", textwrap.indent(textwrap.dedent(text), "  ")] if text else []


def _shown(host: str) -> str:
    """Return the address to type into a browser on this machine."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(host, host)  # noqa: S104
