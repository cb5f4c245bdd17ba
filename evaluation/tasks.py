"""Background work of evaluation: load, compute, keep."""

from evaluation import services
from evaluation.agreement.inputs import JOB_KIND
from evaluation.agreement.keeping import compute_agreement
from evaluation.models import Recomputation, Report
from evaluation.reports import rendering
from evaluation.reports.environment import fingerprint
from evaluation.reports.kinds import Data, Kind
from evaluation.reports.loading import FrozenCases
from evaluation.reports.registry import kind_named
from jobs.models import Job
from jobs.registry import handles

COMPUTED = 90
"""Per cent of the work that is done when the data are computed."""


@handles(JOB_KIND)
def compare_readings(job: Job) -> None:
    """Compute how the masks of a case agree, for the live figures."""
    compute_agreement(job)


@handles("evaluation.report")
def make_report(job: Job) -> None:
    """Compute a report from its frozen inputs; doing it again gives the same."""
    report = Report.objects.select_related("study").get(pk=job.params["report"])
    if report.finished_at is not None:
        return
    kind = kind_named(report.kind)
    data = _compute(job, kind, report)
    if kind.keep is not None:
        kind.keep(job, report)
    shown = rendering.show(kind, report.inputs, data)
    job.report(94, "Drawing the figures and setting the PDF")
    kept = services.store_files(rendering.files(report, shown))
    services.keep_report(job, report, files=kept, environment=fingerprint(), **shown.to_json())


@handles("evaluation.recompute")
def recompute_report(job: Job) -> None:
    """Compute a finished report once more and keep how the data differ."""
    wanted = Recomputation.objects.select_related("report").get(pk=job.params["recomputation"])
    if wanted.finished_at is not None:
        return
    data = _compute(job, kind_named(wanted.report.kind), wanted.report)
    job.report(96, "Comparing")
    services.keep_recomputation(job, wanted, data=data, environment=fingerprint())


def _compute(job: Job, kind: Kind, report: Report) -> Data:
    return kind.compute(
        report.inputs, FrozenCases(report), report=lambda percent, step: job.report(percent * COMPUTED / 100, step)
    )
