"""Take a study's masks and scores out: one zip with every mask on its original grid."""

from __future__ import annotations

import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from django.db import transaction

from audit.services import record
from cases.export import export_segmentation, formats
from core import storage
from core.csv_files import write_csv
from core.errors import DomainError
from jobs.models import Job
from jobs.services import enqueue
from people.models import User
from studies.models import Assignment, Comment, Rating, Study, StudyExport
from studies.reading import placed
from studies.rubrics import reason_not_assessed

SIDES = ("added", "removed")
README = """Masks and scores of one study, exported by Overread.

masks/          one label map per reading (and layer), on the original grid of the image that was drawn on
readings.csv    one row per reading: case, rater, expertise, times, edited voxels, volumes, score, the mask's file
comments.csv    one row per comment: at which voxel of the image (from 0) and at which mm (RAS+), and its text
answers.json    every answer behind a score, with the questions as they were asked
scheme.json     what the label values mean
"""


@transaction.atomic
def request_export(*, study: Study, by: User, suffix: str = ".nii.gz") -> StudyExport:
    """Ask a worker for an export of what has been handed in."""
    if suffix not in formats():
        raise DomainError(f"Masks are exported as {', '.join(formats())}.")
    if not Assignment.objects.submitted().filter(study=study).exists():
        raise DomainError("Nothing has been handed in for this study yet.")
    export = StudyExport.objects.create(study=study, suffix=suffix, created_by=by)
    export.job = enqueue("studies.export", key=str(export.pk), owner=by, export=export.pk)
    export.save(update_fields=["job"])
    record("study.exported", study, by=by)
    return export


def make_export(job: Job) -> None:
    """Write the zip and keep it."""
    export = StudyExport.objects.select_related("study__scheme").get(pk=job.params["export"])
    if export.stored_id is not None:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.zip"
        write_export(export.study, path, suffix=export.suffix, report=job.report)
        stored = storage.keep_file(path)
    with job.keeping():
        StudyExport.objects.filter(pk=export.pk, stored__isnull=True).update(stored=stored)


def write_export(study: Study, path: Path, *, suffix: str = ".nii.gz", report: Any = None) -> int:
    """Write a study's submitted masks and scores to a zip file; return how many readings it holds."""
    rows = list(_submitted(study))
    ratings = {one.assignment_id: one for one in Rating.objects.current().filter(assignment__study=study)}
    expertise = {pk: level for pk, level in study.memberships.raters().values_list("rater_id", "expertise") if pk}
    table: list[dict[str, Any]] = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for number, row in enumerate(rows):
            if report is not None:
                report(99 * number / len(rows), f"Writing reading {number + 1} of {len(rows)}")
            table.append(_write_reading(archive, row, ratings.get(row.pk), expertise, suffix))
        archive.writestr("readings.csv", write_csv(table))
        archive.writestr("comments.csv", write_csv(_comments(study)))
        archive.writestr("answers.json", json.dumps([_answers(ratings[row.pk]) for row in rows if row.pk in ratings]))
        archive.writestr("scheme.json", json.dumps(study.scheme.definition, indent=1))
        archive.writestr("README.txt", README)
    return len(rows)


def _submitted(study: Study) -> Any:
    return (
        Assignment.objects.submitted()
        .filter(study=study, case__withdrawn_at__isnull=True)
        .select_related("case__patient__centre", "rater", "submission__series", "submission__scheme", "arm")
        .order_by("case__patient__pseudonym", "case_id", "rater_id", "occasion")
    )


def _write_reading(
    archive: zipfile.ZipFile, row: Assignment, rating: Rating | None, expertise: dict[int, str], suffix: str
) -> dict[str, Any]:
    if row.submission is None:  # a constraint keeps this from happening
        raise DomainError("A submitted reading has no mask.")
    files = export_segmentation(row.submission, suffix=suffix)
    for name, content in files.items():
        archive.writestr(f"masks/{name}", content)
    return {
        "patient": row.case.patient.pseudonym,
        "time_point": row.case.time_point,
        "centre": row.case.patient.centre.code,
        "rater": row.rater.name,
        "expertise": expertise.get(row.rater_id, ""),
        "arm": row.arm.key,
        "occasion": row.occasion,
        "position": row.position,
        "start_mask_shown": row.start_shown,
        "submitted_at": row.submitted_at.isoformat() if row.submitted_at else "",
        "active_seconds": row.active_seconds,
        "idle_seconds": row.idle_seconds,
        **_edits(row),
        "score": rating.score if rating is not None else "",
        "cannot_be_assessed": (reason_not_assessed(rating.answers) or "") if rating is not None else "",
        **{f"volume_ml_{key}": value for key, value in row.submission.volumes_ml.items()},
        "files": " ".join(f"masks/{name}" for name in files),
    }


def _edits(row: Assignment) -> dict[str, Any]:
    """Return the edited voxels per label, and how often each tool was used, as columns that every reading has."""
    labels = [label["key"] for label in row.submission.scheme.definition["labels"]] if row.submission else []
    counts = {f"voxels_{side}_{key}": row.edits.get(side, {}).get(key, 0) for key in labels for side in SIDES}
    tools = sorted(row.edits.get("tools", {}).items())
    return {**counts, "tools": "; ".join(f"{name} {uses}" for name, uses in tools)}


def _comments(study: Study) -> list[dict[str, Any]]:
    rows = Comment.objects.current().filter(
        assignment__study=study, assignment__state=Assignment.State.SUBMITTED, assignment__case__withdrawn_at=None
    )
    rows = rows.select_related("assignment__case__patient", "assignment__rater", "assignment__series")
    return [
        {
            "patient": row.assignment.case.patient.pseudonym,
            "time_point": row.assignment.case.time_point,
            "rater": row.assignment.rater.name,
            "occasion": row.assignment.occasion,
            **dict(zip(("voxel_x", "voxel_y", "voxel_z"), one["voxel"], strict=True)),
            **dict(zip(("mm_right", "mm_anterior", "mm_superior"), one["mm"], strict=True)),
            "text": row.text,
        }
        for row in rows
        for one in placed(row.assignment, [row])
    ]


def _answers(rating: Rating) -> dict[str, Any]:
    return {
        "patient": rating.assignment.case.patient.pseudonym,
        "rater": rating.assignment.rater.name,
        "occasion": rating.assignment.occasion,
        "rubric": rating.rubric,
        "answers": rating.answers,
        "score": rating.score,
    }
