"""Hospital computers are shared: signing out takes a person's drafts off, after a question where work was not sent."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import acting
from tests.browser.conftest import SignIn
from tests.browser.loss import sequence
from tests.integration.running.processes import wait_until

DRAFTS = "async () => (await indexedDB.databases()).map(({ name }) => name).filter((name) => name.includes('drafts'))"


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Account").click()
    page.get_by_role("menuitem", name="Sign out").click()


def test_signing_out_takes_the_drafts_off_this_computer_and_the_next_person_finds_none(sign_in: SignIn) -> None:
    page = sign_in("novice")
    key = acting.open_next_case(page)
    before = sequence(page, key)
    acting.paint(page, dx=0.2, dy=-0.05)
    wait_until(lambda: sequence(page, key) > before, "the stroke arrived", seconds=30)
    assert len(page.evaluate(DRAFTS)) == 1

    home = page.context.new_page()
    home.goto("/")
    sign_out(home)
    home.wait_for_url("**/sign-in**")
    page.wait_for_url("**/sign-in**")  # the window that still had the case on screen leaves it, too
    assert page.evaluate(DRAFTS) == []
    page.goto(f"/assignments/{key}")
    page.wait_for_url("**/sign-in**")


def test_signing_out_asks_first_when_work_was_not_sent(sign_in: SignIn) -> None:
    page = sign_in("novice")
    acting.open_next_case(page)
    page.route("**/draft/**", lambda route: route.abort())
    acting.paint(page, dx=0.2, dy=0.1)
    expect(page.get_by_text("Offline, kept here")).to_be_visible(timeout=30_000)
    page.goto("/")
    sign_out(page)
    expect(page.get_by_role("dialog")).to_be_visible()
    assert len(page.evaluate(DRAFTS)) == 1
