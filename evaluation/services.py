"""Ask for a report, and keep what a worker computed."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.services import record
from cases.models import Segmentation
from core import storage
from core.errors import DomainError
from core.models import StoredFile
from evaluation.models import Report, ReportFile
from evaluation.reports import freezing
from jobs.models import Job
from jobs.services import enqueue
from people.models import Rater, User
from studies.models import Study

CONTENT_TYPES = {".pdf": "application/pdf", ".csv": "text/csv", ".svg": "image/svg+xml", ".png": "image/png"}


@transaction.atomic
def request_report(*, study: Study, by: User, title: str = "", parameters: dict[str, Any] | None = None) -> Report:
    """Freeze the study's readings as they are and ask a worker for the report.

    Raises DomainError when fewer than two raters have handed anything in, or a parameter is wrong.
    """
    chosen = freezing.complete_parameters(study, parameters or {})
    inputs = freezing.freeze(study, chosen)
    report = Report.objects.create(
        study=study,
        kind=Report.Kind.INTER_RATER,
        title=title or f"Agreement between raters, {timezone.now():%d %B %Y}",
        parameters=chosen,
        inputs=inputs,
        inputs_sha256=freezing.digest(inputs),
        created_by=by,
    )
    report.job = enqueue("evaluation.report", key=str(report.pk), owner=by, report=report.pk)
    report.save(update_fields=["job"])
    record("report.requested", report, by=by, inputs=report.inputs_sha256)
    return report


def store_files(contents: dict[str, bytes]) -> dict[str, StoredFile]:
    """Store a report's files, before any row names them."""
    return {name: storage.keep(content) for name, content in contents.items()}


def keep_report(
    job: Job, report: Report, *, data: dict[str, Any], figures: dict[str, Any], files: dict[str, StoredFile]
) -> None:
    """Write a computed report in one transaction that only the current attempt can commit."""
    with job.keeping():
        unfinished = Report.objects.filter(pk=report.pk, finished_at__isnull=True)
        if not unfinished.update(data=data, figures=figures, finished_at=timezone.now()):
            return
        ReportFile.objects.bulk_create(
            [
                ReportFile(
                    report=report, name=name, content_type=CONTENT_TYPES[name[name.rindex(".") :]], stored=stored
                )
                for name, stored in files.items()
            ]
        )


def consensus_rater() -> Rater:
    """Return the rater that majority votes are made by."""
    rater, _ = Rater.objects.get_or_create(kind=Rater.Kind.CONSENSUS, name="Majority vote")
    return rater


def readings_of(report: Report, case: int) -> list[Segmentation]:
    """Return the frozen readings of a case; DomainError when one is no longer what it was."""
    frozen = {row["segmentation"]: row["sha256"] for row in report.inputs["readings"] if row["case"] == case}
    rows = Segmentation.objects.filter(pk__in=frozen).select_related("scheme", "series", "rater", "content")
    if {row.pk: row.sha256 for row in rows} != frozen:
        raise DomainError("A reading that this report froze is no longer there, or was altered.")
    return list(rows.order_by("rater_id"))
