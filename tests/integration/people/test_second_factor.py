"""A second factor, for whoever sets one up: a code of six digits beside the password."""

import base64
import hashlib
import hmac
import time
from collections.abc import Iterator

import pytest
from django.core.cache import cache

from people.models import User
from tests.factories import PASSWORD, UserFactory
from tests.integration.people.browser import HEADLESS, ME, Browser

pytestmark = pytest.mark.django_db
TOTP = HEADLESS + "account/authenticators/totp"
SECOND = HEADLESS + "auth/2fa/authenticate"


@pytest.fixture(autouse=True)
def _forget_counts() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def code_of(secret: str) -> str:
    """Return the code of this half minute: RFC 6238 with SHA-1, as the telephones have it."""
    cache.clear()  # a code works once: let this half minute's be used again
    digest = hmac.digest(base64.b32decode(secret), int(time.time() // 30).to_bytes(8, "big"), hashlib.sha1)
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 10**6:06d}"


def with_second_factor() -> tuple[User, str]:
    user, browser = UserFactory.create(), Browser()
    browser.sign_in(user.email)
    secret = browser.send("GET", TOTP).json()["meta"]["secret"]
    assert browser.send("POST", TOTP, {"code": "000000"}).status_code == 400
    assert browser.send("POST", TOTP, {"code": code_of(secret)}).status_code == 401  # first the password once more
    assert browser.send("POST", HEADLESS + "auth/reauthenticate", {"password": "wrong"}).status_code == 400
    assert browser.send("POST", HEADLESS + "auth/reauthenticate", {"password": PASSWORD}).status_code == 200
    assert browser.send("POST", TOTP, {"code": code_of(secret)}).status_code == 200
    return user, secret


def test_with_a_second_factor_the_password_alone_opens_nothing() -> None:
    user, secret = with_second_factor()
    browser = Browser()
    half = browser.sign_in(user.email)
    assert half.status_code == 401
    assert "mfa_authenticate" in [flow["id"] for flow in half.json()["data"]["flows"] if flow.get("is_pending")]
    assert browser.get(ME).status_code == 401
    assert browser.send("POST", SECOND, {"code": "000000"}).status_code == 400
    assert browser.get(ME).status_code == 401
    assert browser.send("POST", SECOND, {"code": code_of(secret)}).status_code == 200
    assert browser.get(ME).json()["email"] == user.email


def test_guessing_codes_is_stopped() -> None:
    user, secret = with_second_factor()
    browser = Browser()
    browser.sign_in(user.email)
    right = code_of(secret)
    answers = [browser.send("POST", SECOND, {"code": "000000"}).json()["errors"][0]["code"] for _ in range(6)]
    assert answers[-1] == "too_many_login_attempts"
    assert browser.send("POST", SECOND, {"code": right}).status_code != 200
