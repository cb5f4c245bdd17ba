"""Recipes: JSON and back, nothing unknown, and no torch to read them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from inference.engine.recipe import Recipe, read_recipe
from tests.unit.engine.builders import small_recipe

ROOT = Path(__file__).resolve().parents[3]


def test_json_gives_the_same_recipe_back() -> None:
    recipe = small_recipe(mirror=True, clip=(1.0, 99.0))
    assert Recipe.from_json(json.loads(json.dumps(recipe.to_json()))) == recipe


@pytest.mark.parametrize(
    "changes",
    [
        {"channels": ()},
        {"spacing": (1.0, 0.0, 1.0)},
        {"patch": (16, 16)},
        {"overlap": 1.0},
        {"clip": (99.5, 0.0)},
        {"threshold": 0.0},
        {"slices": -1},
    ],
)
def test_impossible_recipes_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        small_recipe(**changes)


@pytest.mark.parametrize("values", [None, [], {"name": "x"}, {**small_recipe().to_json(), "code": "$import os"}])
def test_json_that_is_no_recipe_is_refused(values: Any) -> None:
    with pytest.raises(ValueError, match="recipe"):
        Recipe.from_json(values)


def test_wrong_types_in_json_are_refused() -> None:
    with pytest.raises(ValueError, match="recipe"):
        Recipe.from_json({**small_recipe().to_json(), "spacing": ["a", "b", "c"]})


def test_recipe_is_read_from_the_header_of_the_weights(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    metadata = {"recipe": json.dumps(small_recipe().to_json()), "training": json.dumps({"seed": 3})}
    save_file({"w": np.zeros(2, np.float32)}, path, metadata)
    recipe, training = read_recipe(path)
    assert recipe == small_recipe()
    assert training == {"seed": 3}


def test_files_without_recipe_are_refused(tmp_path: Path) -> None:
    bare, text, broken = tmp_path / "bare.safetensors", tmp_path / "text.safetensors", tmp_path / "broken.safetensors"
    save_file({"w": np.zeros(2, np.float32)}, bare)
    text.write_bytes(b"this is no model")
    save_file({"w": np.zeros(2, np.float32)}, broken, {"recipe": "{not json"})
    for path in (bare, text, broken, tmp_path / "absent.safetensors"):
        with pytest.raises(ValueError, match=path.name):
            read_recipe(path)


def test_reading_recipes_and_masks_needs_no_torch() -> None:
    code = (
        "import sys; import inference.engine.recipe, inference.engine.preparation, inference.engine.postprocessing,"
        "inference.engine.baseline; sys.exit('torch' in sys.modules or 'monai' in sys.modules)"
    )
    environment = {"PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
