"""The synthetic heads: deterministic, complete, and with the contrasts of the real sequences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.ndimage import label

from imaging.phantom import HeadSpec, Label, Sequence, Stage, SyntheticHead, make_head

SMALL: dict[str, Any] = {"shape": (56, 64, 52), "spacing": (2.6, 2.9, 2.8)}


def small(seed: int = 7, **wishes: Any) -> SyntheticHead:
    return make_head(HeadSpec(**{**SMALL, **wishes}), seed)


@pytest.fixture(scope="module")
def head() -> SyntheticHead:
    return small(tumour_radius=18.0)


def mean_in(head: SyntheticHead, sequence: Sequence, value: Label) -> float:
    return float(head.images[sequence][head.labels == value].mean())


def test_same_spec_and_seed_give_the_same_voxels_and_another_seed_does_not(head: SyntheticHead) -> None:
    again = small(tumour_radius=18.0)
    other = small(seed=8, tumour_radius=18.0)
    for sequence in Sequence:
        assert np.array_equal(head.images[sequence], again.images[sequence])
        assert not np.array_equal(head.images[sequence], other.images[sequence])
    assert np.array_equal(head.labels, again.labels)
    assert not np.array_equal(head.labels, other.labels)


def test_arrays_lie_on_the_grid_and_are_of_the_promised_types(head: SyntheticHead) -> None:
    assert head.grid.shape == SMALL["shape"]
    assert head.grid.spacing == pytest.approx(SMALL["spacing"])
    assert head.labels.dtype == np.uint8
    assert head.brain.dtype == np.bool_
    for image in head.images.values():
        assert image.shape == SMALL["shape"]
        assert image.dtype == np.float32
        assert np.isfinite(image).all()
        assert image.min() >= 0


def test_untreated_tumour_has_necrosis_rim_and_oedema_inside_the_brain(head: SyntheticHead) -> None:
    assert set(np.unique(head.labels)) == {0, Label.NC, Label.ED, Label.ET}
    assert not head.labels[~head.brain].any()


def test_brain_has_the_volume_of_an_adult_brain(head: SyntheticHead) -> None:
    volume = head.brain.sum() * np.prod(SMALL["spacing"]) / 1000
    assert 1000 < volume < 1700
    _, parts = label(head.brain)
    assert parts == 1


def test_sequences_show_the_tumour_as_their_names_promise(head: SyntheticHead) -> None:
    healthy = head.brain & (head.labels == 0)
    flair, t1, t1c, t2 = (head.images[s] for s in (Sequence.FLAIR, Sequence.T1, Sequence.T1C, Sequence.T2))
    assert mean_in(head, Sequence.FLAIR, Label.ED) > 1.4 * np.median(flair[healthy])
    assert mean_in(head, Sequence.T2, Label.ED) > 1.3 * np.median(t2[healthy])
    assert mean_in(head, Sequence.T1C, Label.ET) > 1.6 * mean_in(head, Sequence.T1, Label.ET)
    assert mean_in(head, Sequence.T1C, Label.ET) > 1.6 * mean_in(head, Sequence.T1C, Label.NC)
    assert mean_in(head, Sequence.T1, Label.ED) < np.median(t1[healthy])
    assert t1c.max() > t1.max()


def test_skull_stripped_head_is_dark_outside_the_brain_and_a_whole_head_is_not(head: SyntheticHead) -> None:
    whole = small(skull_stripped=False, spacing=(3.2, 3.4, 3.1))
    assert not head.images[Sequence.T1][~head.brain].any()
    outside = whole.images[Sequence.T1][~whole.brain]
    assert np.percentile(outside, 95) > 0.5 * np.median(whole.images[Sequence.T1][whole.brain])


def test_whole_head_has_no_face() -> None:
    whole = small(skull_stripped=False, shape=(64, 76, 72), spacing=(3.0, 3.0, 3.0), noise=0.0)
    image = whole.images[Sequence.T1]
    front_below = image[:, -20:, :18]
    assert front_below.max() < 0.05 * image.max()


def test_residual_stage_has_a_cavity_and_remaining_tumour() -> None:
    head = small(stage=Stage.RESIDUAL, tumour_radius=20.0)
    assert {Label.RC, Label.ET, Label.ED} <= set(np.unique(head.labels))


def test_cleared_stage_has_the_cavity_only_and_healthy_has_nothing() -> None:
    assert set(np.unique(small(stage=Stage.CLEARED, tumour_radius=18.0).labels)) == {0, Label.RC}
    assert set(np.unique(small(stage=Stage.HEALTHY).labels)) == {0}


def test_tumour_without_enhancement_has_no_rim() -> None:
    head = small(enhancing=False, tumour_radius=16.0)
    assert not (head.labels == Label.ET).any()
    assert (head.labels == Label.NC).any()
    assert mean_in(head, Sequence.FLAIR, Label.NC) > np.median(head.images[Sequence.FLAIR][head.brain])


def test_foci_are_separate_cores() -> None:
    head = small(foci=3, tumour_radius=14.0, seed=3)
    cores, count = label(np.isin(head.labels, (Label.NC, Label.ET)))
    large = np.bincount(cores.ravel())[1:] >= 8
    assert count >= large.sum() >= 2


def test_thick_slices_are_means_over_their_thickness() -> None:
    wishes: dict[str, Any] = {"noise": 0.0, "bias": 0.0, "tumour_radius": 16.0}
    thin = small(**wishes, shape=(48, 56, 48), spacing=(3.2, 3.4, 3.0))
    thick = small(**wishes, shape=(48, 56, 24), spacing=(3.2, 3.4, 6.0))
    pairs = thin.images[Sequence.T2].reshape(48, 56, 24, 2).mean(axis=3)
    inner = thick.brain & (pairs > 0)
    correlation = np.corrcoef(pairs[inner], thick.images[Sequence.T2][inner])[0, 1]
    assert thick.images[Sequence.T2].shape == (48, 56, 24)
    assert correlation > 0.9


def test_noise_in_air_is_rician() -> None:
    head = small(skull_stripped=False, spacing=(3.2, 3.4, 3.1), noise=0.05, bias=0.0)
    air = head.images[Sequence.T1][:3, :3, :].ravel()
    # The magnitude of pure complex noise is Rayleigh distributed: mean/sd = sqrt(pi / (4 - pi)).
    assert air.mean() / air.std() == pytest.approx(np.sqrt(np.pi / (4 - np.pi)), rel=0.12)


def test_small_field_of_view_shrinks_the_head_instead_of_cutting_it() -> None:
    head = make_head(HeadSpec(shape=(32, 36, 32), spacing=(1.0, 1.0, 1.0), tumour_radius=20.0), 5)
    edges = [head.brain.take(i, axis=axis).any() for axis in range(3) for i in (0, -1)]
    assert head.spec.scale < 0.25
    assert sum(edges) <= 1
    assert (head.labels > 0).any()


@pytest.mark.parametrize(
    "wishes",
    [
        {"shape": (4, 64, 64)},
        {"spacing": (1.0, 0.0, 1.0)},
        {"spacing": (1.0, float("nan"), 1.0)},
        {"foci": 0},
        {"tumour_radius": 100.0},
        {"noise": -0.1},
    ],
)
def test_impossible_wishes_are_refused(wishes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        HeadSpec(**wishes)
