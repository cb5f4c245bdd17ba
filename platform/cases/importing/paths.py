"""The relative paths that senders give: checked, shown to their owner, never opened."""

from __future__ import annotations

import re

from core.errors import DomainError

LONGEST_PATH = 400
"""Characters, as the database keeps them."""
LONGEST_PART = 255
"""Bytes of one folder or file name, as file systems keep them."""
_DRIVE = re.compile(r"^[A-Za-z]:")
_JUNK = {"thumbs.db", "desktop.ini", "__macosx"}


def clean_path(path: str) -> str:
    """Return the path with '/' between its parts and no empty ones.

    Raises DomainError for paths that are absolute, climb out with '..', hold control characters or are too long.
    """
    shown = printable(path)
    if any(not letter.isprintable() for letter in path):
        raise DomainError(f"The file name '{shown}' holds a control character. Rename the file.")
    parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".")]
    if path.startswith(("/", "\\")) or _DRIVE.match(path):
        raise DomainError(f"The path '{shown}' is absolute. Give it relative to the chosen folder.")
    if ".." in parts:
        raise DomainError(f"The path '{shown}' leaves its folder ('..'). Give a path without '..'.")
    if not parts:
        raise DomainError("A file needs a name.")
    if any(len(part.encode("utf-8", "surrogatepass")) > LONGEST_PART for part in parts):
        raise DomainError(f"A name in '{shown}' is longer than {LONGEST_PART} bytes. Shorten it.")
    cleaned = "/".join(parts)
    if len(cleaned) > LONGEST_PATH:
        raise DomainError(f"The path '{shown}' is longer than {LONGEST_PATH} characters. Shorten it.")
    return cleaned


def printable(text: str, *, longest: int = 80) -> str:
    """Return a stranger's text fit for a message: no control characters, not too long."""
    clean = "".join(letter if letter.isprintable() else "�" for letter in text)
    return clean if len(clean) <= longest else f"{clean[: longest - 1]}…"


def is_junk(path: str) -> bool:
    """Whether a file is what operating systems leave in folders, of which nobody needs to hear."""
    return any(part.startswith(".") or part.lower() in _JUNK for part in path.split("/"))
