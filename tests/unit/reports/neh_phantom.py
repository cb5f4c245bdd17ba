"""Small heads with the NEH paper's compartments, known intensities and rCBV, before surgery and at recurrence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluation.reports.masks import CaseMasks
from imaging.grid import Grid

Row = dict[str, Any]
SHAPE, SPACING = (48, 52, 44), (2.0, 2.0, 2.0)
GRID = Grid(SHAPE, np.diag([*SPACING, 1.0]))
LEVELS = {
    "FLAIR": {"et": 330.0, "neh": 348.0, "ed": 375.0, "nc": 250.0},
    "T1c": {"et": 520.0, "neh": 405.0, "ed": 368.0, "nc": 300.0},
    "T1": {"et": 330.0, "neh": 317.0, "ed": 341.0, "nc": 250.0},
    "T2": {"et": 480.0, "neh": 569.0, "ed": 569.0, "nc": 600.0},
    "rCBV": {"et": 90.0, "neh": 58.0, "ed": 35.0, "nc": 20.0},
}
"""Mean intensities, near those of the paper's Table 3; the brain around has 300, its rCBV is 30."""


@dataclass
class World:
    """Frozen inputs with the masks and images that they name: what `compute` gets."""

    inputs: Row
    masks: dict[int, CaseMasks]
    images_by_id: dict[int, tuple[NDArray[np.float32], Grid]] = field(default_factory=dict)

    def __call__(self, case: int) -> CaseMasks:
        return self.masks[case]

    def image(self, series: int) -> tuple[NDArray[np.float32], Grid]:
        return self.images_by_id[series]


def ball(centre: NDArray[np.float64], radius: float) -> NDArray[np.bool_]:
    """Return a ball on GRID, in mm."""
    places = np.stack(np.meshgrid(*(np.arange(n) * s for n, s in zip(SHAPE, SPACING, strict=True)), indexing="ij"), -1)
    return np.asarray(np.linalg.norm(places - centre, axis=-1) <= radius)


def tumour(centre: NDArray[np.float64], *, side: int = 1, size: float = 1.0) -> dict[str, NDArray[np.bool_]]:
    """Return the compartments around a centre; NEH is a half shell on one side of ET."""
    half = np.broadcast_to((np.arange(SHAPE[0]) * SPACING[0] * side >= centre[0] * side)[:, None, None], SHAPE)
    nc, core, shell, whole = (ball(centre, size * radius) for radius in (5, 10, 14, 20))
    neh = shell & ~core & half
    masks = {"nc": nc, "et": core & ~nc, "neh": neh, "ed": whole & ~core & ~neh}
    return masks | {"tc": nc | masks["et"] | neh, "wt": whole}


def make_world(
    patients: int = 6, *, seed: int = 0, recurrences: bool = True, rcbv: bool = True, **choices: Any
) -> World:
    """Return patients read by two methods (1 and 2), each with a recurrence beside the NEH."""
    rng = np.random.default_rng(seed)
    world = World({"cases": [], "readings": [], "series": [], "grids": {}, "methods": [1, 2]}, {})
    for number in range(patients):
        offset, centre = rng.normal(0, 25), np.array([44, 52, 44]) + rng.normal(0, 3, 3)
        _add(world, f"P{number}", "pre_op", centre, offset=offset, rng=rng, rcbv=rcbv)
        if recurrences:
            _add(
                world,
                f"P{number}",
                "recurrence",
                centre + np.array([11, 0, 0]),
                offset=offset,
                rng=rng,
                rcbv=rcbv,
                size=0.7,
            )
    world.inputs["parameters"] = {
        "regions": ["et", "tc", "wt", "neh"],
        "tolerance_mm": 2.0,
        "near_mm": 5.0,
        "scale": "stored",
        "exams": "pre_op",
        "later": "recurrence",
        "vessel_percentile": 99.5,
        "rims_of": 1,
        "neh_of": 1,
        "et_of": 2,
        "seed": 7,
        "draws": 200,
        "flips": 1000,
        **choices,
    }
    return world


def _add(
    world: World,
    patient: str,
    time_point: str,
    centre: NDArray[np.float64],
    *,
    offset: float,
    rng: np.random.Generator,
    rcbv: bool,
    size: float = 1.0,
) -> None:
    case = len(world.inputs["cases"]) + 1
    facts = {"id": case, "centre": "C", "patient": patient, "time_point_key": time_point, "follow_up_number": 0}
    world.inputs["cases"].append({**facts, "time_point": time_point, "day_offset": None, "synthetic": True})
    world.inputs["grids"][str(case)] = GRID.to_json()
    masks = {1: tumour(centre, size=size), 2: tumour(centre + np.array([2, 0, 0]), size=size)}
    world.masks[case] = CaseMasks(masks=masks, spacing=SPACING)
    world.inputs["readings"] += [{"case": case, "rater": rater} for rater in masks]
    head = ball(np.array([48.0, 52.0, 44.0]), 42)
    for sequence, levels in LEVELS.items():
        if sequence == "rCBV" and not rcbv:
            continue
        image = np.where(head, 30.0 if sequence == "rCBV" else 300.0, 0.0)
        for key, level in levels.items():
            image[masks[1][key]] = level
        image[head] += rng.normal(0, 4, int(head.sum())) + (offset / 10 if sequence == "rCBV" else offset)
        series = len(world.inputs["series"]) + 1
        world.inputs["series"].append({"id": series, "case": case, "sequence": sequence})
        world.images_by_id[series] = (image.astype(np.float32), GRID)
