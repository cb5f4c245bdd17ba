"""The tools on a case of the demo, by mouse and keyboard; what they did is read from the server's own copy."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import expect
from scipy import ndimage

from tests.browser import acting
from tests.browser.conftest import SignIn
from tests.browser.editing import Case, Labels, undo_all

TOUCHING = np.ones((3, 3, 3))
"""Voxels of one part touch by a face, an edge or a corner."""


@pytest.fixture
def case(sign_in: SignIn) -> Iterator[Case]:
    """The rater's next case; each test leaves it as it found it."""
    opened = Case(sign_in("expert2"))
    yield opened
    opened.page.close()


def brush_and_fill_between(case: Case) -> None:
    """Empty the label, paint in two slices, fill those between them, erase a little, and take it all back."""
    page = case.page
    case.choose("Remove islands")
    page.get_by_text("voxels", exact=True).first.click()
    page.get_by_label("Remove parts smaller than").fill("9999999")
    case.apply()
    assert not case.labels().any()
    page.keyboard.press("b")
    case.drag((-0.08, -0.12), (-0.03, -0.12))
    brushed = case.labels()
    slices = np.unique(np.nonzero(brushed)[2])
    assert slices.size == 1, "a disc stays in its slice"
    drawn = int(slices[0])

    for _ in range(5):
        page.keyboard.press("ArrowUp")
    case.drag((-0.08, -0.12), (-0.02, -0.10))
    page.keyboard.press("i")
    case.outcome()
    filled = case.labels()
    assert np.unique(np.nonzero(filled)[2]).tolist() == list(range(drawn, drawn + 6)), "the two and those between"
    assert (filled >= brushed).all()
    page.keyboard.press("e")
    case.drag((-0.08, -0.12), (-0.05, -0.12))
    assert np.count_nonzero(case.labels()) < np.count_nonzero(filled)
    assert case.tools_used() == {"remove islands": 1, "brush": 2, "between slices": 1, "eraser": 1}
    assert case.steps() == 5
    undo_all(case)
    assert np.array_equal(case.labels(), case.start)


def lasso_and_grow(case: Case, before: Labels) -> Labels:
    """Add an area by its outline, and what looks like a clicked voxel."""
    case.page.keyboard.press("l")
    case.drag((0.10, 0.14), (0.16, 0.14), (0.16, 0.22), (0.10, 0.22))
    lassoed = case.labels()
    assert np.count_nonzero(lassoed) > np.count_nonzero(before)

    case.page.keyboard.press("g")
    case.page.mouse.click(*case.point(-0.1, 0.1))
    case.outcome()
    grown = case.labels()
    assert np.count_nonzero(grown) > np.count_nonzero(lassoed)
    return grown


def fill_holes_and_remove_islands(case: Case, before: Labels) -> Labels:
    """Tidy the label up, as SciPy would."""
    page = case.page
    case.choose("Fill holes")
    page.get_by_text("3-D", exact=True).last.click()
    page.get_by_role("button", name="Apply", exact=True).click()
    page.wait_for_timeout(1500)
    holed = case.labels()
    assert np.array_equal(holed > 0, ndimage.binary_fill_holes(before > 0)), "as SciPy fills holes in space"

    case.choose("Remove islands")
    page.get_by_text("voxels", exact=True).first.click()
    page.get_by_label("Remove parts smaller than").fill("400")
    case.apply()
    cleaned = case.labels()
    parts, count = ndimage.label(holed > 0, TOUCHING)
    sizes = ndimage.sum_labels(np.ones(holed.shape), parts, np.arange(count + 1))
    assert np.array_equal(cleaned > 0, (holed > 0) & (sizes[parts] >= 400)), "as SciPy finds parts"
    return cleaned


def subtract_the_given_mask(case: Case, before: Labels) -> Labels:
    page = case.page
    case.choose("Combine with a mask")
    page.get_by_text("Subtract", exact=True).click()
    page.get_by_role("combobox", name="The other mask").click()
    page.get_by_role("option", name=re.compile("as given$")).first.click()
    case.apply()
    without = case.labels()
    assert np.array_equal(without > 0, (before > 0) & (case.given() == 0)), "the label without the mask as given"
    return without


def test_tools_do_what_they_say_and_undo_all_is_the_start(case: Case) -> None:
    page = case.page
    page.mouse.move(*case.point(0, 0))
    page.keyboard.press("Escape")
    brush_and_fill_between(case)
    grown = lasso_and_grow(case, case.start)
    end = subtract_the_given_mask(case, fill_holes_and_remove_islands(case, grown))
    assert set(case.tools_used()) >= {"lasso", "grow", "remove islands", "combine"}

    undo_all(case)
    assert np.array_equal(case.labels(), case.start)
    page.reload()
    acting.wait_for_pictures(page)
    expect(page.get_by_role("button", name=re.compile("^Subtract .* as given"))).to_be_visible()
    page.get_by_role("button", name=re.compile("^Subtract .* as given")).click()
    assert np.array_equal(case.labels(), end), "redo all, after a reload, is the end"
    undo_all(case)
    assert np.array_equal(case.labels(), case.start)


def test_grow_cut_and_limits(case: Case) -> None:
    page = case.page
    page.get_by_label("Only in the brain").check()
    expect(page.get_by_label(re.compile("Only in the brain, as found"))).to_be_visible(timeout=30_000)
    page.keyboard.press("b")
    for _ in range(12):
        page.keyboard.press("]")
    corner = (-0.28, -0.40)
    case.drag(corner, (corner[0] + 0.03, corner[1]))
    assert np.array_equal(case.labels(), case.start), "nothing is drawn outside the brain"
    page.get_by_label(re.compile("Only in the brain")).uncheck()

    page.keyboard.press("k")
    case.drag((-0.08, -0.02), (-0.05, 0.0))
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Mark both")).to_be_in_viewport()
    page.keyboard.down("Shift")
    case.drag((-0.14, -0.1), (0.02, -0.1))
    page.keyboard.up("Shift")
    assert np.array_equal(case.labels(), case.start), "marks are no labels"
    page.keyboard.press("Enter")
    case.outcome()
    cut = case.labels()
    assert np.count_nonzero(cut) > np.count_nonzero(case.start)
    parts, _ = ndimage.label((cut > 0) & (case.start == 0))
    assert parts.max() >= 1
    undo_all(case)
    assert np.array_equal(case.labels(), case.start)
