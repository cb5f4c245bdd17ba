"""A case open in the workbench, and its labels as the server has them."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from typing import Any

import nibabel as nib
import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page, expect

from tests.browser import acting

Labels = NDArray[np.uint8]


def draft_labels(page: Page, key: str) -> Labels:
    """Send the draft of the open case and read its labels (x, y, z) back from the server."""
    page.keyboard.press("Control+s")
    expect(page.get_by_text(re.compile(r"^(saved|no changes)", re.IGNORECASE)).first).to_be_visible()
    facts = acting.assignment(page, key)
    return _read_labels(page, facts["draft"]["labels"] if facts["draft"] else facts["start"], facts)


def _read_labels(page: Page, address: str, facts: dict[str, Any]) -> Labels:
    return np.frombuffer(_read(page, address), np.uint8).reshape(facts["grid"]["shape"], order="F")


def read_nifti(page: Page, address: str) -> NDArray[np.float64]:
    """Return the values of a NIfTI file that the server gives."""
    return np.asarray(nib.Nifti1Image.from_bytes(_read(page, address)).dataobj, np.float64)


def _read(page: Page, address: str) -> bytes:
    body = page.request.get(address).body()
    return gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body


class Case:
    """A case open in the workbench, the rater's next one or the one of a key, and its labels (x, y, z)."""

    def __init__(self, page: Page, key: str = "") -> None:
        self.page = page
        if key:
            page.goto(f"/assignments/{key}")
            acting.wait_for_pictures(page)
        self.key = key or acting.open_next_case(page)
        self.start = self.labels()
        self._used_before = self._tools()

    def labels(self) -> Labels:
        """Send the draft and read it back from the server."""
        return draft_labels(self.page, self.key)

    def given(self) -> Labels:
        """The mask that the rater started from."""
        facts = acting.assignment(self.page, self.key)
        return _read_labels(self.page, facts["start"], facts)

    def image(self) -> NDArray[np.float64]:
        """The intensities (x, y, z) of the sequence that a case opens with."""
        return read_nifti(self.page, acting.assignment(self.page, self.key)["series"][0]["image"])

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
        expect(words).to_be_in_viewport()
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
