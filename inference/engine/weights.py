"""Weights on disk: safetensors with the recipe inside, never a pickle."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from inference.engine.networks import build_network
from inference.engine.recipe import Recipe, read_recipe


def save_model(path: Path, weights: Mapping[str, Tensor], recipe: Recipe, *, training: Mapping[str, Any]) -> None:
    """Write weights and recipe, with what is known of the training (JSON values), in one go."""
    path.parent.mkdir(parents=True, exist_ok=True)
    metadata = {"recipe": json.dumps(recipe.to_json()), "training": json.dumps(dict(training))}
    part = path.with_name(path.name + ".part")
    save_file({name: value.detach().float().contiguous() for name, value in weights.items()}, part, metadata)
    part.chmod(0o644)
    part.replace(path)


def load_model(path: Path, *, device: str = "cpu") -> tuple[nn.Module, Recipe]:
    """Return the network with its weights, ready to predict, and its recipe.

    Raises ValueError when the file is not one that `save_model` wrote or its weights do not fit its recipe.
    """
    recipe, _ = read_recipe(path)
    network = network_of(recipe)
    try:
        network.load_state_dict(load_file(path))
    except (RuntimeError, SafetensorError) as error:
        raise ValueError(f"The weights in {path.name} do not fit their recipe: {error}") from None
    return network.to(torch.device(device)).eval(), recipe


def network_of(recipe: Recipe) -> nn.Module:
    """Return the recipe's network with fresh weights."""
    return build_network(
        recipe.network, channels=len(recipe.channels), regions=len(recipe.regions), args=recipe.network_args
    )
