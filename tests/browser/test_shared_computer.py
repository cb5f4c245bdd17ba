"""Hospital computers are shared: signing out takes a person's drafts off, after a question where work was not sent."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import acting
from tests.browser.conftest import SignIn
from tests.browser.loss import sequence, shown_volume
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


def test_a_sign_out_that_did_not_reach_the_server_says_so_and_removes_nothing(sign_in: SignIn) -> None:
    page = sign_in("novice")
    acting.open_next_case(page)
    acting.paint(page, dx=0.2, dy=0.05)
    acting.wait_until_saved(page)
    page.goto("/")
    page.route("**/_allauth/**/session", lambda route: route.abort())
    sign_out(page)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("You are still signed in")
    assert len(page.evaluate(DRAFTS)) == 1
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    page.unroute("**/_allauth/**/session")
    sign_out(page)
    page.wait_for_url("**/sign-in**")
    assert page.evaluate(DRAFTS) == []


def test_signing_out_in_one_window_asks_for_work_that_only_another_one_holds(sign_in: SignIn) -> None:
    page = sign_in("novice")
    acting.open_next_case(page)
    where = {"origin": page.evaluate("() => location.origin"), "storageTypes": "indexeddb"}
    page.context.new_cdp_session(page).send("Storage.clearDataForOrigin", where)
    expect(page.get_by_role("alert").filter(has_text="its data were cleared")).to_be_visible(timeout=30_000)
    page.route("**/draft/**", lambda route: route.abort())
    acting.paint(page, dx=0.15, dy=0.15)
    expect(page.get_by_role("alert").filter(has_text="Do not close")).to_be_visible(timeout=30_000)

    home = page.context.new_page()
    home.goto("/")
    sign_out(home)
    expect(home.get_by_role("dialog")).to_contain_text("has not reached the server")
    home.get_by_role("button", name="Stay").click()
    volume = shown_volume(page)
    page.get_by_role("link", name="Back to my cases").click()
    page.get_by_role("button", name="Stay").click()
    page.unroute("**/draft/**")
    page.keyboard.press("Control+s")
    acting.wait_until_saved(page)
    assert shown_volume(page) == volume
