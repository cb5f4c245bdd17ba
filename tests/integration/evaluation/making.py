"""Studies with readings of known masks, and their reports computed at once."""

from typing import Any

import numpy as np

from cases.models import Segmentation
from cases.services import keep_layers, read_layers
from evaluation import services
from evaluation.models import Report
from jobs.models import Job
from jobs.tasks import run
from studies.models import Study
from tests.factories import MembershipFactory, PreparedCaseFactory, StudyFactory, SubmittedAssignmentFactory

QUICK = {"resamples": 1000}


def replace_layers(segmentation: Segmentation, layers: Any) -> None:
    """Give a segmentation other labels."""
    kept = keep_layers(series=segmentation.series, scheme=segmentation.scheme, layers=layers)
    Segmentation.objects.filter(pk=segmentation.pk).update(
        content=kept.stored, sha256=kept.sha256, volumes_ml=kept.volumes_ml
    )


def move_to_another_grid(segmentation: Segmentation) -> None:
    """Let a segmentation lie on another series of its case, with voxels half as long again along one axis."""
    series = segmentation.series
    shifted = [*series.affine]
    shifted[0] = [shifted[0][0] * 1.5, *shifted[0][1:]] if isinstance(shifted[0], list) else shifted[0] * 1.5
    other = segmentation.case.series.exclude(pk=series.pk)[0]
    type(other).objects.filter(pk=other.pk).update(affine=shifted)
    Segmentation.objects.filter(pk=segmentation.pk).update(series=other)


def study_with_readings(*, raters: int = 3, cases: int = 4, empty: bool = False) -> Study:
    """Return a study whose raters have read all cases, each with a mask of their own; by choice the first is empty."""
    study = StudyFactory.create()
    members = [MembershipFactory.create(study=study) for _ in range(raters)]
    for number in range(cases):
        case = PreparedCaseFactory.create()
        for place, member in enumerate(members):
            assignment: Any = SubmittedAssignmentFactory.create(study=study, case=case, rater=member.rater)
            layers = np.zeros_like(read_layers(assignment.submission))
            if not (empty and number == 0):
                layers[0, 2 : 6 + place, 2 : 7 + number % 2, 1 : 4 + (place + number) % 3] = 1
            replace_layers(assignment.submission, layers)
    return study


def compute(study: Study, **parameters: Any) -> Report:
    """Return a finished report of the study."""
    report = services.request_report(study=study, by=study.created_by, parameters={**QUICK, **parameters})
    assert report.job is not None
    run(str(report.job.pk))
    job = Job.objects.get(pk=report.job.pk)
    assert job.status == Job.Status.SUCCEEDED, job.detail
    return Report.objects.get(pk=report.pk)


def mask_of(report: Report, case: int, rater: int) -> Any:
    """Return the mask of label 1 that a report froze for a case and rater."""
    frozen = next(row for row in report.inputs["readings"] if (row["case"], row["rater"]) == (case, rater))
    return read_layers(Segmentation.objects.get(pk=frozen["segmentation"]))[0] == 1


def people_of(report: Report) -> list[int]:
    """Return the ids of the people among a report's raters."""
    return [rater["id"] for rater in report.inputs["raters"] if rater["group"] in ("expert", "novice")]
