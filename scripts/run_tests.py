"""`make test` and its parts: run them two at a time, and end with what passed, what failed and what was NOT RUN.

A part or a test that could not be run for want of something is said last and loudest; where CI=true it is a failure.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

from scripts.browser import find_chromium
from scripts.machine import ROOT
from scripts.servers import POSTGRESQL, RABBITMQ, REDIS, Server

RESULTS = ROOT / "test-results"
# Two chains at a time, the long ones first, since much of it waits: for servers, workers and pages. Three were tried on
# two cores: a tenth faster, and busy enough to break what a person has half a minute for. The two parts that use
# PostgreSQL share a database, and therefore a chain.
SERVERS = ("postgresql", "rabbitmq")
EMBEDDED = (("browser",), ("integration",), ("unit",), ("check",), ("frontend",))
SETS = {"all": (*EMBEDDED[:2], SERVERS, *EMBEDDED[2:]), "embedded": EMBEDDED}
AT_A_TIME = 2
CALM = {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
WITHOUT_ROWS = ("tests/unit", "tests/architecture")
# Not repeated on PostgreSQL: no rows in them, installations of their own on the servers that they choose themselves, or
# figures that are computed from rows which other tests of reports read there.
NOT_AGAIN = (
    *WITHOUT_ROWS,
    "tests/browser",
    "tests/integration/evaluation/test_inter_rater.py",
    "tests/integration/evaluation/test_real_reports.py",
    "tests/integration/running",
    "tests/integration/safekeeping",
)
NO_TESTS = 5


@dataclass
class Outcome:
    """What one part came to."""

    part: str
    passed: int = 0
    failed: int = 0
    seconds: float = 0.0
    not_run: list[str] = field(default_factory=list)


def main(arguments: list[str]) -> int:
    """Run the parts or the set of parts that is named; what stands after `--` goes to pytest. Return the exit code."""
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    parts, extra = arguments[:cut], arguments[cut + 1 :]
    RESULTS.mkdir(exist_ok=True)
    chains = SETS.get(" ".join(parts), [parts])
    with ThreadPoolExecutor(max_workers=AT_A_TIME) as pool:
        outcomes = [outcome for chain in pool.map(partial(_run_all, extra=extra), chains) for outcome in chain]
    if chains is EMBEDDED:
        _say("\nAll this on SQLite and the embedded broker. On PostgreSQL, Redis and RabbitMQ: make test-servers")
    return _report(outcomes)


def _run_all(parts: Sequence[str], *, extra: list[str]) -> list[Outcome]:
    return [_run(part, extra) for part in parts]


def _run(part: str, extra: list[str]) -> Outcome:
    _say(f"=== {part} begins ===")
    began = time.monotonic()
    outcome = PARTS[part](extra)
    outcome.seconds = time.monotonic() - began
    _say(f"=== {part} has ended after {outcome.seconds:.0f} s ===")
    return outcome


def _check(extra: list[str]) -> Outcome:
    code, lines = _watched("check", [sys.executable, "-m", "scripts.check"], ROOT, os.environ)
    last = (lines or [""])[-1].split()
    counted = len(last) == 4 and last[1].startswith("passed")
    passed, failed = (int(last[0]), int(last[2])) if counted else (0, 1)
    return Outcome("check", passed=passed, failed=max(failed, int(code != 0)))


def _watched(part: str, words: list[str], folder: Path, environment: Mapping[str, str]) -> tuple[int, list[str]]:
    """Run a program, show its lines with the part's name before them, and return its exit code and its lines."""
    lines: list[str] = []
    with subprocess.Popen(
        words,
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        reader = threading.Thread(target=_forward, args=(part, process.stdout or (), lines), daemon=True)
        reader.start()
        code = process.wait()
        reader.join(timeout=10)  # no longer: something that a test left behind may hold the pipe open
    return code, lines


def _forward(part: str, stream: Iterable[str], lines: list[str]) -> None:
    for line in stream:
        lines.append(line.rstrip())
        _say(f"{part:<10} | {lines[-1]}")


def _frontend(extra: list[str]) -> Outcome:
    report = RESULTS / "frontend.xml"
    words = ["npx", "--no-install", "vitest", "run", "--reporter=default", "--reporter=junit", f"--outputFile={report}"]
    return _counted("frontend", words, report, folder=ROOT / "frontend")


def _python(extra: list[str]) -> Outcome:
    return _pytest("python", [*_without("tests/browser"), *(extra or ["tests"])])


def _unit(extra: list[str]) -> Outcome:
    return _pytest("unit", extra or [*WITHOUT_ROWS])


def _integration(extra: list[str]) -> Outcome:
    """Run what no other part runs on SQLite, whichever folder it is in."""
    return _pytest("integration", [*_without("tests/browser", *WITHOUT_ROWS), *(extra or ["tests"])])


def _postgresql(extra: list[str]) -> Outcome:
    """Run everything that touches rows, files or jobs on PostgreSQL and Redis."""
    missing = _missing("postgresql", POSTGRESQL, REDIS)
    if missing:
        return missing
    servers = {"DATABASE_URL": POSTGRESQL.address, "CELERY_BROKER_URL": REDIS.address}
    return _pytest("postgresql", ["--create-db", *_without(*NOT_AGAIN), *(extra or ["tests"])], servers)


def _rabbitmq(extra: list[str]) -> Outcome:
    missing = _missing("rabbitmq", POSTGRESQL, RABBITMQ)
    if missing:
        return missing
    servers = {"DATABASE_URL": POSTGRESQL.address, "CELERY_BROKER_URL": RABBITMQ.address}
    return _pytest("rabbitmq", ["--create-db", *(extra or ["tests/integration/jobs"])], servers)


def _browser(extra: list[str]) -> Outcome:
    chromium = find_chromium()
    if not chromium:
        why = (
            "no Chromium was found: install it (Debian and Ubuntu: apt-get install chromium), or set OVERREAD_CHROMIUM"
        )
        return Outcome("browser", not_run=[f"all browser tests: {why}"])
    return _pytest("browser", extra or ["tests/browser"], {"OVERREAD_CHROMIUM": chromium})


def _without(*paths: str) -> list[str]:
    return [f"--ignore={path}" for path in paths]


def _missing(part: str, *servers: Server) -> Outcome | None:
    """Return the outcome of a part whose servers are not there, None when they are."""
    problems = {server: server.problem() for server in servers}
    if not any(problems.values()):
        return None
    outcome = Outcome(part, failed=sum(server.was_named for server, problem in problems.items() if problem))
    outcome.not_run = [f"all tests on {server.name}: {problem}" for server, problem in problems.items() if problem]
    return outcome


def _pytest(part: str, words: list[str], environment: Mapping[str, str] | None = None) -> Outcome:
    report = RESULTS / f"{part}.xml"
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *words]
    return _counted(part, command, report, environment=environment)


def _counted(
    part: str, words: list[str], report: Path, *, folder: Path = ROOT, environment: Mapping[str, str] | None = None
) -> Outcome:
    """Run a test program and count what its JUnit report says."""
    report.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="overread-test-") as data:
        own = {**os.environ, **CALM, "OVERREAD_DATA_DIR": data, **(environment or {})}
        code, _ = _watched(part, words, folder, own)
    outcome = Outcome(part)
    if report.is_file():
        for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314  # written by our own test program
            _count(outcome, case)
    if code and not outcome.failed:
        why = "no test was found" if code == NO_TESTS else f"it ended with exit code {code}"
        _say(f"{part}: {why}.")
        outcome.failed += 1
    return outcome


def _count(outcome: Outcome, case: ElementTree.Element) -> None:
    skipped = case.find("skipped")
    if case.find("failure") is not None or case.find("error") is not None:
        outcome.failed += 1
    elif skipped is not None:
        reason = (skipped.get("message") or "").removeprefix("NOT RUN: ") or "no reason given"
        outcome.not_run.append(f"{case.get('classname')}.{case.get('name')}: {reason}")
    else:
        outcome.passed += 1


def _report(outcomes: list[Outcome]) -> int:
    """Write the closing lines and return the exit code."""
    _say("\n=== result ===")
    for outcome in outcomes:
        verdict = "FAILED" if outcome.failed else ("NOT RUN" if not outcome.passed else "ok")
        counts = f"{outcome.passed} passed, {outcome.failed} failed, {len(outcome.not_run)} not run"
        _say(f"{outcome.part:<11} {verdict:<8} {outcome.seconds:6.0f} s  {counts}")
    not_run = [f"{outcome.part}: {line}" for outcome in outcomes for line in outcome.not_run]
    failed = sum(outcome.failed for outcome in outcomes)
    in_ci = os.environ.get("CI", "").lower() in {"1", "true"}
    if not_run:
        _say(f"\n!!! NOT RUN: {len(not_run)}" + (" (a failure, since CI is set)" if in_ci else ""))
        for line in not_run:
            _say(f"!!!   {line}")
        failed += len(not_run) if in_ci else 0
    _say(f"\n{sum(outcome.passed for outcome in outcomes)} passed, {failed} failed")
    return 1 if failed else 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


PARTS: dict[str, Callable[[list[str]], Outcome]] = {
    "check": _check,
    "frontend": _frontend,
    "python": _python,
    "unit": _unit,
    "integration": _integration,
    "postgresql": _postgresql,
    "rabbitmq": _rabbitmq,
    "browser": _browser,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
