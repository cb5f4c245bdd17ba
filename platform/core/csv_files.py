"""CSV files that are safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any


def write_csv(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return rows of equal keys as CSV (UTF-8, comma, full precision; None is an empty cell); no rows, no bytes.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    table = [{key: _cell(value) for key, value in row.items()} for row in rows]
    if not table:
        return b""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, fieldnames=list(table[0]))
    writer.writeheader()
    writer.writerows(table)
    return stream.getvalue().encode()


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
