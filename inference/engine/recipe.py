"""What a checkpoint expects and how its output becomes a mask. Free of torch, so that anyone can read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open


@dataclass(frozen=True)
class Recipe:
    """A frozen description of one model, stored as JSON inside its weights.

    network and network_args name the architecture, channels its input sequences in order and
    regions its outputs (each an independent sigmoid). Images are resampled to spacing (mm along
    x, y, z, on the canonical axes), clipped to the percentiles of `clip`, brought to zero mean and
    unit variance over their non-zero voxels, and seen through windows of `patch` voxels that
    overlap by the part `overlap`; mirror averages with the left-right mirrored image. A voxel
    belongs to the region when its probability is at least `threshold`; separate parts smaller than
    `smallest_part` ml or seen in fewer than `slices` consecutive axial slices are removed. A case
    counts as positive from `positive` ml on.

    Raises ValueError for values that no model can have.

    Source of the defaults: Faanes et al. 2026 (clip, normalisation, overlap, post-processing).
    """

    name: str
    network: str
    network_args: Mapping[str, Any] = field(hash=False)
    channels: tuple[str, ...]
    regions: tuple[str, ...]
    spacing: tuple[float, float, float]
    patch: tuple[int, int, int]
    overlap: float = 0.5
    clip: tuple[float, float] = (0.0, 99.5)
    mirror: bool = False
    threshold: float = 0.5
    smallest_part: float = 0.05
    slices: int = 2
    positive: float = 0.1

    def __post_init__(self) -> None:
        if not (self.channels and self.regions):
            raise ValueError("A recipe names at least one input channel and one output region.")
        if len(self.spacing) != 3 or min(self.spacing) <= 0:
            raise ValueError(f"Spacing is three positive lengths in mm, not {self.spacing}.")
        if len(self.patch) != 3 or min(self.patch) < 1:
            raise ValueError(f"A patch is three positive numbers of voxels, not {self.patch}.")
        if not 0 <= self.overlap < 1:
            raise ValueError(f"Windows overlap by a part in [0, 1), not {self.overlap}.")
        if not 0 <= self.clip[0] < self.clip[1] <= 100:
            raise ValueError(f"Clipping needs two rising percentiles, not {self.clip}.")
        if not 0 < self.threshold <= 1:
            raise ValueError(f"The threshold is a probability above 0, not {self.threshold}.")
        if min(self.smallest_part, self.positive, self.slices) < 0:
            raise ValueError("Volumes and numbers of slices are not negative.")

    def to_json(self) -> dict[str, Any]:
        """Return the recipe as JSON values."""
        values: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return values

    @classmethod
    def from_json(cls, values: Any) -> Recipe:
        """Return the recipe that `to_json` wrote. Raises ValueError for anything else."""
        if not isinstance(values, dict):
            raise ValueError("A recipe is a JSON object.")
        unknown = set(values) - {item.name for item in fields(cls)}
        if unknown:
            raise ValueError(f"This recipe has fields that this version does not know: {sorted(unknown)}.")
        frozen: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in values.items()
        }
        try:
            return cls(**frozen)
        except TypeError as error:
            raise ValueError(f"This is no complete recipe: {error}.") from None


def read_recipe(path: Path) -> tuple[Recipe, dict[str, Any]]:
    """Return the recipe in a weights file and what is known of its training (JSON values).

    Only the header is read; nothing is executed. Raises ValueError when the file is no safetensors
    file or holds no recipe.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
    except (SafetensorError, OSError) as error:
        raise ValueError(f"{path.name} cannot be read as safetensors: {error}.") from None
    if "recipe" not in metadata:
        raise ValueError(f"{path.name} holds weights but no recipe: it was not made by this project.")
    try:
        return Recipe.from_json(json.loads(metadata["recipe"])), json.loads(metadata.get("training", "{}"))
    except json.JSONDecodeError:
        raise ValueError(f"The recipe in {path.name} is not JSON.") from None
