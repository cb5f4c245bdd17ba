"""Background work of inference. torch is imported when a job runs, never by importing this module."""

from jobs.models import Job
from jobs.registry import handles
from jobs.services import enqueue


@handles("inference.predict")
def predict(job: Job) -> None:
    """Segment a case, then see what is due next."""
    from inference.predicting import predict as segment_case

    segment_case(job)
    enqueue("workflow.advance", key="advance", again=True)
