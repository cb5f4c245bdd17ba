"""The Celery side of jobs. Messages are acknowledged early: the Job row recovers lost work."""

import logging
import os
import socket
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.db import connections
from django.db.models.functions import Now
from django.utils import timezone

from core.errors import DomainError
from jobs import services
from jobs.models import Job, Superseded
from jobs.registry import kind_named, recurring

logger = logging.getLogger(__name__)


@shared_task(name="jobs.tasks.run", ignore_result=True)
def run(job_id: str) -> None:
    """Do the job, if it can be claimed."""
    job = Job.objects.claim(job_id, worker=f"{socket.gethostname()}:{os.getpid()}")
    if job is None:
        return
    with _heartbeat(job):
        _do(job)
    services.repeat(job)


def _do(job: Job) -> None:
    try:
        result = kind_named(job.kind).function(job)
    except Superseded as notice:
        logger.info("%s", notice)
    except (DomainError, ValueError) as error:
        logger.warning("Job %s failed: %s", job, error)
        job.finish(Job.Status.FAILED, error=str(error), detail=traceback.format_exc())
    except Exception as error:
        logger.exception("Job %s failed", job)
        plain = f"The platform failed at this step ({type(error).__name__}). The administrator can see the details."
        job.finish(Job.Status.FAILED, error=plain, detail=traceback.format_exc())
    else:
        job.finish(Job.Status.SUCCEEDED, result=result if isinstance(result, dict) else None)


@contextmanager
def _heartbeat(job: Job) -> Iterator[None]:
    """Renew the heartbeat from a thread of its own, so that one long step does not look like a dead worker."""
    stop = threading.Event()

    def beat() -> None:
        try:
            while not stop.wait(settings.JOB_HEARTBEAT_SECONDS):
                try:
                    if not job.current().update(heartbeat_at=Now()):
                        return
                except Exception:
                    logger.warning("Heartbeat of job %s was missed.", job.pk, exc_info=True)
        finally:
            connections.close_all()

    thread = threading.Thread(target=beat, name=f"heartbeat-{job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=2)


@shared_task(name="jobs.tasks.look_after", ignore_result=True)
def look_after() -> None:
    """Find lost work, and ask for the work that comes round by itself."""
    services.look_after()
    now = timezone.now()
    for kind in recurring():
        unfinished = Job.objects.unfinished().filter(kind=kind.name, key="recurring")
        recent = Job.objects.filter(
            kind=kind.name, key="recurring", finished_at__gte=now - timedelta(seconds=kind.every or 0)
        )
        if not unfinished.exists() and not recent.exists():
            services.enqueue(kind.name, key="recurring", again=True)
