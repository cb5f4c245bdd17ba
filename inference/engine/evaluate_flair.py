"""Judge a FLAIR model case by case, beside the robust threshold: on synthetic heads kept out and on real cases.

    python -m inference.engine.evaluate_flair --data FOLDER

FOLDER is the folder of real test cases; a case that is not in it is named as missing. The real cases
are far too few for a mean to say much: every case is printed.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from imaging.brain import brain_mask
from imaging.grid import Grid
from imaging.phantom import Sequence, make_head
from imaging.phantom.spec import Label
from imaging.reading import read_volume
from inference.engine.baseline import GAUSSIAN, threshold_segmentation
from inference.engine.painting import draw_spec
from inference.engine.postprocessing import Mask, postprocess
from inference.engine.prediction import segment
from inference.engine.recipe import Recipe
from inference.engine.synthetic_samples import FIRST_HOLD_OUT_SEED
from inference.engine.weights import load_model

SHIPPED = Path(__file__).resolve().parents[1] / "weights" / "flair-synthetic-1.safetensors"


@dataclass(frozen=True)
class Case:
    """A FLAIR image and the reference mask of its whole tumour, both [x, y, z] on `grid`."""

    name: str
    flair: NDArray[np.generic]
    reference: Mask
    grid: Grid


@dataclass(frozen=True)
class RealCase:
    """Where a real case lies in the folder of test data, and who made its reference."""

    name: str
    flair: str
    reference: str
    made_by: str


REAL_CASES = (
    RealCase(
        "brats2021-00006",
        "brats2021-00006/BraTS2021_00006_flair.nii.gz",
        "brats2021-00006/BraTS2021_00006_seg.nii.gz",
        "experts",
    ),
    RealCase(
        "brats2021-01480",
        "brats2021-01480/BraTS2021_01480_flair.nii.gz",
        "brats2021-01480/BraTS2021_01480_seg.nii.gz",
        "experts",
    ),
    RealCase(
        "captk-AAAC0",
        "captk-AAAC0/AAAC0_flair_pp_shrunk.nii.gz",
        "captk-AAAC0/AAAC0_flair_pp_shrunk_testTumor.nii.gz",
        "test mask of unknown origin",
    ),
    RealCase(
        "tcga-du-7294",
        "tcga-du-7294/sri24_bet/TCGA-DU-7294_fla_bet.nii.gz",
        "tcga-du-7294/btk_output_fusionator/simple.nii.gz",
        "SIMPLE fusion of six algorithms, no expert",
    ),
)


@dataclass(frozen=True)
class Row:
    """One line of the table: volumes in ml, Dice of the model and of the threshold with both kinds of MAD."""

    name: str
    reference: float
    predicted: float
    model: float
    threshold: float
    scaled_threshold: float
    seconds: float


def judge(case: Case, network: nn.Module, recipe: Recipe) -> Row:
    """Return how model and threshold do on one case; both see the same brain mask."""
    began = time.monotonic()
    brain = brain_mask(case.flair, case.grid)
    probability = segment([case.flair], case.grid, recipe, network)[0]
    mask = postprocess(probability, brain, case.grid, recipe)
    seconds = time.monotonic() - began
    plain = threshold_segmentation(case.flair, brain)
    scaled = threshold_segmentation(case.flair, brain, scale=GAUSSIAN)
    return Row(
        name=case.name,
        reference=float(case.reference.sum() * case.grid.voxel_volume_ml),
        predicted=float(mask.sum() * case.grid.voxel_volume_ml),
        model=overlap(mask, case.reference),
        threshold=overlap(plain, case.reference),
        scaled_threshold=overlap(scaled, case.reference),
        seconds=seconds,
    )


def overlap(first: Mask, second: Mask) -> float:
    """Return the Dice coefficient; nan when both masks are empty."""
    total = int(first.sum()) + int(second.sum())
    return float("nan") if total == 0 else 2 * int((first & second).sum()) / total


def synthetic_cases(count: int) -> Iterator[Case]:
    """Yield heads that no training saw, at 1 mm, with the brightness of an ordinary FLAIR."""
    rng = np.random.default_rng(FIRST_HOLD_OUT_SEED)
    for number in range(count):
        seed = FIRST_HOLD_OUT_SEED + number
        spec = draw_spec((160, 192, 144), (1.0, 1.0, 1.0), rng)
        head = make_head(spec, seed)
        tumour = np.isin(head.labels, (Label.NC, Label.ED, Label.ET))
        looks = "stripped" if spec.skull_stripped else "head"
        kind = spec.stage.value + ("" if spec.enhancing else ", no rim")
        yield Case(f"synthetic {seed} ({kind}, {looks})", head.images[Sequence.FLAIR], tumour, head.grid)


def read_real(folder: Path, source: RealCase) -> Case | None:
    """Return a real case, or None when it is not in the folder. Its reference is every voxel above 0.5."""
    if not (folder / source.flair).is_file() or not (folder / source.reference).is_file():
        return None
    flair, labels = read_volume(folder / source.flair), read_volume(folder / source.reference)
    if not flair.grid.same_as(labels.grid):
        raise ValueError(f"{source.name}: image and reference lie on different grids.")
    return Case(f"{source.name} ({source.made_by})", flair.array, labels.array > 0.5, flair.grid)


def main() -> None:
    """Read the command line and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--weights", type=Path, default=SHIPPED)
    parser.add_argument("--data", type=Path, help="folder of real test cases; without it they are left out")
    parser.add_argument("--synthetic", type=int, default=10, help="number of synthetic heads (default 10)")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads (default 1)")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    network, recipe = load_model(options.weights)
    _say(f"{recipe.name}: whole-tumour Dice; threshold = median + 2 MAD in the brain, largest part")
    _say("| case | reference ml | model ml | model | threshold | threshold, MAD × 1.4826 | s |")
    _say("|---|---|---|---|---|---|---|")
    for case in synthetic_cases(options.synthetic):
        _say(_line(judge(case, network, recipe)))
    for source in REAL_CASES if options.data else ():
        real = read_real(options.data, source)
        _say(_line(judge(real, network, recipe)) if real else f"| {source.name} | not in the folder | | | | | |")


def _line(row: Row) -> str:
    scores = " | ".join(
        "empty" if np.isnan(value) else f"{value:.3f}" for value in (row.model, row.threshold, row.scaled_threshold)
    )
    return f"| {row.name} | {row.reference:.1f} | {row.predicted:.1f} | {scores} | {row.seconds:.0f} |"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
