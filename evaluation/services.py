"""Ask for a report, and keep what a worker computed."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.services import record
from core import storage
from core.errors import DomainError
from core.models import StoredFile
from evaluation.models import Recomputation, Report, ReportFile
from evaluation.reports import freezing, side_by_side
from evaluation.reports.differences import find_differences
from evaluation.reports.environment import code_version
from evaluation.reports.parameters import complete, describe
from evaluation.reports.registry import kind_named
from jobs.models import Job
from jobs.services import enqueue
from people.models import User
from studies.models import Study

CONTENT_TYPES = {
    ".pdf": "application/pdf",
    ".csv": "text/csv",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}

DIFFERENCES_LISTED = 500


@transaction.atomic
def request_report(
    *,
    study: Study,
    by: User,
    kind: str = Report.Kind.INTER_RATER,
    title: str = "",
    parameters: dict[str, Any] | None = None,
) -> Report:
    """Freeze what the study has as it is and ask a worker for the report.

    Raises DomainError when the kind cannot be made of this study, or a parameter is wrong.
    """
    made = kind_named(kind)
    chosen = complete(made.parameters, study, parameters or {})
    inputs = {
        "kind": made.key,
        "study": freezing.study_facts(study),
        "parameters": chosen,
        "choices": describe(made.parameters, study, chosen),
        **made.freeze(study, chosen),
        "code_version": code_version(),
    }
    report = Report.objects.create(
        study=study,
        kind=made.key,
        title=title or f"{made.title}, {timezone.now():%d %B %Y}",
        parameters=chosen,
        inputs=inputs,
        inputs_sha256=freezing.digest(inputs),
        created_by=by,
    )
    report.job = enqueue("evaluation.report", key=str(report.pk), owner=by, report=report.pk)
    report.save(update_fields=["job"])
    record("report.requested", report, by=by, kind=made.key, inputs=report.inputs_sha256)
    return report


def store_files(contents: dict[str, bytes]) -> dict[str, StoredFile]:
    """Store a report's files, before any row names them."""
    return {name: storage.keep(content) for name, content in contents.items()}


def keep_report(job: Job, report: Report, *, files: dict[str, StoredFile], **computed: Any) -> None:
    """Write what was computed (data, methods, tables, figures, environment); only the current attempt can commit."""
    with job.keeping():
        unfinished = Report.objects.filter(pk=report.pk, finished_at__isnull=True)
        if not unfinished.update(**computed, finished_at=timezone.now()):
            return
        ReportFile.objects.bulk_create(
            [
                ReportFile(
                    report=report, name=name, content_type=CONTENT_TYPES[name[name.rindex(".") :]], stored=stored
                )
                for name, stored in files.items()
            ]
        )


@transaction.atomic
def request_recomputation(*, report: Report, by: User) -> Recomputation:
    """Ask a worker to compute a report once more and compare. Raises DomainError while it is not finished."""
    if report.finished_at is None:
        raise DomainError("This report is not finished: there is nothing to compare with.")
    wanted = Recomputation.objects.create(report=report, requested_by=by)
    wanted.job = enqueue("evaluation.recompute", key=str(wanted.pk), owner=by, recomputation=wanted.pk)
    wanted.save(update_fields=["job"])
    record("report.recomputed", report, by=by)
    return wanted


def keep_recomputation(job: Job, wanted: Recomputation, *, data: dict[str, Any], environment: dict[str, Any]) -> None:
    """Compare what was computed again with the report, and write what differs."""
    report = wanted.report
    found = list(find_differences(report.data, json.loads(json.dumps(data))))
    same = environment == report.environment
    good = Recomputation.Verdict.WITHIN if not same and all(one.within for one in found) else None
    with job.keeping():
        Recomputation.objects.filter(pk=wanted.pk, finished_at__isnull=True).update(
            finished_at=timezone.now(),
            environment=environment,
            same_environment=same,
            verdict=(good or Recomputation.Verdict.DIFFERENT) if found else Recomputation.Verdict.IDENTICAL,
            differences=[vars(one) for one in found[:DIFFERENCES_LISTED]],
            difference_count=len(found),
        )


def compare_reports(first: Report, second: Report) -> dict[str, Any]:
    """Return two reports side by side. Raises DomainError when they are of two kinds, or one is not finished."""
    if first.kind != second.kind:
        raise DomainError("Only reports of one kind can be compared.")
    if first.finished_at is None or second.finished_at is None:
        raise DomainError("One of these reports is not finished: there is nothing to compare.")
    return {
        "choices": side_by_side.compare_choices(first.inputs.get("choices", []), second.inputs.get("choices", [])),
        "readings": side_by_side.compare_readings(first.inputs, second.inputs),
        "tables": side_by_side.compare_tables(first.tables, second.tables),
    }
