"""Settings follow the person: chosen in one browser, there in another, and gone from a computer they signed out on."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from benchmarks.workbench.browser import settings
from tests.browser import acting
from tests.browser.conftest import SignIn
from tests.integration.running.processes import Platform, wait_until

LAYOUT, PRESET, KEPT = "Two sequences side by side", "Bright lesion", "Object.keys(localStorage)"


def choose(page: Page) -> None:
    """Choose another layout than the usual one, and a preset for the sequence on screen."""
    page.get_by_label("Layout", exact=True).locator("label", has=page.get_by_label(LAYOUT)).click()
    page.get_by_role("button", name=PRESET, exact=True).click()


def expect_chosen(page: Page) -> None:
    expect(page.get_by_role("radio", name=LAYOUT)).to_be_checked()
    expect(page.get_by_role("button", name=PRESET, exact=True)).to_have_attribute("data-chosen", "true")


def names(page: Page) -> set[str]:
    """Return the names of what the account keeps; a window's without its study and sequence."""
    return {name.partition(" ")[0] for name in settings(page)}


def test_layout_and_window_chosen_in_one_browser_are_there_in_another(
    sign_in: SignIn, chromium: Browser, platform: Platform, passwords: dict[str, tuple[str, str]]
) -> None:
    here = sign_in("expert2")
    acting.open_next_case(here)
    choose(here)
    expect_chosen(here)
    wait_until(lambda: {"arrangement", "window"} <= names(here), "the account has both", seconds=20)

    elsewhere = chromium.new_context(base_url=f"http://127.0.0.1:{platform.port}", viewport=here.viewport_size)
    try:
        page = elsewhere.new_page()
        acting.sign_in(page, passwords["expert2"])
        acting.open_next_case(page)
        expect_chosen(page)
    finally:
        elsewhere.close()


def test_a_choice_made_just_before_the_window_closes_reaches_the_account(sign_in: SignIn) -> None:
    page = sign_in("expert2")
    with page.expect_response("**/workbench/"):  # before that, nothing can be sent; it is kept here for the next time
        acting.open_next_case(page)
    page.wait_for_load_state("networkidle")
    choose(page)
    page.close(run_before_unload=True)
    watching = page.context.new_page()
    wait_until(lambda: {"arrangement", "window"} <= names(watching), "the account has both", seconds=20)


def test_signing_out_takes_the_settings_off_this_computer_and_not_off_the_account(sign_in: SignIn) -> None:
    page = sign_in("expert2")
    acting.open_next_case(page)
    choose(page)
    assert any("settings" in name for name in page.evaluate(KEPT))
    page.goto("/")
    wait_until(lambda: "arrangement" in names(page), "the account has the layout", seconds=20)
    page.get_by_role("button", name="Account").click()
    page.get_by_role("menuitem", name="Sign out").click()
    page.wait_for_url("**/sign-in**")
    assert not any("settings" in name for name in page.evaluate(KEPT))
