"""Ask for work, cancel it, try it again, and find what was lost."""

import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from core.errors import Conflict
from jobs.models import FINISHED, Job

logger = logging.getLogger(__name__)
Status = Job.Status
SEND_POLICY = {"max_retries": 1, "interval_start": 0.1}
"""How hard a message is tried to be sent: a person may be waiting, and `look_after` tries again anyway."""


def enqueue(
    kind: str, *, key: str, owner: Any = None, queue: str = "default", again: bool = False, **params: Any
) -> Job:
    """Ask for a piece of work and return its job; asking twice for the same (kind, key) gives the same job.

    The message leaves when the surrounding transaction commits. With `again` a finished job is done once more, and
    a running one is done once more after it ends: for work that reads the state of the day.
    """
    fields = {"params": params, "queue": queue, "owner": owner, "attempts_allowed": settings.JOB_ATTEMPTS}
    try:
        with transaction.atomic():
            job, created = Job.objects.get_or_create(kind=kind, key=key, defaults=fields)
    except IntegrityError:
        job, created = Job.objects.get(kind=kind, key=key), False
    if created:
        send_on_commit(job)
    elif again:
        transaction.on_commit(lambda: _ask_again(job))
    return job


def _ask_again(job: Job) -> None:
    """Queue a finished job anew; mark a running one to be done once more.

    Called after the commit of what the job shall see: a job that still waits then, or begins between the two updates,
    sees it anyway.
    """
    if Job.objects.filter(pk=job.pk, status=Status.RUNNING).update(again=True):
        return
    if _requeue(Job.objects.filter(pk=job.pk, status__in=FINISHED)):
        send(job)


def _requeue(jobs: Any) -> bool:
    return bool(
        jobs.update(
            status=Status.QUEUED,
            attempts_allowed=F("attempt") + settings.JOB_ATTEMPTS,
            percent=0,
            step="",
            again=False,
            sends=0,
            finished_at=None,
        )
    )


def send_on_commit(job: Job) -> None:
    """Hand the job's id to the broker once the row can be seen by others."""
    transaction.on_commit(lambda: send(job))


def send(job: Job) -> bool:
    """Hand the job's id to the broker; one that cannot be reached only delays: `look_after` sends it again."""
    from jobs.tasks import run

    Job.objects.filter(pk=job.pk).update(sent_at=Now(), sends=F("sends") + 1)
    try:
        run.apply_async(args=(str(job.pk),), queue=job.queue, retry_policy=SEND_POLICY)
    except Exception as error:
        logger.warning("The broker did not take job %s (%s); it will be sent again.", job.pk, error)
        Job.objects.filter(pk=job.pk, status=Status.QUEUED).update(sent_at=None)
        return False
    return True


def cancel(job: Job) -> None:
    """Stop a job that waits or runs; a running handler notices at its next report and keeps nothing."""
    stopped = Job.objects.unfinished().filter(pk=job.pk)
    if not stopped.update(status=Status.CANCELLED, again=False, finished_at=timezone.now()):
        raise Conflict("This job has already ended.")


def retry(job: Job) -> None:
    """Try a failed or cancelled job again, with a fresh number of attempts."""
    with transaction.atomic():
        if not _requeue(Job.objects.filter(pk=job.pk, status__in=[Status.FAILED, Status.CANCELLED])):
            raise Conflict("Only a job that failed or was cancelled can be tried again.")
        send_on_commit(job)


def look_after() -> dict[str, int]:
    """Send lost messages again, take jobs from dead workers, end those that died too often; return the counts."""
    given_up, freed = _free_silent()
    repeated = sum(repeat(job) for job in Job.objects.due_again())
    resent = 0
    for job in list(Job.objects.filter(status=Status.QUEUED).order_by("created_at")):
        if _is_overdue(job):
            if not send(job):
                break  # the broker is away: the next round tries all of them
            resent += 1
    return {"given_up": given_up, "freed": freed, "repeated": repeated, "resent": resent}


def _free_silent() -> tuple[int, int]:
    """Queue the jobs of workers that are not heard of, or give up after too many attempts; return both counts.

    A row that a stopped worker holds in the middle of its `keeping` is left alone: waiting for it would stop this
    worker too, and no other may have the job before that transaction ends.
    """
    with transaction.atomic():
        skip = connection.features.has_select_for_update_skip_locked
        lost = Job.objects.silent().select_for_update(skip_locked=skip)
        rows = Job.objects.filter(pk__in=list(lost.values_list("pk", flat=True)), status=Status.RUNNING)
        given_up = rows.filter(attempt__gte=F("attempts_allowed")).update(
            status=Status.FAILED,
            finished_at=timezone.now(),
            error="The worker stopped in the middle of this job, every time it was tried. "
            "Ask the administrator whether the machine has enough memory, then try again.",
        )
        return given_up, rows.update(status=Status.QUEUED, sent_at=None)


def _is_overdue(job: Job) -> bool:
    """Tell whether the message may be lost; each time the wait doubles, since a long queue is not a loss."""
    wait = timedelta(seconds=settings.JOB_LOST_SECONDS * 2 ** min(job.sends, 6) / 2)
    return job.sent_at is None or job.sent_at < timezone.now() - wait


def repeat(job: Job) -> bool:
    """Queue an ended job once more when somebody asked for it while it ran; after a crash here, `look_after` does."""
    with transaction.atomic():
        repeated = _requeue(Job.objects.due_again().filter(pk=job.pk))
        if repeated:
            send_on_commit(job)
    return repeated
