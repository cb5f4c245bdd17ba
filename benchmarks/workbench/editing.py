"""Everything that a person does with a mask, family by family: what each holds the page for at most."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playwright.sync_api import Page

from benchmarks.workbench.browser import call
from benchmarks.workbench.figures import Figure

BLOCK_MS = 50.0
OPERATIONS = ("Smooth", "Dilate", "Remove islands", "Fill holes", "Fill between slices")


@dataclass(frozen=True)
class Block:
    """A task that held the page for more than 50 ms, and how long of it lay in WebGL calls."""

    start: float
    whole: float
    drawing: float

    @property
    def script(self) -> float:
        return self.whole - self.drawing


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


FAMILIES: tuple[tuple[str, Callable[[Page], None]], ...] = (
    ("strokes", strokes),
    ("undo and redo", undo_and_redo),
    ("slices, labels, radius, sequences", looking),
    ("eraser and threshold brush", other_brushes),
    ("lasso, grow, part", areas),
    ("grow-cut", grow_cut),
    ("operations", operations),
    ("lesions and draft", lesions_and_draft),
)


def edit(page: Page) -> dict[str, tuple[float, float]]:
    """Do all of it with a sphere of 12 mm; return when each family began and ended, on the page's clock."""
    page.keyboard.press("b")
    page.keyboard.press("d")
    for _ in range(12):
        page.keyboard.press("]")
    spans = {}
    for name, act in FAMILIES:
        began = float(call(page, "performance.now()"))
        act(page)
        page.wait_for_timeout(300)
        spans[name] = (began, float(call(page, "performance.now()")))
    return spans


def blocks(page: Page, span: tuple[float, float]) -> list[Block]:
    """Return the long tasks of a span. Only WebGL calls of more than 1 ms count as drawing."""
    rows = page.evaluate(
        """([began, ended]) => overreadProbe.longTasks.filter(([start]) => start >= began && start < ended)
            .map(([start, duration]) => [start, duration, overreadProbe.glSpans.reduce((sum, [from, to]) =>
                sum + Math.max(0, Math.min(to, start + duration) - Math.max(from, start)), 0)])""",
        list(span),
    )
    return [Block(*row) for row in rows]


def measure_blocks(page: Page) -> Iterator[Figure]:
    for name, span in edit(page).items():
        found = blocks(page, span)
        worst = max(found, key=lambda block: block.script, default=Block(0, 0, 0))
        longest = max((block.whole for block in found), default=0.0)
        yield Figure(
            f"Longest block while editing, WebGL calls apart: {name}",
            worst.script,
            "ms",
            most=BLOCK_MS,
            note=f"with them {len(found)} tasks above 50 ms, the longest {longest:.0f} ms",
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
