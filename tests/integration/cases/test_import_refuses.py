"""Bad input: a clear problem that names file and reason, and nothing left behind."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cases.models import Case, Import, Patient, Segmentation, Series, Upload
from core.models import StoredFile
from people.models import Rater
from tests.integration.cases.sending import SHAPE, Sender, brats_2021, head, mask, nifti, row_of, staged

pytestmark = pytest.mark.django_db


def assert_nothing_is_left(delivery: str) -> None:
    for model in (Patient, Case, Series, Segmentation, Rater, StoredFile, Upload):
        assert not model.objects.exists(), model
    assert not staged(delivery).exists()
    assert Import.objects.get(pk=delivery).rows == []


def refused(sender: Sender, files: dict[str, Any]) -> str:
    """Import files of which none can be taken, check that nothing stays, and return the only reason."""
    seen = sender.preview(files)
    assert (seen["state"], seen["rows"]) == ("failed", [])
    assert_nothing_is_left(seen["id"])
    assert [problem["file"] for problem in seen["problems"]] == [next(iter(files))]
    return str(seen["problems"][0]["reason"])


def zipped(members: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def tarred(*members: tarfile.TarInfo) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for member in members:
            archive.addfile(member, io.BytesIO(b"x" * member.size))
    return stream.getvalue()


def link(kind: bytes) -> tarfile.TarInfo:
    member = tarfile.TarInfo("P1_t1.nii")
    member.type, member.linkname = kind, "/etc/passwd"
    return member


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("P1_t1.nii", b"", "empty"),
        ("P1_t1.nii", b"hello, this is no image" * 40, "no NIfTI header"),
        ("P1_t1.nii", head()[:3000], "cut off"),
        ("P1_t1.nii", nifti(np.zeros((4, 4, 4, 3), np.int16) + np.arange(3, dtype=np.int16)), "4-D"),
        ("P1_t1.nii", nifti(np.full((4, 4, 4), np.nan, np.float32)), "NaN"),
        ("P1_t1.nii", nifti(np.ones((4, 4, 4), np.complex64)), "complex"),
        ("report.pdf", b"%PDF-1.4 for Mrs Doe", "format is not known"),
        ("P1_t1.dcm", b"\0" * 128 + b"DICM", "DICOM"),
        ("P1.zip", zipped({"../P1_t1.nii": head()}), "leads out of it"),
        ("P1.zip", zipped({"/etc/P1_t1.nii": head()}), "absolute"),
        ("P1.zip", zipped({"a/P1_t1.nii": head()})[:-30], "damaged"),
        ("P1.tar", tarred(link(tarfile.SYMTYPE)), "link"),
        ("P1.tar", tarred(link(tarfile.LNKTYPE)), "link"),
        ("P1.tar", tarred(link(tarfile.FIFOTYPE)), "link or device"),
        ("P1.zip", zipped({"a.zip": zipped({"b.zip": zipped({"P1_t1.nii": head()})})}), "archives in archives"),
        ("P1.json", b"{}", "describes no image"),
        ("P1.raw", b"\1\2" * 500, "without a header"),
    ],
)
def test_a_bad_file_is_named_with_its_reason_and_leaves_nothing(
    sender: Sender, name: str, content: bytes, reason: str
) -> None:
    assert reason in refused(sender, {name: content})


def test_an_archive_bomb_is_refused(sender: Sender, settings: Any) -> None:
    settings.STAGING_QUOTA_BYTES = 4 << 20
    bomb = zipped({f"P1_t1_{n}.nii": bytes(1 << 20) for n in range(8)})
    assert "unpacks to more than" in refused(sender, {"bomb.zip": bomb})


def test_the_second_of_two_archives_has_only_the_room_that_the_first_left(sender: Sender, settings: Any) -> None:
    settings.STAGING_QUOTA_BYTES = 4 << 20
    files = {f"{n}.zip": zipped({f"P{n}_t1.nii": nifti(np.full((140, 140, 90), n, np.uint8))}) for n in (1, 2, 3)}
    seen = sender.preview(files)
    assert [problem["file"] for problem in seen["problems"]] == ["3.zip"]


def test_good_files_beside_bad_ones_are_still_imported(sender: Sender) -> None:
    seen = sender.preview({"P1_t1.nii": head(), "P1_t2.nii": b""})
    assert [row["file"] for row in seen["rows"]] == ["P1_t1.nii"]
    assert [problem["file"] for problem in seen["problems"]] == ["P1_t2.nii"]


def test_a_folder_in_an_archive_is_shown_with_its_path(sender: Sender) -> None:
    seen = sender.preview({"delivery.zip": zipped(brats_2021())})
    assert {row["file"].split("/")[0] for row in seen["rows"]} == {"delivery.zip"}
    assert {row["patient"] for row in seen["rows"]} == {"BraTS2021_00123"}


def test_system_files_are_passed_over_in_silence(sender: Sender) -> None:
    seen = sender.preview({"P1_t1.nii": head(), ".DS_Store": b"x", "__MACOSX/._P1_t1.nii": b"x", "Thumbs.db": b"x"})
    assert (len(seen["rows"]), seen["problems"]) == (1, [])


def problem_of_mask(sender: Sender, content: bytes, *, scheme: str = "brats-2018", **more: bytes) -> str:
    seen = sender.preview({"P1_t1.nii": head(), "P1_seg.nii": content, **more}, scheme=scheme)
    answer = sender.confirm(seen["id"])
    assert answer.status_code == 422
    assert "P1_seg.nii" in answer.json()["detail"]
    assert not Case.objects.exists()
    return str(row_of(seen, "P1_seg.nii")["problem"])


def test_a_mask_whose_grid_is_another_is_refused(sender: Sender) -> None:
    assert "matches no image of its case (T1 24×20×16" in problem_of_mask(sender, mask(1, shape=(20, 20, 16)))


def test_a_mask_that_lies_elsewhere_is_refused(sender: Sender) -> None:
    moved = np.eye(4)
    moved[0, 3] = 0.5
    assert "matches no image" in problem_of_mask(sender, mask(1, affine=moved))


def test_labels_outside_the_scheme_are_named_with_those_it_has(sender: Sender) -> None:
    problem = problem_of_mask(sender, mask(1, 7, 9), scheme="flair")
    assert "7, 9" in problem


def test_a_mask_with_fractions_is_refused(sender: Sender) -> None:
    values = np.zeros(SHAPE, np.float32)
    values[4, 4, 4] = 0.5
    assert "not whole numbers" in problem_of_mask(sender, nifti(values))


def test_a_mask_without_a_scheme_asks_for_one(sender: Sender) -> None:
    seen = sender.preview({"P1_t1.nii": head(), "P1_seg.nii": mask(1)})
    assert "Choose a label scheme" in row_of(seen, "P1_seg.nii")["problem"]
    corrected = sender.correct(seen["id"], scheme="flair").json()
    assert [row["problem"] for row in corrected["rows"]] == ["", ""]


def test_a_mask_without_an_image_of_its_case_is_refused(sender: Sender) -> None:
    seen = sender.preview({"P1_t1.nii": head(), "P2_seg.nii": mask(1)}, scheme="flair")
    assert "no image of P2" in row_of(seen, "P2_seg.nii")["problem"]


def test_sform_and_qform_that_disagree_are_warned_of(sender: Sender) -> None:
    import nibabel as nib

    image = nib.Nifti1Image(np.arange(24 * 20 * 16, dtype=np.int16).reshape(SHAPE), np.eye(4))
    image.set_sform(np.diag([1.0, 1.0, 1.0, 1.0]), 1)
    image.set_qform(np.diag([1.0, 1.0, 2.0, 1.0]), 1)
    seen = sender.preview({"P1_t1.nii": image.to_bytes()})
    assert any("sform and qform" in warning for warning in seen["rows"][0]["warnings"])


@pytest.mark.real_data
@pytest.mark.full_size
@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("nibabel-wheel/example4d.nii.gz", "4-D"),
        ("nibabel-wheel/functional.nii", "4-D"),
        ("nibabel-wheel/nifti1.hdr", "two-file image"),
        ("nibabel-wheel/analyze.hdr", "Analyze header"),
        ("nibabel-wheel/0.dcm", "DICOM"),
        ("nibabel-wheel/minc1_1_scale.mnc", "MINC"),
        ("nibabel-wheel/minc2_1_scale.mnc", "MINC"),
        ("nibabel-wheel/phantom_truncated.PAR", "Philips"),
        ("nibabel-wheel/bad_datatype+orig.HEAD", "AFNI"),
        ("niivue-demos/shear.nii.gz", "right angles"),
        ("niivue-demos/complex.nii.gz", "complex"),
        ("niivue-demos/pcasl.nii.gz", "4-D"),
        ("niivue-demos/ct_perfusion.nii.gz", "colour (RGB)"),
        ("itksnap-testdata/nan.mha", "NaN"),
        ("itksnap-testdata/multi_chunk.nii.gz", "5-D"),
        ("grandchallenge-resources/tar_with_sym_link.tar", "link"),
        ("grandchallenge-resources/tar_with_link.tar", "link"),
        ("grandchallenge-resources/referring_to_system_file.mhd", "another folder"),
        ("grandchallenge-resources/invalid_utf8.mhd", "UTF-8"),
        ("grandchallenge-resources/image128x256RGB.mhd", "2-D"),
        ("grandchallenge-resources/image10x11x12x13.mha", "4-D"),
        ("grandchallenge-resources/1x2int16.mha", "2-D"),
        ("grandchallenge-resources/corrupt.png", "format is not known"),
        ("grandchallenge-resources/image10x10x10.mhd", "data file"),
        ("pydicom-testfiles/MR_truncated.dcm", "DICOM"),
        ("pydicom-testfiles/no_meta.dcm", "DICOM"),
        ("dcm-enhanced/XA10_6_1.dcm", "DICOM"),
    ],
)
def test_each_awkward_file_of_the_test_data_is_named_with_its_reason(
    sender: Sender, real_data: Path, path: str, reason: str
) -> None:
    file = real_data / path
    assert reason in refused(sender, {file.name: file})


@pytest.mark.real_data
@pytest.mark.full_size
def test_every_odd_archive_of_the_test_data_is_taken_or_refused_file_by_file(sender: Sender, real_data: Path) -> None:
    folder = real_data / "grandchallenge-resources"
    archives = sorted([*folder.glob("*.zip"), *folder.glob("*.tar")])
    assert len(archives) >= 9
    for archive in archives:
        seen = sender.preview({archive.name: archive})
        assert seen["state"] in {"preview", "failed"}, seen["error"]
        assert seen["rows"] or seen["problems"], archive.name
        assert all(problem["file"].startswith(archive.name) and problem["reason"] for problem in seen["problems"])
        sender.post(seen["id"], "discard")
        assert_nothing_is_left(seen["id"])


@pytest.mark.real_data
@pytest.mark.full_size
def test_a_real_fusion_of_fractions_is_refused_as_a_mask(sender: Sender, real_data: Path) -> None:
    folder = real_data / "tcga-du-7294"
    files = {
        "TCGA-DU-7294/TCGA-DU-7294_t1c_bet.nii.gz": folder / "sri24_bet" / "TCGA-DU-7294_t1c_bet.nii.gz",
        "TCGA-DU-7294/segmentation/TCGA-DU-7294_seg_mav.nii.gz": folder / "btk_output_fusionator" / "mav.nii.gz",
        "TCGA-DU-7294/segmentation/TCGA-DU-7294_seg_scan.nii.gz": folder / "btk_output_segmentor" / "scan.nii.gz",
    }
    seen = sender.preview(files, scheme="brats-2018")
    assert seen["rows"] or seen["problems"]
    assert len(seen["rows"]) + len(seen["problems"]) == 3
    taken = row_of(seen, "TCGA-DU-7294/TCGA-DU-7294_t1c_bet.nii.gz")
    assert (taken["role"], taken["sequence"], taken["problem"]) == ("image", "T1c", "")
