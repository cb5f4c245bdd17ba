"""What people do in the browser, in their own words: used by the journeys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page, expect

SAVED = re.compile(r"saved", re.IGNORECASE)


def sign_in(page: Page, account: tuple[str, str]) -> None:
    """Sign somebody in through the page."""
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(account[0])
    page.get_by_label("Password", exact=True).fill(account[1])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


INTENSITY = re.compile(r"voxel\D*\d+\D+\d+\D+\d+\s*\w+\s*-?\d")
"""The status bar once a picture is there: the voxel under the pointer and what the first sequence shows in it."""


TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Once a picture is known it is drawn in the next frame, and can be worked on in the one after it."""


def open_next_case(page: Page) -> str:
    """From the home page into the workbench; return the assignment's id."""
    page.goto("/")
    page.get_by_role("link", name=re.compile("continue", re.IGNORECASE)).first.click()
    page.wait_for_url(re.compile("/assignments/"))
    wait_for_pictures(page)
    return page.url.rsplit("/", 1)[-1]


def wait_for_pictures(page: Page) -> None:
    """Wait until the first sequence is on screen and the tools can be used."""
    expect(page.get_by_role("button", name="Submit")).to_be_visible(timeout=60_000)
    expect(page.locator("canvas").first).to_be_visible(timeout=60_000)
    page.wait_for_function("() => document.querySelector('canvas') && document.querySelector('canvas').width > 100")
    expect(page.locator("footer")).to_contain_text(INTENSITY, timeout=60_000)
    page.evaluate(TWO_FRAMES)


@contextmanager
def stroke(page: Page, *, dx: float = 0.0, dy: float = 0.0, length: float = 0.06) -> Iterator[None]:
    """Draw with the brush in the first pane, dx and dy (parts of its size) from its middle; the body runs half-way."""
    page.keyboard.press("b")
    box = page.locator("canvas").first.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] * (0.5 + dx), box["y"] + box["height"] * (0.5 + dy)
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(x + box["width"] * length * step / 8, y + 2 * step)
        page.wait_for_timeout(40)
        if step == 4:
            yield
    page.mouse.up()


def paint(page: Page, *, dx: float = 0.0, dy: float = 0.0, length: float = 0.06) -> None:
    """Draw one stroke with the brush in the first pane, dx and dy (parts of its size) from its middle."""
    with stroke(page, dx=dx, dy=dy, length=length):
        pass


def wait_until_saved(page: Page) -> None:
    """Wait for the status that says that the server has the draft."""
    expect(page.get_by_text(re.compile(r"^saved", re.IGNORECASE)).first).to_be_visible(timeout=30_000)


def assignment(page: Page, key: str) -> dict[str, Any]:
    """Return what the server says of the rater's own assignment."""
    answer = page.request.get(f"/api/v1/assignments/{key}/")
    assert answer.ok, answer.text()
    return dict(answer.json())


def answer_questions(page: Page, key: str, *, choice: int = 0) -> None:
    """Answer every question by its key: the option of this number, or the last one where there are fewer."""
    facts = assignment(page, key)
    page.keyboard.press("q")
    for question in facts["rubric"]["questions"]:
        options = question["options"]
        hotkey = options[min(choice, len(options) - 1)]["hotkey"]
        for _ in facts["series"] if question["per_sequence"] else [None]:
            page.keyboard.press(hotkey)
            page.wait_for_timeout(150)


def confirm_submission(page: Page) -> None:
    """Press the dialog's button once the dialog stands: it then has the focus."""
    button = page.get_by_role("dialog").get_by_role("button", name="Submit")
    expect(button).to_be_focused()
    button.click()


def submit(page: Page) -> None:
    """Hand the case in and wait until the page says so."""
    page.get_by_role("button", name="Submit").first.click()
    confirm_submission(page)
    expect(page.get_by_role("dialog")).to_be_hidden(timeout=60_000)
