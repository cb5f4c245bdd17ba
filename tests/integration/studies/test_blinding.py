"""A lead who rates is blind until their own readings are in."""

import pytest
from django.test import Client

from annotation import services as annotation
from annotation.notes import Effort
from cases.models import Access, Segmentation
from studies.models import Assignment, Membership, Rating, Study
from studies.services import planning, running
from studies.services.access import sync_access
from tests.factories import (
    ANSWERS,
    AssignmentFactory,
    MembershipFactory,
    PreparedCaseFactory,
    RatingFactory,
    StudyFactory,
    SubmittedAssignmentFactory,
    UserFactory,
    preset_scheme,
)

pytestmark = pytest.mark.django_db


def test_a_lead_who_rates_sees_no_mask_and_no_score_until_their_readings_are_in() -> None:
    study = StudyFactory.create()
    lead = study.created_by
    other = SubmittedAssignmentFactory.create(study=study)
    RatingFactory.create(assignment=other, segmentation=other.start)
    own_role = MembershipFactory.create(study=study, user=lead, role=Membership.Role.RATER)
    own = AssignmentFactory.create(study=study, case=other.case, rater=own_role.rater)
    Access.objects.create(user=lead, grant=Access.Grant.CASE_AND_SEGMENTATIONS, case=other.case, reason="import")

    assert not Segmentation.objects.visible_to(lead).exists()
    assert not Rating.objects.visible_to(lead).exists()
    assert not Study.objects.with_results_for(lead).exists()

    annotation.submit(assignment=own, by=lead, sequence=0, answers=ANSWERS, effort=Effort())

    assert Segmentation.objects.visible_to(lead).filter(rater=other.rater).exists()
    assert Rating.objects.visible_to(lead).count() == 2
    assert Study.objects.with_results_for(lead).exists()


def test_an_administrator_who_rates_is_blind_too() -> None:
    admin = UserFactory.create(administrator=True)
    study = StudyFactory.create()
    role = MembershipFactory.create(study=study, user=admin, role=Membership.Role.RATER)
    own = AssignmentFactory.create(study=study, rater=role.rater)
    assert not Segmentation.objects.visible_to(admin).filter(case=own.case).exists()
    assert not Study.objects.with_results_for(admin).filter(pk=study.pk).exists()


def test_a_lead_who_reads_the_same_case_for_another_study_takes_no_masks_out_before_it_closes(client: Client) -> None:
    led = SubmittedAssignmentFactory.create()
    lead = led.study.created_by
    reads = MembershipFactory.create(user=lead, role=Membership.Role.RATER)
    AssignmentFactory.create(study=reads.study, case=led.case, rater=reads.rater)
    sync_access(reads.study)
    addresses = [f"/api/v1/studies/{led.study_id}/{rest}" for rest in ("exports/", f"assignments/{led.pk}/")]
    client.force_login(lead)
    assert not Segmentation.objects.visible_to(lead).exists()
    assert [client.get(address).status_code for address in addresses] == [404, 404]
    assert client.post(addresses[0], {"suffix": ".nii.gz"}, "application/json").status_code == 404

    running.close(study=reads.study, by=reads.study.created_by)
    assert [client.get(address).status_code for address in addresses] == [200, 200]


def test_every_rater_gets_every_case_in_a_stored_order_of_their_own() -> None:
    lead = UserFactory.create(lead=True)
    study = planning.create_study(name="Order", scheme=preset_scheme("flair"), by=lead, seed=3)
    cases = [PreparedCaseFactory.create(imported_by=lead) for _ in range(6)]
    for case in cases:
        Access.objects.create(user=lead, grant=Access.Grant.CASE_AND_SEGMENTATIONS, case=case, reason="import")
    planning.add_cases(study=study, cases=cases, by=lead)
    raters = [
        planning.add_member(
            study=study, user=UserFactory.create(), role=Membership.Role.RATER, by=lead, expertise="expert"
        ).rater
        for _ in range(3)
    ]
    running.start(study=study, by=lead)

    orders = [
        list(Assignment.objects.filter(rater=rater).order_by("position").values_list("case_id", flat=True))
        for rater in raters
    ]
    assert all(sorted(order) == sorted(case.pk for case in cases) for order in orders)
    assert len({tuple(order) for order in orders}) > 1
    assert running.complete_assignments(study) == 0


def test_a_case_that_the_lead_may_not_see_cannot_be_added() -> None:
    from core.errors import DomainError

    lead = UserFactory.create(lead=True)
    study = planning.create_study(name="Foreign", scheme=preset_scheme("flair"), by=lead)
    with pytest.raises(DomainError, match="not yours to see"):
        planning.add_cases(study=study, cases=[PreparedCaseFactory.create()], by=lead)
