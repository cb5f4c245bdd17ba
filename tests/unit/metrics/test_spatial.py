"""Spatial relation, its null, rims and compartments against distances by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.ndimage import binary_erosion
from scipy.spatial.distance import cdist

from evaluation.metrics import measure_compartments, relate, relocate_at_random, rim
from evaluation.metrics.spatial import list_shifts
from tests.unit.metrics.metric_masks import Mask, make_blob

EMPTY = np.zeros((8, 7, 6), dtype=bool)


def make_two(seed: int) -> tuple[Mask, Mask]:
    rng = np.random.default_rng(seed)
    return make_blob(rng, (14, 13, 12)), make_blob(rng, (14, 13, 12))


def distances_by_hand(start: Mask, end: Mask, spacing: tuple[float, ...]) -> Any:
    size = np.array(spacing)
    return cdist(np.argwhere(start) * size, np.argwhere(end) * size).min(axis=1)


@pytest.mark.parametrize("seed", range(4))
def test_the_spatial_metrics_follow_their_definitions_in_mm(seed: int) -> None:
    neh, recurrence = make_two(seed)
    spacing = (0.5, 1.0, 2.0)
    apart = distances_by_hand(neh, recurrence & ~binary_erosion(recurrence), spacing)
    found = relate(neh, recurrence, spacing, near_mm=1.3)
    overlap = int((neh & recurrence).sum())
    assert found.mean_edge_distance == pytest.approx(apart.mean(), abs=1e-9)
    assert found.fraction_near_edge == np.mean(apart <= 1.3)
    assert found.containment_ml == pytest.approx(overlap / 1000)
    assert found.containment_share == overlap / min(neh.sum(), recurrence.sum())
    assert found.fraction_inside == overlap / neh.sum()


def test_a_voxel_exactly_5_mm_from_the_edge_is_near_it() -> None:
    neh, recurrence = np.zeros((2, 20, 3, 3), dtype=bool)
    neh[2, 1, 1] = recurrence[2 + 25 // 2, 1, 1] = True
    for spacing in (5 / 12, 0.41666666666666663):
        assert relate(neh, recurrence, (spacing, 1, 1)).fraction_near_edge == 1


def test_empty_regions_leave_their_shares_undefined() -> None:
    one = EMPTY.copy()
    one[2:4, 2, 2] = True
    lost = relate(EMPTY, one, (1, 1, 1))
    assert math.isnan(lost.mean_edge_distance)
    assert math.isnan(lost.fraction_inside)
    assert lost.region_empty
    gone = relate(one, EMPTY, (1, 1, 1))
    assert (gone.mean_edge_distance, gone.fraction_near_edge, gone.fraction_inside) == (math.inf, 0, 0)
    assert math.isnan(gone.containment_share)


def test_the_spatial_null_moves_the_region_evenly_inside_the_brain() -> None:
    brain = np.zeros((12, 5, 5), dtype=bool)
    brain[1:11, 1:4, 1:4] = True
    region, other = np.zeros((2, *brain.shape), dtype=bool)
    region[1:3, 1:4, 1:4] = True
    other[8:11, 1:4, 1:4] = True
    null = relocate_at_random(region, other, brain, (1, 1, 1), seed=5, draws=2_000)
    places = np.unique(null.mean_edge_distances.round(6))
    shares = [np.mean(np.isclose(null.mean_edge_distances, place, atol=1e-5)) for place in places]
    assert sum(shares) == pytest.approx(1)
    assert null.mean_edge_distances.max() == pytest.approx(null.observed.mean_edge_distance)
    assert np.mean(null.mean_edge_distances == null.mean_edge_distances.max()) == pytest.approx(1 / 9, abs=0.03)
    assert null.p_mean_edge_distance == 1
    assert null.places == 9
    near = relocate_at_random(other, other, brain, (1, 1, 1), seed=5, draws=500)
    assert near.p_fraction_inside == pytest.approx(1 / 8, abs=0.05)
    again = relocate_at_random(other, other, brain, (1, 1, 1), seed=5, draws=500)
    np.testing.assert_array_equal(near.fractions_inside, again.fractions_inside)
    with pytest.raises(ValueError, match="inside the brain"):
        relocate_at_random(region, other, ~region, (1, 1, 1), seed=0)


@pytest.mark.parametrize("seed", range(6))
def test_every_place_inside_the_brain_is_listed_and_no_other(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(4, 8, 3).tolist())
    inside = rng.random(shape) < 0.9
    region = inside & (rng.random(shape) < 0.03)
    region[tuple(np.argwhere(inside)[0])] = True
    voxels = np.argwhere(region)
    expected = set()
    for place in np.ndindex(*(2 * length for length in shape)):
        shift = np.array(place) - shape
        moved = voxels + shift
        if (moved >= 0).all() and (moved < shape).all() and inside[tuple(moved.T)].all():
            expected.add(tuple(shift.tolist()))
    assert {tuple(shift) for shift in list_shifts(region, inside).tolist()} == expected


def test_rims_are_counted_in_mm_from_the_region_and_leave_out_what_is_named() -> None:
    region, _ = make_two(7)
    other = np.zeros_like(region)
    other[:, :5] = True
    spacing = (0.5, 1.0, 2.0)
    apart = np.zeros(region.shape)
    apart[~region] = distances_by_hand(~region, region, spacing)
    for inner, outer in ((0, 2), (0, 4), (2, 6)):
        expected = (apart > inner) & (apart <= outer) & ~region & ~other
        np.testing.assert_array_equal(rim(region, spacing, inner_mm=inner, outer_mm=outer, exclude=[other]), expected)
    assert not rim(EMPTY, (1, 1, 1), outer_mm=2).any()
    with pytest.raises(ValueError, match="rim"):
        rim(region, spacing, inner_mm=2, outer_mm=2)


def test_compartments_leave_out_unusable_voxels_and_count_them() -> None:
    image = np.arange(8 * 7 * 6, dtype=float).reshape(8, 7, 6)
    image[0, 0, 0] = math.nan
    first = EMPTY.copy()
    first[0] = True
    vessels = EMPTY.copy()
    vessels[0, 1] = True
    found = measure_compartments(image, {"ET": first, "NEH": EMPTY}, usable=~vessels)
    values = image[first & ~vessels & np.isfinite(image)]
    assert found["ET"].mean == pytest.approx(values.mean())
    assert found["ET"].sd == pytest.approx(values.std(ddof=1))
    assert (found["ET"].n, found["ET"].unusable) == (len(values), 7)
    assert math.isnan(found["NEH"].mean)
    with pytest.raises(ValueError, match="shape"):
        measure_compartments(image, {"ET": first[1:]})
