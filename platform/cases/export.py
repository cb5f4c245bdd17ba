"""Give segmentations back in their original grid, as NIfTI, NRRD or MetaImage."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

from cases.detached import data_file_name
from cases.models import Segmentation, SeriesFile
from cases.services import read_layers
from core import storage
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


def zip_original(files: list[SeriesFile], name: str) -> bytes:
    """Return the received files of a series as one zip; a data file keeps the name that its header refers to."""
    stream = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        header = Path(folder) / "header"
        header.write_bytes(storage.read(files[0].stored_id))
        archive.write(header, f"{name}{files[0].suffix}")
        named = data_file_name(header, files[0].format)
        for number, file in enumerate(files[1:]):
            inside = Path(named).name if number == 0 and named else f"{name}_{number + 1}{file.suffix}"
            archive.writestr(inside, storage.read(file.stored_id))
    return stream.getvalue()
