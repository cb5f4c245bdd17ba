"""A small world in which everybody has something to see and something that is not theirs.

One running, blinded study with two cases, read by three raters, one of whom also leads it; a draft study; a report, an
export, jobs, an import, keys and invitations of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import timezone

from cases.models import Case
from people.models import User
from studies.models import Assignment, Study, StudyExport
from studies.services.access import sync_access
from tests import factories as make

ROLES = (
    "anonymous",  # nobody signed in
    "stranger",  # an account without any role
    "rater",  # reads the study; the assignments of the table are theirs
    "other_rater",  # reads the same study
    "observer",
    "adjudicator",
    "lead",  # leads the study, has handed in nothing and reads nothing
    "blinded_lead",  # leads the study and still has readings of it to hand in
    "other_lead",  # may lead, but is no member of this study
    "administrator",
)


@dataclass
class World:
    """The people and the rows, and a signed-in client per role."""

    people: dict[str, User]
    things: SimpleNamespace
    clients: dict[str, Client] = field(default_factory=dict)

    def ask(self, role: str, method: str, path: str, *, keep: bool = False, **facts: Any) -> Any:
        """Send a request as somebody, and undo what it did to database and cookies; its content is `body`."""
        client = self.clients[role]
        cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        cache.clear()
        with transaction.atomic():
            response: Any = client.generic(method, path, **facts)
            response.body = b"".join(response.streaming_content) if response.streaming else response.content
            transaction.set_rollback(not keep)
        client.cookies.clear()
        client.cookies.load(cookies)
        return response


def build() -> World:
    """Make the world."""
    people = _people()
    study, draft = _studies(people)
    cases = [make.PreparedCaseFactory.create(imported_by=people["lead"], time_point="post_3m") for _ in range(3)]
    things = SimpleNamespace(study=study, draft=draft, cases=cases, case=cases[0], spare=cases[2])
    _readings(people, things)
    _rows(people, things)
    world = World(people, things)
    for role in ROLES:
        world.clients[role] = Client(raise_request_exception=False)
        if role != "anonymous":
            world.clients[role].force_login(people[role])
    return world


def _people() -> dict[str, User]:
    traits: dict[str, dict[str, Any]] = {
        "lead": {"lead": True},
        "blinded_lead": {"lead": True},
        "other_lead": {"lead": True},
        "administrator": {"administrator": True},
    }
    return {role: make.UserFactory.create(**traits.get(role, {})) for role in ROLES if role != "anonymous"}


def _studies(people: dict[str, User]) -> tuple[Study, Study]:
    guides = {"outlines_start": True, "outlines_previous": True, "shows_probability": True}
    study = make.StudyFactory.create(created_by=people["lead"], **guides)
    draft = make.StudyFactory.create(created_by=people["lead"], state=Study.State.DRAFT)
    for one in (study, draft):
        make.MembershipFactory.create(study=one, user=people["blinded_lead"], role="lead")
        for role in ("observer", "adjudicator"):
            make.MembershipFactory.create(study=one, user=people[role], role=role)
        for role in ("rater", "other_rater", "blinded_lead"):
            make.MembershipFactory.create(study=one, user=people[role], role="rater")
    return study, draft


def _readings(people: dict[str, User], things: SimpleNamespace) -> None:
    raters = {role: make.rater_of(people[role]) for role in ("rater", "other_rater", "blinded_lead")}
    first, second = things.cases[0], things.cases[1]

    def ask(role: str, case: Case) -> Assignment:
        return make.AssignmentFactory.create(study=things.study, rater=raters[role], case=case)

    things.assignment, things.second = ask("rater", first), ask("rater", second)
    things.opened = make.DraftFactory.create(assignment=things.second)
    things.branch = make.DraftFactory.create(assignment=things.second, branch=True)
    ask("blinded_lead", first)
    things.submitted = make.SubmittedAssignmentFactory.create(
        study=things.study, rater=raters["other_rater"], case=first
    )
    make.RatingFactory.create(assignment=things.submitted)
    make.CommentFactory.create(assignment=things.submitted)
    make.ProbabilityFactory.create(segmentation=things.assignment.start, label="tumour")
    earlier = make.PreparedCaseFactory.create(patient=first.patient)
    make.SegmentationFactory.create(case=earlier, rater=things.study.start_rater, scheme=things.study.scheme)
    things.submission, things.start = things.submitted.submission, things.assignment.start
    things.problem = make.ProblemReportFactory.create(assignment=things.assignment)
    make.StudyCaseFactory.create(study=things.draft, case=first)
    for study in (things.study, things.draft):
        sync_access(study)
    make_visible(people["lead"], things.spare)


def make_visible(user: User, case: Case) -> None:
    """Let somebody see a case as its importer."""
    from cases.models import Access
    from cases.services import give_access

    give_access(user=user, grant=Access.Grant.CASE_AND_SEGMENTATIONS, reason="import", case=case)


def _rows(people: dict[str, User], things: SimpleNamespace) -> None:
    lead, now = people["lead"], timezone.now()
    things.series = things.case.reference
    things.report = make.ReportFactory.create(study=things.study, created_by=lead)
    things.report_file = make.ReportFileFactory.create(report=things.report)
    things.disagreement = make.DisagreementMapFactory.create(agreement__study=things.study, agreement__case=things.case)
    stored = make.StoredFileFactory.create(content=b"zip")
    things.export = StudyExport.objects.create(study=things.study, created_by=lead, stored=stored)
    things.job = make.JobFactory.create(owner=lead)
    things.failed = make.JobFactory.create(owner=lead, status="failed", error="no disk", detail="Traceback")
    things.masking = make.JobFactory.create(
        kind="inference.predict", key=f"{things.study.start_rater_id}:{things.case.pk}", status="failed"
    )
    things.delivery = make.ImportFactory.create(owner=lead)
    things.upload = make.UploadFactory.create(delivery=things.delivery)
    things.token = make.ApiTokenFactory.create(user=lead)
    things.invitation = make.InvitationFactory.create(
        invited_by=lead, token="t" * 43, expires_at=now + timedelta(days=1)
    )
    things.centre = people["lead"].centre
    things.model = make.ModelVersionFactory.create()
    things.member = things.study.memberships.get(user=people["observer"])
