"""Start a study, hand out its readings in a stored random order, take them back, close it."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from audit.services import record
from core.errors import Conflict, DomainError
from jobs.models import Job
from jobs.services import enqueue, retry
from people.models import User
from studies.models import Arm, Assignment, Membership, Study, StudyCase
from studies.readiness import check_ready
from studies.services.access import hold, sync_access
from studies.services.sources import check_second_source


@transaction.atomic
def start(*, study: Study, by: User) -> None:
    """Start a draft study: every rater is asked to read every case, each in a random order of their own."""
    if not study.study_cases.exists():
        raise DomainError("Add at least one case before the study starts.")
    if not study.memberships.current().raters().exists():
        raise DomainError("Add at least one rater before the study starts.")
    check_ready(study)
    draft = Study.objects.filter(pk=study.pk, state=Study.State.DRAFT)
    if not draft.update(state=Study.State.RUNNING, started_at=timezone.now()):
        raise Conflict("This study has been started already.")
    study.refresh_from_db()
    complete_assignments(study)
    record("study.started", study, by=by)
    enqueue("workflow.advance", key="advance", again=True)


def complete_assignments(study: Study) -> int:
    """Make the assignments that are missing, behind those that each rater has; return how many."""
    hold(study)
    check_second_source(study)
    arms = list(Arm.objects.filter(study=study).order_by("pk"))
    cases = {row.case_id: _reference_of(row) for row in study.study_cases.select_related("case")}
    made = 0
    raters = study.memberships.current().raters().order_by("pk").values_list("rater_id", flat=True)
    for rater in [pk for pk in raters if pk is not None]:
        there = Assignment.objects.filter(study=study, rater_id=rater)
        missing = sorted(set(cases) - set(there.values_list("case_id", flat=True)))
        order = random.Random(f"{study.seed}/{rater}/{len(missing)}")  # noqa: S311 - a stored order, no secret
        showings = in_turn(missing, arms, order)
        last = there.order_by("-position").values_list("position", flat=True).first() or 0
        Assignment.objects.bulk_create(
            [
                Assignment(
                    study=study,
                    rater_id=rater,
                    case_id=case,
                    series_id=cases[case],
                    arm=arm,
                    occasion=occasion,
                    position=last + place,
                )
                for place, (case, arm, occasion) in enumerate(showings, start=1)
            ]
        )
        made += len(showings)
    sync_access(study)
    return made


def in_turn(cases: Iterable[int], arms: Sequence[Arm], order: random.Random) -> list[tuple[int, Arm, int]]:
    """Return (case, arm, occasion) in a random order: every case once, then every case again in each further arm.

    With several arms each comes first for as many cases as any other, which ones is random.
    """
    first = list(cases)
    order.shuffle(first)
    showings = [(case, arms[number % len(arms)], 1) for number, case in enumerate(first)]
    if len(arms) == 1:
        return showings
    order.shuffle(showings)
    turns = list(showings)
    for further in range(1, len(arms)):
        again = [(case, arms[(arms.index(arm) + further) % len(arms)], 1 + further) for case, arm, _ in showings]
        order.shuffle(again)
        turns += again
    return turns


def _reference_of(row: StudyCase) -> int:
    """Return the series on whose grid a case is drawn."""
    if row.case.reference_id is None:
        raise DomainError(f"{row.case} has no image to draw on. Take it out of the study.")
    return row.case.reference_id


@transaction.atomic
def return_assignment(*, assignment: Assignment, reason: str, by: User) -> None:
    """Give a submitted reading back to its rater with a reason; the submitted version stays."""
    if not reason.strip():
        raise DomainError("Say why the reading goes back: the rater sees the reason.")
    study = assignment.study
    hold(study)
    if study.state != Study.State.RUNNING:
        raise DomainError("The study is closed: nobody could hand this reading in again.")
    if not study.memberships.current().raters().filter(rater=assignment.rater_id).exists():
        raise DomainError("This rater is no longer a member of the study: nobody could hand this reading in again.")
    returned = Assignment.objects.submitted().filter(pk=assignment.pk)
    if not returned.update(state=Assignment.State.RETURNED, returned_reason=reason.strip()):
        raise Conflict("Only a submitted reading can be returned.")
    record("assignment.returned", assignment, by=by, reason=reason.strip())
    sync_access(study)
    enqueue("workflow.advance", key="advance", again=True)


@transaction.atomic
def close(*, study: Study, by: User) -> None:
    """End the readings. What was not handed in stays as it is."""
    if not Study.objects.filter(pk=study.pk, state=Study.State.RUNNING).update(state=Study.State.CLOSED):
        raise Conflict("Only a running study can be closed.")
    study.refresh_from_db()
    record("study.closed", study, by=by)
    sync_access(study)


@transaction.atomic
def retry_start_mask(*, study: Study, case: int, by: User) -> None:
    """Try again to make a case's start mask after the job failed or was cancelled; its owner is the platform."""
    job = Job.objects.filter(kind="inference.predict", key=f"{study.start_rater_id}:{case}").first()
    if job is None or not study.study_cases.filter(case=case).exists():
        raise DomainError("No start mask has been asked for this case.")
    retry(job)
    record("study.start_mask_retried", study, by=by, case=case)


def roles_among(memberships: Iterable[Membership], user: User) -> list[str]:
    """Return the person's roles, given their memberships in a study; a site administrator steers like a lead."""
    roles: list[str] = [membership.role for membership in memberships]
    if user.is_superuser and Membership.Role.LEAD not in roles:
        roles.append("administrator")
    return roles


@transaction.atomic
def begin_without_start_mask(*, study: Study, case: int, by: User) -> None:
    """Let the raters draw a case from nothing, whose start mask could not be made.

    Raises DomainError while the mask is still being made, or was never asked for, or the study does not run (before it
    starts, its model can still be changed), and Conflict when this was chosen before. Readings that have their start
    mask keep it.
    """
    hold(study)
    if study.state != Study.State.RUNNING:
        raise DomainError("Only the cases of a running study begin without their start mask.")
    job = Job.objects.filter(kind="inference.predict", key=f"{study.start_rater_id}:{case}").first()
    if job is None or job.status not in (Job.Status.FAILED, Job.Status.CANCELLED):
        raise DomainError("Only a case whose start mask could not be made begins without one.")
    if not StudyCase.objects.filter(study=study, case=case, starts_empty=False).update(starts_empty=True):
        raise Conflict("This case begins without a start mask already, or is not in the study.")
    record("study.start_mask_given_up", study, by=by, case=case)
    enqueue("workflow.advance", key="advance", again=True)
