"""Background work of cases."""

from cases import preparation
from cases.importing import deliveries, parsing, storing
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


@handles("cases.parse_import")
def parse_import(job: Job) -> None:
    """Read the files of an import and fill its preview."""
    parsing.parse(job)


@handles("cases.store_import")
def store_import(job: Job) -> None:
    """Make cases of a confirmed import."""
    storing.store(job)


@handles("cases.expire_staging", every=300)
def expire_staging(job: Job) -> dict[str, int]:
    """Remove staged files whose time is over."""
    return deliveries.expire()
