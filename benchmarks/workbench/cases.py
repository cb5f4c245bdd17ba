"""The workbench as people use it: the way to the first picture, memory over many cases, what travels, what blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from benchmarks.workbench.browser import (
    Clocks,
    go,
    new_context,
    sign_in,
    transfers,
    union_ms,
    wait_for_picture,
    wait_for_sequences,
)
from benchmarks.workbench.editing import measure_blocks, stroke
from benchmarks.workbench.figures import Figure

SWITCHES = 20
SETTLED = 3
"""The case whose memory the later ones are compared with."""
SEQUENCES = 4
RAW_BYTES = SEQUENCES * 240 * 240 * 155 * 2 + 240 * 240 * 155
"""Four sequences of int16 and one mask of uint8."""


@dataclass(frozen=True)
class Place:
    """Where the platform answers, who works there, and the addresses of their cases, in order."""

    address: str
    account: tuple[str, str]
    cases: list[str]


def enter(browser: Browser, place: Place) -> tuple[BrowserContext, Page]:
    context = new_context(browser, place.address)
    return context, sign_in(context, *place.account)


def measure_first_picture(browser: Browser, place: Place, *, runs: int) -> list[Figure]:
    """From the click on Continue, in a browser that was never here, each time."""
    walls, cpus = [], []
    for _ in range(runs):
        context, page = enter(browser, place)
        clocks = Clocks(browser, page)
        before = clocks.now()
        page.get_by_role("link", name="Continue").click()
        wait_for_picture(page)
        cpus.append(clocks.since(before).cpu / 1000)
        walls.append(page.evaluate("overreadProbe.pictureAt - overreadProbe.clickedAt") / 1000)
        context.close()
    return [
        Figure("First picture from the click", median(walls), "s", most=2.5, note=f"median of {runs}"),
        Figure("the same, CPU of the whole browser", median(cpus), "s"),
    ]


def measure_traffic(browser: Browser, place: Place) -> list[Figure]:
    """What one case sends, what a second visit sends, and what switching sequences sends."""
    context = new_context(browser, place.address)
    page = sign_in(context, *place.account)
    go(page, place.cases[0])
    wait_for_sequences(page)
    case = place.cases[0]
    first = [*_images(page, case), *transfers(page, f"{case}/start/")]
    moved = page.evaluate("performance.now()")
    for number in (2, 3, 4, 1):
        page.keyboard.press(f"Shift+{number}")
        page.wait_for_timeout(1500)
    switching = [row for row in _images(page, case) if row["start"] >= moved]
    page.goto(place.cases[0])
    wait_for_sequences(page)
    again = _images(page, case)
    if len(again) < SEQUENCES:
        raise RuntimeError(f"The second visit read {len(again)} images: nothing can be said about their bytes.")
    context.close()
    sent = sum(row["bytes"] for row in first)
    return [
        Figure("Sent for one case, four sequences and mask", sent / 1e6, "MB", note=f"raw {RAW_BYTES / 1e6:.1f} MB"),
        Figure("raw / sent, lossless", RAW_BYTES / sent, "×"),
        Figure("Image bytes of a second visit", sum(row["bytes"] for row in again), "bytes", most=0, required=True),
        Figure("Requests when switching sequences", len(switching), "", most=0, required=True),
    ]


def _images(page: Page, case: str) -> list[dict[str, Any]]:
    """Return the transfers of a case's images. The next case, which is fetched ahead, is not meant."""
    return [row for row in transfers(page, f"{case}/series/") if row["name"].endswith("/image/")]


def measure_memory(browser: Browser, place: Place) -> list[Figure]:
    """Switch among the cases and compare every later one with the third."""
    context, page = enter(browser, place)
    clocks = Clocks(browser, page)
    heaps, textures = [], []
    for number in range(SWITCHES):
        go(page, place.cases[number % len(place.cases)])
        wait_for_sequences(page)
        page.wait_for_timeout(1500)
        heap, texture = clocks.memory()
        heaps.append(heap)
        textures.append(texture)
    context.close()
    return [
        Figure(
            f"{name} over {SWITCHES} cases, largest change from the third",
            max(abs(value / series[SETTLED - 1] - 1) * 100 for value in series[SETTLED - 1 :]),
            "%",
            most=10,
            required=True,
            note=f"third {series[SETTLED - 1]:.1f} MB, last {series[-1]:.1f} MB",
        )
        for name, series in (("Heap and buffers", heaps), ("Live textures", textures))
    ]


def measure_editing(browser: Browser, place: Place) -> Iterator[Figure]:
    """What holds the page while a mask is edited; then the save of a draft."""
    context, page = enter(browser, place)
    go(page, place.cases[0])
    wait_for_sequences(page)
    page.wait_for_timeout(5000)
    clocks = Clocks(browser, page)
    yield from measure_blocks(browser, page)
    yield Figure("Draft save, page's thread", _thread_of_save(page, clocks), "ms", most=300)
    context.close()


def _thread_of_save(page: Page, clocks: Clocks) -> float:
    """Return what the page's thread does from asking for a save to the server's receipt."""
    stroke(page, 0.75)  # where nothing was drawn before: what changes no voxel is not sent
    return _thread_of(page, clocks, lambda: page.keyboard.press("Control+s"), "/draft/")


def _thread_of(page: Page, clocks: Clocks, act: Callable[[], None], answer: str) -> float:
    before = clocks.now()
    with page.expect_response(lambda response: answer in response.url and response.request.method != "GET"):
        act()
    page.wait_for_timeout(300)
    return clocks.since(before).thread


def measure_submit(browser: Browser, place: Place) -> list[Figure]:
    """Hand the first case in and go on to the next, which was fetched meanwhile."""
    context, page = enter(browser, place)
    page.get_by_role("link", name="Continue").click()
    wait_for_sequences(page)
    page.wait_for_timeout(6000)
    stroke(page, 0.3)  # so that there is a mask to pack and send
    clocks = Clocks(browser, page)
    page.get_by_role("button", name="Submit").first.click()
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    page.wait_for_timeout(500)
    confirm = dialog.get_by_role("button", name="Submit")
    submitting = _thread_of(page, clocks, confirm.click, "/submit/")
    page.get_by_role("heading", name="Submitted").wait_for()
    page.wait_for_timeout(1000)
    before = clocks.now()
    page.get_by_role("link", name="Next case").or_(page.get_by_role("button", name="Next case")).click()
    wait_for_picture(page)
    clicked, seen = page.evaluate("[overreadProbe.clickedAt, overreadProbe.pictureAt]")
    spent = clocks.since(before)
    network = union_ms(transfers(page, "/api/", since=clicked), seen)
    context.close()
    return [
        Figure("Submit, page's thread", submitting, "ms", most=300),
        Figure(
            "Next case: script and network until its picture",
            (spent.script + network) / 1000,
            "s",
            most=1,
            note=f"script {spent.script:.0f}, network {network:.0f} ms; seen after {(seen - clicked) / 1000:.2g} s",
        ),
    ]
