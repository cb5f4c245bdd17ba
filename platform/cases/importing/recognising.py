"""Put what the file names say into the rows: whose exam, which sequence, whose mask. All of it is a suggestion."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from cases.importing.reading import Labels, shown_removed
from cases.importing.rows import IMAGE, MASK, Row
from cases.models import Case, Series
from imaging.naming import NamedFile

UNNAMED_RATER = "Expert"
"""The rater that is suggested for a mask whose name does not say who made it."""
_BRATS_NUMBERING = (
    (re.compile(r"brats[-_]?(20)?(1[5-9]|2[01])[-_]", re.IGNORECASE), "brats-2018"),
    (re.compile(r"brats-[a-z]+(-[a-z]+)?-\d{3,6}-\d{3}", re.IGNORECASE), "brats-2023"),
)
_NUMBER = re.compile(r"\d{1,3}$")
Exam = tuple[str, int]


def suggest(row: Row, named: NamedFile, labels: Labels, exam: Exam) -> Row:
    """Return the row with role, patient, exam, sequence and rater as far as name and values tell."""
    role = MASK if named.role in {"mask", "brain_mask"} or _is_unnamed_mask(named, labels) else IMAGE
    warnings = [*row.warnings, *named.notes]
    if role == IMAGE and named.sequence is None:
        warnings.append("The name does not say which sequence this is.")
    if role == MASK and named.role == "series":
        warnings.append("It is taken for a mask because it holds few whole values.")
    if named.role == "brain_mask":
        warnings.append("It is named as a brain mask, which is no labelling of a tumour: left out.")
    if role == MASK and set(labels.counts or {}) == {"0"}:
        warnings.append("The mask is empty.")
    if row.face and role == IMAGE:
        warnings.append("The face may be recognisable: deface the images before you share them.")
    return replace(
        row,
        role=role,
        patient=named.patient,
        time_point=exam[0],
        follow_up_number=exam[1],
        sequence=named.sequence or Series.Sequence.OTHER,
        rater=(named.rater or UNNAMED_RATER) if role == MASK else "",
        numbering=numbering_of(row.file),
        include=named.role != "brain_mask",
        face=row.face and role == IMAGE,
        warnings=tuple(warnings),
        removed=(*row.removed, *shown_removed(named.removed)),
    )


def exams_of(named: Sequence[NamedFile]) -> dict[tuple[str, str], Exam]:
    """Return case key → (time point, number of the follow-up), different for every exam of a patient.

    Exams whose names tell them apart but not when they were are follow-ups 1, 2, … in the order of their labels, until
    a person says better; an exam whose name says nothing has an unknown time point.
    """
    labels: dict[str, dict[str, str | None]] = defaultdict(dict)
    for file in named:
        patient, label = file.case_key
        labels[patient][label] = labels[patient].get(label) or file.time_point
    exams: dict[tuple[str, str], Exam] = {}
    for patient, found in labels.items():
        exams.update({(patient, label): exam for label, exam in _exams_of_patient(found).items()})
    return exams


def tell_apart(rows: list[Row]) -> list[Row]:
    """Return the rows with a name for the second, third … image of one sequence of an exam."""
    seen: Counter[tuple[object, ...]] = Counter()
    told = []
    for row in rows:
        key = (*row.exam, row.sequence)
        seen[key] += row.role == IMAGE
        told.append(replace(row, name=str(seen[key])) if row.role == IMAGE and seen[key] > 1 else row)
    return told


def numbering_of(path: str) -> str:
    """Return the preset of label values that the year in a BraTS name stands for, or ''."""
    return next((preset for pattern, preset in _BRATS_NUMBERING if pattern.search(path)), "")


def _is_unnamed_mask(named: NamedFile, labels: Labels) -> bool:
    return named.role == "series" and named.sequence is None and labels.look_like_a_mask


def _exams_of_patient(labels: dict[str, str | None]) -> dict[str, Exam]:
    exams: dict[str, Exam] = {}
    taken: set[Exam] = set()
    named = sorted(label for label in labels if label)
    for rank, label in enumerate([*named, *([""] if "" in labels else [])], start=1):
        point = labels[label] or (Case.TimePoint.FOLLOW_UP if label and len(named) > 1 else Case.TimePoint.UNKNOWN)
        number = _NUMBER.search(label)
        exam: Exam = (point, 0)
        if point == Case.TimePoint.FOLLOW_UP and len(named) > 1:
            exam = (point, int(number.group()) if number and labels[label] else rank)
        if exam in taken:
            exam = (Case.TimePoint.FOLLOW_UP, max([*(n for _, n in taken), rank]) + 1)
        taken.add(exam)
        exams[label] = exam
    return exams
