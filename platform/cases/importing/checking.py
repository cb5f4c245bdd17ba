"""Whether the rows of a preview could be stored, and if not, why: each row by itself, then the rows of each exam."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from cases.importing.known import already_stored_exams, already_stored_files
from cases.importing.numbering import LAYER, check_labels, suit_preset
from cases.importing.rows import IMAGE, MASK, Row
from cases.models import Case, Import, Series
from cases.preparation import REFERENCE_ORDER
from imaging.errors import describe_shape

PSEUDONYM = re.compile(r"[^\W_][\w .-]{0,63}", re.ASCII)
BAD_PSEUDONYM = "A pseudonym is up to 64 letters, digits, spaces, '.', '_' and '-', and begins with a letter or digit."
Exams = dict[tuple[str, str, int], list[Row]]


def check_rows(delivery: Import, rows: Iterable[Row]) -> list[Row]:
    """Return the rows with their problems, the image that each mask is on, and one reference per case.

    What is left out is checked by itself only and stands in nobody's way.
    """
    rows = [_check_alone(suit_preset(row, delivery.scheme), delivery) for row in rows]
    exams = _exams(rows)
    found: dict[str, Row] = {}
    for members in exams.values():
        images = [row for row in members if row.role == IMAGE]
        masks = [_lay_on(row, images) for row in members if row.role == MASK]
        images = _choose_reference(images, masks)
        masks = [_lay_on(row, images) for row in masks]
        found.update({row.id: row for row in [*_same_names(images), *_same_raters(masks)]})
    for row_id, problem in _known_problems(delivery, exams).items():
        found[row_id] = _with(found[row_id], problem)
    return [found.get(row.id, row) for row in rows]


def _with(row: Row, problem: str) -> Row:
    """Return the row with a problem, unless it has one already: people correct one after the other."""
    return row if row.problem or not problem else replace(row, problem=problem)


def _exams(rows: Iterable[Row]) -> Exams:
    exams: Exams = defaultdict(list)
    for row in rows:
        if row.include:
            exams[row.exam].append(row)
    return exams


def _check_alone(row: Row, delivery: Import) -> Row:
    row = replace(row, problem="", on="", patient=row.patient.strip(), name=row.name.strip(), rater=row.rater.strip())
    return _with(row, _fault(row) or (check_labels(row, delivery.scheme) if row.role == MASK else ""))


def _fault(row: Row) -> str:
    """Return the first thing that is wrong with a row by itself."""
    image, numbered = row.role == IMAGE, row.follow_up_number > 0
    faults = (
        (not row.patient, "Give the patient a pseudonym."),
        (not PSEUDONYM.fullmatch(row.patient), BAD_PSEUDONYM),
        (row.time_point not in Case.TimePoint.values, "Choose a time point from the list."),
        (numbered and row.time_point != Case.TimePoint.FOLLOW_UP, "Only a follow-up has a number."),
        (image and row.sequence not in Series.Sequence.values, "Choose a sequence from the list."),
        (not image and not row.rater, "Name the rater who made this mask."),
    )
    return next((text for wrong, text in faults if wrong), "")


def _lay_on(mask: Row, images: list[Row]) -> Row:
    """Return the mask with the image that it is on: the case's reference when that has its grid."""
    if not images:
        return _with(mask, f"There is no image of {mask.patient} at this time point in the import.")
    grid = mask.grid.canonical()
    fitting = [image for image in images if image.grid.canonical().same_as(grid)]
    if not fitting:
        others = "; ".join(f"{image.sequence} {_grid_text(image)}" for image in images[:6])
        return _with(mask, f"Its grid {_grid_text(mask)} matches no image of its case ({others}).")
    return replace(mask, on=min(fitting, key=_reference_order).id)


def _grid_text(row: Row) -> str:
    spacing = " × ".join(f"{length:.3g}" for length in row.grid.spacing)
    return f"{describe_shape(row.shape)}, {spacing} mm"


def _reference_order(row: Row) -> tuple[bool, int, int]:
    return not row.reference, REFERENCE_ORDER.index(row.sequence), -row.grid.voxel_count


def _choose_reference(images: list[Row], masks: list[Row]) -> list[Row]:
    """Return the images with exactly one reference: the one that a person chose, else one that masks are on."""
    if not images:
        return images
    drawn_on = Counter(mask.on for mask in masks if mask.on)
    usable = [row for row in images if row.sequence in REFERENCE_ORDER] or images
    best = min(usable, key=lambda row: (not row.reference, -drawn_on[row.id], *_order_or_last(row)))
    return [replace(row, reference=row.id == best.id) for row in images]


def _order_or_last(row: Row) -> tuple[int, int]:
    order = REFERENCE_ORDER.index(row.sequence) if row.sequence in REFERENCE_ORDER else len(REFERENCE_ORDER)
    return order, -row.grid.voxel_count


def _same_names(images: list[Row]) -> list[Row]:
    names = Counter((row.sequence, row.name) for row in images if not row.problem)
    return [
        _with(row, "This case has several images of this sequence: give each a name, or leave some out.")
        if names[row.sequence, row.name] > 1
        else row
        for row in images
    ]


def _same_raters(masks: list[Row]) -> list[Row]:
    """Return the masks, each with a problem when its rater has others that are no further layers of one labelling."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in masks:
        if not row.problem:
            found[row.rater.lower()].append(row)
    clashes = {rater: _clash(several) for rater, several in found.items()}
    return [_with(row, clashes.get(row.rater.lower(), "")) for row in masks]


def _clash(masks: list[Row]) -> str:
    """Return why masks of one rater and case cannot be stored together, or nothing."""
    layers = {row.preset for row in masks if row.preset.startswith(LAYER)}
    if len(masks) == 1 or (len(layers) == len(masks) and len({row.on for row in masks}) == 1):
        return ""
    if len(layers) == len(masks):
        return f"The layers by {masks[0].rater} are on different grids: resample them to one image."
    return f"This case has several masks of {masks[0].rater}: name another rater, or leave some out."


def _known_problems(delivery: Import, exams: Exams) -> dict[str, str]:
    """Return row id → problem for files that come twice and for exams and files that are stored already."""
    images = [row for members in exams.values() for row in members if row.role == IMAGE]
    problems = already_stored_files(delivery, images)
    stored = already_stored_exams(delivery, list(exams))
    for exam, problem in stored.items():
        problems.update({row.id: problem for row in exams[exam]})
    first: dict[Any, Row] = {}
    for row in images:
        other = first.setdefault(row.sha256, row)
        if other is not row:
            problems[row.id] = f"It has the same content as {other.file}. Leave one of them out."
    return problems
