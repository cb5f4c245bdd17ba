"""The demo's patients with hypercellular tumour (NEH): before surgery and at recurrence, with a made-up rCBV.

The heads are the phantom's, small. It knows no NEH: a seam of its oedema beside the enhancing rim is called so and
painted between the two. rCBV is one level per compartment with noise. Nothing here says anything of patients.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from config.demo.heads import DemoCase
from imaging.phantom import HeadSpec, Label, Stage, SyntheticHead, make_head, simulate_reader
from imaging.writing import write_nifti

Labels = NDArray[np.uint8]

SCHEME = "neh"
SHAPE, SPACING = (58, 74, 58), (2.5, 2.5, 2.5)
NC, ED, NEH, ET = 1, 2, 3, 4
"""The values of the scheme."""
SEAM_MM = 6.0
"""How far NEH reaches into the oedema."""
RCBV = {NC: 20.0, ED: 35.0, NEH: 58.0, ET: 90.0}
RCBV_OF_BRAIN, RCBV_NOISE = 30.0, 4.0
ENHANCING_SHARE = 0.4
"""How much of NEH's brightness is that of enhancing tumour."""
METHODS = {"seg": "Phantom truth (synthetic)", "seg2": "Second annotator (simulated)"}
"""Whose masks are imported, by the end of the file's name."""


def _exam(patient: int, time_point: str, stage: Stage, radius: float) -> DemoCase:
    known = {"tumour_type": "gbm", "multifocal": "no", "grade": 4, "idh": "wildtype"}
    later = time_point == "recurrence"
    return DemoCase(
        f"SYN-1{patient:02d}",
        time_point,
        HeadSpec(SHAPE, SPACING, stage=stage, tumour_radius=radius),
        200 + patient,
        {**known, "recurrent": "yes" if later else "no", "day_offset": 240 + 10 * patient if later else 0},
    )


EXAMS = tuple(
    exam
    for patient, radius in ((1, 17.0), (2, 15.0), (3, 19.0))
    for exam in (
        _exam(patient, "pre_op", Stage.UNTREATED, radius),
        _exam(patient, "recurrence", Stage.RESIDUAL, radius),
    )
)


def write_exam(case: DemoCase, folder: Path) -> tuple[SyntheticHead, list[Path]]:
    """Write an exam's five sequences and two masks as NIfTI; return the head and the files."""
    head = make_head(case.spec, case.seed)
    rng = np.random.default_rng([case.seed, 58])
    labels = with_neh(head.labels)
    stem = folder / f"{case.patient}_ses-{case.time_point.replace('_', '')}"
    files = []
    for sequence, image in head.images.items():
        files.append(Path(f"{stem}_{sequence}.nii.gz"))
        painted = _painted(image, labels)
        top = float(np.percentile(painted, 99.9))
        write_nifti(np.rint(painted * (1000 / top)).astype(np.int16), head.grid, files[-1])
    files.append(Path(f"{stem}_rCBV.nii.gz"))
    write_nifti(_rcbv(head, labels, rng), head.grid, files[-1])
    drawn = simulate_reader(labels, head.grid.spacing, case.seed, 0.8)
    for end, mask in zip(METHODS, (labels, drawn), strict=True):
        files.append(Path(f"{stem}_{end}.nii.gz"))
        write_nifti(mask, head.grid, files[-1])
    return head, files


def with_neh(labels: Labels) -> Labels:
    """Return the phantom's labels in the scheme's values, with oedema beside enhancing tumour as NEH."""
    found = np.zeros_like(labels)
    for value, own in ((Label.NC, NC), (Label.ED, ED), (Label.ET, ET)):
        found[labels == value] = own
    if (found == ET).any():
        beside = distance_transform_edt(found != ET, sampling=SPACING) <= SEAM_MM
        front = np.arange(found.shape[1])[None, :, None] >= np.argwhere(found == ET)[:, 1].mean()
        found[(found == ED) & beside & front] = NEH
    return found


def _painted(image: NDArray[np.float32], labels: Labels) -> NDArray[np.float32]:
    enhancing = labels == ET
    if not enhancing.any():
        return image
    bright = float(image[enhancing].mean())
    mixed = (1 - ENHANCING_SHARE) * image + np.float32(ENHANCING_SHARE * bright)
    return np.where(labels == NEH, mixed, image).astype(np.float32)


def _rcbv(head: SyntheticHead, labels: Labels, rng: np.random.Generator) -> NDArray[np.int16]:
    levels = np.full(labels.shape, RCBV_OF_BRAIN)
    for value, level in RCBV.items():
        levels[labels == value] = level
    patient = rng.normal(1, 0.1)
    drawn = patient * levels + rng.normal(0, RCBV_NOISE, labels.shape)
    return np.rint(10 * np.clip(drawn, 0, None) * head.brain).astype(np.int16)
