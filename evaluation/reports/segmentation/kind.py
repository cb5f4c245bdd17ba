"""The report on segmentation by subgroup as a kind: its choices, and what it freezes."""

from __future__ import annotations

from typing import Any

from evaluation.reports import against_reference, freezing, measuring, subgroups
from evaluation.reports.kinds import Kind
from evaluation.reports.parameters import MISSING, WITHDRAWN, Chosen, Option, Parameter
from evaluation.reports.segmentation import computing, figures, methods, tables
from studies.models import Study

PARAMETERS = (
    against_reference.REFERENCE,
    against_reference.MODELS,
    against_reference.PEOPLE,
    Parameter("regions", "Regions", "choices", options=freezing.region_options),
    Parameter(
        "groups",
        "Subgroups",
        "choices",
        "Attributes of the cases; the first one that divides them colours the figure.",
        options=subgroups.options(["tumour_type", "phase"]),
        may_be_empty=True,
    ),
    Parameter(
        "smallest_ml",
        "A case is positive from",
        "number",
        "Of the reference, and of a mask that finds it.",
        default=0.1,
        minimum=0.001,
        maximum=100,
        unit="ml",
    ),
    Parameter(
        "over",
        "Overlap and distance go over",
        "choice",
        options=tuple(Option(key, words) for key, words in tables.OVER.items()),
    ),
    Parameter(
        "tested",
        "Tests compare",
        "choice",
        options=(Option("object_dice", "the object-wise Dice"), Option("dice", "the voxel-wise Dice")),
    ),
    Parameter(
        "pairing",
        "Pairing of objects",
        "choice",
        options=(Option("legacy", "every pair that overlaps (legacy)"), Option("one_to_one", "one to one")),
    ),
    Parameter("min_voxels", "Smallest object", "integer", default=50, minimum=1, maximum=10_000, unit="voxels"),
    measuring.HAUSDORFF,
    measuring.BOTH_EMPTY,
    measuring.INFINITE_DISTANCE,
    MISSING,
    WITHDRAWN,
    against_reference.RESAMPLES,
    against_reference.SEED,
)


def freeze(study: Study, parameters: Chosen) -> dict[str, Any]:
    """Return the masks that have a reference, by hash."""
    return against_reference.freeze(study, parameters, regions=parameters["regions"])


SEGMENTATION = Kind(
    key="segmentation",
    title="Segmentation by subgroup",
    description="Models and raters against a reference: detection, overlap, distance, volumes, by subgroup.",
    parameters=PARAMETERS,
    missing=against_reference.missing,
    freeze=freeze,
    compute=computing.compute,
    tables=tables.tables,
    figures=figures.figures,
    methods=methods.methods,
)
