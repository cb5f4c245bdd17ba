"""File names: patient, exam, sequence, mask, rater; and no person's name survives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaging.identity import why_identifying
from imaging.naming import NamedFile, group_cases, recognise


def one(path: str) -> NamedFile:
    return recognise([path])[0]


@pytest.mark.parametrize(
    ("path", "patient", "sequence"),
    [
        ("BraTS2021_00006/BraTS2021_00006_t1.nii.gz", "BraTS2021_00006", "T1"),
        ("BraTS2021_00006_t1ce.nii.gz", "BraTS2021_00006", "T1c"),
        ("BraTS2021_00006_t2.nii.gz", "BraTS2021_00006", "T2"),
        ("BraTS2021_00006_flair.nii.gz", "BraTS2021_00006", "FLAIR"),
        ("Brats17_TCIA_135_1_t1ce.nii.gz", "Brats17_TCIA_135_1", "T1c"),
        ("Brats18_2013_2_1/Brats18_2013_2_1_flair.nii.gz", "Brats18_2013_2_1", "FLAIR"),
        ("BraTS19_CBICA_AAB_1_t2.nii", "BraTS19_CBICA_AAB_1", "T2"),
        ("BraTS20_Training_001_t1ce.nii", "BraTS20_Training_001", "T1c"),
        ("BraTS-GLI-00005-000-t1n.nii.gz", "BraTS-GLI-00005", "T1"),
        ("BraTS-GLI-00005-000-t1c.nii.gz", "BraTS-GLI-00005", "T1c"),
        ("BraTS-GLI-00005-000-t2w.nii.gz", "BraTS-GLI-00005", "T2"),
        ("BraTS-MET-00101-000-t2f.nii.gz", "BraTS-MET-00101", "FLAIR"),
        ("UPENN-GBM-00001_11_T1GD.nii.gz", "UPENN-GBM-00001_11", "T1c"),
        ("sub-01_T1w.nii.gz", "sub-01", "T1"),
        ("sub-01/anat/sub-01_ce-gadolinium_T1w.nii.gz", "sub-01", "T1c"),
        ("sub-01/ses-02/anat/sub-01_ses-02_acq-3D_run-1_FLAIR.nii.gz", "sub-01", "FLAIR"),
        ("sub-strokecase0009_ses-0001_adc.nii.gz", "sub-strokecase0009", "ADC"),
        ("sub-strokecase0009_ses-0001_dwi.nii.gz", "sub-strokecase0009", "DWI"),
        ("P01/t1_ce.nii.gz", "P01", "T1c"),
        ("P01/T1 post Gd.nrrd", "P01", "T1c"),
        ("P01/ax_T2_FLAIR_3mm_v2.mha", "P01", "FLAIR"),
        ("P01/rCBV.nii.gz", "P01", "rCBV"),
        ("P01/native/T1-pre.nii.gz", "P01", "T1"),
        ("TCGA-DU-7294_hdbet_native_fla.nii.gz", "TCGA-DU-7294", "FLAIR"),
        ("AAAC0_flair_pp_shrunk.nii.gz", "AAAC0", "FLAIR"),
        ("patient01/swi.nii.gz", "patient01", "other"),
        ("imagesTr/C7_0000.nii.gz", "C7", None),
    ],
)
def test_names_of_all_years_are_understood(path: str, patient: str, sequence: str | None) -> None:
    named = one(path)
    assert (named.role, named.patient, named.sequence) == ("series", patient, sequence)
    assert named.removed == ()


@pytest.mark.parametrize(
    ("path", "patient", "rater"),
    [
        ("BraTS2021_00006_seg.nii.gz", "BraTS2021_00006", None),
        ("BraTS-GLI-00005-000-seg.nii.gz", "BraTS-GLI-00005", None),
        ("sub-strokecase0009_ses-0001_msk.nii.gz", "sub-strokecase0009", None),
        ("derivatives/rater1/sub-01/anat/sub-01_dseg.nii.gz", "sub-01", "rater1"),
        ("P01/P01_seg_rater2.nii.gz", "P01", "rater2"),
        ("P01/Reader-A_mask.nii.gz", "P01", "reader-a"),
        ("masks/expert_a/P01_seg.nii.gz", "P01", "expert_a"),
        ("P01/flair_lesion_mask.nii.gz", "P01", None),
        ("AAAC0_flair_pp_shrunk_testTumor.nii.gz", "AAAC0", None),
        ("tcga-du-7294/segmentation_20/isen-20.nii.gz", "tcga-du-7294", "isen-20"),
        ("tcga-du-7294/fusion/mav.nii.gz", "tcga-du-7294", "mav"),
    ],
)
def test_masks_and_who_made_them_are_understood(path: str, patient: str, rater: str | None) -> None:
    named = one(path)
    assert (named.role, named.patient, named.rater) == ("mask", patient, rater)


def test_a_label_folder_holds_the_patients_of_the_image_folder() -> None:
    image, mask = recognise(["imagesTr/C7_0000.nii.gz", "labelsTr/C7.nii.gz"])
    assert image.case_key == mask.case_key
    assert (mask.role, mask.rater) == ("mask", None)


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("P01/brainmask.nii.gz", "brain_mask"),
        ("P01/flair_brain_mask.nii.gz", "brain_mask"),
        ("sub-01_desc-brain_mask.nii.gz", "brain_mask"),
        ("sub-01_FLAIR.json", "sidecar"),
        ("P01/flair.raw", "data"),
        ("P01/readme.txt", "other"),
    ],
)
def test_other_roles(path: str, role: str) -> None:
    assert one(path).role == role


@pytest.mark.parametrize(
    ("path", "label", "point"),
    [
        ("BraTS-GLI-00005-101-t1n.nii.gz", "101", None),
        ("sub-01_ses-preop_T1w.nii.gz", "preop", "pre_op"),
        ("P01/postop/t1.nii.gz", "postop", "early_post_op"),
        ("P01/post-op/t1.nii.gz", "postop", "early_post_op"),
        ("P01/fu2/t1.nii.gz", "fu2", "follow_up"),
        ("P01/recurrence/t1.nii.gz", "recurrence", "recurrence"),
        ("P01/study2_FLAIR.nii.gz", "study2", None),
        ("P01/t1.nii.gz", "", None),
    ],
)
def test_exams_are_told_apart(path: str, label: str, point: str | None) -> None:
    assert (one(path).time_label, one(path).time_point) == (label, point)


def test_dates_of_exams_become_their_order() -> None:
    paths = ["P01/ses-20210304/t1.nii.gz", "P01/ses-20190101/t1.nii.gz", "P01/ses-20190101/t2.nii.gz"]
    named = recognise(paths)
    assert [file.time_label for file in named] == ["exam-2", "exam-1", "exam-1"]
    assert all(any("2" in entry.text for entry in file.removed) for file in named)


@pytest.mark.parametrize(
    "path",
    [
        "Mueller_Anna_19830412/flair.nii.gz",
        "Anna Mueller/flair.nii.gz",
        "MUELLER^ANNA/flair.nii.gz",
        "Mueller,Anna/flair.nii.gz",
        "annaMueller_flair.nii.gz",
        "mueller_flair.nii.gz",
        "12345678_flair.nii.gz",
        "P01-1983-04-12_flair.nii.gz",
        "12.04.1983_flair.nii.gz",
        "830412_flair.nii.gz",
        "Zoë_Åström/flair.nii.gz",
        "flair_Anna_Mueller.nii.gz",
    ],
)
def test_what_could_name_a_person_becomes_a_pseudonym_and_is_shown(path: str) -> None:
    named = one(path)
    assert named.patient == "patient-001"
    assert named.removed
    assert named.confidence != "high"


@pytest.mark.parametrize(
    "text", ["BraTS2021_00006", "TCGA-DU-7294", "UPENN-GBM-00001_11", "P01", "sub-0042", "patient07", "AAAC0", "C7"]
)
def test_study_pseudonyms_are_kept(text: str) -> None:
    assert why_identifying(text) is None


def test_files_of_one_person_get_one_pseudonym_and_others_another() -> None:
    named = recognise(
        ["Mueller_Anna/t1.nii.gz", "mueller_anna/t2.nii.gz", "Schmidt_Bo/t1.nii.gz", "patient-001/t1.nii.gz"]
    )
    assert [file.patient for file in named] == ["patient-002", "patient-002", "patient-003", "patient-001"]


def test_a_mask_without_a_time_joins_the_only_exam() -> None:
    image, mask = recognise(["P01/preop/t1.nii.gz", "masks/expert1/P01_seg.nii.gz"])
    assert image.case_key == mask.case_key
    two = recognise(["P01/study1_t1.nii.gz", "P01/study2_t1.nii.gz", "P01/gt.nii.gz"])
    assert two[2].time_label == ""


def test_the_same_sequence_twice_is_noted() -> None:
    named = recognise(["P01/native/P01_t1.nii.gz", "P01/mni/P01_t1.nii.gz", "P01/P01_t2.nii.gz"])
    assert [bool(file.notes) for file in named] == [True, True, False]
    assert named[0].confidence == "low"


def test_files_are_grouped_into_exams() -> None:
    cases = group_cases(
        recognise(
            [
                "BraTS-GLI-00005-000/BraTS-GLI-00005-000-t1n.nii.gz",
                "BraTS-GLI-00005-000/BraTS-GLI-00005-000-seg.nii.gz",
                "BraTS-GLI-00005-001/BraTS-GLI-00005-001-t1n.nii.gz",
                "readme.txt",
            ]
        )
    )
    assert [(case.patient, case.time_label, len(case.files)) for case in cases] == [
        ("BraTS-GLI-00005", "000", 2),
        ("BraTS-GLI-00005", "001", 1),
    ]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40), max_size=6))
def test_any_names_at_all_get_an_answer(paths: list[str]) -> None:
    paths = [path for path in paths if path.strip("/")]
    assert [file.path for file in recognise(paths)] == paths
