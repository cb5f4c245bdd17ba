"""Patients with small lesions over several exams, for the report on lesions."""

from __future__ import annotations

from typing import Any

import numpy as np

from evaluation.reports.masks import CaseMasks
from imaging.grid import Grid

Row = dict[str, Any]
SHAPE, SPACING = (24, 20, 16), (1.0, 1.0, 2.0)
GRID = Grid(SHAPE, np.diag([*SPACING, 1.0]))
Block = tuple[slice, slice, slice]
LEFT, RIGHT, FAR = np.s_[2:6, 2:6, 2:5], np.s_[12:18, 2:8, 2:6], np.s_[16:19, 14:17, 10:12]


def labels(*blocks: Block, rind: bool = True) -> dict[str, np.ndarray[Any, np.dtype[np.bool_]]]:
    """Return enhancing blocks, each with a rind of oedema, and no necrosis; the lesion is both without oedema."""
    et = np.zeros(SHAPE, bool)
    ed = np.zeros(SHAPE, bool)
    for block in blocks:
        et[block] = True
        ed[tuple(slice(max(side.start - 1, 0), side.stop + 1) for side in block)] = rind
    ed &= ~et
    return {"et": et, "ed": ed, "nc": np.zeros(SHAPE, bool), "lesion": et}


def exam(case: int, patient: str, day: int | None, time_point: str = "follow_up", number: int = 0) -> Row:
    """Return a frozen case."""
    return {
        "id": case,
        "centre": "C",
        "patient": patient,
        "time_point": time_point,
        "time_point_key": time_point,
        "follow_up_number": number,
        "day_offset": day,
        "synthetic": True,
    }


def inputs_of(cases: list[Row], **choices: Any) -> Row:
    """Return frozen inputs of cases that the reference (1) and two methods (2, 3) read."""
    parameters = {
        "reference": 1,
        "baseline": 2,
        "regions": ["et", "ed", "nc"],
        "followed": "lesion",
        "iou": 0.25,
        "connectivity": 26,
        "tie": "larger_reference",
        "occurrence_rate": "set",
        "challenge": "met",
        "min_share": 0.1,
        "least_ml": 0.0,
        **choices,
    }
    grids = {str(case["id"]): GRID.to_json() for case in cases}
    return {"cases": cases, "methods": [2, 3], "parameters": parameters, "grids": grids}


def read(*by_rater: dict[str, Any]) -> CaseMasks:
    """Return the masks of raters 1, 2, 3 … of one case."""
    return CaseMasks(masks=dict(enumerate(by_rater, start=1)), spacing=SPACING)
