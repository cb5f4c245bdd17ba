"""The pipeline as a job: asked for whenever something changed, and every minute as a net."""

from jobs.models import Job
from jobs.registry import handles
from workflow.steps import advance


@handles("workflow.advance", every=60)
def run_advance(job: Job) -> None:
    """See what is due."""
    advance()
