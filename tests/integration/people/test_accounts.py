"""Oneself, keys of scripts, accounts, centres, administrators and the audit trail, over HTTP."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import Event
from cases.access import appoint_administrator, dismiss_administrator
from cases.models import Access, Case
from core.errors import DomainError
from people.models import ApiToken, Centre, User
from tests.factories import ApiTokenFactory, CaseFactory, CentreFactory, RaterFactory, UserFactory
from tests.integration.people.browser import ME, Browser

pytestmark = pytest.mark.django_db
TOKENS, USERS, CENTRES = "/api/v1/tokens/", "/api/v1/users/", "/api/v1/centres/"


def signed_in(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def script(key: str) -> Client:
    return Client(headers={"Authorization": f"Token {key}"})


def test_me_says_who_one_is() -> None:
    user = UserFactory.create()
    RaterFactory.create(user=user, years=3, expertise="novice")
    me = signed_in(user).get(ME).json()
    assert me["email"] == user.email
    assert me["centre"]["name"] == str(user.centre)
    assert me["rater"] == {"expertise": "novice", "years": 3}
    assert signed_in(UserFactory.create(lead=True)).get(ME).json()["may_lead"] is True
    assert signed_in(UserFactory.create(administrator=True)).get(ME).json()["is_administrator"] is True


def test_one_changes_ones_name_and_nothing_else() -> None:
    user = UserFactory.create(email="nora@hospital.example")
    rater = RaterFactory.create(user=user)
    wanted = {"name": "Dr Nova", "may_lead": True, "is_superuser": True, "email": "x@hospital.example"}
    assert signed_in(user).send("PATCH", ME, wanted).status_code == 200
    user.refresh_from_db()
    assert (user.name, user.may_lead, user.is_superuser, user.email) == (
        "Dr Nova",
        False,
        False,
        "nora@hospital.example",
    )
    rater.refresh_from_db()
    assert rater.name == "Dr Nova"


def test_a_key_is_shown_once_works_and_is_revoked() -> None:
    user = UserFactory.create()
    browser = signed_in(user)
    made = browser.send("POST", TOKENS, {"name": "nightly export", "days": 30})
    assert made.status_code == 201
    key = made.json()["key"]
    assert script(key).get(ME).json()["id"] == user.pk
    listed = browser.get(TOKENS).json()["results"]
    assert [row["prefix"] for row in listed] == [key[:8]]
    assert key not in browser.get(TOKENS).content.decode()
    assert not ApiToken.objects.filter(sha256__contains=key[4:]).exists()
    assert browser.send("DELETE", f"{TOKENS}{listed[0]['id']}/").status_code == 204
    refused = script(key).get(ME)
    assert refused.status_code == 401
    assert "revoked" in refused.json()["detail"]
    assert set(Event.objects.values_list("verb", flat=True)) == {"token.created", "token.revoked"}


def test_a_key_that_has_run_out_opens_nothing() -> None:
    ApiTokenFactory.create(key="ovr_old", expires_at=timezone.now() - timedelta(seconds=1))
    assert script("ovr_old").get(ME).status_code == 401


@pytest.mark.parametrize("header", ["Token", "Token a b", "Token unknown", "token \u00e9", "Bearer x"])
def test_a_broken_authorization_header_is_no_key(header: str) -> None:
    assert Client(headers={"Authorization": header}).get(ME).status_code == 401


def test_a_key_makes_no_keys_and_no_administrators() -> None:
    administrator = UserFactory.create(administrator=True)
    ApiTokenFactory.create(user=administrator, key="ovr_key")
    client = script("ovr_key")
    assert client.post(TOKENS, {"name": "successor"}, content_type="application/json").status_code == 403
    assert client.put(f"{USERS}{UserFactory.create().pk}/administrator/").status_code == 403


def test_people_see_and_revoke_their_own_keys_and_administrators_all() -> None:
    mine, other = ApiTokenFactory.create(), ApiTokenFactory.create()
    browser = signed_in(mine.user)
    assert [row["id"] for row in browser.get(TOKENS).json()["results"]] == [mine.pk]
    assert browser.send("DELETE", f"{TOKENS}{other.pk}/").status_code == 404
    administrator = signed_in(UserFactory.create(administrator=True))
    assert administrator.get(TOKENS).json()["count"] == 2
    assert administrator.send("DELETE", f"{TOKENS}{other.pk}/").status_code == 204


def test_an_administrator_changes_accounts() -> None:
    administrator, user, centre = UserFactory.create(administrator=True), UserFactory.create(), CentreFactory.create()
    browser = signed_in(administrator)
    answer = browser.send("PATCH", f"{USERS}{user.pk}/", {"may_lead": True, "centre": centre.pk})
    assert answer.status_code == 200
    assert answer.json()["may_lead"] is True
    assert answer.json()["centre"]["id"] == centre.pk
    event = Event.objects.about(user).get()
    assert (event.verb, event.actor) == ("user.changed", administrator)
    assert event.detail == {"may_lead": True, "centre": centre.name}
    assert browser.get(USERS, {"email__icontains": user.email[:8]}).json()["count"] >= 1


def test_a_deactivated_account_is_out_at_once() -> None:
    user = UserFactory.create()
    ApiTokenFactory.create(user=user, key="ovr_key")
    browser, administrator = signed_in(user), signed_in(UserFactory.create(administrator=True))
    assert browser.get(ME).status_code == 200
    assert administrator.send("PATCH", f"{USERS}{user.pk}/", {"is_active": False}).status_code == 200
    assert browser.get(ME).status_code == 401
    assert script("ovr_key").get(ME).status_code == 401


def test_administrators_do_not_lock_themselves_or_each_other_out_by_mistake() -> None:
    one, other = UserFactory.create(administrator=True), UserFactory.create(administrator=True)
    browser = signed_in(one)
    assert browser.send("PATCH", f"{USERS}{one.pk}/", {"is_active": False}).status_code == 422
    assert browser.send("PATCH", f"{USERS}{other.pk}/", {"is_active": False}).status_code == 422


def test_an_appointment_shows_everything_and_a_dismissal_takes_it_back() -> None:
    case, user = CaseFactory.create(), UserFactory.create()
    browser = signed_in(UserFactory.create(administrator=True))
    assert not Case.objects.visible_to(user).exists()
    for _ in range(2):
        assert browser.send("PUT", f"{USERS}{user.pk}/administrator/").status_code == 204
    user.refresh_from_db()
    assert user.is_superuser
    assert list(Case.objects.visible_to(user)) == [case]
    assert browser.send("DELETE", f"{USERS}{user.pk}/administrator/").status_code == 204
    user.refresh_from_db()
    assert not user.is_superuser
    assert not Case.objects.visible_to(user).exists()
    verbs = list(Event.objects.about(user).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["administrator.appointed", "administrator.dismissed"]


def test_the_last_administrator_stays() -> None:
    only = UserFactory.create(administrator=True)
    with pytest.raises(DomainError, match="last site administrator"):
        dismiss_administrator(user=only, by=only)
    assert Access.objects.to_everything().filter(user=only).exists()


def test_a_deactivated_account_is_not_appointed() -> None:
    with pytest.raises(DomainError, match="deactivated"):
        appoint_administrator(user=UserFactory.create(is_active=False))


def test_centres_are_written_by_administrators_and_read_by_all() -> None:
    administrator, user = signed_in(UserFactory.create(administrator=True)), signed_in(UserFactory.create())
    made = administrator.send("POST", CENTRES, {"name": "Northern Hospital", "code": "north"})
    assert made.status_code == 201
    assert administrator.send("POST", CENTRES, {"name": "Northern Hospital", "code": "other"}).status_code == 409
    assert user.send("POST", CENTRES, {"name": "Mine", "code": "mine"}).status_code == 403
    path = f"{CENTRES}{made.json()['id']}/"
    assert administrator.send("PATCH", path, {"name": "North"}).status_code == 200
    assert user.get(path).json() == {"id": made.json()["id"], "name": "North", "code": "north"}
    assert not Centre.objects.filter(name="Mine").exists()


def test_the_trail_is_read_by_administrators_only() -> None:
    administrator, user = UserFactory.create(administrator=True), UserFactory.create()
    signed_in(administrator).send("PATCH", f"{USERS}{user.pk}/", {"may_lead": True})
    rows = signed_in(administrator).get("/api/v1/audit/", {"verb": "user.changed"}).json()["results"]
    assert [(row["actor"], row["subject_id"]) for row in rows] == [(administrator.email, str(user.pk))]
    assert signed_in(user).get("/api/v1/audit/").status_code == 403
