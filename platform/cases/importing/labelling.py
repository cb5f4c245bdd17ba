"""From masks of an import to segmentations: one per rater and case, of one file or of one file per layer."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from cases.importing.numbering import LAYER
from cases.importing.rows import MASK, Row
from cases.importing.staging import folder_of
from cases.models import Import, LabelScheme, Segmentation, Series
from cases.schemes import layers_from_file
from cases.services import KeptLayers, add_segmentation, keep_layers
from core.errors import DomainError
from imaging.grid import to_canonical
from imaging.labels import read_label_map
from imaging.payload import Layers
from people.models import Rater


def labellings(rows: Iterable[Row]) -> list[list[Row]]:
    """Return the masks that become one segmentation each: those of one rater and exam are its layers."""
    found: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        if row.role == MASK:
            found.setdefault((*row.exam, row.rater.lower()), []).append(row)
    return list(found.values())


def keep_labelling(delivery: Import, masks: list[Row], series: Series) -> KeptLayers:
    """Translate the values of masks, turn them to the canonical grid of their image, and store them together."""
    if delivery.scheme is None:
        raise DomainError("Choose a label scheme for the masks of this import.")
    layers = [_layers(delivery, row, delivery.scheme) for row in masks]
    return keep_layers(series=series, scheme=delivery.scheme, layers=np.maximum.reduce(layers))


def save_labelling(delivery: Import, layers: KeptLayers, name: str) -> str:
    """Make the segmentation of a rater known by name alone, who is one person within a centre; return the name."""
    known = Rater.objects.human().filter(centre=delivery.centre, user__isnull=True, name__iexact=name)
    rater = known.order_by("pk").first() or Rater.objects.create(
        kind=Rater.Kind.HUMAN, name=name, centre=delivery.centre
    )
    add_segmentation(kept=layers, rater=rater, source=Segmentation.Source.IMPORT, by=delivery.owner)
    return rater.name


def _layers(delivery: Import, row: Row, scheme: LabelScheme) -> Layers:
    """Return one file's labels as (layer, x, y, z) on the canonical grid; layers that it does not hold are empty."""
    found = read_label_map(folder_of(delivery) / row.sources[0].path)
    labels, _ = to_canonical(found.labels, found.grid)
    if not row.preset.startswith(LAYER):
        return layers_from_file(scheme.definition, labels, preset=row.preset)
    keys = [layer["key"] for layer in scheme.definition["layers"]]
    layers = np.zeros((len(keys), *labels.shape), np.uint8)
    layers[keys.index(row.preset.removeprefix(LAYER))] = labels
    return layers
