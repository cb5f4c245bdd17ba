"""Make, once, what the browser gets of a case: copies on the reference grid, windows, thumbnails."""

from __future__ import annotations

import tempfile
from pathlib import Path

from cases.detached import data_file_name
from cases.models import Case, Series
from core import storage
from core.errors import DomainError
from imaging import preview
from imaging.grid import to_canonical
from imaging.reading import read_volume
from imaging.resampling import resample
from imaging.volume import Volume
from jobs.models import Job

REFERENCE_ORDER = ("T1c", "FLAIR", "T1", "T2", "ADC", "DWI", "rCBV", "other")
"""Whose grid a case is shown on when nobody chose: the sequences that tumours are usually drawn on come first."""


def choose_reference(series: list[Series]) -> Series:
    """Return the series whose grid the case is shown on: by sequence, then by the finer grid."""
    if not series:
        raise DomainError("A case needs at least one image.")
    return min(series, key=lambda one: (REFERENCE_ORDER.index(one.sequence), -one.grid.voxel_count, one.pk or 0))


def read_original(series: Series) -> Volume:
    """Return the volume of a series as it was received, on its native grid."""
    files = list(series.files.all())
    if not files:
        raise DomainError(f"The original of {series} is missing.")
    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder) / f"image{files[0].suffix}"
        first.write_bytes(storage.read(files[0].stored_id))
        if len(files) > 1:
            named = data_file_name(first, files[0].format)
            if named is None:
                raise DomainError(f"The header of {series} does not name its data file.")
            (Path(folder) / Path(named).name).write_bytes(storage.read(files[1].stored_id))
        return read_volume(first)


def prepare_series(series: Series, reference: Series) -> dict[str, object]:
    """Return the fields of a prepared series; the files are stored, the row is not touched."""
    volume = read_original(series)
    grid = reference.grid.canonical()
    array, canonical = to_canonical(volume.array, volume.grid)
    low, high = preview.window(array)
    shown = array if canonical.same_as(grid) else resample(array, canonical, grid, order=1)
    # The middle of the head, never the slice of a mask: raters see thumbnails too.
    picture = preview.thumbnail(shown, spacing=grid.spacing, shown=(low, high))
    return {
        "browser_copy": storage.keep(preview.browser_copy(volume, grid)),
        "thumbnail": storage.keep(picture),
        "window_low": low,
        "window_high": high,
    }


def prepare_case(job: Job) -> None:
    """Prepare every series of a case that is not prepared yet."""
    case = Case.objects.select_related("reference").get(pk=job.params["case"])
    waiting = list(Series.objects.unprepared().filter(case=case).prefetch_related("files"))
    if case.reference is None:
        raise DomainError(f"{case} has no reference series.")
    for number, series in enumerate(waiting):
        job.report(100 * number / len(waiting), f"Preparing {series.sequence} for the browser")
        fields = prepare_series(series, case.reference)
        with job.keeping():
            Series.objects.filter(pk=series.pk).update(**fields)
