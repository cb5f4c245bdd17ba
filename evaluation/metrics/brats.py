"""The lesion-wise Dice and HD95 of the BraTS 2023 challenges."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from evaluation.metrics.components import (
    Box,
    Components,
    drop_missing_axes,
    find_overlaps,
    join_boxes,
    label_components,
    split_pair,
)
from evaluation.metrics.distances import hausdorff95
from evaluation.metrics.overlap import dice
from evaluation.metrics.validation import Mask, as_spacing, check_choice

MISSED_MM = 374.0
"""The distance that a missed or made-up lesion counts with: about the diagonal of BraTS' image."""


@dataclass(frozen=True)
class Challenge:
    """How often the reference is dilated to join parts, and the volume up to which lesions are left out."""

    dilations: int
    left_out_mm3: float


CHALLENGES = {"gli": Challenge(3, 50.0), "met": Challenge(1, 2.0), "men": Challenge(1, 50.0)}


@dataclass(frozen=True)
class BratsLesion:
    """One true lesion: its volume in mm³, the predicted components that it met, Dice, and HD95 in mm (∞: missed)."""

    volume_mm3: float
    predictions: tuple[int, ...]
    dice: float
    hausdorff95: float
    kept: bool


@dataclass(frozen=True)
class BratsLesionwise:
    """Means over kept true lesions and false positives; nan when there is neither (the challenge writes 1 and 0).

    tp and fn count kept true lesions that met a predicted component or none; fp counts predicted components that met
    no true lesion at all, kept or left out.
    """

    dice: float
    hausdorff95: float
    tp: int
    fp: int
    fn: int
    lesions: tuple[BratsLesion, ...]
    challenge: str


def brats_lesionwise(
    prediction: ArrayLike, reference: ArrayLike, spacing: Sequence[float], *, challenge: str = "gli"
) -> BratsLesionwise:
    """Return the lesion-wise metrics of a BraTS 2023 challenge: "gli", "met" or "men".

    The reference is dilated (18 neighbours, 3 times; once for met and men), and its voxels inside one 26-connected
    part of the dilation are one lesion. A lesion meets every predicted 26-component that touches its dilation, and is
    compared with their union: Dice and surfel HD95. Lesions up to 50 mm³ (2 for met) are left out. The means divide by
    kept lesions plus false positives; a missed or false lesion counts with Dice 0 and 374 mm.

    Raises ValueError for no masks and an unknown challenge.

    Source: Saluja et al., BraTS-2023-Metrics (the challenges' own code).
    """
    check_choice(challenge, tuple(CHALLENGES), name="challenge")
    rule = CHALLENGES[challenge]
    _, predicted, true = split_pair(prediction, reference)
    size = as_spacing(spacing, np.asarray(reference).ndim)
    found = label_components(predicted, connectivity=26)
    zones = label_components(_dilate(true, times=rule.dilations), connectivity=26)
    met: dict[int, list[int]] = {zone: [] for zone in range(1, len(zones) + 1)}
    touches = find_overlaps(zones.labels, found.labels)
    for zone, component in zip(touches.first.tolist(), touches.second.tolist(), strict=True):
        met[zone].append(component)
    lesions = tuple(
        _measure(zones, found, true, zone, components, spacing=size, rule=rule) for zone, components in met.items()
    )
    return _summarise(lesions, fp=len(found) - len(set(touches.second.tolist())), challenge=challenge)


def _summarise(lesions: tuple[BratsLesion, ...], *, fp: int, challenge: str) -> BratsLesionwise:
    kept = [lesion for lesion in lesions if lesion.kept]
    tp = sum(bool(lesion.predictions) for lesion in kept)
    total = len(kept) + fp
    distances = [lesion.hausdorff95 if math.isfinite(lesion.hausdorff95) else MISSED_MM for lesion in kept]
    return BratsLesionwise(
        dice=sum(lesion.dice for lesion in kept) / total if total else math.nan,
        hausdorff95=(sum(distances) + fp * MISSED_MM) / total if total else math.nan,
        tp=tp,
        fp=fp,
        fn=len(kept) - tp,
        lesions=lesions,
        challenge=challenge,
    )


def _measure(
    zones: Components,
    found: Components,
    true: Mask,
    zone: int,
    components: list[int],
    *,
    spacing: tuple[float, ...],
    rule: Challenge,
) -> BratsLesion:
    """Return one lesion, compared with the union of the predicted components that it met."""
    box: Box = join_boxes([zones.boxes[zone - 1], *(found.boxes[component - 1] for component in components)])
    lesion = drop_missing_axes(true[box] & (zones.labels[box] == zone), len(spacing))
    union = drop_missing_axes(_select(found.labels[box], components), len(spacing))
    volume = int(np.count_nonzero(lesion)) * math.prod(spacing)
    return BratsLesion(
        volume_mm3=volume,
        predictions=tuple(components),
        dice=dice(union, lesion),
        hausdorff95=hausdorff95(union, lesion, spacing, variant="surfel"),
        kept=volume > rule.left_out_mm3,
    )


def _select(labels: NDArray[np.integer[Any]], components: list[int]) -> Mask:
    mask = np.zeros(labels.shape, np.bool_)
    for component in components:
        mask |= labels == component
    return mask


def _dilate(mask: Mask, *, times: int) -> Mask:
    """Return the mask dilated by its 18 neighbours, inside its own array."""
    grown: NDArray[np.uint8] = np.ascontiguousarray(mask).view(np.uint8)
    for _ in range(times):
        grown = _dilate_once(grown, np.zeros_like(grown))
    return grown.view(np.bool_)


@njit(cache=True, nogil=True)
def _dilate_once(mask: Any, out: Any) -> Any:
    nx, ny, nz = mask.shape
    for x in range(nx):
        for y in range(ny):
            row = out[x, y]
            for dx in range(-1, 2):
                for dy in range(-1, 2):
                    if 0 <= x + dx < nx and 0 <= y + dy < ny:
                        near = mask[x + dx, y + dy]
                        for z in range(nz):
                            row[z] |= near[z]
                        if dx == 0 or dy == 0:
                            for z in range(1, nz):
                                row[z] |= near[z - 1]
                                row[z - 1] |= near[z]
    return out
