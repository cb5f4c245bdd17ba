"""The training loop: seeded, resumable, and with a record of exactly what was done."""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional

from inference.engine.recipe import Recipe
from inference.engine.weights import network_of, save_model


class Samples(Protocol):
    """Training samples by number: the same number always gives the same sample."""

    def sample(self, index: int) -> tuple[Tensor, Tensor]:
        """Return an image (channel, x, y, z), prepared and of the recipe's patch, and its truth (region, x, y, z)."""

    def manifest(self) -> Mapping[str, Any]:
        """Return what the samples are made of, as JSON values."""


@dataclass(frozen=True)
class TrainingPlan:
    """How a network is trained.

    cycles counts the optimiser steps, of `batch` samples each, of one cycle after the other. In a
    cycle the learning rate rises over `warmup` steps and falls along a half cosine; each later cycle
    starts anew from the averaged weights with half the learning rate. averaging is the decay of the
    moving average of the weights, which is what gets saved. half computes in bfloat16 where that is
    safe. checkpoint_every is in steps.

    Source of the restarts: Loshchilov and Hutter 2017, arXiv:1608.03983; starting from the average is ours.
    """

    cycles: tuple[int, ...]
    batch: int = 1
    learning_rate: float = 2e-3
    weight_decay: float = 1e-4
    warmup: int = 30
    averaging: float = 0.99
    seed: int = 0
    half: bool = True
    checkpoint_every: int = 100

    @property
    def steps(self) -> int:
        """Number of steps of all cycles together."""
        return sum(self.cycles)

    def place(self, step: int) -> tuple[int, int]:
        """Return the cycle that a step belongs to, and its number within the cycle."""
        for cycle, length in enumerate(self.cycles):
            if step < length:
                return cycle, step
            step -= length
        raise ValueError(f"The plan has {self.steps} steps.")

    def rate(self, step: int) -> float:
        """Return the learning rate of a step."""
        cycle, number = self.place(step)
        peak = self.learning_rate * 0.5**cycle
        if number < self.warmup:
            return peak * (number + 1) / self.warmup
        done = (number - self.warmup) / max(self.cycles[cycle] - self.warmup, 1)
        return peak * 0.5 * (1 + math.cos(math.pi * min(done, 1)))


@dataclass
class _State:
    """Everything that a resumed training needs."""

    network: nn.Module
    optimiser: torch.optim.Optimizer
    average: dict[str, Tensor]
    step: int
    losses: list[float]


def region_loss(logits: Tensor, truth: Tensor) -> Tensor:
    """Return Dice loss plus binary cross-entropy, averaged over samples and regions.

    Both are (batch, region, x, y, z). The Dice term is smoothed by one voxel, so that an empty truth
    rewards an empty prediction.
    """
    probability = torch.sigmoid(logits)
    axes = (2, 3, 4)
    overlap = (probability * truth).sum(axes)
    dice = (2 * overlap + 1) / (probability.sum(axes) + truth.sum(axes) + 1)
    return (1 - dice).mean() + functional.binary_cross_entropy_with_logits(logits, truth)


def train(
    samples: Samples,
    recipe: Recipe,
    plan: TrainingPlan,
    out: Path,
    *,
    report: Callable[[int, float], None] = lambda _step, _loss: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Path:
    """Train the recipe's network and return the path of its weights, `out`.

    Beside `out` lies a checkpoint until the end: a training that was stopped goes on from there, with
    the same samples in the same order. report gets the step and the mean loss of the last steps. When
    cancelled() turns true, the checkpoint is written and the training stops: the path then does not
    exist.

    Raises ValueError when the checkpoint belongs to another recipe or plan.
    """
    state = _start(recipe, plan)
    checkpoint = out.with_name(out.name + ".checkpoint")
    identity = _identity(recipe, plan, samples.manifest())
    if checkpoint.exists():
        _restore(state, checkpoint, identity)
    began = time.monotonic()
    for batch in _batches(samples, plan, first=state.step):
        if cancelled():
            _keep(state, checkpoint, identity)
            return out
        state.losses.append(_step(state, batch, plan))
        if state.step % 10 == 0:
            report(state.step, sum(state.losses[-50:]) / len(state.losses[-50:]))
        if state.step % plan.checkpoint_every == 0:
            _keep(state, checkpoint, identity)
    record = _record(recipe, plan, samples, state, seconds=time.monotonic() - began)
    save_model(out, state.average, recipe, training=record)
    checkpoint.unlink(missing_ok=True)
    return out


def _start(recipe: Recipe, plan: TrainingPlan) -> _State:
    torch.manual_seed(plan.seed)
    network = network_of(recipe).train()
    optimiser = _optimiser(network, plan)
    average = {name: value.detach().clone() for name, value in network.state_dict().items()}
    return _State(network, optimiser, average, step=0, losses=[])


def _optimiser(network: nn.Module, plan: TrainingPlan) -> torch.optim.Optimizer:
    return torch.optim.AdamW(network.parameters(), lr=plan.learning_rate, weight_decay=plan.weight_decay)


def _batches(samples: Samples, plan: TrainingPlan, *, first: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield the batch of each step from `first` on; the next one is made while one is learned from."""

    def draw(step: int) -> tuple[Tensor, Tensor]:
        drawn = [samples.sample(step * plan.batch + number) for number in range(plan.batch)]
        return torch.stack([image for image, _ in drawn]), torch.stack([truth for _, truth in drawn])

    with ThreadPoolExecutor(max_workers=1) as maker:
        following = maker.submit(draw, first)
        for step in range(first, plan.steps):
            batch = following.result()
            following = maker.submit(draw, step + 1)
            yield batch


def _step(state: _State, batch: tuple[Tensor, Tensor], plan: TrainingPlan) -> float:
    """Do one optimiser step and return its loss."""
    images, truths = batch
    cycle, number = plan.place(state.step)
    if cycle > 0 and number == 0:
        state.network.load_state_dict(state.average)
        state.optimiser = _optimiser(state.network, plan)
    torch.manual_seed(plan.seed * 1_000_003 + state.step)  # dropout is the same after resuming
    for group in state.optimiser.param_groups:
        group["lr"] = plan.rate(state.step)
    state.optimiser.zero_grad()
    with torch.autocast("cpu", torch.bfloat16, enabled=plan.half):
        logits = state.network(images)
    loss = region_loss(logits.float(), truths)
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(state.network.parameters(), 5.0)
    state.optimiser.step()
    state.step += 1
    decay = min(plan.averaging, (number + 1) / (number + 11))
    for name, value in state.network.state_dict().items():
        state.average[name].lerp_(value.detach(), 1 - decay)
    return loss.item()


def _identity(recipe: Recipe, plan: TrainingPlan, manifest: Mapping[str, Any]) -> str:
    content = json.dumps([recipe.to_json(), asdict(plan), dict(manifest)], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def _keep(state: _State, path: Path, identity: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    content = {
        "identity": identity,
        "network": state.network.state_dict(),
        "optimiser": state.optimiser.state_dict(),
        "average": state.average,
        "step": state.step,
        "losses": state.losses,
    }
    torch.save(content, part)
    part.replace(path)


def _restore(state: _State, path: Path, identity: str) -> None:
    content = torch.load(path, weights_only=True)
    if content["identity"] != identity:
        raise ValueError(f"{path.name} belongs to another training. Remove it to start anew.")
    state.network.load_state_dict(content["network"])
    state.optimiser.load_state_dict(content["optimiser"])
    state.average, state.step, state.losses = content["average"], content["step"], content["losses"]


def _record(recipe: Recipe, plan: TrainingPlan, samples: Samples, state: _State, *, seconds: float) -> dict[str, Any]:
    """Return what is stored beside the weights: enough to do the training again."""
    return {
        "plan": asdict(plan),
        "samples": dict(samples.manifest()),
        "identity": _identity(recipe, plan, samples.manifest()),
        "last_loss": sum(state.losses[-50:]) / max(len(state.losses[-50:]), 1),
        "seconds": round(seconds),
        "torch": torch.__version__,
    }
