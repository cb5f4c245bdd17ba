"""`make check`: everything that can be told without running the platform. Two checks at a time, all of them, always."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from scripts.machine import ROOT

FRONTEND = ROOT / "frontend"
SCHEMA = FRONTEND / "src" / "api" / "schema.yaml"
CLIENT = FRONTEND / "src" / "api" / "schema.d.ts"
STALE = "is out of date: run 'make api' and look at what changed"


@dataclass(frozen=True)
class Finding:
    """What one check said: nothing wrong when `problem` is empty."""

    name: str
    problem: str
    seconds: float


def command(*words: str, folder: Path = ROOT) -> Callable[[], str]:
    """Return a check that runs a program; what it said is the problem when it fails."""

    def check() -> str:
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        return "" if done.returncode == 0 else (done.stdout + done.stderr).strip() or f"exit code {done.returncode}"

    return check


def api_client_is_fresh() -> str:
    """Compare the API's description and the client made from it with what the code says today."""
    with tempfile.TemporaryDirectory() as folder:
        schema, client = Path(folder) / "schema.yaml", Path(folder) / "schema.d.ts"
        words = [sys.executable, "manage.py", "spectacular", "--file", str(schema)]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode or ": Error [" in done.stderr:
            return done.stderr
        if not SCHEMA.is_file() or schema.read_text() != SCHEMA.read_text():
            return f"{SCHEMA.relative_to(ROOT)} {STALE}"
        said = command(
            "npx", "--no-install", "openapi-typescript", str(schema), "--output", str(client), folder=FRONTEND
        )()
        if said:
            return said
        if not CLIENT.is_file() or client.read_text() != CLIENT.read_text():
            return f"{CLIENT.relative_to(ROOT)} {STALE}"
    return ""


def checks() -> dict[str, Callable[[], str]]:
    """Return every check by name, the slowest first."""
    python = sys.executable
    return {
        "types (mypy)": command(python, "-m", "mypy", "--no-error-summary"),
        "types (tsc)": command("npm", "run", "--silent", "check:types", folder=FRONTEND),
        "API client": api_client_is_fresh,
        "migrations": command(python, "manage.py", "makemigrations", "--check", "--dry-run"),
        "system checks": command(python, "manage.py", "check"),
        "import contracts": command(str(Path(python).with_name("lint-imports"))),
        "frontend rooms": command("npm", "run", "--silent", "check:rooms", folder=FRONTEND),
        "frontend style": command("npm", "run", "--silent", "check:style", folder=FRONTEND),
        "style": command(python, "-m", "ruff", "check", "."),
        "format": command(python, "-m", "ruff", "format", "--check", "."),
        "locks": command(python, "-m", "scripts.lock", "--check"),
    }


def main() -> int:
    """Run all checks and show what is wrong; return the exit code."""
    with tempfile.TemporaryDirectory(prefix="overread-check-") as data:
        os.environ["OVERREAD_DATA_DIR"] = data
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
        with ThreadPoolExecutor(max_workers=2) as pool:
            findings = list(pool.map(_timed, checks().items()))
    for finding in findings:
        if finding.problem:
            _say(f"\n--- {finding.name}: FAILED\n{finding.problem}\n")
    for finding in findings:
        _say(f"{finding.name:<20} {'FAILED' if finding.problem else 'ok':<7} {finding.seconds:5.1f} s")
    failed = sum(bool(finding.problem) for finding in findings)
    _say(f"{len(findings) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _timed(item: tuple[str, Callable[[], str]]) -> Finding:
    name, check = item
    began = time.monotonic()
    problem = check()
    return Finding(name, problem, time.monotonic() - began)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
