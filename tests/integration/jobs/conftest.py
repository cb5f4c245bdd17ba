"""The stack that the fault tests break."""

import signal
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from config.celery import app
from jobs.models import Job
from jobs.registry import recurring
from tests.integration.jobs.stack import Database, Stack


def _forget_connections() -> None:
    """Let the next message open a connection by today's options: a pool of an earlier test keeps its own."""
    app.amqp._producer_pool = None  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Stack]:
    """A database of these tests' own, the broker under names of their own, and a beat."""
    folder, mark = tmp_path_factory.mktemp("faults"), f"faults-{uuid.uuid4().hex[:8]}"
    stack = Stack(folder, mark, Database(folder, mark))
    eager, options = app.conf.task_always_eager, dict(app.conf.broker_transport_options)
    app.conf.task_always_eager = False
    if settings.CELERY_BROKER_URL.startswith("redis"):
        app.conf.broker_transport_options = {"global_keyprefix": f"{mark}:"}
    _forget_connections()
    for name in ("queue", "control"):
        (settings.BROKER_DIR / name).mkdir(parents=True, exist_ok=True)
    with django_db_blocker.unblock():
        stack.database.open()
        try:
            call_command("migrate", verbosity=0)
            later = timezone.now() + timedelta(days=1)  # what comes round by itself stays away from these tests
            for kind in recurring():
                Job.objects.create(kind=kind.name, key="recurring", status=Job.Status.SUCCEEDED, finished_at=later)
            words = ("beat", "--schedule", str(folder / "beat"), "--pidfile", "")
            stack.programs.append(stack.start(*words, log=folder / "beat.log"))
            yield stack
        finally:
            for process in stack.programs:
                process.kill()
                process.wait(timeout=20)
            stack.remove(mark)
            stack.forget_names()
            stack.database.close()
            app.conf.task_always_eager, app.conf.broker_transport_options = eager, options
            _forget_connections()


@pytest.fixture
def stack(installation: Stack, tmp_path: Path) -> Iterator[Stack]:
    """The installation with a queue and a desk of this test's own; its workers end with it."""
    installation.queue, installation.desk = f"q-{uuid.uuid4().hex[:10]}", tmp_path
    try:
        yield installation
    finally:
        for worker in installation.workers:
            worker.signal(signal.SIGCONT)
        installation.clear()
