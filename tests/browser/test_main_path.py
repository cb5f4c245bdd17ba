"""The main path: import, pre-segmentation, two raters correct and score, the lead reads the report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from imaging.phantom import HeadSpec, make_head
from imaging.writing import write_nifti
from tests.browser import acting
from tests.browser.conftest import SignIn
from tests.browser.leading import MINUTES, import_case, start_study

RATERS = ("expert1", "expert2")


def synthetic_files(folder: Path) -> list[Path]:
    """Write a small synthetic head as four NIfTI files with BraTS-like names."""
    head = make_head(HeadSpec((72, 84, 64), (2.2, 2.2, 2.2), tumour_radius=18), 900)
    files = []
    for sequence, image in head.images.items():
        ending = {"T1": "t1", "T1c": "t1ce", "T2": "t2", "FLAIR": "flair"}[sequence]
        path = folder / f"WALK-001_{ending}.nii.gz"
        write_nifti(np.rint(image * 700).astype(np.int16), head.grid, path)
        files.append(path)
    return files


def wait_for_start_mask(page: Page, study: str) -> None:
    """Wait, as the lead, until the board shows that the raters can begin."""
    page.goto(f"{study}/board")
    expect(page.get_by_role("button", name=re.compile("ready", re.IGNORECASE)).first).to_be_visible(timeout=5 * MINUTES)


def read_case(page: Page, study: str) -> None:
    """Correct, score and submit the one case of the study."""
    number = study.rsplit("/", 1)[-1]
    answer = page.request.get(f"/api/v1/assignments/next/?study={number}")
    assert answer.status == 200
    key = answer.json()["id"]
    page.goto(f"/assignments/{key}")
    acting.wait_for_pictures(page)
    assert acting.assignment(page, key)["draft"] is None
    acting.paint(page, dx=-0.04)
    acting.wait_until_saved(page)
    acting.answer_questions(page, key, choice=1)
    acting.submit(page)
    expect(page.get_by_role("heading", name="Submitted")).to_be_visible()
    assert acting.assignment(page, key)["state"] == "submitted"


def make_report(page: Page, study: str, title: str) -> None:
    """Ask for a report and wait for it; it names both raters and the model."""
    page.goto(f"{study}/reports")
    page.get_by_role("button", name="Make a report").click()
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Make the report").click()
    row = page.get_by_role("row").filter(has_text=title)
    expect(row.get_by_text("Done")).to_be_visible(timeout=3 * MINUTES)
    row.get_by_role("link", name=title).click()
    page.wait_for_url(re.compile(r"/reports/\d+"))
    for name in ("Dr Erik Expert", "Dr Eva Expert", "flair-synthetic v1"):
        expect(page.get_by_text(name).first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("PDF")).first.click()
    path = download.value.path()
    assert path is not None
    assert Path(path).read_bytes().startswith(b"%PDF")


def walk(sign_in: SignIn, passwords: dict[str, tuple[str, str]], files: Sequence[Path], name: str) -> None:
    lead = sign_in("lead")
    patient = import_case(lead, files)
    study = start_study(lead, name, patient, [passwords[key][0] for key in RATERS])
    wait_for_start_mask(lead, study)
    lead.close()
    for key in RATERS:
        rater = sign_in(key)
        read_case(rater, study)
        rater.close()
    make_report(sign_in("lead"), study, f"Report of {name}")


def test_the_main_path_on_a_synthetic_case(
    sign_in: SignIn, passwords: dict[str, tuple[str, str]], tmp_path: Path
) -> None:
    walk(sign_in, passwords, synthetic_files(tmp_path), "The main path, synthetic")


@pytest.mark.real_data
def test_the_main_path_on_a_real_case(sign_in: SignIn, passwords: dict[str, tuple[str, str]], real_data: Path) -> None:
    """The same walk on a BraTS case of full size; no picture of it is kept."""
    files = sorted((real_data / "brats2021-00006").glob("*_t1.nii.gz"))
    for ending in ("t1ce", "t2", "flair"):
        files += (real_data / "brats2021-00006").glob(f"*_{ending}.nii.gz")
    assert len(files) == 4
    walk(sign_in, passwords, files, "The main path, a real case")
