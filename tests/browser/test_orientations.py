"""One head in each of the 48 orientations (ten of them outside CI), on an oblique and anisotropic grid, marked in the
browser where it is bright on screen: the exported masks, read by SimpleITK, all mark the same place in the patient.
"""

from __future__ import annotations

import io
import itertools
import os
import re
import time
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import pytest
import SimpleITK as sitk
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page, expect
from scipy import ndimage

from tests.browser import acting
from tests.browser.conftest import SignIn
from tests.browser.studies import Api, make_study, queue

SHAPE = (28, 32, 20)
SPACING = (2.0, 1.5, 3.0)
MARKER = (8, 24, 10)
"""The middle of the bright ball in voxels of the canonical grid; its slice is the one that a case opens with."""

MARKER_MM = 9.0
TOLERANCE_MM = 1.9
"""Half a voxel's diagonal: what rounding to voxels may cost. A flip in any axis costs at least a whole voxel."""

ALL = list(itertools.product(itertools.permutations(range(3)), itertools.product((1, -1), repeat=3)))
ORIENTATIONS = ALL if os.environ.get("CI") else ALL[::5]
"""All 48 take three minutes: those are CI's. Elsewhere ten of them, of every order of the axes."""


def canonical_affine() -> NDArray[np.float64]:
    """Return a grid turned by 17°, 11° and 8° about its axes, so that it is still closest to RAS."""
    turned = np.eye(3)
    for axis, degrees in enumerate((17, 11, 8)):
        c, s = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
        one = np.eye(3)
        u, v = [other for other in range(3) if other != axis]
        one[u, u], one[u, v], one[v, u], one[v, v] = c, -s, s, c
        turned = turned @ one
    affine = np.eye(4)
    affine[:3, :3] = turned @ np.diag(SPACING)
    affine[:3, 3] = (-31.0, 12.5, -40.25)
    return affine


def marker_mm() -> NDArray[np.float64]:
    """Return where the middle of the marker lies, in mm (RAS+)."""
    place: NDArray[np.float64] = nib.affines.apply_affine(canonical_affine(), np.array(MARKER, float))
    return place


def head() -> NDArray[np.int16]:
    """Return the head (x, y, z) on the canonical grid: a grey ellipsoid with the bright ball in it."""
    x, y, z = np.meshgrid(*map(np.arange, SHAPE), indexing="ij")
    inside = sum(((v - n / 2) / (n / 2)) ** 2 for v, n in zip((x, y, z), SHAPE, strict=True)) < 1.15
    away = [(v - m) * mm for v, m, mm in zip((x, y, z), MARKER, SPACING, strict=True)]
    ball = np.sqrt(sum(a**2 for a in away)) < MARKER_MM
    noise = np.random.default_rng(1).integers(-20, 20, SHAPE)
    return np.where(ball, 1500, np.where(inside, 350 + noise, 0)).astype(np.int16)


def stored_as(axes: tuple[int, ...], signs: tuple[int, ...]) -> nib.Nifti1Image:
    """Return the head with its axes in this order and direction; every voxel stays where it is in the patient."""
    canonical = nib.Nifti1Image(head(), canonical_affine())
    orientation = np.array([[axes.index(axis), signs[axis]] for axis in range(3)], float)
    image: nib.Nifti1Image = canonical.as_reoriented(orientation)
    return image


def import_all(api: Api, folder: Path) -> list[int]:
    """Import the head in every orientation, one patient each; return the ids of the cases."""
    delivery = api("POST", "imports/", {"synthetic": True})["id"]
    codes = set()
    for number, (axes, signs) in enumerate(ORIENTATIONS):
        image = stored_as(axes, signs)
        codes.add(nib.aff2axcodes(image.affine))
        path = folder / f"TURN-{number:03d}_flair.nii.gz"
        nib.save(image, path)
        content = path.read_bytes()
        upload = api("POST", f"imports/{delivery}/uploads/", {"path": path.name, "size": len(content)})["id"]
        kind = {"Upload-Offset": "0", "Content-Type": "application/octet-stream"}
        api("PATCH", f"uploads/{upload}/", content, **kind)
    assert len(codes) == len(ORIENTATIONS)
    api("POST", f"imports/{delivery}/parse/")
    preview = wait_for(api, delivery, "preview")
    patients = {row["patient"] for row in preview["rows"]}
    assert len(patients) == len(ORIENTATIONS), preview["rows"][0]["problem"]
    api("POST", f"imports/{delivery}/confirm/")
    wait_for(api, delivery, "done")
    cases = api("GET", "cases/?page_size=500")["results"]
    return [case["id"] for case in cases if case["patient"] in patients]


def wait_for(api: Api, delivery: str, state: str) -> Any:
    for _ in range(240):
        facts = api("GET", f"imports/{delivery}/")
        if facts["state"] == state:
            return facts
        assert facts["state"] != "failed", facts
        time.sleep(0.5)
    raise AssertionError(f"the import never was {state}, but {facts['state']}")


def mark_the_bright_spot(page: Page) -> None:
    """Click with the brush where the axial plane on screen is brightest, and hand the case in."""
    expect(page.locator("footer")).to_contain_text(re.compile(r"FLAIR\s*\d"), timeout=60_000)
    picture = page.get_by_role("img", name="Slices of the case")
    box = picture.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 2, box["y"] + box["height"] - 2)
    axial = {"x": box["x"], "y": box["y"], "width": box["width"] * 0.6, "height": box["height"]}
    x, y = middle_of_brightest(page, axial)
    page.keyboard.press("b")
    page.mouse.click(axial["x"] + x, axial["y"] + y)
    expect(page.get_by_text(re.compile("^Brush · ")).first).to_be_visible()
    page.keyboard.press("Control+Enter")
    acting.confirm_submission(page)
    expect(page.get_by_text("Submitted").first).to_be_visible(timeout=30_000)


def middle_of_brightest(page: Page, clip: Any) -> tuple[float, float]:
    """Return the middle of the largest white area, in pixels; the picture may still be on its way to the screen."""
    for _ in range(40):
        grey = np.asarray(Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("L"))
        areas, count = ndimage.label(grey > 225)
        sizes = np.bincount(areas.ravel())[1:]
        if count and sizes.max() > 500:
            y, x = ndimage.center_of_mass(areas == 1 + int(np.argmax(sizes)))
            return float(x), float(y)
        page.wait_for_timeout(100)
    raise AssertionError("the marker is not on screen")


def middle_by_simpleitk(content: bytes, path: Path) -> NDArray[np.float64]:
    """Return the middle of a mask in mm (RAS+), as SimpleITK reads the file."""
    path.write_bytes(content)
    shape = sitk.LabelShapeStatisticsImageFilter()
    shape.Execute(sitk.ReadImage(str(path), sitk.sitkUInt8))
    return np.array(shape.GetCentroid(1)) * (-1, -1, 1)


def test_a_mark_in_the_browser_lies_at_the_same_place_of_the_patient_in_every_orientation(
    sign_in: SignIn, passwords: dict[str, tuple[str, str]], tmp_path: Path
) -> None:
    lead = Api(sign_in("lead"))
    cases = import_all(lead, tmp_path)
    study = make_study(lead, passwords["expert1"][0], cases, empty=True, rubric="")

    page = sign_in("expert1")
    keys = queue(Api(page), study)
    assert len(keys) == len(ORIENTATIONS)
    page.goto(f"/assignments/{keys[0]}")
    for number in range(len(ORIENTATIONS)):
        mark_the_bright_spot(page)
        if number < len(ORIENTATIONS) - 1:
            page.get_by_role("link", name=re.compile("Next case")).click()

    lead = Api(sign_in("lead"))
    for case in cases:
        [mask] = lead("GET", f"cases/{case}/")["segmentations"]
        content = lead("GET", f"segmentations/{mask['id']}/download/?as=.nii.gz")
        by_simpleitk = middle_by_simpleitk(content, tmp_path / "mask.nii.gz")
        image = nib.Nifti1Image.from_filename(tmp_path / "mask.nii.gz")
        voxels = np.argwhere(np.asarray(image.dataobj) == 1)
        by_nibabel = nib.affines.apply_affine(image.affine, voxels.mean(axis=0))
        assert by_simpleitk == pytest.approx(by_nibabel, abs=0.01)
        assert np.linalg.norm(by_simpleitk - marker_mm()) < TOLERANCE_MM, nib.aff2axcodes(image.affine)
