"""Run one program of the platform by itself, for machines that have their own way of supervising."""

import os
from argparse import Namespace

from config.running import programs
from config.running.programs import Program


def become(options: Namespace) -> None:
    """Replace this process by the program; what is set in the environment stays as it is."""
    program = _chosen(options)
    for name, value in program.environment.items():
        os.environ.setdefault(name, value)
    os.execv(program.command[0], program.command)  # noqa: S606


def _chosen(options: Namespace) -> Program:
    if options.command == "web":
        return programs.web(host=options.host, port=options.port)
    if options.command == "worker":
        return programs.worker(options.queue)
    return programs.beat()
