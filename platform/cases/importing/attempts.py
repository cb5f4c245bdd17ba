"""One attempt of a worker at an import, and where the import stands when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cases.models import Import
from core.errors import DomainError
from jobs.models import Job, Superseded


@contextmanager
def falling_back(job: Job, delivery: Import, *, to: Import.State) -> Iterator[None]:
    """Take the import to a state from which a person can go on, when the worker cannot."""
    before = delivery.state
    try:
        yield
    except Superseded:
        raise
    except Exception as error:
        expected = isinstance(error, DomainError | ValueError)
        text = str(error) if expected else "The platform failed at this step. Try again, or ask the administrator."
        if job.current().exists():
            Import.objects.filter(pk=delivery.pk, state=before).update(state=to, error=text)
        raise
