"""Where a region lies against another one: NEH before surgery and the enhancing recurrence (NEH paper), rims in mm."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.fft import irfftn, next_fast_len, rfftn
from scipy.ndimage import binary_erosion, distance_transform_edt

from evaluation.metrics.directed import TOLERANCE_SLACK
from evaluation.metrics.overlap import ratio, voxel_ml
from evaluation.metrics.validation import Mask, as_mask, as_mask_pair, as_spacing, check_count, check_number

Distances = NDArray[np.float64]


@dataclass(frozen=True)
class SpatialRelation:
    """How a region (pre-operative NEH) lies to another one (recurrent ET).

    mean_edge_distance is the mean distance in mm of the region's voxels to the nearest edge voxel of the other;
    fraction_near_edge the share of them within near_mm; containment_ml the overlap in ml and containment_share its
    share of the smaller region; fraction_inside the overlap's share of the region. Region empty: nan, overlap 0 ml.
    Other empty: ∞ mm, nothing near, containment_share nan.
    """

    mean_edge_distance: float
    fraction_near_edge: float
    containment_ml: float
    containment_share: float
    fraction_inside: float
    near_mm: float
    region_empty: bool
    other_empty: bool


def relate(region: ArrayLike, other: ArrayLike, spacing: Sequence[float], *, near_mm: float = 5.0) -> SpatialRelation:
    """Return MeanEdgeDistance, FractionNearEdge, VolumeContainment and FractionInside of a region and another one.

    Masks have one to three axes, spacing is the voxel size in mm along them. The edge of the other region are the
    voxels that 6-neighbour erosion takes away. A distance equal to near_mm is near. The paper's benchmarks: 1–5 mm,
    above 30 %, above 10 % of the smaller region, above 20 %. Raises ValueError as hausdorff95 does.

    Source: Brawanski et al., 2026; its printed values are in voxels and partly transformed, these are not.
    """
    check_number(near_mm, name="distance near_mm", low=0)
    own, far = as_mask_pair(region, other)
    size = as_spacing(spacing, own.ndim)
    counts = int(np.count_nonzero(own)), int(np.count_nonzero(far))
    both = int(np.count_nonzero(own & far))
    distances = measure_to_edge(far, size)[own]
    return SpatialRelation(
        mean_edge_distance=float(distances.mean()) if counts[0] else math.nan,
        fraction_near_edge=ratio(_count_within(distances, near_mm), counts[0]),
        containment_ml=both * voxel_ml(size),
        containment_share=ratio(both, min(counts)),
        fraction_inside=ratio(both, counts[0]),
        near_mm=near_mm,
        region_empty=counts[0] == 0,
        other_empty=counts[1] == 0,
    )


@dataclass(frozen=True)
class SpatialNull:
    """What chance gives: the region put at random places inside the brain.

    mean_edge_distances, fractions_near_edge and fractions_inside have one value per draw; the p-values are one-sided,
    (1 + draws at least as close) / (1 + draws). places is the number of shifts, none included, that keep the whole
    region inside the brain: with few of them p cannot become small, however many draws there are.
    """

    observed: SpatialRelation
    mean_edge_distances: Distances
    fractions_near_edge: Distances
    fractions_inside: Distances
    p_mean_edge_distance: float
    p_fraction_near_edge: float
    p_fraction_inside: float
    places: int
    draws: int
    seed: int


def relocate_at_random(
    region: ArrayLike,
    other: ArrayLike,
    brain: ArrayLike,
    spacing: Sequence[float],
    *,
    seed: int,
    draws: int = 1_000,
    near_mm: float = 5.0,
) -> SpatialNull:
    """Return the spatial null of relate: the region, shifted by whole voxels to places inside the brain.

    The region keeps its form and direction. All shifts that keep every voxel of it inside the brain are listed
    (exactly, by a correlation of the region with what is outside) and drawn from evenly, with replacement. Raises
    ValueError when a mask is empty, when the region is not inside the brain, and as relate does.
    """
    observed = relate(region, other, spacing, near_mm=near_mm)
    own, inside = as_mask(region, name="region"), as_mask(brain, name="brain")
    if inside.shape != own.shape:
        raise ValueError(f"The brain has shape {inside.shape} and the region {own.shape}. They need one grid.")
    if observed.region_empty or observed.other_empty or np.any(own & ~inside):
        raise ValueError("The spatial null needs two regions with voxels, the first one inside the brain.")
    check_count(draws, name="number of draws")
    rng = np.random.default_rng(seed)
    size = as_spacing(spacing, own.ndim)
    distances, far = measure_to_edge(as_mask(other), size), as_mask(other)
    values = np.empty((3, draws))
    voxels, shifts = np.argwhere(own), list_shifts(own, inside)
    for draw, chosen in enumerate(rng.integers(len(shifts), size=draws)):
        places = tuple((voxels + shifts[chosen]).T)
        apart = distances[places]
        values[:, draw] = apart.mean(), _count_within(apart, near_mm) / len(apart), far[places].mean()
    found = np.array([observed.mean_edge_distance, observed.fraction_near_edge, observed.fraction_inside])
    closer = [values[0] <= found[0], values[1] >= found[1], values[2] >= found[2]]
    chances = [float((1 + np.count_nonzero(one)) / (1 + draws)) for one in closer]
    return SpatialNull(
        observed=observed,
        mean_edge_distances=values[0],
        fractions_near_edge=values[1],
        fractions_inside=values[2],
        p_mean_edge_distance=chances[0],
        p_fraction_near_edge=chances[1],
        p_fraction_inside=chances[2],
        places=len(shifts),
        draws=draws,
        seed=seed,
    )


def list_shifts(region: Mask, inside: Mask) -> NDArray[np.intp]:
    """Return every shift (shift, axis) in voxels that keeps all voxels of a region inside a mask of the same shape.

    No shift included, when the region is inside. Both masks need voxels.
    """
    small, large = region[_box(region)], inside[_box(inside)]
    room = tuple(whole - part + 1 for whole, part in zip(large.shape, small.shape, strict=True))
    if min(room) < 1:
        return np.empty((0, region.ndim), np.intp)
    size = tuple(next_fast_len(length, real=True) for length in large.shape)
    outside = rfftn(~large, size)
    voxels_outside = irfftn(outside * np.conj(rfftn(small, size)), size)[tuple(slice(length) for length in room)]
    start = [ours.start - theirs.start for ours, theirs in zip(_box(inside), _box(region), strict=True)]
    return np.asarray(np.argwhere(voxels_outside < 0.5) + start, np.intp)


def measure_to_edge(region: Mask, spacing: Sequence[float]) -> Distances:
    """Return every voxel's distance in mm to the nearest edge voxel of a region, ∞ when it is empty."""
    if not region.any():
        return np.full(region.shape, math.inf)
    edge = region & ~binary_erosion(region)
    return np.asarray(distance_transform_edt(~edge, sampling=spacing), np.float64)


def rim(
    region: ArrayLike,
    spacing: Sequence[float],
    *,
    outer_mm: float,
    inner_mm: float = 0.0,
    exclude: Sequence[ArrayLike] = (),
) -> Mask:
    """Return the voxels outside of a region, above inner_mm and up to outer_mm from its nearest voxel's centre.

    exclude are masks whose voxels do not belong to the rim, such as necrosis, vessels or NEH; the region itself never
    does. An empty region has an empty rim. Raises ValueError for distances out of order and different shapes.
    """
    own = as_mask(region, name="region")
    size = as_spacing(spacing, own.ndim)
    check_number(outer_mm, name="outer distance in mm", low=0)
    check_number(inner_mm, name="inner distance in mm", low=0)
    left_out = [as_mask_pair(mask, own)[0] for mask in exclude]
    if inner_mm >= outer_mm:
        raise ValueError(f"A rim reaches from 0 mm or more to a larger distance, not from {inner_mm} to {outer_mm}.")
    if not own.any():
        return np.zeros(own.shape, np.bool_)
    box = _grow_box(own, size, outer_mm)
    distances = distance_transform_edt(~own[box], sampling=size)
    found = np.zeros(own.shape, np.bool_)
    slack = 1 + TOLERANCE_SLACK
    found[box] = (distances > inner_mm * slack) & (distances <= outer_mm * slack) & ~own[box]
    for mask in left_out:
        found &= ~mask
    return found


def _grow_box(region: Mask, spacing: Sequence[float], by_mm: float) -> tuple[slice, ...]:
    """Return the region's box, by_mm larger on every side and inside the image."""
    more = [math.ceil(by_mm / step) + 1 for step in spacing]
    return tuple(
        slice(max(side.start - wider, 0), side.stop + wider) for side, wider in zip(_box(region), more, strict=True)
    )


def _box(region: Mask) -> tuple[slice, ...]:
    """Return the smallest box that holds a region with voxels."""
    box = []
    for axis in range(region.ndim):
        used = np.flatnonzero(region.any(axis=tuple(other for other in range(region.ndim) if other != axis)))
        box.append(slice(int(used[0]), int(used[-1]) + 1))
    return tuple(box)


def _count_within(distances: Distances, limit_mm: float) -> int:
    return int(np.count_nonzero(distances <= limit_mm * (1 + TOLERANCE_SLACK)))
