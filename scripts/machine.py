"""What the machine must offer, each answered by one sentence when it does not."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NODE_NEEDED = (20, 19)


class Missing(Exception):
    """Something is not there; the message says what, and how to get it."""


def check_disk(folder: Path, *, gigabytes: float, purpose: str) -> None:
    """Raise Missing when the disk has less room than that."""
    free = shutil.disk_usage(folder).free / 1e9
    if free < gigabytes:
        raise Missing(
            f"{purpose} needs {gigabytes:g} GB, and only {free:.1f} GB are free on the disk of {folder}: "
            "make room there, or clone Overread to another disk."
        )


def check_node() -> None:
    """Raise Missing when Node or npm is absent or too old."""
    wanted = ".".join(map(str, NODE_NEEDED))
    how = "see nodejs.org, or on Debian and Ubuntu: apt-get install nodejs npm"
    node = shutil.which("node")
    if node is None:
        raise Missing(f"Overread needs Node {wanted} or newer to build its pages, and there is none here: {how}.")
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    numbers = tuple(int(part) for part in re.findall(r"\d+", said)[:2])
    if numbers < NODE_NEEDED:
        raise Missing(f"Overread needs Node {wanted} or newer, and {node} is {said or 'broken'}: {how}.")
    if shutil.which("npm") is None:
        raise Missing(f"Overread needs npm beside Node, and there is none here: {how}.")
