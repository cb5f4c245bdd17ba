"""Every page can be used with a screen reader and in poor sight, as far as axe can tell, and fits the screen."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import acting
from tests.browser.conftest import SignIn
from tests.browser.test_every_page import ADMIN, LEAD, PICTURES, RATER
from tests.integration.running.processes import ROOT

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
BAD = {"serious", "critical"}
SCREENS = ((1366, 768), (2560, 1440))
PEOPLE = [("lead", LEAD), ("admin", ADMIN), ("novice", RATER)]


@cache
def axe() -> str:
    return AXE.read_text(encoding="utf-8")


def findings(page: Page) -> list[str]:
    """Return axe's serious and critical findings on the page as it is: rule, place and what is wrong there."""
    page.evaluate(axe())
    answer: dict[str, Any] = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{page.url}: {rule['id']} at {node['target']}: {node['failureSummary']}"
        for rule in answer["violations"]
        if rule["impact"] in BAD
        for node in rule["nodes"]
    ]


def open_quietly(page: Page, address: str) -> None:
    """Open a page and wait until nothing is loading or moving."""
    page.goto(address)
    expect(page.locator("h1, h2").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(page.locator(".mantine-Loader-root")).to_have_count(0, timeout=60_000)
    page.wait_for_timeout(500)


def too_wide(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    wide: int = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
    return wide


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("person", "pages"), PEOPLE)
def test_no_page_has_a_serious_finding(sign_in: SignIn, person: str, pages: dict[str, str], scheme: str) -> None:
    page = sign_in(person)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    found: list[str] = []
    for address in pages.values():
        open_quietly(page, address)
        found += findings(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sign_in_page_has_no_serious_finding(sign_in: SignIn, scheme: str) -> None:
    page = sign_in("lead")
    page.context.clear_cookies()
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    for address in ("/sign-in", "/password-reset"):
        page.goto(address)
        expect(page.get_by_role("button").first).to_be_visible()
        assert findings(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_workbench_has_no_serious_finding_in_any_of_its_states(sign_in: SignIn, scheme: str) -> None:
    page = sign_in("expert1")
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    acting.open_next_case(page)
    found = findings(page)
    for key in ("b", "e", "t", "l", "g", "q"):
        page.keyboard.press(key)
        page.wait_for_timeout(300)
        found += findings(page)
    page.keyboard.press("q")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog").get_by_role("heading").first).to_be_visible()
    page.wait_for_timeout(500)
    found += findings(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("screen", SCREENS)
def test_pages_fit_the_screen(sign_in: SignIn, screen: tuple[int, int]) -> None:
    page = sign_in("lead")
    page.set_viewport_size({"width": screen[0], "height": screen[1]})
    wide = {}
    for name, address in LEAD.items():
        open_quietly(page, address)
        wide[name] = too_wide(page)
        page.screenshot(path=str(PICTURES / f"{name}-{screen[0]}.png"))
    assert {name: pixels for name, pixels in wide.items() if pixels > 0} == {}


@pytest.mark.parametrize("screen", SCREENS)
def test_the_workbench_fits_the_screen_and_covers_nothing(sign_in: SignIn, screen: tuple[int, int]) -> None:
    page = sign_in("expert1")
    page.set_viewport_size({"width": screen[0], "height": screen[1]})
    acting.open_next_case(page)
    page.screenshot(path=str(PICTURES / f"workbench-{screen[0]}.png"))
    assert too_wide(page) <= 0
    boxes = [
        page.locator(part).first.bounding_box() for part in ("header", "main", "aside[aria-label='Labels and tools']")
    ]
    header, centre, right = boxes
    assert header is not None
    assert centre is not None
    assert right is not None
    assert header["y"] + header["height"] <= centre["y"] + 1
    assert centre["x"] + centre["width"] <= right["x"] + 1
    assert right["x"] + right["width"] <= screen[0] + 1
    assert centre["width"] > 0.5 * screen[0]
