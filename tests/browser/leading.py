"""What a lead does in the browser: import a case, make a study of it and start it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page, expect

MINUTES = 60_000


def import_case(page: Page, files: Sequence[Path]) -> str:
    """Import one case by choosing its files; return the patient's pseudonym as it was stored."""
    page.goto("/import")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files").click()
    chooser.value.set_files([str(path) for path in files])
    page.wait_for_url(re.compile(r"/import/[0-9a-f-]{36}"))
    store = page.get_by_role("button", name="Store 1 case")
    expect(store).to_be_visible(timeout=3 * MINUTES)
    patient = page.get_by_label("Patient", exact=True).first.input_value()
    store.click()
    expect(page.get_by_role("link", name=patient).first).to_be_visible(timeout=3 * MINUTES)
    return patient


def choose(page: Page, label: str, option: str | re.Pattern[str]) -> None:
    page.get_by_label(re.compile(f"^{label}")).first.click()
    page.get_by_role("option", name=option).first.click()


def start_study(
    page: Page,
    name: str,
    patient: str,
    raters: Sequence[str],
    *,
    scheme: str = "FLAIR hyperintensity",
    start: str = "flair-synthetic",
) -> str:
    """Make a study of one case with these raters and start it; return its address."""
    page.goto("/studies/new")
    page.get_by_label("Name").fill(name)
    choose(page, "Label scheme", re.compile(f"^{re.escape(scheme)}"))
    choose(page, "Start from", re.compile(start))
    choose(page, "Score", re.compile("five-point", re.IGNORECASE))
    page.get_by_role("button", name="Make the draft").click()
    page.wait_for_url(re.compile(r"/studies/\d+/cases"))
    address = page.url.removesuffix("/cases")
    page.get_by_role("button", name=re.compile("^Add cases")).first.click()
    page.get_by_label(re.compile(f"^{re.escape(patient)}, ")).check()
    page.get_by_role("button", name="Add 1 case").click()
    expect(page.get_by_role("dialog")).to_be_hidden()

    page.goto(f"{address}/raters")
    for email in raters:
        page.get_by_label("E-mail").fill(email)
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_role("cell", name=email)).to_be_visible()
    page.goto(f"{address}/settings")
    page.get_by_role("button", name="Start the study").click()
    page.get_by_role("dialog").get_by_role("button", name="Start the study").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    return address
