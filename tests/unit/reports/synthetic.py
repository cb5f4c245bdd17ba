"""Frozen inputs of reports, made by hand: what `freeze` would have written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluation.reports.masks import CaseMasks
from imaging.grid import Grid
from imaging.volume import Voxels

Row = dict[str, Any]
REFERENCE, MODEL, SECOND = 1, 2, 3
SEED = {"seed": 7, "resamples": 100}


def case(number: int, **facts: Any) -> Row:
    """Return the facts of a case; each is of its own patient unless told otherwise."""
    return {
        "id": number,
        "patient": f"P{number:03d}",
        "centre": "north",
        "time_point": "pre-operative",
        "time_point_key": "pre_op",
        "follow_up_number": 0,
        "day_offset": None,
        "tumour_type": "glioma",
        "post_operative": False,
        "recurrent": "unknown",
        "multifocal": "unknown",
        "idh": "unknown",
        "grade": None,
        "dataset_group": "",
        "synthetic": True,
        **facts,
    }


def rater(number: int, name: str, *, kind: str = "model", group: str = "model") -> Row:
    """Return the facts of a rater."""
    return {"id": number, "name": name, "kind": kind, "group": group, "years": None, "withdrawn": False}


def study() -> Row:
    """Return the facts of a study with one label."""
    return {
        "id": 1,
        "name": "A study",
        "blinded": True,
        "protocol_version": 1,
        "definition": {"labels": [{"key": "t", "name": "Tumour"}], "regions": []},
    }


def inputs(cases: list[Row], raters: list[Row], parameters: Row, **more: Any) -> Row:
    """Return frozen inputs."""
    return {
        "study": study(),
        "parameters": {**SEED, "withdrawn": "keep", **parameters},
        "choices": [],
        "raters": raters,
        "cases": cases,
        "readings": [],
        "left_out": [],
        "without_reference": [],
        "code_version": "0",
        **more,
    }


class Masks:
    """A loader of masks that lie in memory: case → rater → mask (x, y, z) of the label t."""

    def __init__(
        self,
        masks: Mapping[int, Mapping[int, NDArray[np.bool_]]],
        spacing: tuple[float, float, float] = (1.0, 1.0, 1.0),
    ) -> None:
        self._masks, self._spacing = masks, spacing

    def __call__(self, case: int) -> CaseMasks:
        """Return the masks of a case."""
        return CaseMasks({rater: {"t": mask} for rater, mask in self._masks[case].items()}, self._spacing)

    def image(self, series: int) -> tuple[Voxels, Grid]:
        """Refuse: these kinds of report read no images."""
        raise LookupError(f"No image {series} was frozen.")


def silent(percent: float, step: str) -> None:
    """Take the progress and say nothing."""
    assert 0 <= percent <= 100
    assert step
