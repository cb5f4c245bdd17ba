"""Chromium for the browser tests: find it, or install Debian's where this user may."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str:
    """Return the path of a Chromium, installing Debian's as root; empty when there is none to be had."""
    return _installed() or (_install() and _installed()) or ""


def _installed() -> str:
    named = os.environ.get("OVERREAD_CHROMIUM", "")
    return next((path for name in (named, *NAMES) if name and (path := shutil.which(name))), "")


def _install() -> bool:
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    sys.stdout.write("Installing Debian's chromium with apt-get …\n")
    sys.stdout.flush()
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (
        ["update", "-q"],
        ["install", "-y", "-q", "--no-install-recommends", "chromium", "fonts-dejavu-core"],
    ):
        done = subprocess.run(["apt-get", *words], env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.stdout.write(done.stderr[-500:])
            return False
    return True
