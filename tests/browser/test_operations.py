"""Tools and operations that work on several labels: each is done by mouse or key on a case of the demo and compared
with SciPy on the server's copy, and all of it is undone at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from tests.browser import acting
from tests.browser.conftest import SignIn
from tests.browser.editing import Case, Labels, undo_all
from tests.browser.studies import FOLLOWED, Api, make_study, queue

TOUCHING = np.ones((3, 3, 3))
"""Voxels of one part touch by a face, an edge or a corner."""

CORE, OEDEMA = 1, 2
"""Two labels of the BraTS 2024 scheme, by their value and their key on the keyboard."""

LEFT, MIDDLE, RIGHT = (-0.12, -0.1), (0.0, -0.1), (0.12, -0.1)
"""Places on the axial plane that are further apart than any operation here reaches."""


@pytest.fixture
def case(sign_in: SignIn, passwords: dict[str, tuple[str, str]]) -> Iterator[Case]:
    """A case with an empty mask, in a scheme whose labels exclude each other."""
    lead = Api(sign_in("lead"))
    cases = [each["id"] for each in lead("GET", "cases/?page_size=500")["results"] if each["patient"] == FOLLOWED]
    study = make_study(lead, passwords["novice"][0], cases[:1], scheme="brats-2024", empty=True, rubric="")
    lead.page.close()
    page = sign_in("novice")
    (key,) = queue(Api(page), study)
    opened = Case(page, key)
    yield opened
    page.close()


def spacing(case: Case) -> NDArray[np.float64]:
    """Return the sides of a voxel, mm."""
    affine = np.array(acting.assignment(case.page, case.key)["grid"]["affine"])
    sides: NDArray[np.float64] = np.linalg.norm(affine[:3, :3], axis=0)
    return sides


def choose_setting(case: Case, box: str, option: str) -> None:
    case.page.get_by_role("combobox", name=box).click()
    case.page.get_by_role("option", name=option).click()


def blot(case: Case, place: tuple[float, float], *, label: int) -> Labels:
    """Draw a short stroke of a label; return all labels."""
    case.page.keyboard.press("b")
    case.page.keyboard.press(str(label))
    case.drag(place, (place[0] + 0.03, place[1]))
    return case.labels()


def threshold_brush(case: Case) -> None:
    """The same stroke with and without a threshold: what it took is brighter than all that it left."""
    page = case.page
    page.keyboard.press("b")
    for _ in range(14):
        page.keyboard.press("]")
    ends = ((-0.15, 0.0), (0.15, 0.0))
    case.drag(*ends)
    everywhere = case.labels() > 0
    page.keyboard.press("Control+z")
    page.keyboard.press("t")
    low = float(re.findall(r"from\s*(-?[\d.]+) to any", page.locator("aside").last.inner_text())[0])
    case.drag(*ends)
    taken = case.labels() > 0
    assert taken.any()
    assert (taken <= everywhere).all()
    left = everywhere & ~taken
    assert left.any()
    image = case.image()
    assert image[left].max() < image[taken].min()
    assert image[left].max() - 1 <= low <= image[taken].min() + 1, "the range on screen, which is rounded"
    page.keyboard.press("Control+z")
    page.keyboard.press("b")
    for _ in range(14):
        page.keyboard.press("[")
    assert not case.labels().any()


def parts(case: Case) -> None:
    """A click on one of three blots: it gets another label, stays alone, goes, or is as it was given (empty)."""
    left = blot(case, LEFT, label=OEDEMA) == OEDEMA
    left_and_middle = blot(case, MIDDLE, label=OEDEMA) == OEDEMA
    drawn = blot(case, RIGHT, label=OEDEMA)
    right = (drawn == OEDEMA) & ~left_and_middle
    assert ndimage.label(drawn == OEDEMA, TOUCHING)[1] == 3

    case.page.keyboard.press("p")
    case.page.keyboard.press(str(CORE))
    click_on_part(case, LEFT)
    expected = np.where(left, CORE, drawn)
    assert np.array_equal(case.labels(), expected), "the part has the active label"

    case.page.keyboard.press(str(OEDEMA))
    choose_setting(case, "A click on a connected part", "Keep it, remove the label's others")
    click_on_part(case, MIDDLE)
    expected = np.where(right, 0, expected)
    assert np.array_equal(case.labels(), expected), "of the label, the clicked part alone is left"

    choose_setting(case, "A click on a connected part", "Remove it")
    click_on_part(case, LEFT)
    expected = np.where(left, 0, expected)
    assert np.array_equal(case.labels(), expected), "whatever its label was"

    choose_setting(case, "A click on a connected part", "Revert it to the mask as given")
    click_on_part(case, MIDDLE)
    assert not case.labels().any(), "the given mask is empty there"


def click_on_part(case: Case, place: tuple[float, float]) -> None:
    case.page.mouse.click(*case.point(place[0] + 0.015, place[1]))
    case.outcome()


def sizes(case: Case) -> None:
    """Dilate and erode by millimetres, smooth by a Gaussian: as SciPy does on the voxels' true sides."""
    before = blot(case, MIDDLE, label=CORE) == CORE
    sides = spacing(case)
    millimetres = case.page.get_by_label("By in millimetres")
    case.choose("Dilate")
    millimetres.fill("6")
    case.apply()
    dilated = case.labels() == CORE
    assert np.array_equal(dilated, ndimage.distance_transform_edt(~before, sampling=sides) <= 6.001)

    case.choose("Erode")
    millimetres.fill("3.5")
    case.apply()
    eroded = case.labels() == CORE
    assert np.array_equal(eroded, ndimage.distance_transform_edt(dilated, sampling=sides) > 3.501)

    case.choose("Smooth")
    case.page.get_by_label("Width (σ) in millimetres").fill("3")
    case.apply()
    blurred = ndimage.gaussian_filter(eroded.astype(float), 3 / sides, radius=np.ceil(9 / sides).astype(int).tolist())
    is_clear = np.abs(blurred - 0.5) > 1e-5
    smoothed = case.labels() == CORE
    assert not np.array_equal(smoothed, eroded)
    assert np.array_equal(smoothed[is_clear], blurred[is_clear] >= 0.5)


def labels_and_slices(case: Case) -> None:
    """Copy a slice to the next, swap two labels, and put slice and label back as they were given."""
    page = case.page
    undo_all(case)
    first = blot(case, MIDDLE, label=CORE)
    drawn = int(np.unique(np.nonzero(first)[2])[0])
    page.keyboard.press("Shift+ArrowUp")
    case.outcome()
    expected = first.copy()
    expected[:, :, drawn + 1] = first[:, :, drawn]
    assert np.array_equal(case.labels(), expected), "the next slice is what this one is"

    before = blot(case, RIGHT, label=OEDEMA)
    case.choose("Swap labels")
    case.page.get_by_role("combobox", name="Swap with").click()
    case.page.get_by_role("option", name=re.compile("^Necrosis")).click()
    case.apply()
    swapped = np.choose(before, [0, OEDEMA, CORE])
    assert np.array_equal(case.labels(), swapped)

    case.choose("Revert")
    case.page.get_by_text("This slice", exact=True).last.click()
    case.apply()
    expected = swapped.copy()
    expected[:, :, drawn + 1] = 0
    assert np.array_equal(case.labels(), expected), "the slice of the cross is as it was given: empty"
    case.page.get_by_text("Whole label", exact=True).click()
    case.apply()
    assert np.array_equal(case.labels(), np.where(expected == OEDEMA, 0, expected))


def test_operations_on_several_labels_do_what_scipy_does_and_undo_all_is_the_start(case: Case) -> None:
    assert not case.start.any()
    case.page.mouse.move(*case.point(0, 0))
    threshold_brush(case)
    parts(case)
    sizes(case)
    labels_and_slices(case)
    assert set(case.tools_used()) == {"brush", "copy to next", "swap", "revert"}, "of the steps that stand"
    undo_all(case)
    assert not case.labels().any()
