"""Segment one case with one model version: load, resample, segment, bring back to the case's reference grid."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cases.models import Case, Series
from cases.preparation import read_original
from cases.services import keep_layers
from core import storage
from core.errors import DomainError
from imaging.brain import brain_mask
from imaging.grid import Grid, to_canonical
from imaging.resampling import resample
from imaging.writing import nifti_bytes
from inference import services
from inference.engine.postprocessing import postprocess
from inference.engine.recipe import Recipe
from inference.models import ModelVersion
from jobs.models import Job

STEPS = 255
"""Steps between a probability of 0 and of 1."""

PROGRESS = (10, 90)
"""Per cent between which the network works."""


def predict(job: Job) -> None:
    """Segment the case that the job names with the model that it names, unless that was done before."""
    model = ModelVersion.objects.select_related("rater", "scheme", "weights").get(rater=job.params["rater"])
    case = Case.objects.select_related("reference").get(pk=job.params["case"])
    begun = time.monotonic()
    recipe = Recipe.from_json(model.recipe)
    job.report(1, "Reading the images")
    images, grid = _channels(case, recipe)
    probability, device = _segment(job, model, images, grid, recipe)
    job.report(92, "Drawing the mask")
    drawn = _draw(model, case, probability, image=images[0], grid=grid)
    services.keep_prediction(job, model, case, drawn, seconds=time.monotonic() - begun, device=device)


def _channels(case: Case, recipe: Recipe) -> tuple[list[NDArray[Any]], Grid]:
    """Return the model's input sequences on the canonical grid of the first of them."""
    rows: dict[str, Series] = {}
    for series in case.series.prefetch_related("files"):
        rows.setdefault(series.sequence.lower(), series)
    missing = [channel for channel in recipe.channels if channel.lower() not in rows]
    if missing:
        raise DomainError(f"The model needs {', '.join(missing)}, which this case does not have.")
    images: list[NDArray[Any]] = []
    grid: Grid | None = None
    for channel in recipe.channels:
        volume = read_original(rows[channel.lower()])
        array, own = to_canonical(volume.array, volume.grid)
        grid = own if grid is None else grid
        images.append(array if own.same_as(grid) else resample(array, own, grid, order=1))
    if grid is None:
        raise DomainError("The model's recipe names no input.")
    return images, grid


def _segment(
    job: Job, model: ModelVersion, images: list[NDArray[Any]], grid: Grid, recipe: Recipe
) -> tuple[NDArray[np.float32], str]:
    """Return the probabilities (region, x, y, z) on `grid` and what they were computed on."""
    import torch

    from inference.engine.prediction import segment
    from inference.engine.weights import load_model

    device = "cuda" if torch.cuda.is_available() else "cpu"
    job.report(3, "Loading the model")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "weights.safetensors"
        path.write_bytes(storage.read(model.weights))
        network, _ = load_model(path, device=device)
    name = torch.cuda.get_device_name() if device == "cuda" else "CPU"
    low, high = PROGRESS
    told = Throttled(job)
    probability = segment(
        images, grid, recipe, network, report=lambda done: told.report(low + (high - low) * done / 100)
    )
    return probability, name[:40]


class Throttled:
    """Reports progress at most twice a second: a window may take less than a write to the database."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.last = 0.0

    def report(self, percent: float) -> None:
        """Tell how far the network is; raises Superseded when the job should stop."""
        now = time.monotonic()
        if now - self.last >= 0.5:
            self.last = now
            self.job.report(percent, "Segmenting")


def _draw(
    model: ModelVersion,
    case: Case,
    probability: NDArray[np.float32],
    *,
    image: NDArray[Any],
    grid: Grid,
) -> services.Drawn:
    """Return mask and probabilities on the case's reference grid: probabilities are brought there, never labels."""
    if case.reference is None:
        raise DomainError(f"{case} has no reference series.")
    recipe, target = Recipe.from_json(model.recipe), case.reference.grid.canonical()
    brain = brain_mask(image, grid)
    if not target.same_as(grid):
        probability = np.stack([resample(one, grid, target, order=1) for one in probability])
        brain = resample(brain.astype(np.uint8), grid, target, order=0) > 0
    maps = {}
    layers = np.zeros((len(model.scheme.definition["layers"]), *target.shape), np.uint8)
    for place, label in services.layers_needed(model).items():
        mask = postprocess(probability[place].astype(np.float32), brain, target, recipe)
        layers[label.layer][mask] = label.value
        maps[label.key] = storage.keep(nifti_bytes(in_steps(probability[place]), target, slope=1 / STEPS))
    return services.Drawn(keep_layers(series=case.reference, scheme=model.scheme, layers=layers), maps)


def in_steps(probability: NDArray[np.floating[Any]]) -> NDArray[np.uint8]:
    """Return a probability in whole steps of 1/255, the nearest each: a byte per voxel, which packs well."""
    steps: NDArray[np.uint8] = np.rint(np.clip(probability, 0, 1) * STEPS).astype(np.uint8)
    return steps
