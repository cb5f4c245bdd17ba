"""What is printed: one figure with its unit, its goal and whether it is met."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A measured value. `most` or `least` is the goal (None: stated only); where it is `required` the run fails by it.

    What is required are ratios within one run and counts, which do not depend on the machine.
    """

    what: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None
    note: str = ""
    required: bool = False

    @property
    def met(self) -> bool | None:
        if self.most is None and self.least is None:
            return None
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)

    def row(self) -> str:
        goal = f"≤ {self.most:g}" if self.most is not None else f"≥ {self.least:g}" if self.least is not None else "–"
        said = {True: "yes", False: "NO", None: "–"}[self.met]
        return f"| {self.what} | {number(self.value)} {self.unit} | {goal} | {said} | {self.note} |"


HEADER = "| what | measured | goal | met | |\n| --- | --- | --- | --- | --- |"


def number(value: float) -> str:
    """Return three significant digits without an exponent."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
