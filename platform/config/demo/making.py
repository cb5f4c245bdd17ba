"""Make the demo the way people would: import, start a study, let raters read, ask for a report."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from cases.importing import deliveries, uploads
from cases.importing.rows import MASK
from cases.models import Case, LabelScheme
from cases.services import change_attributes
from config.demo import hypercellular
from config.demo.accounts import COMPLETED, make_accounts
from config.demo.heads import CASES, TRUTH, TRUTH_SCHEME, DemoCase, write_head
from config.demo.readings import read_part
from core.errors import DomainError
from evaluation.models import Report
from evaluation.services import request_report
from imaging.phantom import SyntheticHead, make_head
from inference.services import shipped_model
from jobs.models import Job
from jobs.tasks import run
from people.models import Centre, Rater, User
from studies.models import Membership, Study
from studies.rubrics import preset
from studies.services import planning, running

NAME = "Demo: FLAIR hyperintensity, two experts and a novice"
NEH_NAME = "Demo: hypercellular tumour before surgery and at recurrence"
TRUE_MASKS = {"seg": TRUTH}
PROTOCOL = """**All heads of this study are synthetic**: software made them, no patient is shown.

Draw the whole *FLAIR hyperintensity* of the tumour: enhancing rim, necrosis and oedema together. A resection cavity
does not belong to it. Start from the mask that is shown, correct it in all three planes, then score the mask *as it
was shown to you*.

1. Look through FLAIR first, then compare with T2 and T1c.
2. Correct borders to about a millimetre; leave single voxels alone.
3. Answer the questions on the right and submit.
"""
Tell = Callable[[str], None]


def make_demo(tell: Tell) -> None:
    """Make everything that is not there yet, and say at each step what is being made.

    Every step can be interrupted and done again: the same seeds give the same heads and readings.
    """
    tell("Making the demo's accounts")
    users = make_accounts()
    heads: dict[int, SyntheticHead] = {}
    for number, case in enumerate(CASES, start=1):
        tell(f"Making synthetic head {number} of {len(CASES)}")
        row, head = _import(case, users["lead"])
        heads[row.pk] = head
    cases = [Case.objects.get(pk=pk) for pk in heads]
    for number, exam in enumerate(hypercellular.EXAMS, start=1):
        tell(f"Making exam {number} of {len(hypercellular.EXAMS)} with hypercellular tumour")
        _import(exam, users["lead"], hypercellular.METHODS, hypercellular.SCHEME, hypercellular.write_exam)
    tell("Starting the demo study")
    study = _start_study(users, cases)
    _work_off(lambda step: tell(f"Segmenting with the model: {step}"))
    tell("Letting the simulated raters read")
    read_part(study, users, heads, cases)
    tell("Computing the first reports")
    _ask_for_reports(study, users["lead"])
    _report_on_neh(_plan_neh_study(users["lead"]), users["lead"])
    _work_off()
    (Path(settings.DATA_DIR) / COMPLETED).touch()


def _import(
    case: DemoCase,
    lead: User,
    masks: Mapping[str, str] = TRUE_MASKS,
    scheme_key: str = TRUTH_SCHEME,
    write: Callable[[DemoCase, Path], tuple[SyntheticHead, list[Path]]] = write_head,
) -> tuple[Case, SyntheticHead]:
    """Return a synthetic case, imported like any other unless it is there, and the head that it shows.

    masks gives whose each mask is, by the end of its file's name.
    """
    centre = Centre.objects.get(code="demo-north")
    exam = Case.objects.filter(patient__pseudonym=case.patient, patient__centre=centre, time_point=case.time_point)
    there = exam.first()
    if there is not None:
        return there, make_head(case.spec, case.seed)
    scheme = LabelScheme.objects.get(key=scheme_key, version=1)
    delivery = deliveries.start(owner=lead, centre=centre, scheme=scheme, synthetic=True)
    with tempfile.TemporaryDirectory() as folder:
        head, files = write(case, Path(folder))
        for file in files:
            content = file.read_bytes()
            upload = uploads.announce(delivery=delivery, path=file.name, size=len(content))
            uploads.receive(upload=upload, offset=0, content=content)
    _finish(deliveries.parse(delivery=delivery))
    delivery.refresh_from_db()
    right = {"patient": case.patient, "time_point": case.time_point, "include": True}
    corrections = [{"id": row["id"], **right, **_whose(row, masks)} for row in delivery.rows]
    deliveries.correct(delivery=delivery, corrections=corrections)
    _finish(deliveries.confirm(delivery=delivery))
    change_attributes(case=exam.get(), by=lead, **case.attributes)
    _work_off()
    return exam.get(), head


def _whose(row: dict[str, Any], masks: Mapping[str, str]) -> dict[str, str]:
    """Return what is said of a file that is a mask: whose it is, and that its numbers are the scheme's."""
    if row["role"] != MASK:
        return {}
    end = row["file"].removesuffix(".nii.gz").rpartition("_")[2]
    return {"rater": masks[end], "preset": ""}


def _start_study(users: dict[str, User], cases: list[Case]) -> Study:
    lead = users["lead"]
    there = Study.objects.filter(name=NAME).first()
    if there is not None and there.state != Study.State.DRAFT:
        return there
    study = there or planning.create_study(
        name=NAME,
        scheme=LabelScheme.objects.get(key="flair", version=1),
        by=lead,
        description="Synthetic heads, read by simulated raters; sign in as one of them and go on.",
        protocol=PROTOCOL,
        rubric=preset("tl5"),
        start_rater=shipped_model().rater,
        seed=7,
    )
    planning.add_cases(study=study, cases=cases, by=lead)
    for key, expertise, years in (("expert1", "expert", 12), ("expert2", "expert", 8), ("novice", "novice", 1)):
        planning.add_member(
            study=study, user=users[key], role=Membership.Role.RATER, by=lead, expertise=expertise, years=years
        )
    running.start(study=study, by=lead)
    return study


def _ask_for_reports(study: Study, lead: User) -> None:
    """Ask for the reports that are not there: agreement, and those that need the truth or the scores."""
    truth = Rater.objects.get(name=TRUTH).pk
    for kind, title, parameters in (
        (Report.Kind.INTER_RATER, "First look at the demo study", {}),
        (Report.Kind.SEGMENTATION, "The readings against the phantom's truth", {"reference": truth}),
        (Report.Kind.CLASSIFICATION, "Residual tumour by FLAIR volume", {"reference": truth, "cases": "all"}),
        (Report.Kind.SCORES, "Scores of the model's masks", {"reference": truth}),
        (Report.Kind.LESIONS, "Lesions against the phantom's truth, and over time", {"reference": truth}),
    ):
        if not study.reports.filter(kind=kind).exists():
            request_report(study=study, by=lead, kind=kind, title=title, parameters=parameters)


def _plan_neh_study(lead: User) -> Study:
    """Return the study of hypercellular tumour, a draft: its masks were imported, nobody is asked to read."""
    study = Study.objects.filter(name=NEH_NAME).first() or planning.create_study(
        name=NEH_NAME,
        scheme=LabelScheme.objects.get(key=hypercellular.SCHEME, version=1),
        by=lead,
        description="Synthetic heads before surgery and at recurrence, with masks by two; for the report on NEH.",
        seed=7,
    )
    patients = {exam.patient for exam in hypercellular.EXAMS}
    planning.add_cases(study=study, cases=list(Case.objects.filter(patient__pseudonym__in=patients)), by=lead)
    return study


def _report_on_neh(study: Study, lead: User) -> None:
    if not study.reports.exists():
        title = "Hypercellular tumour in synthetic heads"
        request_report(study=study, by=lead, kind=Report.Kind.NEH, title=title)


def _finish(job: Job) -> None:
    """Do one job here and now, whoever else might."""
    run(str(job.pk))
    job.refresh_from_db()
    if job.status != Job.Status.SUCCEEDED:
        raise DomainError(f"The demo could not be made: {job.kind}: {job.error}")


def _work_off(tell: Tell | None = None) -> None:
    """Do every waiting job here and now, also those that jobs ask for."""
    while (job := Job.objects.filter(status=Job.Status.QUEUED).order_by("created_at").first()) is not None:
        if tell is not None and job.kind == "inference.predict":
            tell(f"case {job.params['case']}")
        _finish(job)
