"""Become another program that ends when the supervisor ends, however it ends.

Run as a script: `python leash.py SUPERVISOR_PID PROGRAM ARGUMENT…`. Linux keeps the wish across exec; elsewhere the
supervisor's own clean-up is all there is. A script of its own, since code between fork and exec must not run Python
in a process that has threads.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Ask the kernel for SIGTERM at the parent's death, then become the program."""
    supervisor, program = int(arguments[0]), arguments[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != supervisor:  # it died before we asked
            sys.exit(1)
    os.execvp(program[0], program)  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
