"""Majority votes against counting and SimpleITK's."""

from __future__ import annotations

import numpy as np
import pytest
import SimpleITK

from evaluation.consensus import majority_vote


@pytest.mark.parametrize("raters", [1, 2, 7, 8, 9, 17, 33, 64])
@pytest.mark.parametrize("shape", [(30,), (6, 7), (5, 4, 6)])
def test_a_voxel_is_marked_by_more_than_half(raters: int, shape: tuple[int, ...]) -> None:
    masks = np.random.default_rng(raters).random((raters, *shape)) < 0.5
    votes = masks.sum(axis=0)
    np.testing.assert_array_equal(majority_vote(masks), 2 * votes > raters)
    np.testing.assert_array_equal(majority_vote(masks, tie="foreground"), 2 * votes >= raters)
    np.testing.assert_array_equal(majority_vote(np.asfortranarray(masks)), 2 * votes > raters)
    np.testing.assert_array_equal(majority_vote([np.asfortranarray(mask) for mask in masks]), 2 * votes > raters)


def test_four_to_four_goes_to_the_tie_rule() -> None:
    masks = np.zeros((8, 2, 2, 2), dtype=np.uint8)
    masks[:4] = 1
    assert not majority_vote(masks).any()
    assert majority_vote(masks, tie="foreground").all()
    masks[4:, 0] = np.random.default_rng(0).integers(0, 2, (4, 2, 2))
    images = [SimpleITK.GetImageFromArray(mask) for mask in masks]
    for tie, undecided in (("background", 0), ("foreground", 1)):
        peer = SimpleITK.GetArrayFromImage(SimpleITK.LabelVoting(images, undecided))
        np.testing.assert_array_equal(majority_vote(masks, tie=tie), peer)


def test_what_cannot_vote_is_refused() -> None:
    with pytest.raises(ValueError, match="raters"):
        majority_vote(np.zeros((65, 2, 2)))
    with pytest.raises(ValueError, match="tie rule"):
        majority_vote(np.zeros((3, 2, 2)), tie="coin")
    with pytest.raises(ValueError, match="one shape"):
        majority_vote([np.zeros((2, 2)), np.zeros((2, 3))])
    with pytest.raises(ValueError, match="other than 0 and 1"):
        majority_vote(np.full((3, 2, 2), 4))
