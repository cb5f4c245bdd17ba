"""A row of the preview table: what was recognised in one file, what a person corrected, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from cases.models import Case, Import, Series
from core.errors import DomainError
from imaging.grid import Grid

IMAGE = "image"
MASK = "mask"
AUTO = "auto"
"""The preset of a mask whose numbering is still to be chosen."""
CORRECTABLE = (
    "patient",
    "time_point",
    "follow_up_number",
    "role",
    "sequence",
    "name",
    "rater",
    "preset",
    "reference",
    "include",
)


@dataclass(frozen=True)
class Source:
    """One staged file of an image: where it lies in the import's folder, its content and what it is."""

    path: str
    sha256: str
    format: str
    suffix: str


@dataclass(frozen=True)
class Row:
    """One image or mask that was found.

    shape is in voxels along (x, y, z) of the file, affine its 4×4 to RAS+ mm. `labels` counts the voxels of each
    value when the file could be a label map; otherwise `no_labels` says why it could not. `preset` is how a mask's
    values are read ("" means as the scheme's own), `numbering` what its file name says about that. `on` is the row of
    the image whose grid a mask is on. A row with a `problem` cannot be stored until it is corrected or left out.
    """

    id: str
    file: str
    sources: tuple[Source, ...]
    shape: tuple[int, int, int]
    affine: tuple[tuple[float, ...], ...]
    spacing: tuple[float, float, float]
    orientation: str
    obliquity: float
    stored_as: str
    role: str = IMAGE
    patient: str = ""
    time_point: str = Case.TimePoint.UNKNOWN
    follow_up_number: int = 0
    sequence: str = Series.Sequence.OTHER
    name: str = ""
    rater: str = ""
    preset: str = AUTO
    numbering: str = ""
    reference: bool = False
    include: bool = True
    on: str = ""
    face: bool = False
    labels: dict[str, int] | None = None
    no_labels: str = ""
    warnings: tuple[str, ...] = ()
    removed: tuple[dict[str, str], ...] = ()
    technical: dict[str, Any] = field(default_factory=dict)
    problem: str = ""

    @property
    def grid(self) -> Grid:
        """The file's own grid."""
        return Grid(self.shape, self.affine)  # type: ignore[arg-type]

    @property
    def exam(self) -> tuple[str, str, int]:
        """What tells one case from another: patient, time point, number of the follow-up."""
        return self.patient, self.time_point, self.follow_up_number

    @property
    def sha256(self) -> str:
        """The content of the file that names the image (the header, when there are two)."""
        return self.sources[0].sha256

    def to_json(self) -> dict[str, Any]:
        """Return the row as it is kept in the database."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Row:
        """Return the row that `to_json` wrote."""
        known = {one.name for one in fields(cls)}
        given = {name: content for name, content in value.items() if name in known}
        given["sources"] = tuple(Source(**one) for one in given["sources"])
        given["affine"] = tuple(tuple(line) for line in given["affine"])
        for name in ("shape", "spacing", "warnings", "removed"):
            given[name] = tuple(given[name])
        return cls(**given)


def rows_of(delivery: Import) -> list[Row]:
    """Return the preview table of an import."""
    return [Row.from_json(value) for value in delivery.rows]


def as_json(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return rows as they are kept in the database."""
    return [row.to_json() for row in rows]


def corrected(rows: list[Row], corrections: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Return the rows with a person's corrections, each of which names its row by `id`.

    Choosing a reference takes the choice from the other rows of that case. Raises DomainError for an unknown row.
    """
    by_id = {row.id: row for row in rows}
    for correction in corrections:
        row = by_id.get(correction["id"])
        if row is None:
            raise DomainError(f"This import has no row '{correction['id']}'. Load the page again.")
        row = replace(row, **{name: correction[name] for name in CORRECTABLE if name in correction})
        by_id[row.id] = row
        if correction.get("reference"):
            _unchoose_others(by_id, row)
    return list(by_id.values())


def forget_presets(rows: Iterable[Row]) -> list[Row]:
    """Return the rows with every numbering to be chosen again, as for another label scheme."""
    return [replace(row, preset=AUTO) for row in rows]


def _unchoose_others(by_id: dict[str, Row], chosen: Row) -> None:
    for other in list(by_id.values()):
        if other.id != chosen.id and other.exam == chosen.exam and other.reference:
            by_id[other.id] = replace(other, reference=False)
