"""A case open in the workbench, and its labels as the server has them."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page, expect

from tests.browser import acting

Labels = NDArray[np.uint8]


class Case:
    """A case open in the workbench, and its labels as the server has them (x, y, z)."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.key = acting.open_next_case(page)
        self.start = self.labels()
        self._used_before = self._tools()

    def labels(self) -> Labels:
        """Send the draft and read it back from the server."""
        self.page.keyboard.press("Control+s")
        expect(self.page.get_by_text(re.compile(r"^(saved|no changes)", re.IGNORECASE)).first).to_be_visible()
        facts = acting.assignment(self.page, self.key)
        return self._read(facts["draft"]["labels"] if facts["draft"] else facts["start"], facts)

    def given(self) -> Labels:
        """The mask that the rater started from."""
        facts = acting.assignment(self.page, self.key)
        return self._read(facts["start"], facts)

    def _read(self, address: str, facts: dict[str, Any]) -> Labels:
        body = self.page.request.get(address).body()
        raw = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
        return np.frombuffer(raw, np.uint8).reshape(facts["grid"]["shape"], order="F")

    def steps(self) -> int:
        """Return how many steps the history lists, done and undone: each ends with its number of voxels."""
        history = self.page.locator("section").filter(has=self.page.get_by_role("heading", name="History"))
        return history.get_by_role("button", name=re.compile(r"\d$")).count()

    def tools_used(self) -> dict[str, int]:
        """Return how often each tool was used since the case was opened here, as it goes with the draft."""
        self.labels()
        return dict(self._tools() - self._used_before)

    def _tools(self) -> Counter[str]:
        return Counter(acting.assignment(self.page, self.key)["notes"]["edits"].get("tools", {}))

    def outcome(self) -> str:
        """Wait for the words that say what the operation changed."""
        words = self.page.get_by_role("status").filter(has_text=re.compile(r"voxels more"))
        expect(words).to_be_visible(timeout=20_000)
        return words.inner_text()

    def point(self, dx: float, dy: float) -> tuple[float, float]:
        """A place on the axial plane, dx and dy (parts of the picture) from its middle."""
        box = self.page.locator("canvas").first.bounding_box()
        assert box is not None
        return box["x"] + box["width"] * (0.3 + dx), box["y"] + box["height"] * (0.5 + dy)

    def drag(self, *points: tuple[float, float]) -> None:
        places = [self.point(*point) for point in points]
        self.page.mouse.move(*places[0])
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*place, steps=6)
        self.page.mouse.up()
        self.page.wait_for_timeout(300)

    def choose(self, operation: str) -> None:
        self.page.get_by_role("combobox", name="Operation").click()
        self.page.get_by_role("option", name=re.compile(f"^{operation}")).click()

    def apply(self) -> str:
        self.page.get_by_role("button", name="Apply", exact=True).click()
        return self.outcome()


def undo_all(case: Case) -> None:
    for _ in range(case.steps()):
        case.page.keyboard.press("Control+z")
        case.page.wait_for_timeout(100)
