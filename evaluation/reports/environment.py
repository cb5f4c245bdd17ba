"""With what a report was computed: two computations in equal environments give identical data."""

from __future__ import annotations

import platform
from importlib import metadata
from typing import Any

from django.conf import settings

PACKAGES = ("connected-components-3d", "edt", "llvmlite", "numba", "numpy", "pandas", "scipy", "statsmodels")
"""The packages whose version can change a figure."""


def fingerprint() -> dict[str, Any]:
    """Return the versions of Overread, Python and the computing packages, and the kind of machine."""
    return {
        "overread": settings.VERSION,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "packages": {name: metadata.version(name) for name in PACKAGES},
    }
