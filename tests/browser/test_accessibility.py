"""The sign-in and the workbench can be used with a screen reader and in poor sight, as far as axe can tell, and fit the
screen; the other pages are checked where they are opened, in `test_every_page.py`.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import acting
from tests.browser.axe import SCREENS, findings, too_wide
from tests.browser.conftest import SignIn
from tests.browser.test_every_page import PICTURES


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
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("dialog").get_by_role("button", name="Answer them")).to_be_focused()
    page.wait_for_timeout(500)
    found += findings(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="More", exact=True).click()
    expect(page.get_by_role("menuitem").first).to_be_visible()
    page.wait_for_timeout(500)
    found += findings(page)
    assert not found, "\n".join(found)


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
