"""The command `overread`: start the platform, or run one of its management commands."""

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter

EPILOG = """other commands (each explains itself with --help):
  overread import PATH         bring images and masks in
  overread export              take masks and scores out
  overread backup PATH         write everything into one file while the platform runs
  overread restore PATH        put a backup in the place of what is there
  overread move-database URL   copy the database to another server, for example PostgreSQL
  overread user add EMAIL      make an account (--administrator, --lead)
  overread web|worker|beat     run one program alone, as in the compose file
"""


def main() -> int:
    """Run what the command line asks for and return the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    name, rest = (sys.argv[1] if len(sys.argv) > 1 else ""), sys.argv[2:]
    if name in {"", "-h", "--help", "help"}:
        _parser().print_help()
        return 0
    if name in {"run", "web", "worker", "beat"}:
        return _start(sys.argv[1:])
    from django.core.management import execute_from_command_line

    command = {"import": "import_cases"}.get(name, name.replace("-", "_"))
    execute_from_command_line(["overread", command, *rest])
    return 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="overread", epilog=EPILOG, formatter_class=RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", metavar="run", required=True)
    run = commands.add_parser("run", help="start everything on this machine and stop it with Ctrl-C")
    run.add_argument("--empty", action="store_true", help="start without the demo")
    for command in (run, commands.add_parser("web")):
        command.add_argument(
            "--host", default="127.0.0.1", help="the address to listen on (default: this machine only)"
        )
        command.add_argument("--port", type=_port, default=8000, help="the port to listen on (default: 8000)")
    worker = commands.add_parser("worker")
    worker.add_argument("queue", choices=["default", "gpu"], help="the queue whose jobs this worker does")
    commands.add_parser("beat")
    return parser


def _port(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if not 0 < number < 65536:
        raise ArgumentTypeError(f"{text} is no port: choose one from 1 to 65535")
    return number


def _start(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    if options.command == "run":
        from config.running.supervisor import run

        return run(options)
    from config.running.alone import become

    become(options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
