"""Studies of real cases for reports of every kind, from the folder that OVERREAD_TEST_DATA names.

Images and expert masks are real, and so are six algorithms' masks of one case. What the data lack is made from them,
and called so: readings are the expert's mask as `simulate_reader` redraws it, a second time point is the first one's
mask with parts taken away, grown and added, hypercellular tumour is the core near enhancing tumour. There is no rCBV.
"""

# mypy: allow-untyped-calls

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from cases.models import Case, LabelScheme, Segmentation, Series, SeriesFile
from cases.services import keep_layers
from core import storage
from evaluation.metrics import dice
from imaging.grid import to_canonical
from imaging.phantom import simulate_reader
from imaging.reading import read_volume
from people.models import Rater
from studies import rubrics
from studies.models import Study
from tests.factories import (
    ArmFactory,
    CaseFactory,
    MembershipFactory,
    ModelRaterFactory,
    PatientFactory,
    RaterFactory,
    RatingFactory,
    SegmentationFactory,
    StudyCaseFactory,
    StudyFactory,
    SubmittedAssignmentFactory,
    UserFactory,
    preset_scheme,
)

Labels = NDArray[np.uint8]
SKILLS = {
    "Simulated expert A": ("expert", 0.95),
    "Simulated expert B": ("expert", 0.85),
    "Simulated novice C": ("novice", 0.5),
    "Simulated novice D": ("novice", 0.35),
}


def read_labels(path: Path) -> Labels:
    """Return a label map in canonical order."""
    volume = read_volume(path)
    voxels, _ = to_canonical(volume.array, volume.grid)
    return np.asarray(np.rint(voxels), np.uint8)


def add_case(images: dict[str, Path], **attributes: Any) -> Case:
    """Return a case with these images as they were received; the first is the reference."""
    case = Case.objects.get(pk=CaseFactory.create(**attributes).pk)
    for sequence, path in images.items():
        grid = read_volume(path).grid
        series = Series.objects.create(
            case=case, sequence=sequence, shape=list(grid.shape), affine=grid.affine.tolist()
        )
        stored = storage.keep(path.read_bytes())
        SeriesFile.objects.create(series=series, stored=stored, format="nifti", suffix=".nii.gz")
        if case.reference is None:
            case.reference = series
            case.save(update_fields=["reference"])
    return case


def add_mask(case: Case, rater: Any, scheme: LabelScheme, labels: Labels, source: str) -> Segmentation:
    """Keep a mask of a case."""
    kept = keep_layers(series=case.reference, scheme=scheme, layers=labels[np.newaxis])  # type: ignore[arg-type]
    made: Segmentation = SegmentationFactory.create(case=case, rater=rater, scheme=scheme, kept=kept, source=source)
    return made


def redraw(case: Case, labels: Labels, seed: int, skill: float) -> Labels:
    """Return the mask as a simulated reader draws it."""
    assert case.reference is not None
    return simulate_reader(labels, case.reference.grid.canonical().spacing, seed, skill)


def brats_images(folder: Path, number: str) -> dict[str, Path]:
    """Return the four sequences of a case of BraTS 2021, T1c first."""
    names = {"T1c": "t1ce", "T1": "t1", "T2": "t2", "FLAIR": "flair"}
    return {key: folder / f"brats2021-{number}/BraTS2021_{number}_{name}.nii.gz" for key, name in names.items()}


def tcga_images(folder: Path) -> dict[str, Path]:
    """Return the four sequences of the case of the TCGA on the atlas' grid, T1c first."""
    names = {"T1c": "t1c", "T1": "t1", "T2": "t2", "FLAIR": "fla"}
    return {key: folder / f"tcga-du-7294/sri24_bet/TCGA-DU-7294_{name}_bet.nii.gz" for key, name in names.items()}


def glioma_cases(folder: Path) -> list[tuple[Case, Labels, Labels]]:
    """Return four real cases, each with its expert's mask (of one a fusion of algorithms) and another mask.

    The other mask stands for a model's: of the TCGA's case a real algorithm's, of the rest the expert's redrawn.
    """
    found = []
    for place, number in enumerate(("00006", "01480")):
        truth = read_labels(folder / f"brats2021-{number}/BraTS2021_{number}_seg.nii.gz")
        case = add_case(
            brats_images(folder, number),
            patient=PatientFactory.create(pseudonym=f"BRATS-{number}"),
            tumour_type="gbm",
            multifocal="no" if place else "yes",
        )
        found.append((case, truth, redraw(case, truth, 900 + place, 0.6)))
    algorithms = folder / "tcga-du-7294"
    case = add_case(
        tcga_images(folder),
        patient=PatientFactory.create(pseudonym="TCGA-DU-7294"),
        tumour_type="lgg",
        multifocal="no",
        time_point="post_3m",
    )
    truth = read_labels(algorithms / "fusion/simple.nii.gz")
    found.append((case, truth, read_labels(algorithms / "btk_output_segmentor/mic-dkfz.nii.gz")))
    small = folder / "captk-AAAC0"
    case = add_case(
        {"FLAIR": small / "AAAC0_flair_pp_shrunk.nii.gz"},
        patient=PatientFactory.create(pseudonym="AAAC0"),
        tumour_type="glioma",
        multifocal="no",
        time_point="post_3m",
    )
    truth = 2 * read_labels(small / "AAAC0_flair_pp_shrunk_testTumor.nii.gz")
    found.append((case, truth, redraw(case, truth, 903, 0.6)))
    return found


def glioma_study(folder: Path) -> tuple[Study, Rater, Rater]:
    """Return a study of real gliomas read by four simulated people, its reference and its stand-in for a model.

    The experts score the masks of both, each in an arm of its own, by how far they agree with their own reading.
    """
    scheme = preset_scheme("brats-2018")
    model = ModelRaterFactory.create(name="Stand-in for a model")
    reference = RaterFactory.create(name="Expert of the data set")
    study: Any = StudyFactory.create(
        name="Real gliomas, simulated readings", scheme=scheme, start_rater=model, rubric=rubrics.preset("tl5")
    )
    ArmFactory.create(study=study, key="second", name="With the second source's mask", start_rater=reference)
    people = {name: _join(study, name, group) for name, (group, _) in SKILLS.items()}
    for number, (case, truth, other) in enumerate(glioma_cases(folder)):
        StudyCaseFactory.create(study=study, case=case)
        shown = [
            ("main", add_mask(case, model, scheme, other, "model"), other),
            ("second", add_mask(case, reference, scheme, truth, "import"), truth),
        ]
        for place, (name, (group, skill)) in enumerate(SKILLS.items()):
            drawn = redraw(case, truth, 10 * number + place, skill)
            for occasion, (arm, start, mask) in enumerate(shown[: 2 if group == "expert" else 1], start=1):
                reading: Any = SubmittedAssignmentFactory.create(
                    study=study,
                    case=case,
                    rater=people[name],
                    series=case.reference,
                    occasion=occasion,
                    arm=study.arms.get(key=arm),
                    start=start,
                    submission=add_mask(case, people[name], scheme, drawn, "submission"),
                )
                if group == "expert":
                    RatingFactory.create(assignment=reading, answers={}, score=_score(mask > 0, drawn > 0))
    return study, reference, model


def _join(study: Study, name: str, group: str) -> Rater:
    user: Any = UserFactory.create(name=name)
    member = MembershipFactory.create(study=study, user=user, expertise=group, years=12 if group == "expert" else 1)
    assert member.rater is not None
    Rater.objects.filter(pk=member.rater.pk).update(name=name)
    return Rater.objects.get(pk=member.rater.pk)


def _score(shown: NDArray[np.bool_], own: NDArray[np.bool_]) -> int:
    return 1 + int(np.searchsorted([0.5, 0.75, 0.85, 0.92], dice(shown, own)))


def lesion_study(folder: Path) -> tuple[Study, Rater]:
    """Return a study of patients with two exams each, read by two simulated people, and its reference.

    The two dates of multiple sclerosis are real: none of the new lesions at the first. Of the stroke and the glioma the
    second exam is made from the first.
    """
    scheme = preset_scheme("reseg")
    study: Any = StudyFactory.create(name="Real lesions, second exams partly made", scheme=scheme, start_rater=None)
    reference = RaterFactory.create(name="Expert of the data set")
    readers = [ModelRaterFactory.create(name="Finely redrawn"), ModelRaterFactory.create(name="Coarsely redrawn")]
    for name, image, first, second in _pairs(folder):
        patient = PatientFactory.create(pseudonym=name)
        for number, labels in enumerate((first, second)):
            case = add_case(
                {"FLAIR": image},
                patient=patient,
                time_point="follow_up" if number else "pre_op",
                follow_up_number=number,
                day_offset=120 * number,
            )
            StudyCaseFactory.create(study=study, case=case)
            add_mask(case, reference, scheme, labels, "import")
            for place, reader in enumerate(readers):
                drawn = redraw(case, labels, 50 + 7 * place + number, (0.95, 0.4)[place])
                add_mask(case, reader, scheme, drawn, "model")
    return study, reference


def _pairs(folder: Path) -> list[tuple[str, Path, Labels, Labels]]:
    sclerosis = folder / "ms-open/longitudinal/raw/patient01/gt.nii.gz"
    stroke = folder / "isles22-0009/sub-strokecase0009_ses-0001_msk.nii.gz"
    glioma = folder / "brats2021-00006/BraTS2021_00006_seg.nii.gz"
    changed, infarcts, tumour = read_labels(sclerosis), read_labels(stroke), read_labels(glioma)
    brats = np.array([0, 3, 2, 0, 1], np.uint8)[tumour]
    return [
        ("MS-01", sclerosis, np.zeros_like(changed), changed),
        ("ISLES-0009", stroke, infarcts, made_later(infarcts)),
        ("BRATS-00006", glioma, brats, np.where(ndimage.binary_erosion(brats > 0, iterations=2), brats, 0)),
    ]


def made_later(labels: Labels) -> Labels:
    """Return a made follow-up: of the parts the largest has grown, every third is gone, and one is new."""
    parts, count = ndimage.label(labels, np.ones((3, 3, 3)))
    sizes = ndimage.sum_labels(np.ones_like(parts), parts, range(1, count + 1))
    largest = int(np.argmax(sizes)) + 1
    kept = np.isin(parts, [one for one in range(1, count + 1) if one % 3 or one == largest])
    kept |= ndimage.binary_dilation(parts == largest, iterations=2)
    new = np.zeros_like(kept)
    new[tuple(slice(size // 2, size // 2 + 5) for size in kept.shape)] = True
    return np.asarray((kept | new).astype(np.uint8))


def neh_study(folder: Path) -> tuple[Study, list[Rater]]:
    """Return a study with made NEH in two real gliomas, of which one has a made recurrence; no case has rCBV."""
    scheme = preset_scheme("neh")
    study: Any = StudyFactory.create(name="Real gliomas with made NEH", scheme=scheme, start_rater=None)
    methods = [ModelRaterFactory.create(name="Core near ET"), ModelRaterFactory.create(name="The same, redrawn")]
    exams = [
        ("BRATS-00006", brats_images(folder, "00006"), "brats2021-00006/BraTS2021_00006_seg.nii.gz"),
        ("TCGA-DU-7294", tcga_images(folder), "tcga-du-7294/btk_output_segmentor/scan_2019.nii.gz"),
    ]
    for place, (name, images, mask) in enumerate(exams):
        patient = PatientFactory.create(pseudonym=name)
        labels = with_neh(read_labels(folder / mask))
        for time_point in ("pre_op", "recurrence")[: 1 if place else 2]:
            case = add_case(images, patient=patient, time_point=time_point)
            StudyCaseFactory.create(study=study, case=case)
            drawn = labels if time_point == "pre_op" else np.roll(labels, 7, axis=0)
            add_mask(case, methods[0], scheme, drawn, "model")
            add_mask(case, methods[1], scheme, redraw(case, drawn, 70 + place, 0.8), "model")
    return study, methods


def with_neh(labels: Labels) -> Labels:
    """Return a label map of BraTS 2018 in the values of the NEH scheme: core within 3 voxels of ET is made NEH."""
    near = ndimage.binary_dilation(labels == 4, iterations=3)
    return np.where((labels == 1) & near, 3, labels).astype(np.uint8)
