"""Tests in a report: one row each, with the test's name, n, effect size and Holm's correction over the whole table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evaluation.reports.numbers import plain
from evaluation.reports.tables import Column
from evaluation.statistics import Result, holm

Row = dict[str, Any]
FAMILY = (
    "Holm: p corrected for all tests of this table. Effect: r rank-biserial correlation, V Cramér's V, g asymmetry."
)
SYMBOLS = {
    "matched-pairs rank-biserial correlation": "r",
    "rank-biserial correlation": "r",
    "Cramér's V": "V",
    "asymmetry (Cohen's g for 2×2)": "g",
    "odds ratio": "odds ratio",
}


def run_test(name: str, test: Callable[..., Result], *samples: Any, **settings: Any) -> Row:
    """Return the row of a test of these samples; where it refuses them, the note says why.

    test is the short name, method the full one with the variant that was computed; remarks are the test's own.
    """
    try:
        found = test(*samples, **settings)
    except ValueError as error:
        return {"test": name, "note": f"Not computed: {error}", "p": None, "n": None}
    row: Row = {
        "test": name,
        "method": found.test,
        "statistic_name": found.statistic_name,
        "statistic": plain(found.statistic),
        "p": plain(found.p),
        "n": found.n,
        "unit": found.unit,
        "effect_name": found.effect_name,
        "effect": plain(found.effect_size),
        "effect_is": SYMBOLS.get(found.effect_name, found.effect_name),
        "note": "",
        "remarks": " ".join(found.notes),
    }
    if found.interval is not None:
        row |= {"low": plain(found.interval.low), "high": plain(found.interval.high)}
    return row


def correct(rows: list[Row]) -> list[Row]:
    """Return the rows with Holm's corrected p; a test without a p is not of the family."""
    tested = [row for row in rows if row["p"] is not None]
    corrected = iter(holm([row["p"] for row in tested]).adjusted) if tested else iter(())
    return [{**row, "p_holm": next(corrected) if row["p"] is not None else None} for row in rows]


TEST_COLUMNS = (
    Column("test", "Test"),
    Column("n", "n"),
    Column("p", "p", form="p"),
    Column("p_holm", "p (Holm)", form="p"),
    Column("effect", "Effect", digits=3),
    Column("effect_is", "Effect is"),
    Column("note", "Note"),
    Column("method", "Method", printed=False),
    Column("statistic", "Statistic", digits=3, printed=False),
    Column("statistic_name", "Statistic is", printed=False),
    Column("effect_name", "Effect size", printed=False),
    Column("remarks", "Remarks", printed=False),
)
"""How every table of tests ends."""
