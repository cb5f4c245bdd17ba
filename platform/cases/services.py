"""What may change about cases and segmentations: one function per verb."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from audit.services import record
from cases import schemes
from cases.models import Access, Case, LabelScheme, Segmentation, Series
from core import storage
from core.errors import DomainError
from core.models import StoredFile
from imaging.payload import Layers, decode_layers, encode_layers, segmentation_sha256
from people.models import Rater


@dataclass(frozen=True)
class KeptLayers:
    """Labels that were checked, counted and stored, ready to become a segmentation's content in a transaction."""

    series: Series
    scheme: LabelScheme
    stored: StoredFile
    sha256: str
    volumes_ml: dict[str, float]


def keep_layers(*, series: Series, scheme: LabelScheme, layers: Layers) -> KeptLayers:
    """Check label maps (layer, x, y, z) on the canonical grid of `series`, count them and store them.

    The slow part of making a segmentation, to be done outside any transaction. Raises DomainError when the shape is
    not the grid's or a value is not the scheme's.
    """
    grid = series.grid.canonical()
    if layers.shape[1:] != grid.shape:
        raise DomainError(f"The labels are {layers.shape[1:]} voxels; the case's grid is {grid.shape}.")
    schemes.check_values(scheme.definition, layers)
    return KeptLayers(
        series=series,
        scheme=scheme,
        stored=storage.keep(encode_layers(layers)),
        sha256=segmentation_sha256(layers, grid, f"{scheme.key}/{scheme.version}"),
        volumes_ml=schemes.volumes_ml(scheme.definition, layers, grid),
    )


def add_segmentation(
    *,
    kept: KeptLayers,
    rater: Rater,
    source: Segmentation.Source,
    parent: Segmentation | None = None,
    by: Any = None,
) -> Segmentation:
    """Make the row of a segmentation whose labels are kept. A correction names its parent, of the same case."""
    if parent is not None and parent.case_id != kept.series.case_id:
        raise DomainError("A correction belongs to the case of what it corrects.")
    return Segmentation.objects.create(
        case_id=kept.series.case_id,
        series=kept.series,
        rater=rater,
        scheme=kept.scheme,
        source=source,
        parent=parent,
        content=kept.stored,
        sha256=kept.sha256,
        volumes_ml=kept.volumes_ml,
        created_by=by,
    )


def read_layers(segmentation: Segmentation) -> Layers:
    """Return the label maps (layer, x, y, z) on the canonical grid of the segmentation's series."""
    count = len(segmentation.scheme.definition["layers"])
    return decode_layers(storage.read(segmentation.content_id), segmentation.grid.shape, layer_count=count)


@transaction.atomic
def change_attributes(*, case: Case, by: Any, **changes: Any) -> Case:
    """Correct what reports group a case by; the audit trail keeps what it was."""
    before = {name: getattr(case, name) for name in changes}
    Case.objects.filter(pk=case.pk).update(**changes)
    record("case.changed", case, by=by, before=before, after=changes)
    case.refresh_from_db()
    return case


def give_access(
    *, user: Any, grant: Access.Grant, reason: str, case: Case | None = None, segmentation: Segmentation | None = None
) -> None:
    """Write an Access row; writing it again changes nothing."""
    Access.objects.get_or_create(user=user, grant=grant, case=case, segmentation=segmentation, reason=reason)


def take_access(*, reason: str, user: Any = None, case: Case | None = None) -> int:
    """Take back what was given for a reason; return how many rows."""
    rows = Access.objects.filter(reason=reason)
    if user is not None:
        rows = rows.filter(user=user)
    if case is not None:
        rows = rows.filter(case=case)
    return rows.delete()[0]
