"""What the loss tests look at: voxels on the server, volumes on the page, and a second browser of the same person."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import acting
from tests.integration.running.processes import Platform, wait_until


def drawn(page: Page, key: str) -> int:
    """Return how many voxels the server's draft holds."""
    draft = acting.assignment(page, key)["draft"]
    assert draft is not None
    body = page.request.get(draft["labels"]).body()
    return len(body) - Counter(body)[0]


def sequence(page: Page, key: str) -> int:
    """Return how often the server has saved the draft; 0 when it has none."""
    draft = acting.assignment(page, key)["draft"]
    return draft["sequence"] if draft else 0


def shown_volume(page: Page) -> str:
    """Return the first label's volume in ml, as the panel shows it."""
    found = re.search(r"\d+\.\d+", page.get_by_label("Labels and tools").inner_text())
    assert found is not None
    return found.group()


def changed_volume(page: Page, before: str) -> str:
    """Return the first label's volume once it is another one: on a busy machine the next frame may take a while."""
    wait_until(lambda: shown_volume(page) != before, "the volume on the page has changed", seconds=20)
    return shown_volume(page)


def has_all(page: Page, key: str) -> bool:
    """True when the server's draft holds as much as the page shows: no stroke is missing on the way."""
    shown, facts = shown_volume(page), acting.assignment(page, key)
    if facts["draft"] is None:
        return False
    grid = facts["grid"]
    voxel_ml = abs(np.linalg.det(np.array(grid["affine"])[:3, :3])) / 1000
    last_digit = 10.0 ** -len(shown.partition(".")[2])
    return bool(abs(drawn(page, key) * voxel_ml - float(shown)) <= 0.51 * last_digit)


def another_machine(chromium: Browser, platform: Platform, account: tuple[str, str]) -> BrowserContext:
    """Return a browser with nothing kept in it, signed in as the same person."""
    made = chromium.new_context(base_url=f"http://127.0.0.1:{platform.port}", viewport={"width": 1366, "height": 768})
    made.set_default_timeout(30_000)
    acting.sign_in(made.new_page(), account)
    return made


def reopen(context: BrowserContext, address: str) -> Page:
    """Open a case in a new tab and wait for its pictures."""
    page = context.new_page()
    page.goto(address)
    acting.wait_for_pictures(page)
    return page
