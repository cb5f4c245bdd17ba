"""Head, brain and face: on synthetic heads, whose truth is known, and on real ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from imaging.brain import background_value, brain_mask, has_face, head_mask, head_voxels, is_skull_stripped
from imaging.grid import Grid, to_canonical
from imaging.phantom.head import SyntheticHead, make_head
from imaging.phantom.spec import HeadSpec
from imaging.reading import read_volume
from imaging.volume import Voxels
from tests.unit.imaging.builders import ALL_TURNS, make_grid


def small_head(seed: int, *, skull_stripped: bool, noise: float = 0.025) -> SyntheticHead:
    """Return a synthetic head on a 3 mm grid."""
    spec = HeadSpec(shape=(60, 70, 54), spacing=(3.0, 3.0, 3.0), skull_stripped=skull_stripped, noise=noise)
    return make_head(spec, seed)


@pytest.fixture(scope="module", params=[1, 2, 3])
def full_head(request: pytest.FixtureRequest) -> SyntheticHead:
    return small_head(request.param, skull_stripped=False)


@pytest.fixture(scope="module")
def bare_brain() -> SyntheticHead:
    return small_head(1, skull_stripped=True)


def overlap(first: Voxels, second: Voxels) -> float:
    return float(2 * np.count_nonzero(first & second) / (np.count_nonzero(first) + np.count_nonzero(second)))


def test_a_bare_brain_is_told_from_a_head(full_head: SyntheticHead, bare_brain: SyntheticHead) -> None:
    for image in bare_brain.images.values():
        assert is_skull_stripped(image, bare_brain.grid)
    for image in full_head.images.values():
        assert not is_skull_stripped(image, full_head.grid)


def test_a_head_on_exactly_black_air_is_still_a_head() -> None:
    head = small_head(1, skull_stripped=False, noise=0.0)
    for image in head.images.values():
        assert not is_skull_stripped(image, head.grid)


def test_the_mask_of_a_bare_brain_is_the_brain(bare_brain: SyntheticHead) -> None:
    for image in bare_brain.images.values():
        assert overlap(brain_mask(image, bare_brain.grid), bare_brain.brain) > 0.99


def test_the_brain_is_found_roughly_in_a_full_head(full_head: SyntheticHead) -> None:
    for sequence, image in full_head.images.items():
        found = brain_mask(image, full_head.grid)
        assert overlap(found, full_head.brain) > 0.8, sequence
        assert np.count_nonzero(found & full_head.brain) > 0.95 * np.count_nonzero(full_head.brain), sequence


def test_the_head_holds_the_brain(full_head: SyntheticHead) -> None:
    for image in full_head.images.values():
        head = head_mask(image, full_head.grid)
        assert np.count_nonzero(full_head.brain & ~head) < 0.01 * np.count_nonzero(full_head.brain)
        assert np.count_nonzero(head) < 0.8 * head.size


@pytest.mark.parametrize("turn", ALL_TURNS[::7])
def test_orientation_changes_nothing(turn: object, bare_brain: SyntheticHead) -> None:
    grid = make_grid(bare_brain.grid.shape, turn=turn, spacing=(3.0, 3.0, 3.0))  # type: ignore[arg-type]
    image = next(iter(bare_brain.images.values()))
    assert is_skull_stripped(image, grid)
    assert not has_face(image, grid)


def test_empty_and_constant_images_have_neither_head_nor_face() -> None:
    grid = make_grid((20, 20, 20))
    for array in (np.zeros(grid.shape), np.full(grid.shape, 5.0)):
        assert not is_skull_stripped(array, grid)
        assert not brain_mask(array, grid).any()
        assert not has_face(array, grid)


def test_the_background_is_what_surrounds_the_head() -> None:
    array = np.full((10, 10, 10), -1024)
    array[3:7, 3:7, 3:7] = 50
    assert background_value(array) == -1024
    assert np.count_nonzero(head_voxels(array)) == 64


# Real images


SKULL_STRIPPED = (
    "brats2021-00006/BraTS2021_00006_flair.nii.gz",
    "brats2021-01480/BraTS2021_01480_t1ce.nii.gz",
    "tcga-du-7294/sri24_bet/TCGA-DU-7294_t2_bet.nii.gz",
    "tcga-du-7294/native_hdbet/TCGA-DU-7294_hdbet_native_t1.nii.gz",
    "isles22-0009/sub-strokecase0009_ses-0001_adc.nii.gz",
    "isles22-0009/sub-strokecase0009_ses-0001_flair.nii.gz",
    "captk-AAAC0/AAAC0_flair_pp_shrunk.nii.gz",
)
FULL_HEADS = ("study1_FLAIR", "study1_T1W", "study2_FLAIR", "study2_T1W")


@pytest.mark.real_data
@pytest.mark.parametrize("name", SKULL_STRIPPED)
def test_real_bare_brains_show_no_face(real_data: Path, name: str) -> None:
    volume = read_volume(real_data / name)
    assert is_skull_stripped(volume.array, volume.grid)
    assert not has_face(volume.array, volume.grid)


@pytest.mark.real_data
@pytest.mark.parametrize("name", FULL_HEADS)
def test_real_heads_show_a_face(real_data: Path, name: str) -> None:
    volume = read_volume(real_data / "ms-open/longitudinal/raw/patient01" / f"{name}.nii.gz")
    assert not is_skull_stripped(volume.array, volume.grid)
    assert has_face(volume.array, volume.grid)


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["study1_FLAIR", "study1_T1W", "study2_T1W"])
def test_a_head_cut_like_a_defacing_program_does_shows_none(real_data: Path, name: str) -> None:
    volume = read_volume(real_data / "ms-open/longitudinal/raw/patient01" / f"{name}.nii.gz")
    cut, grid = cut_face_off(volume.array, volume.grid)
    assert not has_face(cut, grid)


@pytest.mark.real_data
@pytest.mark.parametrize("name", FULL_HEADS)
def test_the_brain_of_a_real_head_has_the_size_of_its_published_mask(real_data: Path, name: str) -> None:
    folder = real_data / "ms-open/longitudinal"
    published = read_volume(folder / "coregistered/patient01/brainmask.nii.gz")
    expected = np.count_nonzero(published.array) * published.grid.voxel_volume_ml
    volume = read_volume(folder / "raw/patient01" / f"{name}.nii.gz")
    found = np.count_nonzero(brain_mask(volume.array, volume.grid)) * volume.grid.voxel_volume_ml
    assert found == pytest.approx(expected, rel=0.2)


def cut_face_off(array: Voxels, grid: Grid) -> tuple[Voxels, Grid]:
    """Set to zero what lies before a plane that slopes back at 45° from 70 mm below the top."""
    image, turned = to_canonical(array, grid)
    head = head_mask(image, turned)
    depth = (np.flatnonzero(head.any(axis=(0, 1)))[-1] - np.arange(head.shape[2])) * turned.spacing[2]
    brow = head[:, :, (depth > 45) & (depth < 75)]
    front = np.flatnonzero(brow.any(axis=(0, 2)))[-1] * turned.spacing[1]
    along = np.arange(head.shape[1])[:, None] * turned.spacing[1]
    image[:, (along > front - (depth - 70)) & (depth > 70)] = 0
    return image, turned
