"""The synthetic cases of the demo: what each is, and its files on disk."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from imaging.phantom import HeadSpec, Stage, SyntheticHead, make_head
from imaging.writing import write_nifti

SHAPE = (128, 154, 116)
SPACING = (1.25, 1.25, 1.25)
TRUTH = "Phantom truth (synthetic)"
"""The rater whose masks are what the software drew: the reference of the demo's reports."""
TRUTH_SCHEME = "brats-2024"
"""The scheme whose numbers the phantom's labels have."""


@dataclass(frozen=True)
class DemoCase:
    """One case: who it is, what its head is like, what a lead would know about it."""

    patient: str
    time_point: str
    spec: HeadSpec
    seed: int
    attributes: dict[str, Any] = field(default_factory=dict)


CASES = (
    DemoCase(
        "SYN-001",
        "pre_op",
        HeadSpec(SHAPE, SPACING, tumour_radius=21),
        101,
        {"tumour_type": "gbm", "multifocal": "no", "recurrent": "no", "grade": 4, "idh": "wildtype", "day_offset": 0},
    ),
    DemoCase(
        "SYN-001",
        "post_3m",
        HeadSpec(SHAPE, SPACING, stage=Stage.RESIDUAL, tumour_radius=16),
        101,  # the same brain, with the tumour at the same place
        {"tumour_type": "gbm", "multifocal": "no", "recurrent": "yes", "grade": 4, "idh": "wildtype", "day_offset": 96},
    ),
    DemoCase(
        "SYN-002",
        "pre_op",
        HeadSpec(SHAPE, SPACING, foci=3, tumour_radius=13),
        103,
        {"tumour_type": "metastasis", "multifocal": "yes", "recurrent": "no", "day_offset": 0},
    ),
    DemoCase(
        "SYN-003",
        "early_post_op",
        HeadSpec((136, 160, 120), (1.2, 1.2, 1.2), stage=Stage.RESIDUAL, tumour_radius=20),
        104,
        {"tumour_type": "gbm", "multifocal": "no", "recurrent": "no", "grade": 4, "day_offset": 2},
    ),
    DemoCase(
        "SYN-004",
        "post_6m",
        HeadSpec(SHAPE, SPACING, stage=Stage.CLEARED, tumour_radius=15),
        105,
        {"tumour_type": "lgg", "multifocal": "no", "recurrent": "no", "grade": 2, "idh": "mutant", "day_offset": 181},
    ),
    DemoCase(
        "SYN-005",
        "pre_op",
        HeadSpec(SHAPE, SPACING, enhancing=False, tumour_radius=12),
        106,
        {"tumour_type": "lgg", "multifocal": "no", "recurrent": "no", "grade": 2, "idh": "mutant", "day_offset": 0},
    ),
    DemoCase(
        "SYN-006",
        "pre_op",
        HeadSpec((160, 192, 48), (1.0, 1.0, 3.0), tumour_radius=17),
        107,
        {"tumour_type": "glioma", "multifocal": "no", "recurrent": "no", "day_offset": 0},
    ),
)


def write_head(case: DemoCase, folder: Path) -> tuple[SyntheticHead, list[Path]]:
    """Make the head and write its four sequences and its true labels as NIfTI; return the head and the files."""
    head = make_head(case.spec, case.seed)
    exam = f"{case.patient}_ses-{case.time_point.replace('_', '')}"
    files = []
    for sequence, image in head.images.items():
        path = folder / f"{exam}_{sequence}.nii.gz"
        top = float(np.percentile(image, 99.9))
        write_nifti(np.rint(image * (1000 / top)).astype(np.int16), head.grid, path)
        files.append(path)
    files.append(folder / f"{exam}_seg.nii.gz")
    write_nifti(head.labels, head.grid, files[-1])
    return head, files
