"""A case ends while a rater has unsent work in it: handed in elsewhere, study closed, taken off. Nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import acting
from tests.browser.conftest import SignIn
from tests.browser.loss import another_machine, shown_volume
from tests.browser.studies import FOLLOWED, Api, make_study, queue
from tests.browser.test_shared_computer import sign_out
from tests.integration.running.processes import Platform


@pytest.fixture
def lead(chromium: Browser, platform: Platform, passwords: dict[str, tuple[str, str]]) -> Iterator[Api]:
    """The lead at a computer of their own."""
    machine = another_machine(chromium, platform, passwords["lead"])
    yield Api(machine.pages[0])
    machine.close()


def study_of_one_case(lead: Api, rater: str) -> int:
    cases = [case["id"] for case in lead("GET", "cases/?page_size=500")["results"] if case["patient"] == FOLLOWED]
    return make_study(lead, rater, cases[:1], rubric="likert5")


def paint_offline(page: Page, key: str) -> str:
    """Open the case and draw what cannot be sent; return the label's volume."""
    page.goto(f"/assignments/{key}")
    acting.wait_for_pictures(page)
    page.context.set_offline(True)
    acting.paint(page, dx=0.2, dy=-0.1)
    expect(page.get_by_text("Offline, kept here")).to_be_visible(timeout=30_000)
    return shown_volume(page)


def test_work_that_meets_a_case_handed_in_on_another_machine_is_a_version_when_it_comes_back(
    sign_in: SignIn, lead: Api, chromium: Browser, platform: Platform, passwords: dict[str, tuple[str, str]]
) -> None:
    study = study_of_one_case(lead, passwords["novice"][0])
    here = sign_in("novice")
    (key,) = queue(Api(here), study)
    mine = paint_offline(here, key)
    other = another_machine(chromium, platform, passwords["novice"])
    handed_in = {"sequence": 0, "answers": {"quality": "4"}, "active_seconds": 1, "idle_seconds": 0}
    Api(other.pages[0])("POST", f"assignments/{key}/submit/", handed_in)
    other.close()

    here.context.set_offline(False)
    expect(here.get_by_role("heading", name="You have handed this case in")).to_be_visible(timeout=60_000)
    expect(here.get_by_text("is kept on the server beside what was handed in")).to_be_visible()

    lead("POST", f"studies/{study}/assignments/{key}/return/", {"reason": "Once more."})
    here.goto(f"/assignments/{key}")
    acting.wait_for_pictures(here)
    assert shown_volume(here) != mine
    here.keyboard.press("Shift+V")
    late = here.get_by_role("article", name="Work of a browser, kept beside")
    assert late.locator("td").first.inner_text() == f"{mine} ml"
    lead("POST", f"studies/{study}/close/")  # its case must not be the next one of other tests


def test_work_that_meets_a_closed_study_stays_here_and_can_be_taken_along(
    sign_in: SignIn, lead: Api, passwords: dict[str, tuple[str, str]]
) -> None:
    study = study_of_one_case(lead, passwords["novice"][0])
    here = sign_in("novice")
    (key,) = queue(Api(here), study)
    paint_offline(here, key)
    lead("POST", f"studies/{study}/close/")

    here.context.set_offline(False)
    expect(here.get_by_role("heading", name="The lead has closed this study")).to_be_visible(timeout=60_000)
    expect(here.get_by_text("is kept in this browser only")).to_be_visible()
    with here.expect_download() as download:
        here.get_by_role("button", name="Download it").click()
    path = download.value.path()
    assert path is not None
    taken = json.loads(Path(path).read_text())
    assert (taken["format"], taken["assignment"], len(taken["steps"])) == ("overread-kept-draft", key, 1)
    here.goto("/")
    sign_out(here)
    expect(here.get_by_role("dialog")).to_contain_text("has not reached the server")


def test_who_is_taken_out_of_the_study_is_told_so_and_keeps_the_work_here(
    sign_in: SignIn, lead: Api, passwords: dict[str, tuple[str, str]]
) -> None:
    study = study_of_one_case(lead, passwords["novice"][0])
    here = sign_in("novice")
    (key,) = queue(Api(here), study)
    mine = paint_offline(here, key)
    members = lead("GET", f"studies/{study}/members/")
    (member,) = [one["id"] for one in members if one["role"] == "rater"]
    lead("DELETE", f"studies/{study}/members/{member}/")

    here.context.set_offline(False)
    expect(here.get_by_role("heading", name="This case is not open to you any more")).to_be_visible(timeout=60_000)
    expect(here.get_by_text("is kept in this browser only")).to_be_visible()

    facts = {"email": passwords["novice"][0], "role": "rater", "expertise": "novice"}
    lead("POST", f"studies/{study}/members/", facts)
    here.get_by_role("button", name="Try again").click()
    acting.wait_for_pictures(here)
    assert shown_volume(here) == mine
    acting.wait_until_saved(here)
    lead("POST", f"studies/{study}/close/")
