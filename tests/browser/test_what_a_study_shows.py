"""What a study lets its raters see beside the mask, and the questions that it asks: walked as a rater would."""

from __future__ import annotations

import gzip
import re
import time
from typing import Any

import nibabel as nib
import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page, expect

from tests.browser import acting
from tests.browser.conftest import SignIn
from tests.browser.test_every_page import photograph
from tests.browser.test_orientations import Api
from tests.integration.running.processes import wait_until

FOLLOWED = "SYN-001"
"""The demo's patient with two exams."""

INK = """() => {
    const guides = document.querySelectorAll("main canvas")[1];
    const { data } = guides.getContext("2d").getImageData(0, 0, guides.width, guides.height);
    return data.filter((value, n) => n % 4 === 3 && value > 0).length;
}"""
"""Counts the pixels that are drawn on the canvas between picture and overlay."""


def make_study(api: Api, rater: str, cases: list[int], **facts: Any) -> int:
    """Start a study of these cases with the shipped model's masks and one rater."""
    scheme = next(one["id"] for one in api("GET", "label-schemes/") if one["key"] == "flair")
    model = api("GET", "start-raters/")[0]["id"]
    name = f"Shown {time.time():.0f} {facts['rubric']}"
    study = int(api("POST", "studies/", {"name": name, "scheme": scheme, "start_rater": model, **facts})["id"])
    api("POST", f"studies/{study}/cases/", {"cases": cases})
    api("POST", f"studies/{study}/members/", {"email": rater, "role": "rater", "expertise": "expert"})
    api("POST", f"studies/{study}/start/")
    return study


def queue(api: Api, study: int) -> list[str]:
    """Return the rater's assignments once their start masks are there, those without an earlier exam first."""
    for _ in range(240):
        rows = api("GET", f"assignments/?study={study}")["results"]
        if rows and all(row["state"] == "ready" for row in rows):
            keys = [row["id"] for row in rows]
            return sorted(keys, key=lambda key: len(api("GET", f"assignments/{key}/")["guides"]["outlines"]))
        time.sleep(0.5)
    raise AssertionError(f"the start masks of study {study} were not made")


def open_case(page: Page, key: str) -> dict[str, Any]:
    page.goto(f"/assignments/{key}")
    acting.wait_for_pictures(page)
    return acting.assignment(page, key)


def draft(page: Page, key: str) -> NDArray[np.uint8]:
    """Send the draft; return its labels (x, y, z) as the server has them."""
    page.keyboard.press("Control+s")
    expect(page.get_by_text(re.compile("^Saved")).first).to_be_visible()
    facts = acting.assignment(page, key)
    body = page.request.get(facts["draft"]["labels"]).body()
    raw = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
    return np.frombuffer(raw, np.uint8).reshape(facts["grid"]["shape"], order="F")


def switch(page: Page, name: str | re.Pattern[str]) -> None:
    """Turn one of the things to compare on or off: its box is drawn by its label, which a pointer cannot aim at."""
    page.get_by_role("switch", name=name).evaluate("box => box.click()")


def turn_probability_into_mask(page: Page, key: str) -> None:
    """Raise the threshold to its highest and make the label what lies above it, as the map itself says."""
    facts = acting.assignment(page, key)
    body = page.request.get(facts["guides"]["probabilities"][0]["map"]).body()
    image = nib.Nifti1Image.from_bytes(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)
    probability = np.asarray(image.dataobj, np.float64)
    switch(page, "Probability")
    page.get_by_role("slider", name="Probability at least").press("End")
    expect(page.get_by_text("≥ 0.99")).to_be_visible()
    assert page.evaluate(INK) > 1000
    photograph(page, "workbench-probability")
    page.get_by_role("button", name="Turn into mask").click()
    expect(page.get_by_role("button", name=re.compile("^Probability ≥ 0.99"))).to_be_visible()
    assert np.array_equal(draft(page, key) > 0, probability >= 0.99 - 0.001 / 255)
    switch(page, "Probability")


def test_a_rater_sees_the_previous_exam_and_the_probability_and_answers_one_question(
    sign_in: SignIn, passwords: dict[str, tuple[str, str]]
) -> None:
    lead = Api(sign_in("lead"))
    cases = [case["id"] for case in lead("GET", "cases/?page_size=500")["results"] if case["patient"] == FOLLOWED]
    shown = {"outlines_start": True, "outlines_previous": True, "shows_probability": True}
    study = make_study(lead, passwords["expert1"][0], cases, rubric="likert5", **shown)

    page = sign_in("expert1")
    first, second = queue(Api(page), study)
    assert [one["kind"] for one in open_case(page, first)["guides"]["outlines"]] == ["start"]
    turn_probability_into_mask(page, first)
    page.keyboard.press("q")
    expect(page.get_by_role("radio", name="4 Very good", exact=True)).to_be_visible()
    page.keyboard.press("4")
    expect(page.get_by_text("1 of 1")).to_be_visible()
    photograph(page, "workbench-one-question")
    acting.submit(page)
    assert acting.assignment(page, first)["rating"]["answers"] == {"quality": "4"}

    assert [one["kind"] for one in open_case(page, second)["guides"]["outlines"]] == ["start", "previous"]
    assert page.evaluate(INK) == 0
    switch(page, "Previous exam")
    wait_until(lambda: page.evaluate(INK) > 100, "the outline is drawn", seconds=20)
    photograph(page, "workbench-previous-exam")
    page.keyboard.press("q")
    page.keyboard.press("2")
    acting.submit(page)


def three_disagree(maps: list[dict[str, Any]]) -> bool:
    """True for a case of the demo's study, which three people read; what they drew differs in many slices."""
    return any(row["readers"] >= 3 for row in maps)


def scroll_until_drawn(page: Page) -> None:
    """Go up and then down through the slices to one in which something is drawn over the picture."""
    for key in ["ArrowUp"] * 40 + ["ArrowDown"] * 80:
        page.wait_for_timeout(250)
        if page.evaluate(INK) > 0:
            return
        page.keyboard.press(key)
    raise AssertionError("The map is drawn in no slice.")


def test_a_lead_who_reads_sees_where_others_disagree_and_answers_yes_or_no(
    sign_in: SignIn, passwords: dict[str, tuple[str, str]]
) -> None:
    page = sign_in("lead")
    lead = Api(page)
    cases = [case["id"] for case in lead("GET", "cases/?page_size=500")["results"]]
    disputed = next(case for case in cases if three_disagree(lead("GET", f"disagreement-maps/?case={case}")))
    study = make_study(lead, passwords["lead"][0], [disputed], rubric="yes_no", blinded=False)
    [key] = queue(lead, study)
    open_case(page, key)
    assert page.evaluate(INK) == 0
    switch(page, re.compile(r"^Where \d people disagree"))
    scroll_until_drawn(page)
    photograph(page, "workbench-disagreement")
    page.keyboard.press("q")
    for answer in "yny":
        page.keyboard.press(answer)
    expect(page.get_by_text("3 of 3")).to_be_visible()
    acting.submit(page)
    given = acting.assignment(page, key)["rating"]
    assert given["answers"] == {"covers_tumour": True, "spares_normal": False, "usable": True}
    assert given["score"] is None
