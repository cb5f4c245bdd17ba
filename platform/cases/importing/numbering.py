"""Which numbering a mask's file was written with, and whether the import's label scheme knows its values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from cases.importing.rows import MASK, Row
from cases.models import LabelScheme

OWN = ""
"""The preset of a file that has the scheme's own values."""
LAYER = "layer:"
"""The preset of a file that holds one layer of a scheme of several, in that layer's own values: 'layer:adc'."""


def tables_of(scheme: LabelScheme) -> dict[str, set[int]]:
    """Return the values (without 0) that each numbering knows.

    One file cannot hold the overlapping layers of a scheme of several, so that such a scheme has no numbering of its
    own, but one for each of its layers.
    """
    definition: dict[str, Any] = scheme.definition
    tables = {name: {int(value) for value in table} for name, table in definition.get("import_values", {}).items()}
    if len(definition["layers"]) == 1:
        return {OWN: {label["value"] for label in definition["labels"]}, **tables}
    layers: dict[str, set[int]] = {LAYER + layer["key"]: set() for layer in definition["layers"]}
    for label in definition["labels"]:
        layers[LAYER + label["layer"]].add(label["value"])
    return {**tables, **layers}


def choose_preset(scheme: LabelScheme, values: Iterable[int], *, hint: str = "") -> str:
    """Return the numbering that fits a file: what its name says, the scheme's own, then any that knows the values.

    When none does, the one that is closest to fitting, so that its problem can be told.
    """
    tables, found = tables_of(scheme), set(values)
    hinted = OWN if hint == scheme.key else hint
    order = sorted(tables, key=lambda name: (name != hinted, name != OWN))
    return min(order, key=lambda name: len(found - tables[name]), default=OWN)


def suit_preset(row: Row, scheme: LabelScheme | None) -> Row:
    """Return the row with a numbering that the scheme has; a person's choice among those stays."""
    if row.role != MASK or scheme is None or row.labels is None or row.preset in tables_of(scheme):
        return row
    hint = _layer_drawn_on(row, scheme) or row.numbering
    return replace(row, preset=choose_preset(scheme, values_of(row), hint=hint))


def _layer_drawn_on(row: Row, scheme: LabelScheme) -> str:
    """Return the layer that is drawn on the sequence in the mask's name, or ''."""
    layers = scheme.definition["layers"]
    fitting = [layer["key"] for layer in layers if layer["sequence"] and layer["sequence"] == row.sequence]
    return LAYER + fitting[0] if fitting else ""


def values_of(row: Row) -> set[int]:
    """Return the label values that occur in a file, without background."""
    return {int(value) for value in row.labels or {}} - {0}


def check_labels(row: Row, scheme: LabelScheme | None) -> str:
    """Return what is wrong with a mask's values, or nothing."""
    if row.labels is None:
        return row.no_labels or "This file is no label map."
    if scheme is None:
        return "Choose a label scheme for the masks of this import."
    tables = tables_of(scheme)
    unknown = values_of(row) - tables.get(row.preset, set())
    if unknown:
        numbering = f" in the numbering {row.preset}" if row.preset else ""
        return (
            f"It holds the values {_listed(unknown)}, which {scheme.name} does not have{numbering}: "
            f"it has {_listed(tables[row.preset])}. Choose another numbering or label scheme."
        )
    return ""


def _listed(values: Iterable[int]) -> str:
    return ", ".join(str(value) for value in sorted(values))
