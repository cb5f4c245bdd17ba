"""Words for the person at the terminal."""

import sys
import threading

_one_at_a_time = threading.Lock()


def say(text: str) -> None:
    """Write a line; a terminal that was closed meanwhile is no reason to stop."""
    _write(sys.stdout, text)


def complain(text: str) -> None:
    """Write a line to the error output."""
    _write(sys.stderr, text)


def _write(stream: object, text: str) -> None:
    try:
        with _one_at_a_time:
            stream.write(f"{text}\n")  # type: ignore[attr-defined]
            stream.flush()  # type: ignore[attr-defined]
    except (OSError, ValueError):
        return
