"""Two reports of one kind side by side: what was chosen, what was read, and every figure of both. No Django."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]
Tables = list[Row]
"""Tables as `Table.to_json` writes them."""


def compare_choices(first: list[Row], second: list[Row]) -> list[Row]:
    """Return every choice as title, first, second and whether they are the same."""
    one, other = ({row["title"]: row["value"] for row in rows} for rows in (first, second))
    pairs = [(title, one.get(title), other.get(title)) for title in dict.fromkeys([*one, *other])]
    return [{"title": title, "first": a, "second": b, "same": a == b} for title, a, b in pairs]


def compare_readings(first: Row, second: Row) -> Row:
    """Return how many frozen masks both have, how many are others now, and how many only one has."""
    one, other = (
        {(row["case"], row["rater"]): row["sha256"] for row in inputs.get("readings", [])} for inputs in (first, second)
    )
    shared = one.keys() & other.keys()
    same = sum(one[place] == other[place] for place in shared)
    return {
        "same": same,
        "changed": len(shared) - same,
        "only_first": len(one.keys() - other.keys()),
        "only_second": len(other.keys() - one.keys()),
    }


def compare_tables(first: Tables, second: Tables) -> list[Row]:
    """Return the tables of both, in the order of the first, with every number, and every text that differs.

    Rows are told apart by the table's `by`; a value that one report does not have is None there. Of tables that list
    every case only what differs is given.
    """
    others = {table["key"]: table for table in second}
    known = {table["key"] for table in first}
    pairs = [(table, others.get(table["key"])) for table in first]
    pairs += [(table, None) for table in second if table["key"] not in known]
    result = []
    for table, other in pairs:
        in_first = table["key"] in known
        one = table["rows"] if in_first else []
        two = (other["rows"] if other else []) if in_first else table["rows"]
        values = list(_values(table, one, two))
        differing = [row for row in values if not row["same"]]
        result.append(
            {
                "key": table["key"],
                "title": table["title"],
                "compared": len(values),
                "differing": len(differing),
                "values": values if table["printed"] else differing,
            }
        )
    return result


def _values(table: Row, first: list[Row], second: list[Row]) -> Iterator[Row]:
    by = table["by"]
    one, other = ({tuple(row.get(key) for key in by): row for row in rows} for rows in (first, second))
    for place in dict.fromkeys([*one, *other]):
        a, b = one.get(place, {}), other.get(place, {})
        for column in table["columns"]:
            for key, title in _named(column):
                known = a.get(key) is not None or b.get(key) is not None
                if key not in by and known and (column["numeric"] or a.get(key) != b.get(key)):
                    yield {
                        "row": " · ".join(f"{part}" for part in place),
                        "column": title,
                        "digits": column["digits"],
                        "first": a.get(key),
                        "second": b.get(key),
                        "difference": _difference(a.get(key), b.get(key)),
                        "same": a.get(key) == b.get(key),
                    }


def _named(column: Row) -> Iterator[tuple[str, str]]:
    """Yield the values behind a column with a name each; the ids of cases are none."""
    if column["key"]:
        yield column["key"], column["title"]
    if column["spread"]:
        yield column["spread"], f"{column['title']}: SD"
    for key, end in zip(column["bounds"] or (), ("low", "high"), strict=False):
        yield key, f"{column['title']}: {end}"


def _difference(first: Any, second: Any) -> float | None:
    numbers = [value for value in (first, second) if isinstance(value, int | float) and not isinstance(value, bool)]
    return numbers[1] - numbers[0] if len(numbers) == 2 else None
