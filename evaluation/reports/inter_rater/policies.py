"""What a table puts in the place of an undefined or infinite figure: the named policies of the report."""

from __future__ import annotations

import math
from typing import Any

from evaluation.reports.numbers import INFINITE, number_of, plain

Row = dict[str, Any]
Value = float | str | None
DISTANCES = ("hausdorff95",)
FIXED_MM = 374.0
"""The distance of a missed structure by the BraTS challenges: the diagonal of their images, rounded up."""


class Policies:
    """The policies of a report, applied to one figure at a time."""

    def __init__(self, inputs: Row, cases: list[Row]) -> None:
        self._empty = inputs["parameters"]["both_empty"]
        self._infinite = inputs["parameters"]["infinite"]
        self._diagonals = {row["case"]: row["diagonal_mm"] for row in cases}

    def settle(self, value: Value, metric: str, case: int) -> Value:
        """Return what enters a summary: None and "inf" are left out and counted there."""
        if value is None and self._empty == "one":
            return 0.0 if metric in DISTANCES else 1.0
        if value == INFINITE and self._infinite != "leave_out":
            return FIXED_MM if self._infinite == "fixed" else self._diagonals[case]
        return value

    def settle_mean(self, rows: list[Row], metric: str, case: int) -> Value:
        """Return the mean over several comparisons of one mask, each settled; undefined ones have no part in it."""
        values = [number_of(self.settle(row[metric], metric, case)) for row in rows]
        used = [value for value in values if not math.isnan(value)]
        return plain(sum(used) / len(used)) if used else None
