"""The majority vote of a case's people, kept as a segmentation of its own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cases.models import Segmentation
from cases.services import add_segmentation, keep_layers, read_layers
from evaluation.consensus import majority_vote
from evaluation.models import Report
from evaluation.reports.inter_rater.computing import MINIMUM_READERS
from evaluation.reports.loading import FrozenCases
from evaluation.reports.naming import name_of_consensus
from jobs.models import Job
from people.models import Rater


def keep_consensus(job: Job, report: Report) -> None:
    """Store the majority vote of every case that at least two people read, unless it is the study's newest already."""
    rater, _ = Rater.objects.get_or_create(kind=Rater.Kind.CONSENSUS, name=name_of_consensus(report.study_id))
    people = {row["id"] for row in report.inputs["raters"] if row["group"] in ("expert", "novice")}
    frozen = FrozenCases(report)
    for case in report.inputs["cases"]:
        read = [row for row in frozen.segmentations(case["id"]) if row.rater_id in people]
        if len(read) < MINIMUM_READERS:
            continue
        job.report(92, "Keeping the consensus")
        layers = majority_layers([read_layers(row) for row in read], tie=report.parameters["tie"])
        kept = keep_layers(series=read[0].series, scheme=read[0].scheme, layers=layers)
        with job.keeping():
            rows = Segmentation.objects.filter(case=case["id"], rater=rater).order_by("-created_at", "-pk")
            newest = rows.first()
            if newest is None or newest.sha256 != kept.sha256:
                add_segmentation(kept=kept, rater=rater, source=Segmentation.Source.CONSENSUS)


def majority_layers(readings: list[NDArray[np.uint8]], *, tie: str) -> NDArray[np.uint8]:
    """Return the majority label maps (layer, x, y, z) of label maps of the same shape, label by label.

    A voxel gets the label that more than half of the readers gave it; without such a label it is background. With
    the tie rule "foreground" exactly half is enough, and of two such labels the lower value is taken.
    """
    result = np.zeros_like(readings[0])
    for layer in range(result.shape[0]):
        maps = [reading[layer] for reading in readings]
        for value in sorted({int(value) for one in maps for value in np.unique(one)} - {0}, reverse=True):
            result[layer][majority_vote([one == value for one in maps], tie=tie)] = value
    return result
