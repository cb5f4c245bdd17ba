"""Read what a report froze: every mask and image only while it still is what it was."""

from __future__ import annotations

from cases.models import Segmentation, Series
from cases.preparation import read_original
from cases.schemes import masks_of
from cases.services import read_layers
from core.errors import DomainError
from evaluation.models import Report
from evaluation.reports.masks import CaseMasks
from imaging.grid import Grid, to_canonical
from imaging.volume import Voxels


class FrozenCases:
    """The frozen masks and images of a report."""

    def __init__(self, report: Report) -> None:
        self._inputs = report.inputs

    def __call__(self, case: int) -> CaseMasks:
        """Return the masks of a case by rater and region, each by the scheme that it was drawn with."""
        rows = self.segmentations(case)
        masks = {row.rater_id: masks_of(row.scheme.definition, read_layers(row)) for row in rows}
        return CaseMasks(masks=masks, spacing=rows[0].grid.spacing)

    def image(self, series: int) -> tuple[Voxels, Grid]:
        """Return an image and its grid, in canonical order; DomainError when its files are no longer what they were."""
        frozen = next(row["files"] for row in self._inputs["series"] if row["id"] == series)
        row = Series.objects.prefetch_related("files").get(pk=series)
        if [file.stored_id for file in row.files.all()] != frozen:
            raise DomainError("An image that this report froze is no longer there, or was replaced.")
        volume = read_original(row)
        return to_canonical(volume.array, volume.grid)

    def segmentations(self, case: int) -> list[Segmentation]:
        """Return the frozen segmentations of a case; DomainError when one is no longer what it was."""
        frozen = {row["segmentation"]: row["sha256"] for row in self._inputs["readings"] if row["case"] == case}
        rows = Segmentation.objects.filter(pk__in=frozen).select_related("scheme", "series", "rater", "content")
        if {row.pk: row.sha256 for row in rows} != frozen:
            raise DomainError("A reading that this report froze is no longer there, or was altered.")
        return list(rows.order_by("rater_id"))
