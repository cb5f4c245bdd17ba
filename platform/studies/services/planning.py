"""Make a study, say what it reads and who takes part."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.services import record
from cases.models import Case, LabelScheme
from core.errors import Conflict, DomainError
from jobs.services import enqueue
from people.models import Rater, User
from studies.models import Arm, Membership, Study, StudyCase
from studies.services.access import hold, sync_access
from studies.services.sources import show_second_source

Made = TypeVar("Made")

SCIENTIFIC = {
    "scheme", "rubric", "blinded", "start_rater", "second_rater", "seed", "outlines_start", "outlines_previous",
    "shows_probability",
}  # fmt: skip
"""What the raters' answers depend on."""


@transaction.atomic
def create_study(
    *, name: str, scheme: LabelScheme, by: User, second_rater: Rater | None = None, **fields: Any
) -> Study:
    """Make a draft study led by whoever makes it, with one arm that shows the start mask.

    With a second rater there is another arm: each case is read twice, once from either's mask, in a random order.
    """
    study = _named(name, lambda: Study.objects.create(name=name, scheme=scheme, created_by=by, **fields))
    Arm.objects.create(study=study, key="main", name="With the start mask", shows_start_mask=True)
    Membership.objects.create(study=study, user=by, role=Membership.Role.LEAD)
    show_second_source(study, second_rater)
    record("study.created", study, by=by, name=name)
    return study


def _named(name: str, save: Callable[[], Made]) -> Made:
    """Save a study; Conflict when another one has its name."""
    try:
        with transaction.atomic():
            return save()
    except IntegrityError as error:
        raise Conflict(f"There is a study named {name!r} already. Choose another name.") from error


@transaction.atomic
def change_study(*, study: Study, by: User, **changes: Any) -> Study:
    """Change a study; what is scientific of it only before it starts."""
    hold(study)
    locked = SCIENTIFIC & set(changes)
    if locked and study.state != Study.State.DRAFT:
        raise DomainError(f"The study has started: {', '.join(sorted(locked))} can no longer be changed.")
    if "protocol" in changes and study.state != Study.State.DRAFT:
        changes["protocol_version"] = study.protocol_version + 1
    columns = {name: value for name, value in changes.items() if name != "second_rater"}
    for name, value in columns.items():
        setattr(study, name, value)
    _named(study.name, lambda: study.save(update_fields=list(columns)))
    if study.state == Study.State.DRAFT:
        show_second_source(study, changes.get("second_rater", study.second_rater))
    record("study.changed", study, by=by, fields=sorted(changes))
    return study


@transaction.atomic
def add_cases(*, study: Study, cases: Iterable[Case], by: User) -> int:
    """Let the study read more cases, of those that the lead may see; return how many were new."""
    hold(study)
    _refuse_closed(study)
    wanted = {case.pk for case in cases}
    seen = set(Case.objects.visible_to(by).present().filter(pk__in=wanted).values_list("pk", flat=True))
    if wanted - seen:
        raise DomainError("Some of these cases do not exist or are not yours to see.")
    there = set(study.study_cases.values_list("case_id", flat=True))
    StudyCase.objects.bulk_create([StudyCase(study=study, case_id=pk) for pk in sorted(wanted - there)])
    record("study.cases_added", study, by=by, cases=sorted(wanted - there))
    sync_access(study)
    _go_on(study)
    return len(wanted - there)


@transaction.atomic
def remove_case(*, study: Study, case: Case, by: User) -> None:
    """Take a case out of a draft study."""
    hold(study)
    if study.state != Study.State.DRAFT:
        raise DomainError("The study has started: its cases stay, so that no answer is lost.")
    study.study_cases.filter(case=case).delete()
    record("study.case_removed", study, by=by, case=case.pk)
    sync_access(study)


@transaction.atomic
def add_member(
    *, study: Study, user: User, role: Membership.Role, by: User, expertise: str = "", years: int | None = None
) -> Membership:
    """Give a person a role. A rater's expertise and years are written down as they are on this day.

    Somebody who comes back is written down anew; somebody who has the role stays as they are.
    """
    hold(study)
    _refuse_closed(study)
    rater = _rater_of(user, expertise, years) if role == Membership.Role.RATER else None
    if rater is not None:
        expertise, years = expertise or rater.expertise, years if years is not None else rater.years
        if expertise not in Rater.Expertise.values:
            raise DomainError("A rater is a novice or an expert: say which.")
    else:
        expertise, years = "", None
    fields = {"rater": rater, "expertise": expertise, "years": years, "ended_at": None}
    membership, created = Membership.objects.get_or_create(study=study, user=user, role=role, defaults=fields)
    if not created and membership.ended_at is not None:
        back = {"ended_at": None, "joined_at": timezone.now(), "expertise": expertise, "years": years}
        Membership.objects.filter(pk=membership.pk).update(**back)
        membership.refresh_from_db()
    record("study.member_added", study, by=by, member=user.pk, role=role)
    sync_access(study)
    _go_on(study)
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, by: User) -> None:
    """End a role. What the person did stays; assignments that they did not hand in stay for the lead alone to see."""
    study = membership.study
    hold(study)
    leads = study.memberships.current().filter(role=Membership.Role.LEAD)
    if membership.role == Membership.Role.LEAD and not leads.exclude(pk=membership.pk).exists():
        raise DomainError("A study needs a lead: name another one first.")
    Membership.objects.current().filter(pk=membership.pk).update(ended_at=timezone.now())
    record("study.member_ended", study, by=by, member=membership.user_id, role=membership.role)
    sync_access(study)


def _rater_of(user: User, expertise: str, years: int | None) -> Rater:
    fields = {"kind": Rater.Kind.HUMAN, "name": user.name or user.email, "expertise": expertise, "years": years}
    rater, _ = Rater.objects.get_or_create(user=user, defaults={**fields, "centre": user.centre})
    return rater


def _refuse_closed(study: Study) -> None:
    if study.state == Study.State.CLOSED:
        raise DomainError("This study is closed.")


def _go_on(study: Study) -> None:
    """A running study takes new cases and raters at once."""
    if study.state == Study.State.RUNNING:
        from studies.services.running import complete_assignments

        complete_assignments(study)
    enqueue("workflow.advance", key="advance", again=True)
