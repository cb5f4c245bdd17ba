"""Training: the same from the same seed, also when it was interrupted, and it learns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from imaging.phantom import HeadSpec, Stage
from inference.engine.painting import WHOLE_TUMOUR, Anatomy, paint
from inference.engine.recipe import read_recipe
from inference.engine.synthetic_samples import SyntheticSamples
from inference.engine.training import TrainingPlan, region_loss, train
from inference.engine.weights import load_model
from tests.unit.engine.builders import small_recipe

PLAN = TrainingPlan(cycles=(4, 2), batch=2, warmup=2, seed=5, half=False, checkpoint_every=2)


class Balls:
    """Bright balls in noise: learnable in seconds."""

    def sample(self, index: int) -> tuple[Tensor, Tensor]:
        rng = np.random.default_rng(index)
        positions = np.stack(np.meshgrid(*[np.arange(16)] * 3, indexing="ij"), axis=-1)
        truth = ((positions - rng.uniform(5, 11, 3)) ** 2).sum(axis=-1) < 16
        image = rng.normal(0, 0.5, truth.shape) + 2 * truth
        return torch.from_numpy(image[None]).float(), torch.from_numpy(truth[None]).float()

    def manifest(self) -> Mapping[str, Any]:
        return {"kind": "balls"}


def test_interrupted_training_ends_with_the_same_weights(tmp_path: Path) -> None:
    whole = train(Balls(), small_recipe(), PLAN, tmp_path / "whole.safetensors")
    steps: list[int] = []
    parts = tmp_path / "parts.safetensors"

    def stop_after_three() -> bool:
        steps.append(1)
        return len(steps) == 4

    train(Balls(), small_recipe(), PLAN, parts, cancelled=stop_after_three)
    assert not parts.exists()
    train(Balls(), small_recipe(), PLAN, parts)
    first, second = load_file(whole), load_file(parts)
    assert first.keys() == second.keys()
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["parts.safetensors", "whole.safetensors"]


def test_checkpoint_of_another_training_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "model.safetensors"
    train(Balls(), small_recipe(), PLAN, out, cancelled=lambda: True)
    with pytest.raises(ValueError, match="another training"):
        train(Balls(), small_recipe(), replace(PLAN, seed=6), out)


def test_record_says_how_the_weights_were_made(tmp_path: Path) -> None:
    _, record = read_recipe(train(Balls(), small_recipe(), PLAN, tmp_path / "model.safetensors"))
    assert record["plan"]["seed"] == 5
    assert record["samples"] == {"kind": "balls"}
    assert len(record["identity"]) == 64


def test_network_learns_to_find_balls(tmp_path: Path) -> None:
    losses: list[float] = []
    plan = TrainingPlan(cycles=(120,), batch=1, learning_rate=5e-3, warmup=5, seed=1, half=True)
    out = train(Balls(), small_recipe(), plan, tmp_path / "m.safetensors", report=lambda _, loss: losses.append(loss))
    assert losses[-1] < 0.6 * losses[0]
    network, _ = load_model(out)
    image, truth = Balls().sample(10_000)
    with torch.inference_mode():
        found = network(image[None])[0] > 0
    assert 2 * (found & (truth > 0)).sum() / (found.sum() + truth.sum()) > 0.8


def test_learning_rate_rises_and_falls() -> None:
    plan = TrainingPlan(cycles=(100, 50), learning_rate=1.0, warmup=10)
    rates = [plan.rate(step) for step in range(100)]
    assert rates[:10] == sorted(rates[:10])
    assert max(rates) == rates[9] == 1.0
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[-1] < 0.01
    assert plan.rate(109) == 0.5  # the second cycle rises to half
    with pytest.raises(ValueError, match="150 steps"):
        plan.rate(150)


def test_loss_of_a_perfect_answer_is_nearly_nothing_and_of_a_wrong_one_is_not() -> None:
    truth = torch.zeros(1, 1, 8, 8, 8)
    truth[..., 2:5, 2:5, 2:5] = 1
    assert region_loss(40 * truth - 20, truth) < 0.01
    assert region_loss(20 - 40 * truth, truth) > 1
    assert region_loss(torch.full_like(truth, -20), torch.zeros_like(truth)) < 0.01


@pytest.fixture(scope="module")
def samples() -> SyntheticSamples:
    recipe = small_recipe(spacing=(7.0, 7.0, 7.0), patch=(24, 28, 24))
    return SyntheticSamples.make(recipe, heads=3, seed=9)


def test_samples_are_reproducible_by_number_and_fit_the_patch(samples: SyntheticSamples) -> None:
    image, truth = samples.sample(4)
    again, _ = samples.sample(4)
    other, _ = samples.sample(5)
    assert image.shape == truth.shape == (1, 24, 28, 24)
    assert torch.equal(image, again)
    assert not torch.equal(image, other)
    assert set(truth.numpy().ravel().tolist()) <= {0.0, 1.0}
    assert samples.manifest()["patients"] == 0


def test_cavities_are_no_tumour() -> None:
    spec = HeadSpec(shape=(28, 32, 28), spacing=(6.0, 6.0, 6.0), stage=Stage.CLEARED, tumour_radius=20.0)
    _, truth = paint(Anatomy.make(spec, 3), np.random.default_rng(0))
    assert not truth.any()


def test_painted_tumours_are_brighter_than_the_brain_and_differ_in_looks() -> None:
    spec = HeadSpec(shape=(40, 44, 40), spacing=(4.4, 4.4, 4.4), enhancing=False, tumour_radius=20.0)
    anatomy = Anatomy.make(spec, 3)
    assert any(tissue in anatomy.parts for tissue in WHOLE_TUMOUR)
    contrasts = []
    for seed in range(6):
        image, truth = paint(anatomy, np.random.default_rng(seed))
        healthy = image[(image > 0) & ~truth]
        contrasts.append(image[truth].mean() / np.median(healthy))
    assert min(contrasts) > 1
    assert np.std(contrasts) > 0.05
