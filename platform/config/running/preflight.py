"""What must be true before anything is started, each answered by one sentence when it is not."""

import errno
import fcntl
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LEAST_FREE_BYTES = 500 * 1024**2


class CannotStart(Exception):
    """Something is missing; the message says what, and what to do."""


def check_port(host: str, port: int) -> None:
    """Raise CannotStart when the web server could not listen there."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except PermissionError as error:
        raise CannotStart(
            f'Port {port} is reserved for the system: choose one above 1023, for example ARGS="--port 8000".'
        ) from error
    except socket.gaierror as error:
        raise CannotStart(f"{host!r} is no address of this machine: leave out --host to use 127.0.0.1.") from error
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise CannotStart(f"{host!r} is no address of this machine: leave out --host to use 127.0.0.1.") from error
        raise CannotStart(
            f"Port {port} is taken by another program: stop that program, or choose another port, "
            f'for example make run ARGS="--port {port + 1}".'
        ) from error


def check_disk(folder: Path, *, least: int = LEAST_FREE_BYTES) -> None:
    """Raise CannotStart when the disk is nearly full: SQLite and half-written files do not forgive that."""
    free = shutil.disk_usage(folder).free
    if free < least:
        raise CannotStart(
            f"Only {free / 1e9:.1f} GB are free on the disk of {folder}, and at least {least / 1e9:.1f} GB are needed: "
            "make room, or set OVERREAD_DATA_DIR to a folder on another disk."
        )


def make_folders(*folders: Path) -> None:
    """Make the folders; raise CannotStart naming the one that cannot be written."""
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CannotStart(
                f"The folder {folder} cannot be made ({error.strerror}): set OVERREAD_DATA_DIR to a folder that you "
                "may write to."
            ) from error
        if not os.access(folder, os.W_OK):
            raise CannotStart(f"You may not write to {folder}: set OVERREAD_DATA_DIR to a folder of your own.")


@contextmanager
def only_one(folder: Path, *, note: str) -> Iterator[None]:
    """Hold the data folder for this process; raise CannotStart when another supervisor has it.

    The lock is the kernel's and goes with the process, however it ends. The file's text says who holds it.
    """
    make_folders(folder)
    path = folder / "supervisor.lock"
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise CannotStart(
                f"The data folder {folder} is in use by {holder}: stop that first (Ctrl-C in its terminal), or set "
                "OVERREAD_DATA_DIR to another folder."
            ) from error
        file.truncate(0)
        file.write(f"{note} (process {os.getpid()})")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)
