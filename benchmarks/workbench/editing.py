"""Everything that a person does with a mask, family by family: what each holds the page for at most."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.workbench.browser import call
from benchmarks.workbench.figures import Figure

BLOCK_MS = 50.0
OPERATIONS = ("Smooth", "Dilate", "Remove islands", "Fill holes", "Fill between slices")


MARK = "overread: "
CATEGORIES = ["disabled-by-default-devtools.timeline", "blink.user_timing"]


@dataclass(frozen=True)
class Task:
    """One task of the page's thread: when it began, ms by the clock on the wall, and ms that the thread computed."""

    start: float
    wall: float
    computed: float


def strokes(page: Page) -> None:
    for number in range(5):
        stroke(page, 0.35 + 0.05 * number)


def undo_and_redo(page: Page) -> None:
    for key in ("Control+z",) * 4 + ("Control+Shift+z",) * 2:
        page.keyboard.press(key)
        page.wait_for_timeout(150)


def looking(page: Page) -> None:
    """Slices, labels, radius and sequences, as between two strokes."""
    for number in range(4):
        page.mouse.wheel(0, 100)
        page.keyboard.press(str(1 + number % 4))
        page.keyboard.press("]")
        page.keyboard.press(f"Shift+{1 + (number + 1) % 4}")
        page.wait_for_timeout(400)


def other_brushes(page: Page) -> None:
    for key in ("e", "t"):
        page.keyboard.press(key)
        stroke(page, 0.45)


def areas(page: Page) -> None:
    """Lasso, a region grown from a click in 3-D, and a connected part relabelled."""
    page.keyboard.press("l")
    stroke(page, 0.4)
    page.keyboard.press("g")
    page.get_by_text("3-D", exact=True).click()
    click(page, 0.5)
    page.keyboard.press("p")
    click(page, 0.5)


def grow_cut(page: Page) -> None:
    page.keyboard.press("k")
    stroke(page, 0.45)
    page.keyboard.down("Shift")
    stroke(page, 0.65)
    page.keyboard.up("Shift")
    page.keyboard.press("Enter")
    page.wait_for_timeout(4000)


def operations(page: Page) -> None:
    for name in OPERATIONS:
        page.get_by_label("Operation", exact=True).first.click()
        page.get_by_role("option", name=name).click()
        page.get_by_role("button", name="Apply").click()
        page.wait_for_timeout(2500)


def lesions_and_draft(page: Page) -> None:
    """A stroke, and then nothing until the lesions are measured and the draft is sent."""
    page.keyboard.press("b")
    stroke(page, 0.5)
    page.keyboard.press("n")
    page.wait_for_timeout(5000)


def largest_sphere(page: Page) -> None:
    """Strokes of the largest sphere that there is, 40 mm, taken back and done again; then the brush is as before."""
    for _ in range(20):
        page.keyboard.press("]")
    strokes(page)
    undo_and_redo(page)
    for _ in range(20):
        page.keyboard.press("[")


def grow_far(page: Page) -> None:
    """Grow over most of the head, taken back and done again."""
    page.keyboard.press("g")
    for name in ("Tolerance in per cent of the window", "Distance limit in millimetres"):
        page.get_by_role("slider", name=name).press("End")
    click(page, 0.6)
    page.wait_for_timeout(3000)
    for key in ("Control+z", "Control+Shift+z", "Control+z"):
        page.keyboard.press(key)
        page.wait_for_timeout(1000)
    page.keyboard.press("b")


FAMILIES: tuple[tuple[str, Callable[[Page], None]], ...] = (
    ("strokes", strokes),
    ("undo and redo", undo_and_redo),
    ("slices, labels, radius, sequences", looking),
    ("eraser and threshold brush", other_brushes),
    ("lasso, grow, part", areas),
    ("grow-cut", grow_cut),
    ("operations", operations),
    ("lesions and draft", lesions_and_draft),
    ("the largest sphere, 40 mm", largest_sphere),
    ("grow over most of the head", grow_far),
)


def edit(page: Page) -> None:
    """Do all of it with a sphere of 12 mm, and mark in the trace when each family begins."""
    page.keyboard.press("b")
    page.keyboard.press("d")
    for _ in range(12):
        page.keyboard.press("]")
    for name, act in FAMILIES:
        call(page, f"void performance.mark({json.dumps(MARK + name)})")
        act(page)
        page.wait_for_timeout(300)
    call(page, f"void performance.mark({json.dumps(MARK + 'end')})")


def traced(browser: Browser, page: Page) -> dict[str, list[Task]]:
    """Return every task of the page's thread while it is edited, by family, as the browser traced them."""
    browser.start_tracing(page=page, categories=CATEGORIES)
    edit(page)
    events: list[dict[str, Any]] = json.loads(browser.stop_tracing())["traceEvents"]
    marks = sorted((row for row in events if str(row["name"]).startswith(MARK)), key=lambda row: float(row["ts"]))
    thread = (marks[0]["pid"], marks[0]["tid"])
    tasks = [
        Task(float(row["ts"]), float(row["dur"]) / 1000, float(row["tdur"]) / 1000)
        for row in events
        if row["name"] == "RunTask" and (row["pid"], row["tid"]) == thread and "tdur" in row
    ]
    if not tasks:
        raise RuntimeError("The browser traced no tasks of the page's thread: nothing can be said about blocks.")
    return {
        str(mark["name"]).removeprefix(MARK): [task for task in tasks if mark["ts"] <= task.start < after["ts"]]
        for mark, after in pairwise(marks)
    }


def measure_blocks(browser: Browser, page: Page) -> Iterator[Figure]:
    for name, tasks in traced(browser, page).items():
        longest = max(task.wall for task in tasks)
        over = sum(task.computed > BLOCK_MS for task in tasks)
        yield Figure(
            f"Longest task while editing, CPU of the page's thread: {name}",
            max(task.computed for task in tasks),
            "ms",
            most=BLOCK_MS,
            note=f"{over} of {len(tasks)} tasks above; the longest by the clock {longest:.0f} ms, drawing included",
        )


def stroke(page: Page, across: float) -> None:
    x, y = _place(page, across)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 80, y + 20, steps=20)
    page.mouse.up()
    page.wait_for_timeout(400)


def click(page: Page, across: float) -> None:
    page.mouse.click(*_place(page, across))
    page.wait_for_timeout(1500)


def _place(page: Page, across: float) -> tuple[float, float]:
    box = page.locator("canvas").first.bounding_box()
    assert box is not None
    return box["x"] + box["width"] * across * 0.6, box["y"] + box["height"] * 0.5
