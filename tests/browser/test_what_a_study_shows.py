"""What a study lets its raters see beside the mask, and the questions that it asks: walked as a rater would."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from playwright.sync_api import Page, expect

from tests.browser import acting
from tests.browser.conftest import SignIn
from tests.browser.editing import draft_labels, read_nifti
from tests.browser.studies import FOLLOWED, Api, make_study, queue
from tests.browser.test_every_page import photograph
from tests.integration.running.processes import wait_until

INK = """() => {
    const guides = document.querySelectorAll("main canvas")[1];
    const { data } = guides.getContext("2d").getImageData(0, 0, guides.width, guides.height);
    return data.filter((value, n) => n % 4 === 3 && value > 0).length;
}"""
"""Counts the pixels that are drawn on the canvas between picture and overlay."""


def open_case(page: Page, key: str) -> dict[str, Any]:
    page.goto(f"/assignments/{key}")
    acting.wait_for_pictures(page)
    return acting.assignment(page, key)


def switch(page: Page, name: str | re.Pattern[str]) -> None:
    """Turn one of the things to compare on or off: its box is drawn by its label, which a pointer cannot aim at."""
    page.get_by_role("switch", name=name).evaluate("box => box.click()")


def turn_probability_into_mask(page: Page, key: str) -> None:
    """Raise the threshold to its highest and make the label what lies above it, as the map itself says."""
    facts = acting.assignment(page, key)
    probability = read_nifti(page, facts["guides"]["probabilities"][0]["map"])
    switch(page, "Probability")
    page.get_by_role("slider", name="Probability at least").press("End")
    expect(page.get_by_text("≥ 0.99")).to_be_visible()
    assert page.evaluate(INK) > 1000
    photograph(page, "workbench-probability")
    page.get_by_role("button", name="Turn into mask").click()
    expect(page.get_by_role("button", name=re.compile("^Probability ≥ 0.99"))).to_be_visible()
    assert np.array_equal(draft_labels(page, key) > 0, probability >= 0.99 - 0.001 / 255)
    switch(page, "Probability")


def test_a_rater_sees_the_previous_exam_and_the_probability_and_answers_one_question(
    sign_in: SignIn, passwords: dict[str, tuple[str, str]]
) -> None:
    lead = Api(sign_in("lead"))
    cases = [case["id"] for case in lead("GET", "cases/?page_size=500")["results"] if case["patient"] == FOLLOWED]
    shown: dict[str, Any] = {"outlines_start": True, "outlines_previous": True, "shows_probability": True}
    study = make_study(lead, passwords["expert1"][0], cases, rubric="likert5", **shown)

    page = sign_in("expert1")
    rater = Api(page)
    first, second = sorted(
        queue(rater, study), key=lambda key: len(rater("GET", f"assignments/{key}/")["guides"]["outlines"])
    )
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
