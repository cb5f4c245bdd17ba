"""Give segmentations back in their original grid, as NIfTI, NRRD or MetaImage."""

from __future__ import annotations

from cases.models import Segmentation
from cases.services import read_layers
from core.errors import DomainError
from imaging.grid import from_canonical
from imaging.writing import WRITERS


def formats() -> list[str]:
    """Return the file endings that can be asked for."""
    return list(WRITERS)


def export_segmentation(segmentation: Segmentation, *, suffix: str = ".nii.gz") -> dict[str, bytes]:
    """Return file name → content, one file per layer, on the native grid of the series that was drawn on.

    Values are the scheme's. Names are made of the pseudonym and the scheme, nothing else.
    """
    if suffix not in WRITERS:
        raise DomainError(f"Masks are exported as {', '.join(WRITERS)}.")
    native = segmentation.series.grid
    layers = read_layers(segmentation)
    stem = f"{segmentation.case.patient.pseudonym}_{segmentation.case.time_point}_seg{segmentation.pk}"
    names = [layer["key"] for layer in segmentation.scheme.definition["layers"]]
    many = len(names) > 1
    return {
        f"{stem}{'_' + name if many else ''}{suffix}": WRITERS[suffix](from_canonical(layers[index], native), native)
        for index, name in enumerate(names)
    }
