"""The life of an import: start, parse, correct, confirm, discard, expire. One function per verb."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from audit.services import record
from cases.importing.checking import check_rows
from cases.importing.rows import as_json, corrected, forget_presets, rows_of
from cases.importing.staging import new_expiry, remove_files, sweep_folders
from cases.models import Import, LabelScheme, Upload
from core.errors import Conflict, DomainError
from jobs.models import Job
from jobs.services import enqueue
from people.models import Centre

PARSE = "cases.parse_import"
STORE = "cases.store_import"
State = Import.State
ENDED_BADLY = (Job.Status.FAILED, Job.Status.CANCELLED)


def may_import(user: Any) -> bool:
    """Whether somebody may import at all: leads and site administrators."""
    return bool(user.is_authenticated and (user.may_lead or user.is_superuser))


def start(*, owner: Any, centre: Centre, scheme: LabelScheme | None = None, synthetic: bool = False) -> Import:
    """Open an import into a centre: one's own, or any for a site administrator."""
    if not may_import(owner):
        raise DomainError("Only leads and administrators import cases. Ask your administrator for the right to.")
    if not owner.is_superuser and owner.centre_id != centre.pk:
        raise DomainError("You import into your own centre only. Ask the administrator for another one.")
    return Import.objects.create(
        owner=owner, centre=centre, scheme=scheme, synthetic=synthetic, expires_at=new_expiry()
    )


def parse(*, delivery: Import) -> Job:
    """Have a worker read what has arrived and recognise it."""
    settle(delivery)
    uploads = Upload.objects.filter(delivery=delivery)
    waiting = uploads.incomplete().count()
    if waiting:
        raise Conflict(f"{waiting} of the files have not arrived whole. Send the rest, or take them back.")
    if not uploads.exists():
        raise DomainError("No file has arrived yet.")
    with transaction.atomic():
        _move(delivery, [State.UPLOADING, State.FAILED], State.PARSING)
        return enqueue(PARSE, key=str(delivery.pk), owner=delivery.owner, again=True, delivery=str(delivery.pk))


@transaction.atomic
def correct(*, delivery: Import, corrections: Iterable[Mapping[str, Any]], scheme: LabelScheme | None = None) -> Import:
    """Take over what a person corrected in the preview, and check all rows again.

    Another label scheme means that the numbering of every mask is chosen anew.
    """
    other = scheme is not None and scheme.pk != delivery.scheme_id
    changed = _move(delivery, [State.PREVIEW], State.PREVIEW, **({"scheme": scheme} if other else {}))
    rows = forget_presets(rows_of(changed)) if other else rows_of(changed)
    rows = check_rows(changed, corrected(rows, corrections))
    Import.objects.filter(pk=delivery.pk).update(rows=as_json(rows), error="")
    changed.rows = as_json(rows)
    return changed


def confirm(*, delivery: Import) -> Job:
    """Have a worker store the included rows as cases. Raises DomainError while one of them has a problem."""
    settle(delivery)
    with transaction.atomic():
        changed = _move(delivery, [State.PREVIEW], State.STORING)
        rows = check_rows(changed, rows_of(changed))
        included = [row for row in rows if row.include]
        faulty = [row for row in included if row.problem]
        if faulty:
            raise DomainError(
                f"{len(faulty)} of the included rows have a problem, the first: {faulty[0].file}: {faulty[0].problem} "
                "Correct them or leave them out."
            )
        if not included:
            raise DomainError("No row is included: there is nothing to store.")
        Import.objects.filter(pk=delivery.pk).update(rows=as_json(rows), error="")
        return enqueue(STORE, key=str(delivery.pk), owner=delivery.owner, again=True, delivery=str(delivery.pk))


def discard(*, delivery: Import, by: Any = None) -> None:
    """Give an import up and remove what was staged, at once; discarding twice changes nothing."""
    with transaction.atomic():
        jobs_of(delivery).unfinished().update(status=Job.Status.CANCELLED, again=False, finished_at=timezone.now())
        open_still = Import.objects.filter(pk=delivery.pk).exclude(state=State.DONE)
        if not open_still.update(state=State.DISCARDED, problems=[], error=""):
            raise Conflict("These cases are stored already. Withdraw them from their pages.")
        record("import.discarded", delivery, by=by)
    remove_files(delivery)


def expire() -> dict[str, int]:
    """Remove what waited too long, and what finished imports and crashes left behind; return the counts."""
    for delivery in Import.objects.filter(state__in=[State.PARSING, State.STORING]):
        settle(delivery)
    over = list(Import.objects.expired().exclude(state=State.DONE))
    for delivery in over:
        discard(delivery=delivery)
    ended = Import.objects.filter(state__in=[State.DONE, State.DISCARDED], files_removed_at__isnull=True)
    for delivery in ended:
        remove_files(delivery)
    # Refused files are named until the import's time is over, for the person who reads the result.
    Import.objects.filter(expires_at__lt=timezone.now()).exclude(problems=[]).update(problems=[])
    return {"expired": len(over), "folders": sweep_folders()}


def settle(delivery: Import) -> None:
    """Bring an import back whose job ended without being able to say so: a worker that died, a person who cancelled.

    Parsing that ended badly has failed and can be asked for again; storing that ended badly goes back to the preview,
    since nothing of it was kept.
    """
    for kind, during, after in ((PARSE, State.PARSING, State.FAILED), (STORE, State.STORING, State.PREVIEW)):
        job = Job.objects.filter(kind=kind, key=str(delivery.pk), status__in=ENDED_BADLY, again=False).first()
        if job is not None:
            error = job.error or "This was cancelled."
            Import.objects.filter(pk=delivery.pk, state=during).update(state=after, error=error)


def jobs_of(delivery: Import) -> Any:
    """Return the jobs of an import, the latest asked for first."""
    return Job.objects.filter(Q(kind=PARSE) | Q(kind=STORE), key=str(delivery.pk)).order_by("-created_at")


def _move(delivery: Import, before: Iterable[str], after: State, **changes: Any) -> Import:
    """Change the state in one conditional update, and return the row as it is then."""
    moved = Import.objects.filter(pk=delivery.pk, state__in=list(before))
    if not moved.update(state=after, expires_at=new_expiry(), **changes):
        now = Import.objects.get(pk=delivery.pk).state
        raise Conflict(f"This import is {State(now).label.lower()} now. Load the page again.")
    return Import.objects.select_related("centre", "scheme", "owner").get(pk=delivery.pk)
