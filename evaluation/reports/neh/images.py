"""The images of an exam on the grid of its masks, and the brain in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluation.reports.exams import grid_of
from evaluation.reports.kinds import Load
from evaluation.reports.masks import CaseMasks, Mask
from imaging.brain import brain_mask
from imaging.grid import Grid
from imaging.resampling import resample
from imaging.volume import Voxels

Row = dict[str, Any]
Image = NDArray[np.floating[Any]]
BRAIN_FROM = ("T1", "T1c", "FLAIR", "T2")
"""The sequences that a brain is found on, the best one first."""


@dataclass(frozen=True)
class CaseImages:
    """Images by sequence on the grid of the case's masks, NaN where a sequence has no data, and the brain."""

    by_sequence: dict[str, Image]
    brain: Mask


def read_images(inputs: Row, case: int, found: CaseMasks, load: Load) -> CaseImages:
    """Return the case's images; of several of one sequence the first that was frozen.

    The brain is approximate (imaging.brain), with everything that anybody marked; without a T1, T1c, FLAIR or T2 it is
    the whole field of view.
    """
    target = grid_of(inputs, case)
    images: dict[str, Image] = {}
    brain: Mask = np.ones(target.shape, np.bool_)
    best = len(BRAIN_FROM)
    for series in inputs["series"]:
        sequence = series["sequence"]
        if series["case"] != case or sequence in images:
            continue
        array, own = load.image(series["id"])
        images[sequence] = _bring(array, own, target)
        rank = BRAIN_FROM.index(sequence) if sequence in BRAIN_FROM else best
        if rank < best:
            brain, best = bring_mask(brain_mask(array, own), own, target), rank
    for masks in found.masks.values():
        brain = brain | np.logical_or.reduce(list(masks.values()))
    return CaseImages(images, brain)


def bring_mask(mask: Mask, own: Grid, target: Grid) -> Mask:
    """Return a mask on another grid by the headers' coordinates, nearest voxel; no registration."""
    return mask if own.same_as(target) else np.asarray(resample(mask, own, target, order=0), np.bool_)


def _bring(array: Voxels, own: Grid, target: Grid) -> Image:
    values = array if array.dtype.kind == "f" else array.astype(np.float32)
    return values if own.same_as(target) else resample(values, own, target, order=1, outside=np.nan)
