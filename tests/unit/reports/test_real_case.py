"""Both reports on one real case that several algorithms segmented: full size, no enhancing tumour, no recurrence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import f1_score

from evaluation.reports.lesions import computing as lesions
from evaluation.reports.masks import CaseMasks
from evaluation.reports.neh import computing as neh
from imaging.grid import Grid, to_canonical
from imaging.reading import read_volume
from imaging.volume import Voxels
from tests.unit.reports.lesion_world import exam, inputs_of
from tests.unit.reports.neh_phantom import make_world

pytestmark = [pytest.mark.real_data, pytest.mark.full_size]
IMAGES = {"FLAIR": "fla", "T1": "t1", "T1c": "t1c", "T2": "t2"}


class RealCase:
    """The case of the TCGA with the label maps of three algorithms; core voxels stand in for NEH."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "tcga-du-7294"
        names = ("lfb_rwth", "mic-dkfz", "scan_2019")
        read = [self._read(f"btk_output_segmentor/{name}.nii.gz") for name in names]
        self.grid = read[0][1]
        masks = {}
        for number, (voxels, _) in enumerate(read, start=1):
            core, oedema, enhancing = (voxels == value for value in (1, 2, 4))
            masks[number] = {"et": enhancing, "ed": oedema, "nc": core, "neh": core, "tc": core | enhancing}
            masks[number] |= {"lesion": masks[number]["tc"], "wt": voxels > 0}
        self.found = CaseMasks(masks=masks, spacing=self.grid.spacing)

    def __call__(self, case: int) -> CaseMasks:
        return self.found

    def image(self, series: int) -> tuple[Voxels, Grid]:
        return self._read(f"sri24_bet/TCGA-DU-7294_{list(IMAGES.values())[series - 1]}_bet.nii.gz")

    def _read(self, name: str) -> tuple[Voxels, Grid]:
        volume = read_volume(self._folder / name)
        return to_canonical(volume.array, volume.grid)


@pytest.fixture(scope="module")
def case(real_data: Path) -> RealCase:
    return RealCase(real_data)


def test_lesions_of_a_real_case_are_compared_at_full_size(case: RealCase) -> None:
    inputs = inputs_of([exam(1, "P", 0)], regions=["lesion", "et"], challenge="gli")
    inputs["grids"]["1"] = case.grid.to_json()
    data = lesions.compute(inputs, case, report=lambda *_: None)
    json.dumps(data, allow_nan=False)
    for row in data["images"]:
        first, second = (case.found.masks[rater][row["region"]].ravel() for rater in (row["rater"], 1))
        if row["region"] == "lesion":
            assert row["dice"] == pytest.approx(f1_score(second, first), abs=1e-12)
            assert row["tp"] >= 1
    assert {row["rater"] for row in data["lesions"] if row["region"] == "lesion"} == {2, 3}


def test_a_real_case_without_enhancing_tumour_rcbv_and_recurrence_is_reported_with_its_gaps(case: RealCase) -> None:
    choices: Any = make_world(1, recurrences=False).inputs["parameters"]
    series = [{"id": place, "case": 1, "sequence": name} for place, name in enumerate(IMAGES, start=1)]
    inputs = {
        "cases": [exam(1, "P", 0, "pre_op")],
        "methods": [1, 2, 3],
        "readings": [{"case": 1, "rater": rater} for rater in (1, 2, 3)],
        "grids": {"1": case.grid.to_json()},
        "series": series,
        "parameters": choices,
    }
    data = neh.compute(inputs, case, report=lambda *_: None)
    json.dumps(data, allow_nan=False)
    assert {row["part"] for row in data["gaps"]} == {"rCBV", "Recurrence"}
    (row,) = [one for one in data["agreement"] if (one["region"], one["first"], one["second"]) == ("et", 1, 2)]
    assert (row["dice"], row["hausdorff95"], row["second_ml"]) == (0, "inf", 0)
    flair = case.image(1)[0][case.found.masks[2]["ed"]]
    (bright,) = [
        one for one in data["intensities"] if (one["rater"], one["sequence"], one["compartment"]) == (2, "FLAIR", "ed")
    ]
    assert bright["mean"] == pytest.approx(float(np.mean(flair, dtype=np.float64)), rel=1e-9)
