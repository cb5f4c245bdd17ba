"""Whose masks a study can compare: models, the people who read it, and people whose masks were imported."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from cases.models import Segmentation
from evaluation.reports import freezing
from evaluation.reports.parameters import Chosen, Option, Options
from people.models import Rater
from studies.models import Study

Row = dict[str, Any]
FIRST_METHOD = 0
"""The value of a choice that stands for the first of the chosen methods."""


def source_options(study: Study) -> Options:
    """Return everybody who has masks of the study's cases: models, then its raters, then people who were imported."""
    raters = {row.rater_id: row.rater for row in freezing.submissions(study, withdrawn=True)}
    readers = [Option(rater.pk, rater.name) for rater in sorted(raters.values(), key=lambda one: (one.name, one.pk))]
    models = [Option(one.value, one.label) for one in freezing.model_options(study)]
    imported = [one for one in freezing.reference_options(study) if one.value]
    return (*models, *readers, *imported)


def reference_first(study: Study) -> Options:
    """Return the same, those first who are most likely the reference: imported people, the study's raters, models."""
    found = source_options(study)
    imported = {one.value for one in freezing.reference_options(study) if one.value}
    models = {one.value for one in freezing.model_options(study)}
    return tuple(sorted(found, key=lambda one: (one.value not in imported, one.value in models)))


def or_first_method(study: Study) -> Options:
    """Return the first of the chosen methods, and everybody by name."""
    return (Option(FIRST_METHOD, "the first of the methods"), *source_options(study))


def freeze_masks(
    study: Study, raters: Sequence[int], *, regions: Collection[str], parameters: Chosen
) -> tuple[list[Segmentation], Row]:
    """Return the masks of these raters, and the frozen inputs that name them.

    A rater of the study has their submissions, whoever else their newest masks that have the regions; by the choices
    MISSING and WITHDRAWN without people who left, and of the cases alone of which everybody has one. The inputs have
    raters (those with masks, in the order given), cases, readings, grids (of each case's masks) and left_out
    (masks that cannot be used, with the reason).
    """
    cases = freezing.study_cases(study)
    readers = {row.rater_id for row in freezing.submissions(study, withdrawn=True)}
    submitted, off_grid = freezing.on_the_grid(
        row
        for row in freezing.submissions(study, withdrawn=parameters["withdrawn"] == "keep")
        if row.rater_id in raters
    )
    others, left_out = freezing.masks_by(set(raters) - readers, cases=cases, regions=regions)
    own = [row.submission for row in submitted if row.submission is not None]
    found = {(mask.case_id, mask.rater_id): mask for mask in [*own, *others]}
    if parameters["missing"] == "complete":
        found = freezing.keep_complete(found)
    masks = [found[place] for place in sorted(found)]
    present = {mask.case_id for mask in masks}
    return masks, {
        "raters": _facts(study, raters, masks, readers),
        "cases": [freezing.case_facts(case) for case in cases if case.pk in present],
        "readings": [freezing.reading(mask) for mask in masks],
        "grids": {str(mask.case_id): mask.grid.to_json() for mask in masks},
        "left_out": [*off_grid, *left_out],
    }


def _facts(study: Study, raters: Sequence[int], masks: Iterable[Segmentation], readers: set[int]) -> list[Row]:
    there = {mask.rater_id for mask in masks}
    facts = {row["id"]: row for row in freezing.people(study, readers & there)}
    for rater in Rater.objects.filter(pk__in=there - set(facts)):
        group = "model" if rater.kind == Rater.Kind.MODEL else "reference"
        facts[rater.pk] = freezing.rater_facts(rater, group=group)
    return [facts[rater] for rater in raters if rater in facts]
