"""`make setup`: the Python environment, the browser application's packages and its build. Done again only on change.

Run with `runtime` for what the platform needs, with `tests` for the tools of the tests as well.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path

from scripts.fingerprint import Stamp, fingerprint
from scripts.machine import ROOT, Missing, check_disk, check_node

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FRONTEND = ROOT / "frontend"
MODULES = FRONTEND / "node_modules"
LOCK = ROOT / "requirements.lock"
TESTS_LOCK = ROOT / "requirements-dev.lock"
FRONTEND_SOURCES = (
    "src",
    "public",
    "index.html",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "tsconfig.json",
)


def main(arguments: Sequence[str]) -> int:
    """Do every step that is due; return the exit code."""
    began = time.monotonic()
    try:
        did = [
            set_up_python(tests="tests" in arguments),
            install_frontend(),
            build_frontend(),
        ]
    except Missing as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. The next start goes on from here.\n")
        return 130
    if any(did):
        say(f"Set-up took {time.monotonic() - began:.0f} s.")
    return 0


def set_up_python(*, tests: bool) -> bool:
    """Make the environment and install the locked packages; return whether there was anything to do."""
    locks = [LOCK, TESTS_LOCK] if tests else [LOCK]
    marks = {"runtime": _mark([LOCK]), "tests": _mark([LOCK, TESTS_LOCK])}
    stamps = {name: Stamp(VENV / f"overread-{name}.stamp") for name in marks}
    usable = _is_usable()
    enough = ["tests"] if tests else ["runtime", "tests"]
    if usable and any(stamps[name].matches(marks[name]) for name in enough):
        return False
    for stamp in stamps.values():
        stamp.clear()
    if not usable:
        check_disk(ROOT, gigabytes=4, purpose="Installing Overread's Python packages")
        _make_environment()
    _install_torch()
    packages = sum(line[:1].isalnum() for lock in locks for line in lock.read_text().splitlines())
    say(f"Installing {packages} Python packages in the versions of {' and '.join(lock.name for lock in locks)} …")
    _pip(*(part for lock in locks for part in ("-r", str(lock))))
    _pip("--no-deps", "--no-build-isolation", "-e", str(ROOT))
    chosen = "tests" if tests else "runtime"
    stamps[chosen].set(marks[chosen])
    return True


def _mark(locks: Sequence[Path]) -> str:
    """Return what the installation depends on: the locks, how the package is built, this folder, this Python."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    package = json.dumps(
        [settings["build-system"], settings["project"], settings["tool"]["setuptools"]], sort_keys=True
    )
    return fingerprint(locks, package, str(ROOT), platform.python_version())


def _is_usable() -> bool:
    """Tell whether the environment's Python starts and is the one we would make it with."""
    if Path(sys.executable) == PYTHON:
        return True
    if not PYTHON.exists():
        return False
    code = "import sys, platform; sys.stdout.write(platform.python_version())"
    answer = subprocess.run([str(PYTHON), "-c", code], capture_output=True, text=True, check=False)
    return answer.stdout == platform.python_version()


def _make_environment() -> None:
    say(f"Making the Python environment .venv with Python {platform.python_version()} …")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True, check=False
    )
    if made.returncode:
        version = ".".join(platform.python_version_tuple()[:2])
        raise Missing(
            f"{sys.executable} cannot make an environment: on Debian and Ubuntu install its other half with "
            f"apt-get install python{version}-venv. ({(made.stderr or made.stdout).strip().splitlines()[-1:]})"
        )


def _install_torch() -> None:
    """Install torch by itself, before the rest, since its builds differ in size by a factor of ten."""
    pinned = next(line.strip() for line in LOCK.read_text().splitlines() if line.startswith("torch=="))
    version = pinned.partition("==")[2]
    if any(VENV.glob(f"lib/python*/site-packages/torch-{version}*.dist-info")):
        return
    index = os.environ.get("OVERREAD_TORCH_INDEX", "")
    say(_about_torch(pinned, index))
    if index:
        _pip("--index-url", index, pinned)
    else:
        _pip("-c", str(LOCK), pinned)


def _about_torch(pinned: str, index: str) -> str:
    source = f"from {index} (OVERREAD_TORCH_INDEX)" if index else "from the source that pip is configured with"
    lines = [f"Installing {pinned} (the networks' library) {source} …"]
    if sys.platform == "linux" and not index:
        lines += [
            "  If that source offers the CUDA build, as the public one does on Linux, that is about 3 GB to download",
            "  and 7 GB on disk, of use only with an NVIDIA GPU; the CPU build is about 200 MB to download. To choose",
            "  it, stop here with Ctrl-C and name the index of CPU builds (its address: pytorch.org, 'Get started'):",
            "      make run OVERREAD_TORCH_INDEX=ADDRESS",
        ]
    return "\n".join(lines)


def _pip(*arguments: str) -> None:
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *arguments]
    quiet = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert quiet.stdout is not None
    for line in quiet.stdout:
        if not line.startswith(("Requirement already satisfied", "Looking in ")):
            say(f"  {line.rstrip()}"[:160])
    if quiet.wait():
        check_disk(ROOT, gigabytes=1, purpose="Installing Overread's Python packages")
        raise Missing(
            "pip could not install the packages; its lines above say why. Without access to the internet, name your "
            "own package source in pip's configuration (pip config, or PIP_INDEX_URL)."
        )


def install_frontend() -> bool:
    """Install the browser application's packages; return whether there was anything to do."""
    stamp = Stamp(MODULES / ".overread-installed")
    mark = fingerprint([FRONTEND / "package-lock.json", FRONTEND / "package.json"], str(ROOT))
    if stamp.matches(mark):
        return False
    check_node()
    check_disk(ROOT, gigabytes=1, purpose="Installing the browser application's packages")
    say("Installing the browser application's packages (npm ci, about 500 MB on disk) …")
    _npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.set(mark)
    return True


def build_frontend() -> bool:
    """Build the pages; return whether there was anything to do."""
    stamp = Stamp(MODULES / ".overread-built")
    mark = fingerprint(FRONTEND / name for name in FRONTEND_SOURCES)
    if stamp.matches(mark) and (FRONTEND / "dist" / "index.html").is_file():
        return False
    check_node()
    say("Building the pages …")
    stamp.clear()
    _npm("run", "build", "--silent", "--", "--logLevel", "warn")
    stamp.set(mark)
    return True


def _npm(*arguments: str) -> None:
    if subprocess.run(["npm", *arguments], cwd=FRONTEND, stdin=subprocess.DEVNULL, check=False).returncode:
        check_disk(ROOT, gigabytes=0.5, purpose="Building the browser application")
        raise Missing(f"npm {arguments[0]} failed; its lines above say why.")


def say(text: str) -> None:
    """Tell the person at the terminal what happens."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
