"""From one gathered file to a row of the preview: its grid, its values, what its header said and must not be kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from cases.detached import data_file_name
from cases.importing.gathering import Gathered
from cases.importing.rows import Row, Source
from imaging.brain import has_face
from imaging.errors import ImageError
from imaging.labels import as_labels, count_labels
from imaging.reading import IMAGE_SUFFIXES, read_volume
from imaging.sidecar import read_sidecar
from imaging.volume import Removed, Volume, Voxels

MANY_VALUES = 64
"""A file with more values than this is an image, whatever its name says."""
PIECE = 1 << 20
GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Labels:
    """The voxels per value of a file that could be a label map, or why it could not."""

    counts: dict[str, int] | None
    reason: str = ""

    @property
    def look_like_a_mask(self) -> bool:
        """Whether the values alone make a label map likely: few of them, starting from the background."""
        return self.counts is not None and "0" in self.counts and 2 <= len(self.counts) <= 16


def read_row(gathered: Gathered, *, number: int, root: Path) -> tuple[Row, Labels]:
    """Return the row of an image or mask, everything but what its name says. Raises ImageError when it is none.

    `root` is the import's folder: rows keep where their files lie below it.
    """
    volume = read_volume(gathered.path)
    labels = labels_of(volume.array, name=gathered.path.name)
    row = Row(
        id=f"r{number}",
        file=gathered.shown,
        sources=_sources(gathered.path, volume, root),
        shape=volume.grid.shape,
        affine=tuple(tuple(float(value) for value in line) for line in volume.grid.affine),
        spacing=volume.grid.spacing,
        orientation=volume.grid.orientation,
        obliquity=volume.grid.obliquity,
        stored_as=volume.stored_as,
        labels=labels.counts,
        no_labels=labels.reason,
        face=not labels.look_like_a_mask and has_face(volume.array, volume.grid),
        warnings=volume.warnings,
        removed=shown_removed(volume.removed),
    )
    return row, labels


def labels_of(array: Voxels, *, name: str) -> Labels:
    """Return the voxels per value of an array of labels, or why it holds none."""
    try:
        counts = count_labels(as_labels(array, name=name))
    except ImageError as error:
        return Labels(None, f"As a mask it cannot be read: {error.reason}.")
    if len(counts) > MANY_VALUES:
        return Labels(None, f"As a mask it cannot be read: it holds {len(counts)} different values, as images do.")
    return Labels({str(value): count for value, count in counts.items()})


def sidecar_of(gathered: Gathered, sidecars: Iterable[Gathered]) -> Gathered | None:
    """Return the JSON file of the same folder whose name is the image's."""
    stem = without_suffix(gathered.path.name)
    return next((one for one in sidecars if one.path.parent == gathered.path.parent and one.path.stem == stem), None)


def read_technical(sidecar: Gathered) -> tuple[dict[str, Any], tuple[dict[str, str], ...]]:
    """Return the technical facts of a sidecar and what was left out. Raises ImageError for a bad one."""
    content = read_sidecar(sidecar.path)
    return dict(content.kept), shown_removed(content.removed)


def without_suffix(name: str) -> str:
    """Return a file name without the ending of its format."""
    return name[: -len(suffix_of(name))] if suffix_of(name) else name


def suffix_of(name: str) -> str:
    """Return the ending of a format that is read, in lower case; empty for any other."""
    fitting = [suffix for suffix in IMAGE_SUFFIXES if name.lower().endswith(suffix)]
    return max(fitting, key=len, default="")


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    digest = sha256()
    with path.open("rb") as stream:
        for piece in iter(lambda: stream.read(PIECE), b""):
            digest.update(piece)
    return digest.hexdigest()


def shown_removed(removed: Iterable[Removed]) -> tuple[dict[str, str], ...]:
    """Return removed texts as the preview shows them."""
    return tuple({"where": one.where, "text": one.text} for one in removed)


def _sources(path: Path, volume: Volume, root: Path) -> tuple[Source, ...]:
    """Return the image's file, and the data file that its header names, if any."""
    format_name = volume.format.lower().split("-")[0]
    data_name = data_file_name(path, format_name)
    data = path.parent / data_name if data_name else None
    files = [(path, suffix_of(path.name) or _plain_suffix(path))]
    files += [(data, data.suffix.lower()[:12])] if data is not None else []
    return tuple(Source(str(one.relative_to(root)), digest_of(one), format_name, suffix) for one, suffix in files)


def _plain_suffix(path: Path) -> str:
    """Return the ending of a NIfTI or NRRD file that was called otherwise, from its first bytes."""
    with path.open("rb") as stream:
        start = stream.read(4)
    if start[:2] == GZIP:
        return ".nii.gz"
    return ".nrrd" if start == b"NRRD" else ".nii"
