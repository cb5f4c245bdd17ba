"""From confirmed rows to cases: files first, slow work outside, then all rows in one transaction."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import IntegrityError

from audit.services import record
from cases.importing.attempts import falling_back
from cases.importing.checking import check_rows
from cases.importing.labelling import keep_labelling, labellings, save_labelling
from cases.importing.rows import IMAGE, MASK, Row, rows_of
from cases.importing.staging import folder_of, remove_files
from cases.models import Access, Case, Import, Patient, Series, SeriesFile
from cases.services import KeptLayers, give_access
from core.errors import DomainError
from core.models import StoredFile
from core.storage import keep_file
from jobs.models import Job, Superseded
from jobs.services import enqueue

Stored = dict[str, Any]


@dataclass(frozen=True)
class Kept:
    """The stored files of an import's rows, and the labels of its masks, ready for the transaction."""

    files: dict[str, list[StoredFile]]
    series: dict[str, Series]
    layers: dict[str, KeptLayers]


def store(job: Job) -> None:
    """Make cases of a confirmed import: all of them or none. Done again, after a crash, it changes nothing."""
    delivery = Import.objects.select_related("centre", "scheme", "owner").get(pk=job.params["delivery"])
    if delivery.state == Import.State.PREVIEW:
        raise DomainError("The import is back in its preview: look at it there, and confirm it again.")
    if delivery.state == Import.State.STORING:
        with falling_back(job, delivery, to=Import.State.PREVIEW):
            _store_all(delivery, job)
    if Import.objects.filter(pk=delivery.pk, state=Import.State.DONE).exists():
        remove_files(delivery)


def _store_all(delivery: Import, job: Job) -> None:
    rows = [row for row in rows_of(delivery) if row.include]
    kept = keep_content(delivery, rows, job)
    job.report(95, "Making the cases")
    with job.keeping():
        result = {"cases": make_cases(delivery, rows, kept)}
        storing = Import.objects.filter(pk=delivery.pk, state=Import.State.STORING)
        if not storing.update(state=Import.State.DONE, result=result, error=""):
            raise Superseded("The import was discarded while it was being stored.")
        record("import.stored", delivery, by=delivery.owner, cases=[case["id"] for case in result["cases"]])
        enqueue("workflow.advance", key="advance", again=True)


def keep_content(delivery: Import, rows: list[Row], job: Job) -> Kept:
    """Store originals and labels. What is stored belongs to nobody yet, and is swept if it stays so."""
    files: dict[str, list[StoredFile]] = {}
    series = {row.id: _series(row) for row in rows if row.role == IMAGE}
    layers: dict[str, KeptLayers] = {}
    for number, row in enumerate(rows):
        job.report(90 * number / len(rows), f"Storing file {number + 1} of {len(rows)}")
        if row.role == IMAGE:
            files[row.id] = [_keep_unchanged(delivery, source.path, source.sha256) for source in row.sources]
    for members in labellings(rows):
        job.report(90, f"Storing the masks of {len(rows)} files")
        layers[members[0].id] = keep_labelling(delivery, members, series[members[0].on])
    return Kept(files, series, layers)


def make_cases(delivery: Import, rows: list[Row], kept: Kept) -> list[Stored]:
    """Write all rows of all cases, in the caller's transaction, and return what was made for the result.

    Raises DomainError when one of the exams was stored by somebody else in the meantime.
    """
    found = next((row for row in check_rows(delivery, rows_of(delivery)) if row.include and row.problem), None)
    if found is not None:
        raise DomainError(f"{found.patient}: {found.problem}")
    exams: dict[tuple[str, str, int], list[Row]] = defaultdict(list)
    for row in rows:
        exams[row.exam].append(row)
    try:
        return [_make_case(delivery, members, kept) for members in exams.values()]
    except IntegrityError:
        raise DomainError("One of these exams was stored by somebody else just now. Load the page again.") from None


def _series(row: Row) -> Series:
    return Series(
        sequence=row.sequence,
        name=row.name,
        shape=list(row.shape),
        affine=[list(line) for line in row.affine],
        technical=row.technical,
        removed=sorted({one["where"] for one in row.removed}),
    )


def _keep_unchanged(delivery: Import, path: str, sha256: str) -> StoredFile:
    stored = keep_file(_staged(delivery, path))
    if stored.sha256 != sha256:
        raise DomainError("A staged file is not the one that the preview was made from. Import it again.")
    return stored


def _staged(delivery: Import, path: str) -> Path:
    return folder_of(delivery) / path


def _make_case(delivery: Import, members: list[Row], kept: Kept) -> Stored:
    images = [row for row in members if row.role == IMAGE]
    masks = [row for row in members if row.role == MASK]
    case = _case(delivery, images)
    for row in images:
        _save_series(case, row, kept)
    Case.objects.filter(pk=case.pk).update(reference=next(kept.series[row.id] for row in images if row.reference))
    raters = [save_labelling(delivery, kept.layers[one[0].id], one[0].rater) for one in labellings(masks)]
    give_access(user=delivery.owner, grant=Access.Grant.CASE_AND_SEGMENTATIONS, reason="import", case=case)
    record("case.imported", case, by=delivery.owner, series=len(images), segmentations=len(raters))
    return {
        "id": case.pk,
        "patient": case.patient.pseudonym,
        "time_point_name": case.get_time_point_display(),
        "sequences": [row.sequence for row in images],
        "raters": raters,
    }


def _case(delivery: Import, images: list[Row]) -> Case:
    pseudonym, time_point, number = images[0].exam
    patient, _ = Patient.objects.get_or_create(centre=delivery.centre, pseudonym=pseudonym)
    return Case.objects.create(
        patient=patient,
        time_point=time_point,
        follow_up_number=number,
        synthetic=delivery.synthetic,
        may_show_face=any(row.face for row in images),
        imported_by=delivery.owner,
    )


def _save_series(case: Case, row: Row, kept: Kept) -> None:
    series = kept.series[row.id]
    series.case = case
    series.save()
    for position, (source, stored) in enumerate(zip(row.sources, kept.files[row.id], strict=True)):
        SeriesFile.objects.create(
            series=series, position=position, stored=stored, format=source.format, suffix=source.suffix
        )
