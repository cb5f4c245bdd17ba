"""The attributes by which reports divide cases, and the groups that they make."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from evaluation.reports import exams
from evaluation.reports.exams import ORDER
from evaluation.reports.parameters import Option

Row = dict[str, Any]
UNKNOWN = "not known"
ALL = "all cases"
_TYPES = {
    "lgg": "low-grade glioma",
    "gbm": "glioblastoma",
}
_YES_NO = {
    "recurrent": {"yes": "recurrent", "no": "newly diagnosed"},
    "multifocal": {"yes": "multifocal", "no": "unifocal"},
}
_PHASES = {
    "pre_op": "pre-operative",
    "early_post_op": "early post-op (≤ 72 h)",
    "post_1m": "late post-op (1–6 mo.)",
    "post_3m": "late post-op (1–6 mo.)",
    "post_6m": "late post-op (1–6 mo.)",
    "recurrence": "recurrence",
    "follow_up": "follow-up",
}


def _tumour_type(case: Row) -> str:
    key = str(case["tumour_type"])
    return UNKNOWN if key in ("", "unknown") else _TYPES.get(key, key)


def _operation(case: Row) -> str:
    if case["post_operative"] is None:
        return UNKNOWN
    return "post-operative" if case["post_operative"] else "pre-operative"


def _dataset(case: Row) -> str:
    return str(case["dataset_group"]) or UNKNOWN


def _test_set(case: Row) -> str:
    """Return the subgroup as FLAIR names them: tumour type, dataset group, before or after the operation."""
    parts = [_tumour_type(case), case["dataset_group"], _operation(case)]
    return ", ".join(part for part in parts if part and part != UNKNOWN) or UNKNOWN


def _grade(case: Row) -> str:
    return UNKNOWN if case["grade"] is None else f"grade {case['grade']}"


_GROUPS: dict[str, tuple[str, Callable[[Row], str]]] = {
    "tumour_type": ("Tumour type", _tumour_type),
    "time_point": ("Time point", lambda case: UNKNOWN if case["time_point_key"] == "unknown" else case["time_point"]),
    "phase": ("Phase of treatment", lambda case: _PHASES.get(case["time_point_key"], UNKNOWN)),
    "operation": ("Operation", _operation),
    "test_set": ("Tumour type, dataset group and operation", _test_set),
    "recurrent": ("Recurrence", lambda case: _YES_NO["recurrent"].get(case["recurrent"], UNKNOWN)),
    "multifocal": ("Foci", lambda case: _YES_NO["multifocal"].get(case["multifocal"], UNKNOWN)),
    "idh": ("IDH", lambda case: UNKNOWN if case["idh"] == "unknown" else f"IDH {case['idh']}"),
    "grade": ("WHO grade", _grade),
    "centre": ("Centre", lambda case: case["centre"]),
    "dataset_group": ("Dataset group", _dataset),
}
TIMED = ("time_point", "phase", "operation")
"""The attributes whose groups are in the order of time."""
TITLES = {key: title for key, (title, _) in _GROUPS.items()}


def group_of(case: Row, attribute: str) -> str:
    """Return the group that an attribute puts a case of the frozen inputs in; UNKNOWN when it says nothing."""
    return _GROUPS[attribute][1](case)


def divide(cases: Iterable[Row], attribute: str) -> dict[str, list[int]]:
    """Return the ids of the cases by group: in the order of time or of the alphabet, UNKNOWN last."""
    found: dict[str, list[int]] = {}
    order: dict[str, int] = {}
    for case in cases:
        name = group_of(case, attribute)
        found.setdefault(name, []).append(case["id"])
        order[name] = ORDER.index(case["time_point_key"]) if attribute in TIMED else 0
    return {name: found[name] for name in sorted(found, key=lambda name: (name == UNKNOWN, order[name], name))}


def known(groups: dict[str, list[int]]) -> dict[str, list[int]]:
    """Return the groups without UNKNOWN: those that tests compare."""
    return {name: cases for name, cases in groups.items() if name != UNKNOWN}


def subsets(cases: list[Row], attributes: Iterable[str]) -> Iterable[tuple[str, str, list[int]]]:
    """Return (attribute, group, ids of its cases): all cases first, then each attribute that divides them."""
    yield "", ALL, [case["id"] for case in cases]
    for attribute in attributes:
        groups = divide(cases, attribute)
        if len(groups) > 1:
            yield from ((attribute, name, members) for name, members in groups.items())


def patient_of(case: Row) -> str:
    """Return what tells a patient apart, as one text."""
    return "/".join(exams.patient_of(case))


def options(chosen: Iterable[str]) -> tuple[Option, ...]:
    """Return the attributes as choices of a report."""
    wanted = set(chosen)
    return tuple(Option(key, title, chosen=key in wanted) for key, title in TITLES.items())
