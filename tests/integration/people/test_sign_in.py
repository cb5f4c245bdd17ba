"""Signing in and out as a browser does it: with cookies, CSRF, and everything that can go wrong."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from audit.models import Event
from people.models import User
from tests.factories import PASSWORD, ApiTokenFactory, UserFactory
from tests.integration.people.browser import HEADLESS, LOGIN, ME, SESSION, Browser

pytestmark = pytest.mark.django_db
OTHER = "seventeen blue newts"


@pytest.fixture(autouse=True)
def _forget_counts() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def test_a_person_signs_in_and_out() -> None:
    user, browser = UserFactory.create(email="anna@hospital.example"), Browser()
    assert browser.get(ME).status_code == 401
    assert browser.sign_in("Anna@Hospital.example").status_code == 200
    assert browser.get(ME).json()["email"] == user.email
    assert browser.send("DELETE", SESSION).status_code == 401  # allauth's way of saying "you are out"
    assert browser.get(ME).status_code == 401
    assert [event.verb for event in Event.objects.about(user)] == ["user.signed_in"]


def test_signing_in_without_the_csrf_token_is_refused() -> None:
    user, browser = UserFactory.create(), Client(enforce_csrf_checks=True)
    answer = browser.post(LOGIN, {"email": user.email, "password": PASSWORD}, content_type="application/json")
    assert answer.status_code == 403


def test_a_change_without_the_csrf_token_is_refused() -> None:
    user, browser = UserFactory.create(), Browser()
    browser.sign_in(user.email)
    assert browser.patch(ME, {"name": "Other"}, content_type="application/json").status_code == 403
    assert browser.send("PATCH", ME, {"name": "Other"}).status_code == 200
    user.refresh_from_db()
    assert user.name == "Other"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer() -> None:
    user = UserFactory.create()
    wrong = Browser().sign_in(user.email, OTHER)
    unknown = Browser().sign_in("nobody@hospital.example", OTHER)
    assert wrong.status_code == unknown.status_code == 400
    assert wrong.json() == unknown.json()
    assert [event.verb for event in Event.objects.about(user)] == ["user.sign_in_failed"]


def test_five_wrong_passwords_close_an_account_for_a_while_even_to_the_right_one() -> None:
    user, other = UserFactory.create(), UserFactory.create()
    for _ in range(5):
        assert Browser().sign_in(user.email, OTHER).json()["errors"][0]["code"] == "email_password_mismatch"
    refused = Browser().sign_in(user.email.upper())
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["code"] == "too_many_login_attempts"
    assert Browser().sign_in(other.email).status_code == 200


def test_twenty_failures_from_one_address_close_it_whatever_accounts_they_name() -> None:
    user = UserFactory.create()
    for number in range(20):
        Browser(REMOTE_ADDR="203.0.113.9").sign_in(f"guess{number}@hospital.example", OTHER)
    assert Browser(REMOTE_ADDR="203.0.113.9").sign_in(user.email).status_code == 400
    assert Browser(REMOTE_ADDR="203.0.113.10").sign_in(user.email).status_code == 200


def test_an_invented_forwarded_address_does_not_reset_the_count() -> None:
    user = UserFactory.create()
    for number in range(20):
        client = Browser(REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
        client.sign_in(f"guess{number}@hospital.example", OTHER)
    assert (
        Browser(REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_FOR="198.51.100.99").sign_in(user.email).status_code == 400
    )


def test_nobody_signs_up_and_no_address_is_changed_by_oneself() -> None:
    user, browser = UserFactory.create(), Browser()
    signup = browser.send("POST", HEADLESS + "auth/signup", {"email": "new@hospital.example", "password": OTHER})
    assert signup.status_code == 404
    browser.sign_in(user.email)
    assert browser.send("POST", HEADLESS + "account/email", {"email": "x@hospital.example"}).status_code == 404
    assert browser.send("GET", HEADLESS + "account/phone").status_code == 404
    assert list(User.objects.values_list("email", flat=True)) == [user.email]


def test_a_password_is_reset_by_the_link_in_a_mail() -> None:
    user, browser = UserFactory.create(), Browser()
    elsewhere = Browser()
    elsewhere.sign_in(user.email)
    assert browser.send("POST", HEADLESS + "auth/password/request", {"email": user.email}).status_code == 200
    assert [message.subject for message in mail.outbox] == ["Overread: Set a new password"]
    found = re.search(r"/password-reset/(\S+)", str(mail.outbox[0].body))
    assert found is not None
    reset = {"key": found.group(1), "password": OTHER}
    assert browser.send("POST", HEADLESS + "auth/password/reset", {**reset, "password": "short"}).status_code == 400
    assert browser.send("POST", HEADLESS + "auth/password/reset", reset).status_code == 401
    assert Browser().sign_in(user.email).status_code == 400
    assert Browser().sign_in(user.email, OTHER).status_code == 200
    assert browser.send("POST", HEADLESS + "auth/password/reset", reset).status_code == 400
    assert elsewhere.get(ME).status_code == 401


def test_asking_for_a_reset_does_not_tell_who_has_an_account() -> None:
    user = UserFactory.create()
    known = Browser().send("POST", HEADLESS + "auth/password/request", {"email": user.email})
    unknown = Browser().send("POST", HEADLESS + "auth/password/request", {"email": "nobody@hospital.example"})
    assert (known.status_code, known.json()) == (unknown.status_code, unknown.json())
    assert [message.to for message in mail.outbox] == [[user.email]]


def test_a_password_is_changed_with_the_old_one_and_other_browsers_are_out() -> None:
    user, browser, elsewhere = UserFactory.create(), Browser(), Browser()
    browser.sign_in(user.email)
    elsewhere.sign_in(user.email)
    path = HEADLESS + "account/password/change"
    assert browser.send("POST", path, {"current_password": OTHER, "new_password": OTHER}).status_code == 400
    assert browser.send("POST", path, {"current_password": PASSWORD, "new_password": "1234567890"}).status_code == 400
    assert browser.send("POST", path, {"current_password": PASSWORD, "new_password": OTHER}).status_code == 200
    assert browser.get(ME).status_code == 200
    assert elsewhere.get(ME).status_code == 401


def test_a_session_runs_out() -> None:
    user, browser = UserFactory.create(), Browser()
    browser.sign_in(user.email)
    session = browser.session
    assert timedelta(hours=11) < timedelta(seconds=session.get_expiry_age()) <= timedelta(hours=12)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert browser.get(ME).status_code == 401


def test_a_deactivated_person_is_out_at_once() -> None:
    user, browser = UserFactory.create(), Browser()
    ApiTokenFactory.create(user=user, key="ovr_key")
    browser.sign_in(user.email)
    script = Client(headers={"Authorization": "Token ovr_key"})
    assert browser.get(ME).status_code == script.get(ME).status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert browser.get(ME).status_code == script.get(ME).status_code == 401
    assert Browser().sign_in(user.email).status_code != 200
    Browser().send("POST", HEADLESS + "auth/password/request", {"email": user.email})
    assert mail.outbox == []


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites() -> None:
    user, browser = UserFactory.create(), Browser()
    browser.sign_in(user.email)
    session = browser.cookies["sessionid"]
    assert session["httponly"]
    assert session["samesite"] == "Lax"
