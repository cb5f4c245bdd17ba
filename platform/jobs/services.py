"""Ask for work, cancel it, try it again, and find what was lost."""

import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from core.errors import Conflict
from jobs.models import Job

logger = logging.getLogger(__name__)
Status = Job.Status
FINISHED = (Status.SUCCEEDED, Status.FAILED, Status.CANCELLED)


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
    if created or (again and _ask_again(job)):
        send_on_commit(job)
    return job


def _ask_again(job: Job) -> bool:
    """Queue a finished job anew; mark a running one to be done once more."""
    if Job.objects.filter(pk=job.pk, status=Status.RUNNING).update(again=True):
        return False
    return _requeue(Job.objects.filter(pk=job.pk, status__in=FINISHED))


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


def send(job: Job) -> None:
    """Hand the job's id to the broker; a broker that cannot be reached only delays: `look_after` sends it again."""
    from jobs.tasks import run

    Job.objects.filter(pk=job.pk).update(sent_at=timezone.now(), sends=F("sends") + 1)
    try:
        run.apply_async(args=(str(job.pk),), queue=job.queue)
    except Exception:
        logger.warning("The broker did not take job %s; it will be sent again.", job.pk, exc_info=True)


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
    now = timezone.now()
    given_up = _give_up(now)
    freed = Job.objects.silent(now).update(status=Status.QUEUED, sent_at=None)
    resent = 0
    for job in Job.objects.filter(status=Status.QUEUED):
        if _is_overdue(job, now):
            send(job)
            resent += 1
    return {"given_up": given_up, "freed": freed, "resent": resent}


def _give_up(now: Any) -> int:
    return (
        Job.objects.silent(now)
        .filter(attempt__gte=F("attempts_allowed"))
        .update(
            status=Status.FAILED,
            finished_at=now,
            error="The worker stopped in the middle of this job, every time it was tried. "
            "Ask the administrator whether the machine has enough memory, then try again.",
        )
    )


def _is_overdue(job: Job, now: Any) -> bool:
    """Tell whether the message may be lost; each time the wait doubles, since a long queue is not a loss."""
    wait = timedelta(seconds=settings.JOB_LOST_SECONDS * 2 ** min(job.sends, 6) / 2)
    return job.sent_at is None or job.sent_at < now - wait


def finish_and_repeat(job: Job) -> None:
    """Queue a job once more when somebody asked for it while it ran."""
    with transaction.atomic():
        due = Job.objects.filter(Q(pk=job.pk), again=True, status__in=FINISHED)
        if _requeue(due):
            send_on_commit(job)
