"""A table of any kind of report, and the forms in which it is given out: texts, CSV, Parquet, JSON."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any, Literal

from core.csv_files import write_csv
from evaluation.reports.numbers import INFINITE, Row, number_of, write, write_p


@dataclass(frozen=True)
class Column:
    """One column as it is read; behind it lie up to four values of a row.

    A cell shows the value under `key` with so many digits after the point (None: a text or a whole number); with
    `spread` (the key of its SD) as "value ± SD"; with `bounds` (the keys of two values) as "value [low, high]". A key
    of "" shows the bounds alone. form "p" writes a p-value. `case` is the key of the id of the case that the cell
    links to. A column that is not `printed` is in the browser and in the files, and not on paper.
    """

    key: str
    title: str
    unit: str = ""
    digits: int | None = None
    spread: str = ""
    bounds: tuple[str, str] | None = None
    form: Literal["number", "p"] = "number"
    case: str = ""
    printed: bool = True

    @property
    def is_number(self) -> bool:
        """Whether it is set to the right."""
        return self.digits is not None or self.form == "p" or self.key == "n" or self.key.startswith("n_")

    @property
    def keys(self) -> list[str]:
        """The keys of all its values."""
        return [key for key in (self.key, self.spread, *(self.bounds or ()), self.case) if key]

    @property
    def head(self) -> str:
        """Title and unit."""
        return f"{self.title} ({self.unit})" if self.unit else self.title

    def text(self, row: Row) -> str:
        """Return a row's cell."""
        if self.form == "p":
            return write_p(row.get(self.key))
        interval = ""
        if self.bounds:
            low, high = (write(row.get(key), self.digits) for key in self.bounds)
            interval = f"[{low}, {high}]" if any(row.get(key) is not None for key in self.bounds) else ""
        if not self.key:
            return interval or "–"
        if row.get(self.key) is None:
            return "–"
        spread = f"\u00a0±\u00a0{write(row[self.spread], self.digits)}" if row.get(self.spread) is not None else ""
        return f"{write(row[self.key], self.digits)}{spread}{' ' if interval else ''}{interval}"


@dataclass(frozen=True)
class Table:
    """One table. Rows hold plain values: text, number, true or false, None where undefined, "inf" where infinite.

    `by` names the values that tell rows apart: two reports are compared row by row through them. A long table that
    lists every case is not `printed`: it is in the browser and in the files, and not on paper.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: list[Row] = field(default_factory=list)
    by: tuple[str, ...] = ()
    note: str = ""
    printed: bool = True

    def to_json(self) -> dict[str, Any]:
        """Return the table as the API gives it."""
        return {
            "key": self.key,
            "title": self.title,
            "note": self.note,
            "by": list(self.by),
            "printed": self.printed,
            "columns": [
                {
                    "key": one.key,
                    "title": one.title,
                    "unit": one.unit,
                    "digits": one.digits,
                    "spread": one.spread,
                    "bounds": list(one.bounds) if one.bounds else None,
                    "form": one.form,
                    "case": one.case,
                    "numeric": one.is_number,
                }
                for one in self.columns
            ],
            "rows": [{key: row.get(key) for key in self.keys} for row in self.rows],
        }

    @property
    def keys(self) -> list[str]:
        """The keys of all values that the table gives out, each once."""
        return list(dict.fromkeys(key for column in self.columns for key in column.keys))

    def csv(self) -> bytes:
        """Return the table as CSV with every value in full precision; no rows, no bytes."""
        return write_csv({key: row.get(key) for key in self.keys} for row in self.rows)

    def parquet(self) -> bytes:
        """Return the table as Parquet: a column per value, ∞ as a number, titles and units in the columns' metadata."""
        import pyarrow
        from pyarrow import parquet

        columns = {key: [_typed(row.get(key), key, self) for row in self.rows] for key in self.keys}
        table = pyarrow.table(columns)
        heads = {column.key: column for column in self.columns if column.key}
        fields = [
            one.with_metadata({"title": heads[one.name].title, "unit": heads[one.name].unit})
            if one.name in heads
            else one
            for one in table.schema
        ]
        about = {"title": self.title, "note": self.note}
        stream = io.BytesIO()
        parquet.write_table(table.cast(pyarrow.schema(fields, metadata=about)), stream)
        return stream.getvalue()


def _typed(value: Any, key: str, table: Table) -> Any:
    """Return a value of one type with the others of its column: "inf" is a number where the column is one."""
    if value in (INFINITE, f"-{INFINITE}"):
        return number_of(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value) if any(isinstance(row.get(key), float) for row in table.rows) else value
    return value


def summary_columns(*, digits: int = 3, unit: str = "") -> tuple[Column, ...]:
    """Return the columns of `numbers.summarise`: mean ± SD, its interval, median [IQR], n used, undefined, infinite."""
    return (
        Column("mean", "Mean ± SD", unit=unit, digits=digits, spread="sd"),
        Column("", "95 % CI of the mean", unit=unit, digits=digits, bounds=("low", "high")),
        Column("median", "Median [IQR]", unit=unit, digits=digits, bounds=("q1", "q3")),
        Column("n", "n"),
        Column("n_undefined", "Undefined"),
    )
