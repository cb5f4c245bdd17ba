"""The same case in two tabs and on two machines: the person chooses, both versions are kept, and either comes back."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, Route, expect

from tests.browser import acting
from tests.browser.conftest import SignIn
from tests.browser.loss import another_machine, drawn, sequence, shown_volume
from tests.integration.running.processes import Platform, wait_until


def test_of_two_tabs_one_edits_and_the_other_steps_back_with_its_work_kept(sign_in: SignIn) -> None:
    first = sign_in("novice")
    acting.open_next_case(first)
    acting.paint(first, dx=0.12, dy=0.05)
    painted = shown_volume(first)

    second = first.context.new_page()
    second.goto(first.url)
    expect(second.get_by_role("heading", name="This case is open in another window")).to_be_visible()
    second.get_by_role("button", name="Go on here").click()
    acting.wait_for_pictures(second)
    assert shown_volume(second) == painted
    expect(first.get_by_text("Open in another window")).to_be_visible()
    acting.paint(first, dx=-0.12, dy=0.05)
    assert shown_volume(first) == painted

    acting.paint(second, dx=0.12, dy=0.15)
    both = shown_volume(second)
    assert both != painted
    first.get_by_role("button", name="Go on here").click()
    acting.wait_for_pictures(first)
    assert shown_volume(first) == both
    expect(second.get_by_text("Open in another window")).to_be_visible()
    acting.paint(first, dx=-0.12, dy=0.05)
    assert shown_volume(first) != both
    acting.wait_until_saved(first)


def test_a_save_whose_answer_is_lost_while_the_page_stays_open_is_no_second_version(sign_in: SignIn) -> None:
    page = sign_in("novice")
    key = acting.open_next_case(page)
    before = sequence(page, key)

    def lose_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/draft/**", lose_answer, times=1)
    acting.paint(page, dx=0.1, dy=0.02)
    expect(page.get_by_text("Offline, kept here")).to_be_visible(timeout=30_000)
    assert sequence(page, key) == before + 1
    acting.paint(page, dx=0.1, dy=0.06)
    wait_until(lambda: sequence(page, key) > before + 1, "the next save went on from it", seconds=60)
    acting.wait_until_saved(page)
    expect(page.get_by_text("Another version was saved")).to_be_hidden()


def two_machines(here: Page, elsewhere: Page, key: str) -> None:
    """Paint on a machine that is offline, then on another one, and let the first meet what the second saved."""
    here.context.set_offline(True)
    acting.paint(here, dx=0.1, dy=0.12, length=0.1)
    expect(here.get_by_text("Offline, kept here")).to_be_visible(timeout=30_000)
    before = sequence(elsewhere, key)
    acting.paint(elsewhere, dx=-0.15, dy=0.12)
    wait_until(lambda: sequence(elsewhere, key) > before, "the other machine has saved", seconds=30)
    here.context.set_offline(False)
    expect(here.get_by_text("Another version was saved")).to_be_visible(timeout=30_000)
    here.get_by_role("button", name="Choose").click()
    expect(here.get_by_role("heading", name="There are two versions of this case")).to_be_visible()


def test_of_two_machines_the_person_chooses_and_the_other_version_comes_back_in_one_step(
    sign_in: SignIn, chromium: Browser, platform: Platform, passwords: dict[str, tuple[str, str]]
) -> None:
    here = sign_in("novice")
    key = acting.open_next_case(here)
    other = another_machine(chromium, platform, passwords["novice"])
    elsewhere = other.pages[0]
    elsewhere.goto(here.url)
    acting.wait_for_pictures(elsewhere)
    two_machines(here, elsewhere, key)
    theirs, on_server = shown_volume(elsewhere), drawn(elsewhere, key)
    other.close()

    here.get_by_role("button", name="Go on with the server's").click()
    acting.wait_for_pictures(here)
    assert shown_volume(here) == theirs
    here.keyboard.press("Shift+V")
    lost = here.get_by_role("article", name="Work of a browser, kept beside")
    expect(lost).to_have_count(1)
    mine = lost.locator("td").first.inner_text().removesuffix(" ml")
    assert mine != theirs

    lost.get_by_role("button", name="Look").click()
    expect(here.get_by_text("You look at an older version.")).to_be_visible()
    acting.paint(here)  # no tool works while one looks
    here.get_by_role("button", name="Back to the present").click()
    lost.get_by_role("button", name="Go on with it").click()
    expect(lost.locator("td").nth(1)).to_have_text("=")
    here.keyboard.press("Shift+V")
    assert shown_volume(here) == mine
    expect(here.get_by_role("button", name=re.compile("^Restore"))).to_be_visible()
    wait_until(lambda: drawn(here, key) != on_server, "the restored version arrived", seconds=30)

    here.keyboard.press("Control+z")
    wait_until(lambda: drawn(here, key) == on_server, "one undo gives the server's version back", seconds=30)
    assert shown_volume(here) == theirs
