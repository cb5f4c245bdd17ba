"""Lesions over time: overlaps against SimpleITK, identities against histories made on purpose."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from evaluation.metrics.tracking import HELD, LesionMap, Track, follow_lesions, map_lesions, overlap_shares

SHAPE = (30, 20, 10)
LEFT, RIGHT, BRIDGE, FAR = np.s_[2:6, 2:6, 2:6], np.s_[10:14, 2:6, 2:6], np.s_[2:14, 2:6, 2:6], np.s_[20:23, 12:15, 4:7]
Block = tuple[slice, slice, slice]


def exam(*blocks: Block, spacing: float = 1.0) -> LesionMap:
    mask = np.zeros(SHAPE, bool)
    for block in blocks:
        mask[block] = True
    return map_lesions(mask, np.diag([spacing, spacing, spacing, 1]))


def history(track: Track) -> list[str]:
    return [sighting.event for sighting in track.sightings]


def test_a_lesion_keeps_its_number_while_others_come_and_go() -> None:
    first, second, third = follow_lesions([exam(LEFT, RIGHT), exam(LEFT, FAR), exam(LEFT, FAR), exam(LEFT, RIGHT)])
    assert history(first) == ["first exam", "persists", "persists", "persists"]
    assert history(second) == ["first exam", "vanished", "absent", "reappeared"]
    assert (history(third), third.first) == (["new", "persists", "vanished"], 1)
    assert [sighting.volume_ml for sighting in second.sightings] == [0.064, 0, 0, 0.064]
    assert third.at(0) is None


def test_lesions_that_merge_and_part_again_are_the_same_two() -> None:
    first, second = follow_lesions([exam(LEFT, RIGHT), exam(BRIDGE), exam(LEFT, RIGHT)])
    assert history(first) == ["first exam", "persists", "persists"]
    assert history(second) == ["first exam", "merged", "reappeared"]
    assert second.sightings[1].other == first.number
    assert math.isnan(second.sightings[1].volume_ml)


def test_the_larger_part_of_a_lesion_that_splits_keeps_the_number() -> None:
    small = np.s_[11:13, 2:6, 2:6]
    first, second = follow_lesions([exam(BRIDGE), exam(small, LEFT), exam(LEFT)])
    assert history(first) == ["first exam", "persists", "persists"]
    assert first.sightings[1].component == 1
    assert (history(second), second.sightings[0].other) == (["split", "vanished"], 1)


def test_an_overlap_up_to_the_least_share_is_none() -> None:
    block, shifted = np.s_[2:12, 2:4, 2:4], np.s_[11:21, 2:4, 2:4]
    assert [history(track) for track in follow_lesions([exam(block), exam(shifted)], min_share=0.1)] == [
        ["first exam", "vanished"],
        ["new"],
    ]
    assert len(follow_lesions([exam(block), exam(shifted)], min_share=0.09)) == 1
    with pytest.raises(ValueError, match="min_share"):
        follow_lesions([exam(block)], min_share=1)


def test_small_lesions_are_left_out_and_the_others_numbered_anew() -> None:
    found = exam(LEFT, np.s_[8:9, 2:3, 2:3], RIGHT, FAR)
    kept = found.without_small(0.02)
    assert (len(found), len(kept)) == (4, 3)
    assert kept.volumes_ml.tolist() == pytest.approx([0.064, 0.064, 0.027])
    assert [int((kept.numbers == number).sum()) for number in (1, 2, 3)] == [64, 64, 27]
    assert len(exam().without_small(1)) == 0


def test_no_exam_and_no_lesion_are_no_tracks() -> None:
    assert follow_lesions([]) == ()
    assert follow_lesions([exam(), exam()]) == ()
    assert [history(track) for track in follow_lesions([exam(), exam(LEFT), exam()])] == [["new", "vanished"]]


def test_a_lesion_below_the_voxel_of_a_coarser_grid_is_found_again() -> None:
    fine, coarse = np.zeros((40, 40, 40), bool), np.zeros((8, 8, 8), bool)
    fine[10, 10, 10] = True
    coarse[2, 2, 2] = True
    one = map_lesions(fine, np.diag([1, 1, 1, 1]))
    other = map_lesions(coarse, np.array([[5, 0, 0, 2], [0, 5, 0, 2], [0, 0, 5, 2], [0, 0, 0, 1]]))
    assert overlap_shares(one, other) == overlap_shares(other, one).T == [[1.0]]
    (track,) = follow_lesions([one, other])
    assert history(track) == ["first exam", "persists"]
    assert [sighting.volume_ml for sighting in track.sightings] == pytest.approx([0.001, 0.125])


def resampled_overlap(first: NDArray[np.bool_], to: NDArray[np.floating[Any]], second: NDArray[np.bool_]) -> int:
    """Count, by SimpleITK, the voxels of second with centres in first; `to` leads from its index to that of first."""
    moving, fixed = (sitk.GetImageFromArray(mask.T.astype(np.uint8)) for mask in (first, second))
    transform = sitk.AffineTransform(3)
    transform.SetMatrix(to[:3, :3].ravel().tolist())
    transform.SetTranslation(to[:3, 3].tolist())
    moved = sitk.GetArrayFromImage(sitk.Resample(moving, fixed, transform, sitk.sitkNearestNeighbor, 0)).T
    return int(np.count_nonzero(moved.astype(bool) & second))


@pytest.mark.parametrize("seed", range(5))
def test_overlaps_of_oblique_exams_are_those_of_simpleitk(seed: int) -> None:
    rng = np.random.default_rng(seed)
    first, second = np.zeros((2, 18, 16, 14), bool)
    first[5:12, 4:11, 4:10] = True
    second[4:10, 5:12, 5:11] = True
    angle = rng.uniform(-0.3, 0.3)
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    affines = [np.eye(4), np.eye(4)]
    affines[0][:3, :3], affines[1][:3, :3] = np.diag([1.1, 0.9, 1.3]), turn * [0.8, 1.2, 1.0]
    affines[1][:3, 3] = rng.uniform(0, 2, 3)
    to_first = np.linalg.inv(affines[0]) @ affines[1]
    volumes = [abs(np.linalg.det(affine[:3, :3])) for affine in affines]
    shared = max(
        resampled_overlap(first, to_first, second) * volumes[1],
        resampled_overlap(second, np.linalg.inv(to_first), first) * volumes[0],
    )
    smaller = min(first.sum() * volumes[0], second.sum() * volumes[1])
    found = overlap_shares(map_lesions(first, affines[0]), map_lesions(second, affines[1]))
    assert found == pytest.approx(np.array([[min(1, shared / smaller)]]), rel=1e-12)


@given(st.lists(st.lists(st.sampled_from([LEFT, RIGHT, BRIDGE, FAR]), max_size=3), max_size=5))
def test_every_component_has_one_number_and_every_number_one_component(blocks: list[list[Block]]) -> None:
    exams = [exam(*chosen) for chosen in blocks]
    tracks = follow_lesions(exams)
    assert [track.number for track in tracks] == list(range(1, len(tracks) + 1))
    for place, found in enumerate(exams):
        seen = [sighting for track in tracks if (sighting := track.at(place)) is not None]
        held = [sighting for sighting in seen if sighting.event in HELD]
        assert sorted(sighting.component for sighting in held) == list(range(1, len(found) + 1))
        assert sum(sighting.volume_ml for sighting in held) == pytest.approx(found.volumes_ml.sum())
        assert all(sighting.component == 0 for sighting in seen if sighting.event not in HELD)
    for track in tracks:
        assert all(later != "first exam" for _, later in pairwise(history(track)))
        assert len(track.sightings) == len(exams) - track.first


@pytest.mark.parametrize(
    ("mask", "affine", "words"),
    [
        (np.zeros((3, 3)), np.eye(4), "2 axes"),
        (np.full(SHAPE, 2), np.eye(4), "0 and 1"),
        (np.zeros(SHAPE), np.eye(3), "4×4"),
        (np.zeros(SHAPE), np.diag([1, 1, 0, 1]), "inverse"),
    ],
)
def test_what_cannot_be_followed_is_refused(mask: NDArray[np.float64], affine: NDArray[np.float64], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        map_lesions(mask, affine)
