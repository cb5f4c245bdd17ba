"""Background work of studies."""

from jobs.models import Job
from jobs.registry import handles
from studies.services import exporting


@handles("studies.export")
def export(job: Job) -> None:
    """Write a study's masks and scores to a zip."""
    exporting.make_export(job)
