"""Any kind of report as a PDF, set by Typst. Texts reach Typst as data, never as markup."""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from evaluation.reports.kinds import Figures
from evaluation.reports.numbers import Row
from evaluation.reports.tables import Column, Table

NO_BREAK = "\u00a0"
TEXT_WIDTH_PT, INSETS_PT = 493.0, 7.0
WIDTH_PER_SIZE = 0.5
"""Mean width of a character as a share of the type size."""
HEAD_SHARE = 0.75
"""How much of a head's length its column needs: heads may break."""
SMALLEST_PT, LARGEST_PT = 6.0, 8.2
FULL_WIDTH_PX = 680.0
"""Figures as wide as this fill the text's width."""
EMPTY = ("", "–")


@dataclass(frozen=True)
class Front:
    """What stands on a report besides its figures and tables."""

    title: str
    study: str
    kind: str
    synthetic: bool
    made_at: str
    inputs_sha256: str
    methods: str
    choices: list[dict[str, str]]


def pdf(front: Front, *, figures: dict[str, bytes], about: Figures, tables: list[Table]) -> bytes:
    """Return the report as PDF: methods, figures (SVG by name, with what `about` says of each), printed tables."""
    import typst

    facts = {
        **vars(front),
        "figures": [
            {
                **about[name]["usermeta"],
                "file": f"{name}.svg",
                "width": min(about[name]["usermeta"]["width"], _natural_width(svg)),
            }
            for name, svg in figures.items()
        ],
        "tables": [_listing(table) for table in tables if table.printed and table.rows],
        "unprinted": [table.title for table in tables if not table.printed and table.rows],
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, drawn in figures.items():
            (Path(folder) / f"{name}.svg").write_bytes(drawn)
        (Path(folder) / "facts.json").write_text(json.dumps(facts))
        template = resources.files("evaluation.reports").joinpath("report.typ").read_text()
        (Path(folder) / "report.typ").write_text(template)
        return bytes(typst.compile(str(Path(folder) / "report.typ"), root=folder))


def _listing(table: Table) -> dict[str, Any]:
    """Return a table's texts; a text that all rows share is said once, under the title."""
    printed = [column for column in table.columns if column.printed]
    moved = _constant(printed, table.rows)
    columns = [column for column in printed if column not in moved]
    said = [(one.title, one.text(table.rows[0])) for one in moved]
    shared = [f"{title}: {text.removesuffix('.')}." for title, text in said if text not in EMPTY]
    note = " ".join([*shared, table.note]).strip()
    rows = [[_on_one_line(column, row) for column in columns] for row in table.rows]
    longest = [
        max(len(column.head) * HEAD_SHARE, *(len(row[index]) for row in rows)) for index, column in enumerate(columns)
    ]
    return {
        "title": table.title if table.title.endswith("?") else f"{table.title}.",
        "note": note,
        "head": [column.head for column in columns],
        "right": [column.is_number for column in columns],
        "size": _type_size(sum(longest), len(columns)),
        "rows": _without_repeats(rows, [*(one.is_number for one in columns), True].index(True)),
    }


def _constant(columns: list[Column], rows: list[Row]) -> list[Column]:
    """Return the columns of texts that say the same in all rows; of a single row the first column alone."""
    texts = [one for one in columns if not one.is_number and len({one.text(row) for row in rows}) == 1]
    if len(rows) == 1:
        return [one for one in texts if one is columns[0]]
    return texts if len(texts) < len(columns) else texts[1:]


def _without_repeats(rows: list[list[str]], texts: int) -> list[list[str]]:
    """Return rows whose first texts, of so many that a row begins with, stand once where the next rows share them."""
    result, above = [], [""] * texts
    for row in rows:
        same = 0
        while same < texts - 1 and above[same] == row[same]:
            same += 1
        result.append([""] * same + row[same:])
        above = row
    return result


def _on_one_line(column: Column, row: Row) -> str:
    text = column.text(row)
    return text.replace(" ", NO_BREAK) if column.is_number else text


def _type_size(characters: float, columns: int) -> float:
    """Return the type size in pt at which the longest texts of all columns fit beside each other."""
    fitting = (TEXT_WIDTH_PT - columns * INSETS_PT) / (max(1, characters) * WIDTH_PER_SIZE)
    return max(SMALLEST_PT, min(LARGEST_PT, fitting))


def _natural_width(svg: bytes) -> float:
    """Return the width of a figure in per cent of the text's width, so that all figures have one scale."""
    found = re.search(rb'<svg[^>]*\bwidth="([0-9.]+)"', svg)
    return 100 * float(found.group(1)) / FULL_WIDTH_PX if found else 100.0
