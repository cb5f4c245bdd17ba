"""`make lock`: write the exact versions of this environment's packages into the lock files.

`requirements.lock` holds what the platform needs, `requirements-dev.lock` what its tests need beyond that: the closure
of pyproject.toml's dependencies as installed here. No hashes and no local version tags (torch's CPU and CUDA builds
share one version), no package of a CUDA build, and no address of a package source. With `--check`, only compare.
"""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.machine import ROOT

CUDA = re.compile(r"^(nvidia-|cuda-|triton$|pytorch-triton)")
HEADS = {
    "requirements.lock": "What the platform needs. Written by `make lock`.",
    "requirements-dev.lock": "What the tests need beyond requirements.lock. Written by `make lock`.",
}


def main(arguments: list[str]) -> int:
    """Write both lock files, or with `--check` say which of them is out of date."""
    stale = []
    for name, text in lock_texts().items():
        path = ROOT / name
        if path.is_file() and path.read_text() == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            path.write_text(text)
    for name in stale:
        sys.stdout.write(f"{name} {'is out of date: run make lock' if '--check' in arguments else 'written'}\n")
    return 1 if stale and "--check" in arguments else 0


def lock_texts() -> dict[str, str]:
    """Return the content that each lock file should have in this environment."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    runtime = closure(project["dependencies"])
    tests = closure(project["optional-dependencies"]["dev"])
    extra = {name: version for name, version in tests.items() if name not in runtime}
    return {
        name: "".join([f"# {HEADS[name]}\n", *(f"{key}=={versions[key]}\n" for key in sorted(versions))])
        for name, versions in zip(HEADS, (runtime, extra), strict=True)
    }


def closure(wanted: list[str]) -> dict[str, str]:
    """Return name and installed version of these requirements and of all that they need."""
    found: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [Requirement(line) for line in wanted]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if CUDA.match(name):
            continue
        for extra in ("", *requirement.extras):
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            waiting.extend(_needs(name, extra, found))
    return found


def _needs(name: str, extra: str, found: dict[str, str]) -> list[Requirement]:
    try:
        package = distribution(name)
    except PackageNotFoundError as error:
        raise SystemExit(f"{name} is not installed here: run make setup first.") from error
    found[name] = package.version.partition("+")[0]
    needs = [Requirement(line) for line in package.requires or ()]
    return [need for need in needs if need.marker is None or need.marker.evaluate({"extra": extra})]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
