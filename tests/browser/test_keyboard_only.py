"""A whole reading without a pointer: open, paint, erase, comment, score, choose another key, submit."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from benchmarks.workbench.browser import settings
from tests.browser import acting
from tests.browser.conftest import SignIn
from tests.browser.loss import sequence, shown_volume
from tests.integration.running.processes import wait_until


def press_tab_until(page: Page, words: str) -> None:
    """Walk on with Tab until something of this name has the focus."""
    for _ in range(150):
        page.keyboard.press("Tab")
        name = page.evaluate("() => document.activeElement?.ariaLabel || document.activeElement?.innerText || ''")
        if re.search(words, name):
            return
    raise AssertionError(f"Tab does not reach {words!r}.")


def open_by_keys(page: Page) -> str:
    """From the home page into the next case; return the assignment's id."""
    page.goto("/")
    expect(page.get_by_role("link", name=re.compile("continue", re.IGNORECASE)).first).to_be_visible()
    press_tab_until(page, "(?i)^continue")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/assignments/"))
    acting.wait_for_pictures(page)
    leave_field(page)
    return page.url.rsplit("/", 1)[-1]


def leave_field(page: Page) -> None:
    """Take the focus off, so that the keys are the workbench's own."""
    page.evaluate("() => document.activeElement?.blur()")


def press_and_wait(page: Page, key: str) -> str:
    """Press a key that changes the first label's volume; return the volume once it is shown."""
    before = shown_volume(page)
    page.keyboard.press(key)
    wait_until(lambda: shown_volume(page) != before, f"{key} has changed the volume", seconds=15)
    return shown_volume(page)


def paint_by_keys(page: Page) -> None:
    """A large sphere at the image's edge, where no other journey has drawn, then erased, then there again."""
    for key in ["b", "d", *["]"] * 6, *["Alt+ArrowLeft"] * 150]:
        page.keyboard.press(key)
    painted = press_and_wait(page, "Space")
    press_and_wait(page, "Shift+Space")
    assert press_and_wait(page, "Control+z") == painted


def comment_by_keys(page: Page, text: str) -> None:
    page.keyboard.press("Shift+C")
    page.keyboard.type(text)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_label("Comments", exact=True).get_by_text(text)).to_be_visible()
    leave_field(page)


def choose_another_key(page: Page, title: str, key: str) -> None:
    page.keyboard.press("?")
    expect(page.get_by_role("dialog").get_by_role("button", name=f"Change the key of: {title}")).to_be_visible()
    press_tab_until(page, f"^Change the key of: {title}")
    page.keyboard.press("Enter")
    page.keyboard.press(key)
    expect(page.get_by_role("button", name=f"Change the key of: {title}")).to_have_text(key)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def brush_strokes(page: Page, key: str) -> int:
    """Return how often the brush was used in this reading, as the server knows it."""
    return int(acting.assignment(page, key)["notes"]["edits"].get("tools", {}).get("brush", 0))


def score_by_keys(page: Page, key: str) -> None:
    """Submitting names what is missing and goes there; then one key per answer."""
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Some questions have no answer yet")).to_be_visible()
    expect(page.get_by_role("button", name="Answer them")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()
    facts = acting.assignment(page, key)
    for question in facts["rubric"]["questions"]:
        for _ in facts["series"] if question["per_sequence"] else [None]:
            page.keyboard.press(question["options"][0]["hotkey"])
            page.wait_for_timeout(100)
    page.keyboard.press("F2")


def test_a_reading_from_opening_to_submission_by_keyboard_alone(sign_in: SignIn) -> None:
    page = sign_in("novice")
    key = open_by_keys(page)
    strokes = brush_strokes(page, key)
    paint_by_keys(page)
    comment_by_keys(page, "Is this still tumour?")
    choose_another_key(page, "Edit or score", "F2")
    score_by_keys(page, key)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("dialog").get_by_role("button", name="Submit")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Submitted")).to_be_visible(timeout=60_000)
    facts = acting.assignment(page, key)
    assert facts["state"] == "submitted"
    assert [comment["text"] for comment in facts["notes"]["comments"]] == ["Is this still tumour?"]
    assert brush_strokes(page, key) == strokes + 1
    assert sequence(page, key) > 0
    assert settings(page)["keys"]["value"] == {"panel.score": ["F2"]}
