"""Work survives a closed tab, a crash, an hour offline, an expired login in a stroke, and a restarted server."""

from __future__ import annotations

import os
import signal
from contextlib import suppress

from playwright.sync_api import Error, Page, expect

from tests.browser import acting
from tests.browser.conftest import SignIn
from tests.browser.loss import changed_volume, has_all, reopen, sequence, shown_volume
from tests.integration.running.processes import Platform, wait_until


def test_a_stroke_is_there_again_after_the_tab_was_closed_at_once(sign_in: SignIn) -> None:
    page = sign_in("novice")
    acting.open_next_case(page)
    before = shown_volume(page)
    acting.paint(page, dx=0.15, dy=0.1)
    page.wait_for_timeout(300)  # what the browser promises: kept within 250 ms
    after = changed_volume(page, before)
    address, context = page.url, page.context
    page.close()

    again = reopen(context, address)
    assert shown_volume(again) == after
    wait_until(lambda: has_all(again, address.rsplit("/", 1)[-1]), "the stroke arrived", seconds=30)


def test_a_stroke_is_there_again_after_the_page_crashed(sign_in: SignIn) -> None:
    """The renderer is killed: no event of the page runs, as when the power goes."""
    page = sign_in("novice")
    acting.open_next_case(page)
    before = shown_volume(page)
    acting.paint(page, dx=0.1, dy=-0.1)
    page.wait_for_timeout(300)
    after = changed_volume(page, before)
    address, context = page.url, page.context
    crash(page)

    again = reopen(context, address)
    assert shown_volume(again) == after
    wait_until(lambda: has_all(again, address.rsplit("/", 1)[-1]), "the stroke arrived", seconds=30)


def test_a_stroke_just_before_another_page_is_on_the_server_without_opening_the_case_again(sign_in: SignIn) -> None:
    page = sign_in("novice")
    key = acting.open_next_case(page)
    before = sequence(page, key)
    acting.paint(page, dx=-0.1, dy=-0.15)
    address, volume = page.url, shown_volume(page)
    page.get_by_role("link", name="Back to my cases").click()
    page.wait_for_url(lambda url: "/assignments/" not in url)
    wait_until(lambda: sequence(page, key) > before, "the stroke arrived", seconds=30)

    page.goto(address)
    acting.wait_for_pictures(page)
    assert shown_volume(page) == volume
    assert has_all(page, key)


def crash(page: Page) -> None:
    with page.expect_event("crash"), suppress(Error):  # the page that should answer is gone
        page.goto("chrome://crash", timeout=5000)
    page.close()


def test_work_goes_on_through_an_hour_offline(sign_in: SignIn) -> None:
    page = sign_in("novice")
    page.clock.install()
    key = acting.open_next_case(page)
    before, volume = sequence(page, key), shown_volume(page)
    page.context.set_offline(True)
    acting.paint(page, dx=0.05, dy=0.15)
    expect(page.get_by_text("Offline, kept here")).to_be_visible(timeout=30_000)
    page.clock.fast_forward(3600 * 1000)
    acting.paint(page, dx=0.05, dy=0.2)
    expect(page.get_by_text("Offline, kept here")).to_be_visible(timeout=30_000)
    assert shown_volume(page) != volume
    page.context.set_offline(False)
    acting.wait_until_saved(page)
    assert sequence(page, key) > before
    assert has_all(page, key)


def test_work_goes_on_through_a_login_that_expires_in_the_middle_of_a_stroke(
    sign_in: SignIn, passwords: dict[str, tuple[str, str]]
) -> None:
    page = sign_in("novice")
    key = acting.open_next_case(page)
    before, volume = sequence(page, key), shown_volume(page)
    with acting.stroke(page, dx=-0.12, dy=0.12):
        page.context.clear_cookies(name="sessionid")
    expect(page.get_by_text("Signed out, kept here")).to_be_visible(timeout=30_000)
    assert shown_volume(page) != volume
    page.get_by_role("button", name="Sign in").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("E-mail").fill(passwords["novice"][0])
    dialog.get_by_label("Password", exact=True).fill(passwords["novice"][1])
    dialog.get_by_role("button", name="Sign in").click()

    acting.wait_until_saved(page)
    wait_until(lambda: sequence(page, key) > before and has_all(page, key), "the stroke arrived", seconds=30)


def test_work_goes_on_through_a_restarted_server(sign_in: SignIn, platform: Platform) -> None:
    page = sign_in("novice")
    key = acting.open_next_case(page)
    acting.paint(page, dy=-0.12)
    acting.wait_until_saved(page)
    before = sequence(page, key)

    for process in platform.processes("granian"):
        os.kill(process, signal.SIGKILL)
    acting.paint(page, dx=0.1, dy=-0.12)
    wait_until(platform.is_healthy, "the supervisor has started the web server again")

    wait_until(lambda: sequence(page, key) > before, "the second stroke arrived", seconds=90)
    acting.wait_until_saved(page)
    assert has_all(page, key)
