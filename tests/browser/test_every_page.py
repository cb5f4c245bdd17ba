"""Every page of the demo opens without an error, says where one is, has no serious finding of axe in light or dark,
fits a small and a large screen, and is photographed to be looked at.

Pictures go to test-results/screenshots; with OVERREAD_SCREENSHOTS=1 those of the README are made anew too. All of them
show synthetic cases only.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from tests.browser import acting
from tests.browser.axe import SCREENS, findings, too_wide
from tests.browser.conftest import SignIn
from tests.integration.running.processes import ROOT

PICTURES = ROOT / "test-results" / "screenshots"
OF_THE_README = ROOT / "docs" / "screenshots"
SHOWN_THERE = ("workbench", "report", "study-board")
LEAD = {
    "home": "/",
    "studies": "/studies",
    "new-study": "/studies/new",
    "study-overview": "/studies/1",
    "study-board": "/studies/1/board",
    "study-agreement": "/studies/1/agreement",
    "study-protocol": "/studies/1/protocol",
    "study-raters": "/studies/1/raters",
    "study-cases": "/studies/1/cases",
    "study-settings": "/studies/1/settings",
    "study-reports": "/studies/1/reports",
    "report": "/reports/1",
    "cases": "/cases",
    "case": "/cases/1",
    "import": "/import",
    "jobs": "/jobs",
    "models": "/models",
    "account": "/account",
}
ADMIN = {"administration": "/admin"}
RATER = {"rater-home": "/", "rater-study": "/studies/1"}


class Complaints:
    """What the page's console complained about."""

    def __init__(self, page: Page) -> None:
        self.found: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.found.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.found.append(message.text)


def photograph(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(PICTURES / f"{name}.png"))
    if os.environ.get("OVERREAD_SCREENSHOTS") and name in SHOWN_THERE:
        OF_THE_README.mkdir(parents=True, exist_ok=True)
        shutil.copy(PICTURES / f"{name}.png", OF_THE_README)


def open_quietly(page: Page, address: str) -> None:
    """Open a page and wait until nothing is loading or moving."""
    page.goto(address)
    expect(page.locator("h1, h2").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(page.locator(".mantine-Loader-root")).to_have_count(0, timeout=60_000)
    page.wait_for_timeout(500)


def visit(page: Page, name: str, address: str) -> list[str]:
    """Open a page, look at it in light and dark and on both screens, and return what is wrong with it."""
    heard = Complaints(page)
    open_quietly(page, address)
    found = []
    if page.title().strip() in ("", "Overread"):
        found.append(f"{name} has no title of its own")
    if "could not be read" in page.inner_text("body"):
        found.append(f"{name} says that something could not be read")
    photograph(page, name)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.wait_for_timeout(300)  # some controls fade from one scheme to the other
        found += [f"{name}, {scheme}: {finding}" for finding in findings(page)]
    page.emulate_media(color_scheme="light")
    for width, height in reversed(SCREENS):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(200)
        if too_wide(page) > 0:
            found.append(f"{name} is {too_wide(page)} pixels wider than a window of {width}")
        photograph(page, f"{name}-{width}")
    return found + [f"{name}: {complaint}" for complaint in heard.found]


@pytest.mark.parametrize(("person", "pages"), [("lead", LEAD), ("admin", ADMIN), ("novice", RATER)])
def test_every_page_opens_fits_and_can_be_read_by_all(sign_in: SignIn, person: str, pages: dict[str, str]) -> None:
    page = sign_in(person)
    found = [finding for name, address in pages.items() for finding in visit(page, name, address)]
    assert not found, "\n".join(found)


def test_the_sign_in_page_opens_for_a_stranger(context: object, sign_in: SignIn) -> None:
    page = sign_in("lead")
    page.context.clear_cookies()
    page.goto("/sign-in")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    photograph(page, "sign-in")


def test_the_workbench_shows_a_case(sign_in: SignIn) -> None:
    page = sign_in("expert1")
    key = acting.open_next_case(page)
    photograph(page, "workbench")
    page.keyboard.press("q")
    page.wait_for_timeout(800)
    photograph(page, "workbench-score")
    assert acting.assignment(page, key)["study"]["synthetic"] is True
    expect(page.get_by_text("Synthetic", exact=False).first).to_be_visible()


def test_pages_are_dark_where_the_system_is(sign_in: SignIn) -> None:
    page = sign_in("lead")
    page.emulate_media(color_scheme="dark")
    page.goto("/studies/1/board")
    page.wait_for_load_state("networkidle")
    red, green, blue = page.evaluate(
        "() => getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)"
    )
    assert max(red, green, blue) < 80
    photograph(page, "study-board-dark")
    assert Path(PICTURES / "study-board-dark.png").stat().st_size > 5000
