"""With what a report was computed: two computations in equal environments give identical data."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from django.conf import settings

PACKAGES = ("connected-components-3d", "edt", "llvmlite", "numba", "numpy", "pandas", "scipy", "statsmodels")
"""The packages whose version can change a figure."""


SOURCES = Path(__file__).resolve().parents[1]
"""The package that computes figures: evaluation."""


@cache
def code_version() -> str:
    """Return the release with a hash of the code that computes figures: two states of one release differ in it."""
    found = hashlib.sha256()
    for path in sorted(SOURCES.rglob("*.py")):
        name = path.relative_to(SOURCES).as_posix()
        if not name.startswith(("migrations/", "api/")):
            found.update(f"{name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return f"{settings.VERSION}+{found.hexdigest()[:12]}"


def fingerprint() -> dict[str, Any]:
    """Return the versions of Overread's code, Python and the computing packages, and the kind of machine."""
    return {
        "overread": code_version(),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "packages": {name: metadata.version(name) for name in PACKAGES},
    }
