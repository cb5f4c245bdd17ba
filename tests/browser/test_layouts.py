"""Every layout of the workbench on a small and a large screen: all its pictures are there, nothing is cut or covered.

Pictures of the demo's case go to test-results/screenshots; of the real case only to OVERREAD_REAL_PICTURES, a folder of
one's own outside the repository, and nowhere when that is not set.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser import acting
from tests.browser.conftest import SignIn
from tests.browser.leading import import_case, start_study
from tests.browser.test_every_page import PICTURES

SCREENS = ((1366, 768), (2560, 1440))
LAYOUTS = {"three planes": 1, "one plane large": 1, "two sequences": 2, "four sequences": 4}
"""The layouts in the order of their buttons, and how many pictures each has."""
PANES = "main [role=img], main [role=application]"
"""The slices, and the surface, which is turned by keys of its own."""
BLACK = 50
LEAST_SEEN = 0.03
"""Of a pane, brighter than black. Cross, letters and borders alone are 1 %."""

FAULTS = """panes => {
    const box = (element) => element.getBoundingClientRect();
    const words = (element) => (element.ariaLabel || element.innerText || element.tagName).trim().slice(0, 50);
    const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const isPart = (element) =>
        (element.matches("button, a") || hasText(element)) && element.checkVisibility() && box(element).width > 1;
    const covers = (a, b) =>
        a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
    const faults = [];
    if (document.documentElement.scrollWidth > innerWidth) faults.push("the page is wider than the window");
    if (document.documentElement.scrollHeight > innerHeight) faults.push("the page is higher than the window");
    for (const bar of document.querySelectorAll("header, footer, aside")) {
        const [outer, parts] = [box(bar), [...bar.querySelectorAll("*")].filter(isPart)];
        for (const part of parts) {
            const { left, right } = box(part);
            if (left < outer.left - 1 || right > outer.right + 1)
                faults.push(`${words(part)}: beside its ${bar.tagName}`);
        }
        for (const [n, a] of parts.entries())
            for (const b of parts.slice(n + 1))
                if (!a.contains(b) && !b.contains(a) && covers(box(a), box(b)))
                    faults.push(`${words(a)}: over ${words(b)}`);
        if (bar.tagName !== "ASIDE" && bar.scrollWidth > bar.clientWidth) faults.push(`${bar.tagName} is cut`);
    }
    for (const name of document.querySelectorAll("[class*=wholeName]"))
        if (name.scrollHeight > name.clientHeight + 1 || name.scrollWidth > name.clientWidth + 1)
            faults.push(`${words(name)}: the label's name is cut`);
    const centre = box(document.querySelector("main"));
    const pictures = [...document.querySelectorAll(panes)].map((element) => [words(element), box(element)]);
    for (const [name, { left, top, right, bottom, width, height }] of pictures) {
        if (left < centre.left - 1 || right > centre.right + 1 || top < centre.top - 1 || bottom > centre.bottom + 1)
            faults.push(`${name}: beside the centre`);
        if (width < 150 || height < 150) faults.push(`${name}: too small`);
    }
    return faults;
}"""


Part = tuple[float, float, float, float]
"""Left, top, width and height, as parts of the centre of the page."""

THREE_PLANES: tuple[Part, ...] = ((0, 0, 0.6, 1), (0.6, 0, 0.4, 0.5), (0.6, 0.5, 0.4, 0.5))
WITH_SURFACE: tuple[Part, ...] = ((0, 0, 0.6, 1), (0.6, 0, 0.4, 1 / 3), (0.6, 1 / 3, 0.4, 1 / 3))
"""The planes where the surface has the last third: a small one is mostly black, and is not looked at."""

SLICES = "main [role=img]"


def black_pictures(page: Page, parts: Sequence[Part]) -> list[str]:
    """Return the pictures that are not there: nearly all of their part of the screen is black."""
    grey = np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("L"))
    panes = [pane.bounding_box() for pane in page.locator(SLICES).all()]
    boxes = [(box["x"], box["y"], box["width"], box["height"]) for box in panes if box is not None]
    if parts:
        x, y, width, height = boxes[0]
        boxes = [(x + a * width, y + b * height, c * width, d * height) for a, b, c, d in parts]
    found = []
    for number, (x, y, width, height) in enumerate(boxes):
        seen = grey[round(y) : round(y + height), round(x) : round(x + width)] > BLACK
        if seen.mean() < LEAST_SEEN:
            found.append(f"picture {number} is black")
    return found


def look_at_layouts(page: Page, photograph: Callable[[str], object]) -> dict[str, list[str]]:
    """Show the open case in each layout, without and with the surface; return what is wrong with each."""
    faults: dict[str, list[str]] = {}
    for layout, pictures in LAYOUTS.items():
        page.get_by_label("Layout", exact=True).locator("label").nth(list(LAYOUTS).index(layout)).click()
        expect(page.locator(PANES)).to_have_count(pictures)
        for surface in (False, True):
            page.get_by_role("switch", name="Surface in 3-D").set_checked(surface, force=True)
            expect(page.locator(PANES)).to_have_count(pictures + surface)
            expect(page.locator("main").get_by_role("status")).to_have_count(0, timeout=60_000)
            page.wait_for_timeout(500)
            name = f"{layout}{' with surface' if surface else ''}"
            photograph(name.replace(" ", "-"))
            parts = (WITH_SURFACE if surface else THREE_PLANES) if layout == "three planes" else ()
            faults[name] = page.evaluate(FAULTS, PANES) + black_pictures(page, parts)
        page.get_by_role("switch", name="Surface in 3-D").set_checked(False, force=True)
    return {name: found for name, found in faults.items() if found}


@pytest.mark.parametrize("screen", SCREENS)
def test_every_layout_fits_the_screen(sign_in: SignIn, screen: tuple[int, int]) -> None:
    page = sign_in("expert1")
    page.set_viewport_size({"width": screen[0], "height": screen[1]})
    acting.open_next_case(page)
    PICTURES.mkdir(parents=True, exist_ok=True)
    faults = look_at_layouts(page, lambda name: page.screenshot(path=str(PICTURES / f"layout-{name}-{screen[0]}.png")))
    assert faults == {}


@pytest.mark.real_data
def test_every_layout_fits_the_screen_with_a_real_tumour(
    sign_in: SignIn, passwords: dict[str, tuple[str, str]], real_data: Path
) -> None:
    """A BraTS case of full size in the scheme with the longest names; a part is drawn, so that it has a surface."""
    lead = sign_in("lead")
    files = [
        next((real_data / "brats2021-01480").glob(f"*_{ending}.nii.gz")) for ending in ("t1", "t1ce", "t2", "flair")
    ]
    patient = import_case(lead, files)
    raters = [passwords["expert1"][0], passwords["expert2"][0]]
    study = start_study(lead, "Layouts", patient, raters, scheme="BraTS 2018", start="An empty mask")
    number = study.rsplit("/", 1)[-1]
    lead.close()
    page = sign_in("expert1")
    page.goto(f"/assignments/{page.request.get(f'/api/v1/assignments/next/?study={number}').json()['id']}")
    acting.wait_for_pictures(page)
    for key in ("2", "d"):
        page.keyboard.press(key)
    acting.paint(page, dx=-0.15)
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        assert look_at_layouts(page, partial(_photograph_outside, page, width)) == {}


def _photograph_outside(page: Page, width: int, name: str) -> None:
    folder = os.environ.get("OVERREAD_REAL_PICTURES")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}-{width}.png"))
