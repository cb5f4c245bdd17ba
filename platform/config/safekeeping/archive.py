"""The file of a backup: a tar of the database, every kept file by its SHA-256, and at the very end what it holds.

    database.sqlite3        all rows, as one SQLite database, whatever server they came from
    files/<SHA-256>         the kept files
    manifest.json           counts, hashes, versions; without it the archive is not whole

It is written beside its final name and renamed when it is complete, so that a file with the right name is whole.
"""

import json
import os
import re
import tarfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import IO

from core.errors import DomainError

FORMAT = 1
CHUNK = 1 << 20
DATABASE = "database.sqlite3"
MANIFEST = "manifest.json"
KNOWN = re.compile(r"database\.sqlite3|files/[0-9a-f]{64}|manifest\.json")


@dataclass(frozen=True)
class Manifest:
    """What a backup holds."""

    version: str
    made_at: str
    database_sha256: str
    migrations: list[str]
    rows: dict[str, int]
    files: int
    file_bytes: int
    damaged: list[str] = field(default_factory=list)
    format: int = FORMAT


class HashingReader:
    """A file being read, and the SHA-256 of what was read so far."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._digest = file, sha256()

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes and count them in."""
        piece = self._file.read(size)
        self._digest.update(piece)
        return piece

    @property
    def sha256(self) -> str:
        """The hash of what was read."""
        return self._digest.hexdigest()


class ArchiveWriter:
    """An archive being written; nothing stands under its name before `finish`."""

    def __init__(self, path: Path) -> None:
        self._path, self._draft = path, path.with_name(f"{path.name}.part")
        self._tar = tarfile.open(self._draft, "w", format=tarfile.PAX_FORMAT)  # noqa: SIM115

    def add(self, name: str, file: IO[bytes], size: int) -> str:
        """Add a member of this many bytes; return the SHA-256 of what was read."""
        reader = HashingReader(file)
        header = tarfile.TarInfo(name)
        header.size, header.mode = size, 0o600
        self._tar.addfile(header, reader)
        return reader.sha256

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest, make sure that all is on the disk, and give the archive its name."""
        content = json.dumps(asdict(manifest), indent=1).encode()
        self.add(MANIFEST, BytesIO(content), len(content))
        self._tar.close()
        with self._draft.open("rb") as file:
            os.fsync(file.fileno())
        self._draft.rename(self._path)

    def abandon(self) -> None:
        """Remove what was written."""
        with suppress(OSError):
            self._tar.close()
        self._draft.unlink(missing_ok=True)


class Archive:
    """A backup to read. Raises DomainError where it is not one, not whole, or not what it says."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._tar = tarfile.open(path, "r:")  # noqa: SIM115
            self._members = {member.name: member for member in self._tar.getmembers()}
        except (tarfile.TarError, OSError, EOFError) as error:
            raise DomainError(
                f"{path} cannot be read as a backup ({error}): it is none, or it was cut off while it was written or "
                "copied."
            ) from error
        self.manifest = self._read_manifest()

    def _read_manifest(self) -> Manifest:
        member = self._members.get(MANIFEST)
        try:
            raw = self._open(member).read() if member else b""
            manifest = Manifest(**json.loads(raw))
        except (ValueError, TypeError) as error:
            raise DomainError(
                f"{self.path} is no whole backup: its list of contents is missing. It was cut off while it was written "
                "or copied; use another one."
            ) from error
        if manifest.format != FORMAT:
            raise DomainError(
                f"{self.path} was made by a newer Overread ({manifest.version}): restore it with that one."
            )
        return manifest

    def verify(self) -> None:
        """Read all of it once and compare every hash."""
        odd = [name for name, member in self._members.items() if not (KNOWN.fullmatch(name) and member.isreg())]
        if odd:
            raise DomainError(f"{self.path} holds what no backup holds ({odd[0]!r}): it is not used.")
        self._check(DATABASE, self.manifest.database_sha256)
        digests = self.digests()
        for digest in digests:
            self._check(f"files/{digest}", digest)
        if len(digests) + len(self._members.keys() & self._damaged()) != self.manifest.files:
            raise DomainError(
                f"{self.path} holds {len(digests)} files instead of {self.manifest.files}: use another one."
            )

    def digests(self) -> list[str]:
        """Return the SHA-256 of every file in it, those that were damaged when it was made left out."""
        names = self._members.keys() - self._damaged()
        return sorted(name.removeprefix("files/") for name in names if name.startswith("files/"))

    def open_file(self, digest: str) -> IO[bytes]:
        """Open one of the kept files."""
        return self._open(self._members[f"files/{digest}"])

    def extract_database(self, target: Path) -> None:
        """Write the database to a file."""
        with self._open(self._members[DATABASE]) as source, target.open("wb") as file:
            for piece in iter(lambda: source.read(CHUNK), b""):
                file.write(piece)

    def _damaged(self) -> Iterable[str]:
        return {f"files/{digest}" for digest in self.manifest.damaged}

    def _open(self, member: tarfile.TarInfo) -> IO[bytes]:
        file = self._tar.extractfile(member)
        if file is None:
            raise DomainError(f"{self.path} holds what no backup holds ({member.name!r}): it is not used.")
        return file

    def _check(self, name: str, expected: str) -> None:
        if name not in self._members:
            raise DomainError(f"{self.path} lacks {name}: use another backup.")
        digest = sha256()
        try:
            with self._open(self._members[name]) as file:
                for piece in iter(lambda: file.read(CHUNK), b""):
                    digest.update(piece)
        except (tarfile.TarError, OSError, EOFError) as error:
            raise DomainError(f"{self.path} is damaged at {name} ({error}): use another backup.") from error
        if digest.hexdigest() != expected:
            raise DomainError(f"{self.path} is damaged at {name}: use another backup.")
