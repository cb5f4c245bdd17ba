"""A draft survives a closed tab, an expired login and a restarted server; two windows keep both versions."""

from __future__ import annotations

import os
import re
import signal
from collections import Counter

from playwright.sync_api import Page, expect

from tests.browser import acting
from tests.browser.conftest import SignIn
from tests.integration.running.processes import Platform, wait_until


def drawn(page: Page, key: str) -> int:
    """Return how many voxels the server's draft holds."""
    draft = acting.assignment(page, key)["draft"]
    assert draft is not None
    return len(page.request.get(draft["labels"]).body()) - Counter(page.request.get(draft["labels"]).body())[0]


def shown_volume(page: Page) -> str:
    """Return the first label's volume in ml, as the panel shows it."""
    found = re.search(r"\d+\.\d+", page.get_by_label("Labels and tools").inner_text())
    assert found is not None
    return found.group()


def test_a_stroke_is_there_again_after_the_tab_was_closed_at_once(sign_in: SignIn) -> None:
    page = sign_in("novice")
    acting.open_next_case(page)
    before = shown_volume(page)
    acting.paint(page, dx=0.15, dy=0.1)
    page.wait_for_timeout(300)  # what the browser promises: kept within 250 ms
    after = shown_volume(page)
    assert after != before
    address, context = page.url, page.context
    page.close()

    again = context.new_page()
    again.goto(address)
    acting.wait_for_pictures(again)
    acting.wait_until_saved(again)
    assert drawn(again, address.rsplit("/", 1)[-1]) > 0
    assert shown_volume(again) == after


def test_work_goes_on_through_an_expired_login(sign_in: SignIn, passwords: dict[str, tuple[str, str]]) -> None:
    page = sign_in("novice")
    key = acting.open_next_case(page)
    acting.paint(page, dx=-0.12)
    acting.wait_until_saved(page)
    before = acting.assignment(page, key)["draft"]["sequence"]

    page.context.clear_cookies(name="sessionid")
    acting.paint(page, dx=-0.12, dy=0.12)
    expect(page.get_by_text("Signed out, kept here")).to_be_visible(timeout=30_000)
    if not page.get_by_role("dialog").is_visible():
        page.get_by_role("button", name="Sign in").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("E-mail").fill(passwords["novice"][0])
    dialog.get_by_label("Password", exact=True).fill(passwords["novice"][1])
    dialog.get_by_role("button", name="Sign in").click()

    acting.wait_until_saved(page)
    wait_until(
        lambda: acting.assignment(page, key)["draft"]["sequence"] > before, "the second stroke arrived", seconds=30
    )


def test_work_goes_on_through_a_restarted_server(sign_in: SignIn, platform: Platform) -> None:
    page = sign_in("novice")
    key = acting.open_next_case(page)
    acting.paint(page, dy=-0.12)
    acting.wait_until_saved(page)
    before = acting.assignment(page, key)["draft"]["sequence"]

    for process in platform.processes("granian"):
        os.kill(process, signal.SIGKILL)
    acting.paint(page, dx=0.1, dy=-0.12)
    wait_until(platform.is_healthy, "the supervisor has started the web server again")

    wait_until(
        lambda: acting.assignment(page, key)["draft"]["sequence"] > before, "the second stroke arrived", seconds=90
    )
    acting.wait_until_saved(page)
