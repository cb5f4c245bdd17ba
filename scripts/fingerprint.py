"""Tell whether a step has to be done again: a hash of what it depends on, kept in a file beside its result."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path


def fingerprint(paths: Iterable[Path], *facts: str) -> str:
    """Return one hash of these facts and of the names and contents of all files, folders included."""
    digest = sha256("\0".join(facts).encode())
    for path in sorted(_files(paths)):
        digest.update(str(path).encode() + b"\0" + sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_dir():
            yield from (file for file in path.rglob("*") if file.is_file())
        elif path.is_file():
            yield path


class Stamp:
    """A file that remembers for which fingerprint a step was last done to its end."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def matches(self, mark: str) -> bool:
        """Tell whether the step was done for just this fingerprint."""
        return self._path.is_file() and self._path.read_text() == mark

    def clear(self) -> None:
        """Forget it: the step is about to begin, and may be interrupted."""
        self._path.unlink(missing_ok=True)

    def set(self, mark: str) -> None:
        """Remember it: the step has ended well."""
        self._path.write_text(mark)
