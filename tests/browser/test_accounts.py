"""People get in by invitation, by a reset link and with a second factor, each clicked through as they would."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import time
from collections.abc import Callable

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import SignIn
from tests.browser.test_every_page import photograph
from tests.integration.running.processes import Platform, wait_until

PASSWORD = "a lantern in the harbour"


def code_of(secret: str) -> str:
    """Return the code of this half minute: RFC 6238 with SHA-1."""
    digest = hmac.digest(base64.b32decode(secret), int(time.time() // 30).to_bytes(8, "big"), hashlib.sha1)
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 10**6:06d}"


def stranger(chromium: Browser, platform: Platform) -> Page:
    """Another person's browser."""
    made = chromium.new_context(base_url=f"http://127.0.0.1:{platform.port}", viewport={"width": 1366, "height": 768})
    made.set_default_timeout(30_000)
    return made.new_page()


def enter(page: Page, email: str, password: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def invited(admin: Page, email: str) -> str:
    """Let the administrator invite somebody; return the link."""
    admin.goto("/admin")
    admin.get_by_role("button", name="Invite").first.click()
    dialog = admin.get_by_role("dialog")
    dialog.get_by_label("E-mail").fill(email)
    dialog.get_by_label("Name").fill("Eva Newcomer")
    dialog.get_by_label("Expertise as a rater").select_option("expert")
    dialog.get_by_role("button", name="Make the link").click()
    link = dialog.locator("pre")
    expect(link).to_contain_text("/invitation")
    return link.inner_text().strip()


def test_an_invited_person_chooses_a_password_and_is_in(sign_in: SignIn, chromium: Browser, platform: Platform) -> None:
    link = invited(sign_in("admin"), "eva@hospital.example")
    page = stranger(chromium, platform)
    page.goto(re.sub(r"^https?://[^/]+", "", link))
    expect(page.get_by_text("Welcome to Overread")).to_be_visible()
    page.get_by_label("Choose a password").fill("short")
    photograph(page, "invitation")
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Accept and sign in").click()
    page.wait_for_url(lambda url: "/invitation" not in url)
    assert page.request.get("/api/v1/me/").json()["email"] == "eva@hospital.example"
    page.context.close()

    late = stranger(chromium, platform)
    late.goto(re.sub(r"^https?://[^/]+", "", link))
    expect(late.get_by_text("This invitation does not work")).to_be_visible()
    late.context.close()


def link_in_mail(platform: Platform) -> Callable[[], str]:
    """Return a way to read the newest reset link that the console mail printed."""

    def newest() -> str:
        found = [match for line in platform.lines if (match := re.search(r"/password-reset/\S+", line))]
        return found[-1].group(0) if found else ""

    return newest


def test_a_forgotten_password_is_set_anew_by_the_link_of_an_e_mail(
    sign_in: SignIn, chromium: Browser, platform: Platform, context: BrowserContext
) -> None:
    link = invited(sign_in("admin"), "ivo@hospital.example")
    page = stranger(chromium, platform)
    page.goto(re.sub(r"^https?://[^/]+", "", link))
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Accept and sign in").click()
    page.wait_for_url(lambda url: "/invitation" not in url)
    page.context.clear_cookies()

    newest = link_in_mail(platform)
    page.goto("/sign-in")
    page.get_by_role("link", name="Forgotten your password?").click()
    expect(page.get_by_role("heading", name="Set a new password")).to_be_visible()  # the page before has an e-mail, too
    page.get_by_label("E-mail").fill("ivo@hospital.example")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_text("Look into your e-mail")).to_be_visible()
    wait_until(newest, "the link was mailed")
    page.goto(newest())
    page.get_by_label("New password").fill("another lantern there")
    photograph(page, "password-new")
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_text("Your password is changed")).to_be_visible()
    enter(page, "ivo@hospital.example", PASSWORD)
    expect(page.get_by_role("alert")).to_be_visible()
    enter(page, "ivo@hospital.example", "another lantern there")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.context.close()


def test_a_second_factor_is_set_up_asked_for_and_turned_off(
    sign_in: SignIn, chromium: Browser, platform: Platform, passwords: dict[str, tuple[str, str]]
) -> None:
    email, password = passwords["novice"]
    page = sign_in("novice")
    page.goto("/account")
    page.get_by_role("button", name="Set it up").click()
    page.get_by_label("Your password").fill(password)
    page.get_by_role("button", name="Go on").click()
    secret = page.get_by_label("Key for the authenticator app").inner_text().strip()
    expect(page.get_by_alt_text("QR code for the authenticator app")).to_be_visible()
    photograph(page, "second-factor")
    page.get_by_label("Code", exact=True).fill(code_of(secret))
    page.get_by_role("button", name="Turn it on").click()
    codes = page.get_by_label("Recovery codes", exact=True).inner_text().split()
    assert len(codes) >= 8
    page.get_by_role("button", name="I have kept them").click()

    other = stranger(chromium, platform)
    enter(other, email, password)
    other.get_by_label("Code", exact=True).fill("000000")
    other.get_by_role("button", name="Confirm").click()
    expect(other.get_by_role("alert")).to_be_visible()
    other.get_by_label("Code", exact=True).fill(codes[0])
    other.get_by_role("button", name="Confirm").click()
    other.wait_for_url(lambda url: "/sign-in" not in url)
    other.context.close()

    page.get_by_role("button", name="Turn it off").click()
    page.get_by_label("Your password").fill(password)
    page.get_by_role("button", name="Turn it off").click()
    expect(page.get_by_role("button", name="Set it up")).to_be_visible()
