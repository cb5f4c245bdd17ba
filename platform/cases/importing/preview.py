"""The preview as lines of text, for the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cases.importing.rows import MASK, Row
from imaging.errors import describe_shape

HEADINGS = ("file", "patient", "time point", "what", "voxels", "mm", "axes")
WIDEST = 44


def lines_of(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the table, each row followed by its problem, its warnings and the texts that are not taken over."""
    rows = sorted(rows, key=lambda row: (row.exam, row.role == MASK, row.sequence, row.file))
    table = [HEADINGS, *(_cells(row) for row in rows)]
    widths = [min(WIDEST, max(len(cells[column]) for cells in table)) for column in range(len(HEADINGS))]
    yield _line(HEADINGS, widths)
    for row, cells in zip(rows, table[1:], strict=True):
        yield _line(cells, widths)
        if row.problem:
            yield f"    ! {row.problem}"
        yield from (f"    - {warning}" for warning in row.warnings)
        yield from (f"    - removed from {one['where']}: {one['text']}" for one in row.removed)


def _cells(row: Row) -> tuple[str, ...]:
    what = f"mask by {row.rater}" if row.role == MASK else f"{row.sequence} {row.name}".strip()
    point = f"{row.time_point} {row.follow_up_number}" if row.follow_up_number else row.time_point
    spacing = "×".join(f"{length:.3g}" for length in row.spacing)
    return (row.file, row.patient or "?", point, what, describe_shape(row.shape), spacing, row.orientation)


def _line(cells: Iterable[str], widths: list[int]) -> str:
    shown = (cell if len(cell) <= width else f"…{cell[1 - width :]}" for cell, width in zip(cells, widths, strict=True))
    return "  ".join(cell.ljust(width) for cell, width in zip(shown, widths, strict=True)).rstrip()
