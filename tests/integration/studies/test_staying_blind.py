"""Whom a blinded study keeps in the dark, for how long, and who is shut out altogether."""

import pytest
from django.test import Client
from django.utils import timezone

from annotation import services as annotation
from annotation.notes import Effort
from cases.models import Access, Segmentation, Series
from core.errors import DomainError
from evaluation.models import Report
from studies.models import Assignment, Membership, Rating, Study
from studies.services import planning, running
from tests.factories import (
    ANSWERS,
    AssignmentFactory,
    MembershipFactory,
    RatingFactory,
    ReportFactory,
    StudyFactory,
    SubmittedAssignmentFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def hand_in(assignment: Assignment) -> None:
    by = assignment.rater.user
    assert by is not None
    annotation.submit(assignment=assignment, by=by, sequence=0, answers=ANSWERS, effort=Effort())


def test_a_rater_who_imported_the_case_stays_blind_until_the_study_is_closed() -> None:
    other = SubmittedAssignmentFactory.create()
    study = other.study
    role = MembershipFactory.create(study=study)
    own = AssignmentFactory.create(study=study, case=other.case, rater=role.rater)
    Access.objects.create(user=role.user, grant=Access.Grant.CASE_AND_SEGMENTATIONS, case=other.case, reason="import")

    hand_in(own)

    assert not Segmentation.objects.visible_to(role.user).exists()
    running.close(study=study, by=study.created_by)
    assert Segmentation.objects.visible_to(role.user).exists()


def test_a_lead_who_did_not_read_everything_sees_the_results_of_a_closed_study() -> None:
    study = StudyFactory.create()
    role = MembershipFactory.create(study=study, user=study.created_by)
    AssignmentFactory.create(study=study, rater=role.rater)
    assert not Study.objects.with_results_for(study.created_by).exists()

    running.close(study=study, by=study.created_by)

    assert Study.objects.with_results_for(study.created_by).get() == study


def test_a_rater_whose_role_ended_has_no_assignments_any_more() -> None:
    own = AssignmentFactory.create()
    role = Membership.objects.raters().get()
    assert Assignment.objects.of(role.user).get() == own

    planning.end_membership(membership=role, by=own.study.created_by)
    assert not Assignment.objects.of(role.user).exists()

    planning.add_member(
        study=own.study,
        user=role.user,
        role=Membership.Role.RATER,
        expertise="novice",
        years=1,
        by=own.study.created_by,
    )
    role.refresh_from_db()
    assert Assignment.objects.of(role.user).get() == own
    assert (role.ended_at, role.expertise, role.years) == (None, "novice", 1)


def test_a_case_that_was_withdrawn_is_shown_to_nobody() -> None:
    own = AssignmentFactory.create()
    admin = UserFactory.create(administrator=True)
    rater = own.rater.user
    assert rater is not None
    assert Series.objects.visible_to(admin).exists()
    assert Segmentation.objects.visible_to(admin).exists()

    own.case.withdrawn_at = timezone.now()
    own.case.save(update_fields=["withdrawn_at"])

    assert not Series.objects.visible_to(admin).exists()
    assert not Segmentation.objects.visible_to(admin).exists()
    assert not Assignment.objects.of(rater).exists()


@pytest.mark.parametrize("ended", ["study", "role"])
def test_a_reading_that_could_not_be_handed_in_again_is_not_returned(ended: str) -> None:
    done = SubmittedAssignmentFactory.create()
    lead = done.study.created_by
    if ended == "study":
        running.close(study=done.study, by=lead)
    else:
        planning.end_membership(membership=Membership.objects.raters().get(), by=lead)
    with pytest.raises(DomainError, match="nobody could hand"):
        running.return_assignment(assignment=done, reason="Look again.", by=lead)
    assert Assignment.objects.submitted().get() == done


def test_no_header_of_an_image_names_its_hash() -> None:
    own = AssignmentFactory.create()
    client = Client()
    client.force_login(own.rater.user)  # type: ignore[arg-type]
    hashes = {value for series in own.case.series.all() for value in (series.browser_copy_id, series.thumbnail_id)}
    for place in (0, 1):
        for kind in ("image", "thumbnail"):
            answer = client.get(f"/api/v1/assignments/{own.pk}/series/{place}/{kind}/")
            assert answer.status_code == 200
            assert not [value for value in hashes if value and value in str(dict(answer.headers))]
            assert answer.headers["Cache-Control"].startswith("private")


def test_answers_of_the_api_are_kept_by_no_cache() -> None:
    client = Client()
    client.force_login(AssignmentFactory.create().rater.user)  # type: ignore[arg-type]
    assert client.get("/api/v1/assignments/").headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("role", ["lead", "adjudicator", "observer"])
def test_results_of_another_study_of_the_same_cases_are_hidden_while_one_reads_them_blind(role: str) -> None:
    """Its figures would tell: the volume or the score of a mask that both studies show says whose mask one reads."""
    shown = SubmittedAssignmentFactory.create()
    RatingFactory.create(assignment=shown)
    report = ReportFactory.create(study=shown.study)
    person = MembershipFactory.create(study=shown.study, user=UserFactory.create(), role=role).user
    client = Client()
    client.force_login(person)

    def opened() -> list[bool]:
        here = f"/api/v1/studies/{shown.study_id}"
        return [
            Study.objects.with_results_for(person).exists(),
            Report.objects.visible_to(person).filter(pk=report.pk).exists(),
            Rating.objects.visible_to(person).filter(assignment=shown).exists(),
            client.get(f"{here}/agreement/").status_code == 200,
            client.get(f"/api/v1/reports/{report.pk}/").status_code == 200,
            client.get(f"{here}/").json()["sees_results"],
        ]

    assert opened() == [True] * 6
    elsewhere = StudyFactory.create(start_rater=shown.study.start_rater)
    own = AssignmentFactory.create(
        study=elsewhere, case=shown.case, rater=MembershipFactory.create(study=elsewhere, user=person).rater
    )
    assert opened() == [False] * 6

    hand_in(own)
    assert opened() == [False] * 6, "somebody could still talk to those who read it: blind until it is closed"
    running.close(study=elsewhere, by=elsewhere.created_by)
    assert opened() == [True] * 6
