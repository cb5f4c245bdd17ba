"""What a kind of report is: its parameters, what it freezes, what it computes, and how that is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from evaluation.reports.masks import CaseMasks
from evaluation.reports.parameters import Chosen, Parameter
from evaluation.reports.tables import Table
from imaging.grid import Grid
from imaging.volume import Voxels

if TYPE_CHECKING:
    from evaluation.models import Report
    from jobs.models import Job
    from studies.models import Study

Inputs = dict[str, Any]
Data = dict[str, Any]
Figures = dict[str, dict[str, Any]]
"""Vega-Lite specifications by name, each made by `figures.finish`."""
Tell = Callable[[float, str], None]


class Load(Protocol):
    """Reads what was frozen, case by case."""

    def __call__(self, case: int) -> CaseMasks:
        """Return the masks of a case."""
        ...

    def image(self, series: int) -> tuple[Voxels, Grid]:
        """Return an image (x, y, z) that was frozen, and its grid, in canonical order."""
        ...


class Compute(Protocol):
    """Computes a report's data: plain values that JSON can hold, the same for the same inputs and masks."""

    def __call__(self, inputs: Inputs, load: Load, *, report: Tell) -> Data:
        """Return the data; report is told the percentage done (0 to 100) and the step."""
        ...


@dataclass(frozen=True)
class Kind:
    """A kind of report.

    freeze runs beside the database, in the transaction that makes the report: it names by id and hash everything that
    is compared. All else is pure and works on plain data: `compute` gets the frozen inputs and a function that reads
    masks; `tables`, `figures` and `methods` get the inputs and the data, and nothing else. `missing` says why the kind
    cannot be made of a study now ("" if it can); `keep` stores what a finished computation leaves besides its tables.
    """

    key: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    missing: Callable[[Study], str]
    freeze: Callable[[Study, Chosen], Inputs]
    compute: Compute
    tables: Callable[[Inputs, Data], list[Table]]
    figures: Callable[[Inputs, Data], Figures]
    methods: Callable[[Inputs, Data], str]
    keep: Callable[[Job, Report], None] | None = None
