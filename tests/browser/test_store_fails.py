"""The browser's own store fails: what was kept is damaged, or is taken away while the case is open."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser import acting
from tests.browser.conftest import SignIn
from tests.browser.loss import drawn, reopen, sequence, shown_volume
from tests.browser.studies import FOLLOWED, Api, make_study, queue
from tests.integration.running.processes import wait_until

LOSE_A_STEP = """async (assignment) => {
    const { name } = (await indexedDB.databases()).find(({ name }) => name.includes("drafts"));
    const database = await new Promise((resolve) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => resolve(request.result);
    });
    const transaction = database.transaction("steps", "readwrite");
    const keys = transaction.objectStore("steps").getAllKeys(
        IDBKeyRange.bound([assignment, 0], [assignment, Infinity]));
    keys.onsuccess = () => transaction.objectStore("steps").delete(keys.result.at(-2));
    await new Promise((resolve) => { transaction.oncomplete = resolve; });
    database.close();
}"""
"""Takes the last step but one out of the browser's store."""


def open_new_case(sign_in: SignIn, passwords: dict[str, tuple[str, str]]) -> tuple[Page, str, int]:
    """Draw one stroke in the one case of a new study and wait until the server has it; return case and study."""
    lead = Api(sign_in("lead"))
    cases = [case["id"] for case in lead("GET", "cases/?page_size=500")["results"] if case["patient"] == FOLLOWED]
    study = make_study(lead, passwords["novice"][0], cases[:1], rubric="likert5")
    page = sign_in("novice")
    (key,) = queue(Api(page), study)
    page.goto(f"/assignments/{key}")
    acting.wait_for_pictures(page)
    acting.paint(page, dx=0.15, dy=0.1)
    wait_until(lambda: sequence(page, key) > 0, "the first stroke arrived", seconds=30)
    return page, key, study


def close(study: int, sign_in: SignIn) -> None:
    """End the study: its case must not be the next one of other tests."""
    Api(sign_in("lead"))("POST", f"studies/{study}/close/")


def test_damaged_work_is_told_set_aside_and_kept_as_far_as_it_can_be_read(
    sign_in: SignIn, passwords: dict[str, tuple[str, str]]
) -> None:
    page, key, study = open_new_case(sign_in, passwords)
    saved = shown_volume(page)
    page.route("**/draft/**", lambda route: route.abort())
    for part in (-0.1, 0.0, 0.05):
        acting.paint(page, dx=0.2, dy=part)
    expect(page.get_by_text("Offline, kept here")).to_be_visible(timeout=30_000)
    page.goto("/")
    page.evaluate(LOSE_A_STEP, key)
    page.unroute("**/draft/**")

    page.goto(f"/assignments/{key}")
    damaged = page.get_by_role("heading", name="What this browser kept of this case is damaged")
    expect(damaged).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download what is here").click()
    path = download.value.path()
    assert path is not None
    kept = json.loads(Path(path).read_text())
    numbers = [step["number"] for step in kept["steps"]]
    assert (kept["format"], kept["assignment"]) == ("overread-kept-draft", key)
    assert set(range(numbers[-1] + 1)) - set(numbers) == {numbers[-1] - 1}

    page.get_by_role("button", name="Go on with the server's").click()
    acting.wait_for_pictures(page)
    assert shown_volume(page) == saved
    page.keyboard.press("Shift+V")
    expect(page.get_by_role("article", name="What this browser kept, damaged")).to_be_visible()
    readable = page.get_by_role("article", name="Work of a browser, kept beside")
    assert readable.locator("td").first.inner_text() != f"{saved} ml"

    context, address = page.context, page.url
    page.close()
    assert shown_volume(reopen(context, address)) == saved
    close(study, sign_in)


def test_a_store_that_is_cleared_while_the_case_is_open_is_said_and_the_work_goes_to_the_server(
    sign_in: SignIn, passwords: dict[str, tuple[str, str]]
) -> None:
    page, key, study = open_new_case(sign_in, passwords)
    before = drawn(page, key)
    origin = page.evaluate("() => location.origin")
    devtools = page.context.new_cdp_session(page)
    devtools.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "indexeddb"})
    expect(page.get_by_role("alert").filter(has_text="its data were cleared")).to_be_visible(timeout=30_000)

    acting.paint(page, dx=0.2, dy=-0.1)
    wait_until(lambda: drawn(page, key) != before, "the stroke arrived", seconds=30)
    volume = shown_volume(page)
    context, address = page.context, page.url
    page.close()
    assert shown_volume(reopen(context, address)) == volume
    close(study, sign_in)
