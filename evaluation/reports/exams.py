"""The exams of a patient in the order of time, from frozen inputs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evaluation.reports.numbers import summarise_patients
from evaluation.reports.parameters import Parameter
from imaging.grid import Grid

Row = dict[str, Any]
Patient = tuple[str, str]
"""Centre and pseudonym."""
ORDER = ("pre_op", "early_post_op", "post_1m", "post_3m", "post_6m", "recurrence", "follow_up", "unknown")
ONE_GRID = "one grid"
RESAMPLED = "grids differ: brought together by the headers' coordinates"


SEED = Parameter("seed", "Seed of the bootstrap", "integer", default=20260101, minimum=0, maximum=2**31 - 1)
RESAMPLES = Parameter("resamples", "Bootstrap resamples", "integer", default=2000, minimum=500, maximum=10_000)


def patient_of(case: Row) -> Patient:
    """Return whose exam a frozen case is."""
    return case["centre"], case["patient"]


def by_patient(cases: list[Row]) -> dict[Patient, list[Row]]:
    """Return each patient's exams in the order of time: by day where all of them have one, else by time point."""
    found: dict[Patient, list[Row]] = {}
    for case in cases:
        found.setdefault(patient_of(case), []).append(case)
    return {patient: sorted(found[patient], key=_time(found[patient])) for patient in sorted(found)}


def summarise_exams(inputs: Row, values: Iterable[tuple[int, Any]]) -> Row:
    """Return `summarise_patients` of (case, value) pairs: intervals of means are drawn over patients."""
    patients = {case["id"]: patient_of(case) for case in inputs["cases"]}
    pairs = list(values)
    found = [value for _, value in pairs]
    return summarise_patients(found, [patients[case] for case, _ in pairs], **_drawn(inputs))


def interval_words(inputs: Row) -> str:
    """Return the sentence that says how the intervals of `summarise_exams` were made."""
    drawn = _drawn(inputs)
    return (
        f"Intervals of means are BCa bootstraps over patients, drawn whole ({drawn['resamples']} resamples, seed "
        f"{drawn['seed']}); fewer than three patients have none."
    )


def _drawn(inputs: Row) -> dict[str, int]:
    """Return seed and resamples; reports that were frozen before these were choices have the defaults."""
    chosen = inputs["parameters"]
    return {"seed": chosen.get("seed", SEED.default), "resamples": chosen.get("resamples", RESAMPLES.default)}


def have_days(exams: list[Row]) -> bool:
    """Whether every exam has a day."""
    return all(case["day_offset"] is not None for case in exams)


def grid_of(inputs: Row, case: int) -> Grid:
    """Return the frozen grid of a case's masks."""
    return Grid.from_json(inputs["grids"][str(case)])


def frame_of(grids: list[Grid]) -> str:
    """Return how masks on these grids come together: on one grid, or by what their headers say."""
    return ONE_GRID if all(grid.same_as(grids[0]) for grid in grids) else RESAMPLED


def _time(exams: list[Row]) -> Any:
    if have_days(exams):
        return lambda case: (case["day_offset"], case["id"])
    return lambda case: (ORDER.index(case["time_point_key"]), case["follow_up_number"], case["id"])
