"""Train the FLAIR model that ships with the project, on synthetic heads alone.

    python -m inference.engine.train_flair --out PATH

Made for a CPU: a step takes about 1 s on two free cores, the whole about 20 minutes. No patient's image is involved.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import torch
from tqdm import tqdm

from inference.engine.recipe import Recipe
from inference.engine.synthetic_samples import SyntheticSamples
from inference.engine.training import TrainingPlan, train

SEED = 20

FLAIR_RECIPE = Recipe(
    name="flair-synthetic-1",
    network="attention-unet",
    network_args={"filters": [10, 24, 48, 96, 128], "dropout": 0.1},
    channels=("FLAIR",),
    regions=("FH",),
    spacing=(2.0, 2.0, 2.0),
    patch=(80, 96, 80),
    overlap=0.5,
    mirror=True,
)

FLAIR_PLAN = TrainingPlan(cycles=(700, 500), batch=1, learning_rate=2e-3, averaging=0.99, seed=SEED)

HEADS = 80


def main() -> None:
    """Read the command line, make the heads, train, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, required=True, help="where to write the weights (.safetensors)")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads (default 1)")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    with tqdm(total=HEADS, desc="Making heads", file=sys.stderr, mininterval=5) as bar:
        samples = SyntheticSamples.make(FLAIR_RECIPE, heads=HEADS, seed=SEED, report=lambda done: _advance(bar, done))
    with tqdm(total=FLAIR_PLAN.steps, desc="Training", file=sys.stderr, mininterval=5) as bar:
        train(samples, FLAIR_RECIPE, FLAIR_PLAN, options.out, report=lambda step, loss: _advance(bar, step, loss))


def _advance(bar: tqdm[Any], done: int, loss: float | None = None) -> None:
    if loss is not None:
        bar.set_postfix(loss=f"{loss:.3f}", refresh=False)
    bar.update(done - bar.n)


if __name__ == "__main__":
    main()
