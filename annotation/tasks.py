"""Background work of annotation."""

from annotation.versions import sweep_branches
from jobs.models import Job
from jobs.registry import handles

DAY = 24 * 3600


@handles("annotation.sweep_branches", every=DAY)
def sweep(job: Job) -> None:
    """Remove versions beside the main one of readings that were handed in long ago."""
    sweep_branches()
