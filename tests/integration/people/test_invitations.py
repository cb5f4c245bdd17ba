"""Invitations: a link makes a person, once, and tells a stranger nothing."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from audit.models import Event
from core.errors import DomainError
from people import services
from people.models import Invitation, Rater, User
from tests.factories import CentreFactory, InvitationFactory, UserFactory
from tests.integration.people.browser import ME, Browser

pytestmark = pytest.mark.django_db
INVITATIONS = "/api/v1/invitations/"
ACCEPT = INVITATIONS + "accept/"
NEW = "seventeen blue newts"


@pytest.fixture(autouse=True)
def _forget_counts() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def signed_in(user: User) -> Browser:
    browser = Browser()
    assert browser.sign_in(user.email).status_code == 200
    return browser


def test_an_invited_person_sets_a_password_and_is_in() -> None:
    lead, centre = UserFactory.create(lead=True), CentreFactory.create()
    wanted = {"email": "Eva@Hospital.example", "name": "Eva", "centre": centre.pk, "expertise": "expert", "years": 9}
    made = signed_in(lead).send("POST", INVITATIONS, wanted)
    assert made.status_code == 201, made.content
    token = made.json()["link"].rpartition("/")[2]

    eva = Browser()
    seen = eva.get(f"{INVITATIONS}{token}/")
    assert seen.json() == {"email": "eva@hospital.example", "invited_by": lead.name}
    answer = eva.send("POST", ACCEPT, {"token": token, "name": "Dr Eva Expert", "password": NEW})
    assert answer.status_code == 200, answer.content
    me = eva.get(ME).json()
    assert me["name"] == "Dr Eva Expert"
    assert me["centre"]["id"] == centre.pk
    assert me["rater"] == {"expertise": "expert", "years": 9}
    assert not me["may_lead"]
    assert not me["is_administrator"]
    assert Rater.objects.get(user__email="eva@hospital.example").name == "Dr Eva Expert"
    assert Browser().sign_in("eva@hospital.example", NEW).status_code == 200
    verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
    assert [v for v in verbs if "signed" not in v] == ["user.created", "invitation.sent", "invitation.accepted"]


def test_only_the_hash_of_a_link_is_kept() -> None:
    _, link = services.invite(email="eva@hospital.example", by=UserFactory.create(lead=True))
    assert link is not None
    kept = Invitation.objects.get()
    assert kept.sha256 == services.digest(link.rpartition("/")[2])
    assert link.rpartition("/")[2] not in str(Event.objects.values_list("detail", flat=True))


def test_a_link_works_once() -> None:
    InvitationFactory.create(token="t" * 43)
    accept = {"token": "t" * 43, "name": "", "password": NEW}
    assert Browser().send("POST", ACCEPT, accept).status_code == 200
    again = Browser().send("POST", ACCEPT, {**accept, "password": "another good password"})
    assert again.status_code == 422


@pytest.mark.parametrize("why", ["unknown", "used", "revoked", "run out", "deactivated", "has a password"])
def test_a_link_that_opens_nothing_always_gets_the_same_answer(why: str) -> None:
    invitation, now = InvitationFactory.create(token="t" * 43), timezone.now()
    rows = Invitation.objects.filter(pk=invitation.pk)
    if why == "used":
        rows.update(accepted_at=now)
    if why == "revoked":
        rows.update(revoked_at=now)
    if why == "run out":
        rows.update(expires_at=now - timedelta(seconds=1))
    if why == "deactivated":
        User.objects.filter(pk=invitation.user_id).update(is_active=False)
    if why == "has a password":
        invitation.user.set_password(NEW)
        invitation.user.save()
    token = ("u" if why == "unknown" else "t") * 43
    browser = Browser()
    for answer in (
        browser.get(f"{INVITATIONS}{token}/"),
        browser.send("POST", ACCEPT, {"token": token, "name": "Eva", "password": "short"}),
    ):
        assert answer.status_code == 422
        assert answer.json() == {"detail": services.INVITATION_IS_OVER}


def test_a_weak_password_is_refused_and_the_link_still_works() -> None:
    InvitationFactory.create(token="t" * 43)
    weak = Browser().send("POST", ACCEPT, {"token": "t" * 43, "password": "12345678"})
    assert weak.status_code == 422
    assert "too short" in weak.json()["detail"]
    assert "entirely numeric" in weak.json()["detail"]
    assert Browser().get(f"{INVITATIONS}{'t' * 43}/").status_code == 200


def test_accepting_needs_the_csrf_token() -> None:
    InvitationFactory.create(token="t" * 43)
    body = {"token": "t" * 43, "password": NEW}
    assert Browser().post(ACCEPT, body, content_type="application/json").status_code == 403


def test_guessing_links_is_throttled() -> None:
    browser = Browser(REMOTE_ADDR="203.0.113.77")
    answers = [browser.get(f"{INVITATIONS}{'u' * 43}/").status_code for _ in range(21)]
    assert answers == [422] * 20 + [429]


def test_inviting_somebody_who_has_an_account_returns_it_without_a_link() -> None:
    there, lead = UserFactory.create(), UserFactory.create(lead=True)
    assert services.invite(email=there.email.upper(), by=lead) == (there, None)
    assert not Invitation.objects.exists()


def test_inviting_again_makes_a_new_link_and_ends_the_old_one() -> None:
    lead = UserFactory.create(lead=True)
    user, first = services.invite(email="eva@hospital.example", by=lead)
    again, second = services.invite(email="eva@hospital.example", by=lead)
    assert user == again
    assert first is not None
    assert second is not None
    with pytest.raises(DomainError):
        services.open_invitation(first.rpartition("/")[2])
    assert services.open_invitation(second.rpartition("/")[2]).user == user


def test_another_lead_gets_no_link_to_somebody_who_was_invited_by_others() -> None:
    user, _ = services.invite(email="eva@hospital.example", by=UserFactory.create(lead=True))
    assert services.invite(email="eva@hospital.example", by=UserFactory.create(lead=True)) == (user, None)
    _, link = services.invite(email="eva@hospital.example", by=UserFactory.create(administrator=True))
    assert link is not None


def test_a_deactivated_person_is_not_invited_back() -> None:
    UserFactory.create(email="gone@hospital.example", is_active=False)
    with pytest.raises(DomainError, match="deactivated"):
        services.invite(email="gone@hospital.example", by=UserFactory.create(lead=True))


def test_only_administrators_invite_leads() -> None:
    lead, administrator = UserFactory.create(lead=True), UserFactory.create(administrator=True)
    wanted = {"email": "lea@hospital.example", "may_lead": True}
    assert signed_in(lead).send("POST", INVITATIONS, wanted).status_code == 422
    assert signed_in(administrator).send("POST", INVITATIONS, wanted).status_code == 201
    assert User.objects.get(email="lea@hospital.example").may_lead


def test_leads_see_and_revoke_their_own_invitations_only() -> None:
    mine, other = InvitationFactory.create(), InvitationFactory.create()
    browser = signed_in(mine.invited_by)
    assert [row["id"] for row in browser.get(INVITATIONS).json()["results"]] == [mine.pk]
    assert browser.send("DELETE", f"{INVITATIONS}{other.pk}/").status_code == 404
    assert browser.send("DELETE", f"{INVITATIONS}{mine.pk}/").status_code == 204
    assert browser.send("DELETE", f"{INVITATIONS}{mine.pk}/").status_code == 409
    assert list(Invitation.objects.open()) == [other]


def test_a_person_who_reset_the_password_by_mail_cannot_be_taken_over_by_the_old_link() -> None:
    invitation = InvitationFactory.create(token="t" * 43)
    invitation.user.set_password(NEW)
    invitation.user.save()
    taken = Browser().send("POST", ACCEPT, {"token": "t" * 43, "password": "somebody elses password"})
    assert taken.status_code == 422
    assert Browser().sign_in(invitation.user.email, NEW).status_code == 200
