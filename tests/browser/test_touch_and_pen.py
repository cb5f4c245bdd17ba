"""Fingers and a pen on the picture, as a touch screen sends them; what they did is read from the server's own copy."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import acting
from tests.browser.editing import Case, undo_all
from tests.integration.running.processes import Platform

Place = tuple[float, float]


class Fingers:
    """The fingers of a hand, by number. Places are parts of the axial plane, from its middle."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._browser = case.page.context.new_cdp_session(case.page)
        self._down: dict[int, Place] = {}

    def put(self, finger: int, place: Place) -> None:
        self._down[finger] = place
        self._send("touchStart")

    def move(self, **places: Place) -> None:
        """Move fingers ("f1", "f2") in ten steps."""
        ends = {int(name[1:]): place for name, place in places.items()}
        starts = {finger: self._down[finger] for finger in ends}
        for step in range(1, 11):
            for finger, (x, y) in ends.items():
                x0, y0 = starts[finger]
                self._down[finger] = (x0 + (x - x0) * step / 10, y0 + (y - y0) * step / 10)
            self._send("touchMove")
            self._case.page.wait_for_timeout(20)

    def lift(self, *fingers: int) -> None:
        for finger in fingers:
            del self._down[finger]
        self._send("touchMove" if self._down else "touchEnd")

    def tap(self, place: Place) -> None:
        self.put(1, place)
        self.lift(1)
        self._case.page.wait_for_timeout(400)

    def _send(self, kind: str) -> None:
        points = []
        for finger, place in self._down.items():
            x, y = self._case.point(*place)
            points.append({"x": x, "y": y, "id": finger})
        self._browser.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


@pytest.fixture
def case(chromium: Browser, platform: Platform, passwords: dict[str, tuple[str, str]]) -> Iterator[Case]:
    """The rater's next case on a touch screen; each test leaves it as it found it."""
    context = chromium.new_context(
        base_url=f"http://127.0.0.1:{platform.port}", viewport={"width": 1366, "height": 768}, has_touch=True
    )
    context.set_default_timeout(30_000)
    page = context.new_page()
    acting.sign_in(page, passwords["expert2"])
    yield Case(page)
    context.close()


def millimetres_of_a_drag(case: Case) -> float:
    """Return how far apart the places of a short way lie in the patient: small when the picture is zoomed."""
    places = []
    for point in ((-0.02, 0.0), (0.02, 0.0)):
        case.page.mouse.move(*case.point(*point))
        case.page.wait_for_timeout(200)
        found = re.search(r"([RL]) +(\d+\.\d)", case.page.locator("footer").inner_text())
        assert found is not None
        places.append(float(found[2]) * (1 if found[1] == "R" else -1))
    return abs(places[0] - places[1])


def test_one_finger_paints_and_two_zoom_and_leave_no_stroke(case: Case) -> None:
    fingers = Fingers(case)
    case.page.keyboard.press("b")
    fingers.put(1, (-0.08, -0.22))
    fingers.move(f1=(-0.02, -0.22))
    fingers.lift(1)
    painted = case.labels()
    assert np.count_nonzero(painted) > np.count_nonzero(case.start)
    assert case.tools_used()["brush"] == 1

    wide = millimetres_of_a_drag(case)
    fingers.put(1, (-0.05, 0.0))
    fingers.move(f1=(-0.04, 0.0))
    fingers.put(2, (0.05, 0.0))
    fingers.move(f1=(-0.1, 0.0), f2=(0.1, 0.0))
    fingers.lift(2)
    fingers.move(f1=(-0.1, 0.1))
    fingers.lift(1)
    assert millimetres_of_a_drag(case) < 0.7 * wide
    assert np.array_equal(case.labels(), painted)
    assert case.steps() == 1
    undo_all(case)
    assert np.array_equal(case.labels(), case.start)


def test_a_polygon_stays_open_over_a_pinch_and_a_tap_on_its_first_corner_closes_it(case: Case) -> None:
    fingers = Fingers(case)
    case.page.keyboard.press("l")
    for corner in ((-0.08, -0.1), (0.06, -0.1), (0.06, 0.02)):
        fingers.tap(corner)
    fingers.put(1, (-0.02, 0.05))
    fingers.put(2, (0.02, 0.05))
    fingers.move(f1=(-0.03, 0.05), f2=(0.03, 0.05))
    fingers.move(f1=(-0.02, 0.05), f2=(0.02, 0.05))
    fingers.lift(2)
    fingers.lift(1)
    assert np.array_equal(case.labels(), case.start), "nothing is written before it is closed"
    case.page.keyboard.press("r")
    fingers.tap((-0.08, -0.1))
    expect(case.page.get_by_role("button", name=re.compile(r"^Lasso · "))).to_be_visible()
    assert np.count_nonzero(case.labels()) > np.count_nonzero(case.start)
    assert case.steps() == 1
    undo_all(case)
    assert np.array_equal(case.labels(), case.start)


def draw_with_pen(page: Page, case: Case, *, force: float, at: float) -> int:
    """Draw a line with so much pressure; return how many voxels it changed."""
    before = case.labels()
    pen = page.context.new_cdp_session(page)
    for n, kind in enumerate(["mousePressed", *["mouseMoved"] * 6, "mouseReleased"]):
        x, y = case.point(-0.08 + 0.01 * n, at)
        released = kind == "mouseReleased"
        pen.send(
            "Input.dispatchMouseEvent",
            {
                "type": kind,
                "x": x,
                "y": y,
                "pointerType": "pen",
                "button": "left",
                "buttons": 0 if released else 1,
                "force": 0 if released else force,
                "clickCount": 1,
            },
        )
        page.wait_for_timeout(30)
    page.wait_for_timeout(300)
    return int(np.count_nonzero(case.labels() != before))


def test_the_pressure_of_a_pen_sets_the_radius_where_that_is_wanted(case: Case) -> None:
    page = case.page
    page.keyboard.press("b")
    for _ in range(6):
        page.keyboard.press("]")
    page.get_by_label("A pen's pressure sets the radius").check()
    light = draw_with_pen(page, case, force=0.4, at=-0.2)
    firm = draw_with_pen(page, case, force=1.0, at=0.2)
    assert 0 < light < 0.7 * firm
    page.get_by_label("A pen's pressure sets the radius").uncheck()
    undo_all(case)
    assert np.array_equal(case.labels(), case.start)
