"""Background work of cases."""

from cases import preparation
from jobs.models import Job
from jobs.registry import handles
from jobs.services import enqueue


@handles("cases.prepare")
def prepare(job: Job) -> None:
    """Make the browser copies of a case, then see what is due next."""
    preparation.prepare_case(job)
    enqueue("workflow.advance", key="advance", again=True)


@handles("cases.sweep_storage", every=24 * 3600)
def sweep_storage(job: Job) -> dict[str, int]:
    """Remove files that nothing points to."""
    from core.storage import sweep

    return {"removed": sweep()}
