"""What travels and what stays: images are sent once, the next case is fetched ahead, nothing piles up."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from benchmarks.workbench.browser import PROBE, go, transfers, wait_for_sequences
from tests.browser import acting
from tests.browser.conftest import SignIn

SWITCHES = 4


def images(page: Page, *, since: float = 0) -> list[dict[str, Any]]:
    return [row for row in transfers(page, "/series/", since=since) if row["name"].endswith("/image/")]


def clock(page: Page) -> float:
    return float(page.evaluate("performance.now()"))


def open_case(page: Page) -> str:
    """Open the next case, measured from its first moment, and wait until all of its images are there."""
    page.context.add_init_script(path=PROBE)
    key = acting.open_next_case(page)
    wait_for_sequences(page)
    return key


def test_a_second_visit_transfers_no_image(sign_in: SignIn) -> None:
    page = sign_in("expert1")
    key = open_case(page)
    first = images(page)
    assert len([row for row in first if key in row["name"]]) >= 4
    page.goto(f"/assignments/{key}")
    wait_for_sequences(page)
    again = [row for row in images(page) if key in row["name"]]
    assert len(again) == 4
    assert [row["bytes"] for row in again] == [0, 0, 0, 0]


def test_switching_sequences_asks_the_server_nothing(sign_in: SignIn) -> None:
    page = sign_in("expert1")
    key = open_case(page)
    page.wait_for_timeout(3000)
    began = clock(page)
    for number in (2, 3, 4, 1):
        page.keyboard.press(f"Shift+{number}")
        page.wait_for_timeout(700)
    assert [row["name"] for row in transfers(page, key, since=began) if "/draft/" not in row["name"]] == []


def test_the_next_case_is_fetched_while_this_one_is_worked_on(sign_in: SignIn) -> None:
    page = sign_in("expert1")
    key = open_case(page)
    page.wait_for_function(
        """key => performance.getEntriesByType("resource")
            .filter((row) => row.name.endsWith("/image/") && !row.name.includes(key)).length >= 4""",
        arg=key,
        timeout=30_000,
    )
    [following] = {row["name"].split("/")[-5] for row in images(page) if key not in row["name"]}
    began = clock(page)
    go(page, f"/assignments/{following}")
    wait_for_sequences(page)
    taken = [row for row in images(page, since=began) if following in row["name"]]
    assert len(taken) == 4
    assert sum(row["bytes"] for row in taken) == 0


def test_textures_do_not_pile_up_over_cases(sign_in: SignIn) -> None:
    page = sign_in("expert1")
    opened = open_case(page)
    rows = page.request.get("/api/v1/assignments/").json()["results"]
    other = next(row["id"] for row in rows if row["state"] in ("ready", "open", "returned") and row["id"] != opened)
    cases = (other, opened)
    held = []
    for number in range(SWITCHES):
        go(page, f"/assignments/{cases[number % len(cases)]}")
        wait_for_sequences(page)
        page.wait_for_timeout(500)
        held.append(float(page.evaluate("overreadProbe.textureBytes")))
    assert held[0] > 1e6
    assert held[2:] == held[:2]
