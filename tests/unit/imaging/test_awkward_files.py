"""Every file of the test data, and what must become of it.

Two tables: what is taken (format, stored type, shape, orientation, labels or "image", number of
texts removed from the header (-n) and of warnings (!n)) and what is refused (a part of the reason).
The files lie in the folder that OVERREAD_TEST_DATA names; none is part of this repository.
"""

from __future__ import annotations

from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
import SimpleITK as sitk

from imaging.archives import unpack
from imaging.errors import ImageError
from imaging.grid import Grid
from imaging.labels import as_labels, count_labels
from imaging.reading import read_volume
from imaging.simpleitk import from_simpleitk

pytestmark = pytest.mark.real_data

TAKEN = """
brats2021-00006/BraTS2021_00006_flair.nii.gz | NIfTI-1 int16 240×240×155 LPS | image
brats2021-00006/BraTS2021_00006_seg.nii.gz | NIfTI-1 uint8 240×240×155 LPS | 0 1 2 4
brats2021-00006/BraTS2021_00006_t1.nii.gz | NIfTI-1 int16 240×240×155 LPS | image
brats2021-00006/BraTS2021_00006_t1ce.nii.gz | NIfTI-1 int16 240×240×155 LPS | image
brats2021-00006/BraTS2021_00006_t2.nii.gz | NIfTI-1 int16 240×240×155 LPS | image
brats2021-01480/BraTS2021_01480_flair.nii.gz | NIfTI-1 int16 240×240×155 LPS | image
brats2021-01480/BraTS2021_01480_seg.nii.gz | NIfTI-1 uint8 240×240×155 LPS | 0 1 2 | -1
brats2021-01480/BraTS2021_01480_t1.nii.gz | NIfTI-1 int16 240×240×155 LPS | image
brats2021-01480/BraTS2021_01480_t1ce.nii.gz | NIfTI-1 int16 240×240×155 LPS | image
brats2021-01480/BraTS2021_01480_t2.nii.gz | NIfTI-1 int16 240×240×155 LPS | image
captk-AAAC0/AAAC0_flair_pp_shrunk.nii.gz | NIfTI-1 int16 96×128×96 LPS | image
captk-AAAC0/AAAC0_flair_pp_shrunk_testTumor.nii.gz | NIfTI-1 uint16 96×128×96 LPS | 0 1
dcmqi-data/segmentations/23x38x3/nrrd/label.nrrd | NRRD int16 23×38×3 LPS | 0 1
dcmqi-data/segmentations/24x38x3/nrrd/label.nrrd | NRRD int16 24×38×3 LPS | 0 1
dcmqi-data/segmentations/heart_seg.nrrd | NRRD int16 512×512×3 LPS | 0 3
dcmqi-data/segmentations/liver_seg.nrrd | NRRD int16 512×512×3 LPS | 0 1
dcmqi-data/segmentations/spine_seg.nrrd | NRRD int16 512×512×3 LPS | 0 2
fets-hausdorff/gt.nii.gz | NIfTI-1 float64 3×3×3 RAS | 0 1
fets-hausdorff/mask.nii.gz | NIfTI-1 uint16 3×3×3 RAS | 0 1
grandchallenge-resources/image10x10x10-extra-stuff.mhd | MetaImage float64 10×10×10 LPS | image | -14
grandchallenge-resources/image10x10x10.mha | MetaImage float64 10×10×10 LPS | image
grandchallenge-resources/image10x10x10.mhd | MetaImage float64 10×10×10 LPS | image
grandchallenge-resources/image10x11x12.nii | NIfTI-1 int16 10×11×12 LPS | image
grandchallenge-resources/image10x11x12.nii.gz | NIfTI-1 int16 10×11×12 LPS | image
grandchallenge-resources/image16bit.mha | MetaImage int16 256×128×64 LPS | 0 | !1
grandchallenge-resources/image5x6x7.mhd | MetaImage int8 5×6×7 LPS | image
isles22-0009/sub-strokecase0009_ses-0001_adc.nii.gz | NIfTI-1 float64 112×112×73 LAS | image
isles22-0009/sub-strokecase0009_ses-0001_dwi.nii.gz | NIfTI-1 float64 112×112×73 LAS | image
isles22-0009/sub-strokecase0009_ses-0001_flair.nii.gz | NIfTI-1 float32 512×512×29 LAS | image
isles22-0009/sub-strokecase0009_ses-0001_msk.nii.gz | NIfTI-1 uint16 112×112×73 LAS | 0 1
labelfusion/baseline_itkvoting.nii.gz | NIfTI-1 uint8 240×240×155 LPS | 0 1 2 4
labelfusion/baseline_majorityvoting.nii.gz | NIfTI-1 int32 240×240×155 LPS | 0 1 2 4
labelfusion/baseline_simple.nii.gz | NIfTI-1 int32 240×240×155 LPS | 0 1 2 3 4 5 6
labelfusion/baseline_staple.nii.gz | NIfTI-1 uint8 240×240×155 LPS | 0 1 2 4
labelfusion/resunet.nii.gz | NIfTI-1 int64 240×240×155 LPS | 0 1 2 4
labelfusion/unet.nii.gz | NIfTI-1 int64 240×240×155 LPS | 0 1 2 4
ms-open/longitudinal/coregistered/patient01/brainmask.nii.gz | NIfTI-1 int16 325×334×53 LPS | 0 1
ms-open/longitudinal/coregistered/patient01/gt.nii.gz | NIfTI-1 uint8 325×334×53 LPS | 0 1
ms-open/longitudinal/raw/patient01/gt.nii.gz | NIfTI-1 uint8 325×334×53 LPS | 0 1
ms-open/longitudinal/raw/patient01/study1_FLAIR.nii.gz | NIfTI-1 uint16 320×320×36 LPS | image
ms-open/longitudinal/raw/patient01/study1_T1W.nii.gz | NIfTI-1 uint16 320×320×39 LPS | image
ms-open/longitudinal/raw/patient01/study2_FLAIR.nii.gz | NIfTI-1 uint16 320×320×46 LPS | image
ms-open/longitudinal/raw/patient01/study2_T1W.nii.gz | NIfTI-1 uint16 256×256×48 LPS | image
nibabel-wheel/anatomical.nii | NIfTI-1 int16 33×41×25 LAS | image | -1
nibabel-wheel/reoriented_anat_moved.nii | NIfTI-1 float32 21×26×22 RAS | image | -1
nibabel-wheel/standard.nii.gz | NIfTI-1 uint8 4×5×7 RAS | 0 255
niivue-demos/FLAIR.nrrd | NRRD uint8 124×160×140 RAS | 255 labels
niivue-demos/mha.mha | MetaImage int16 64×64×37 LAS | image
panoptica-spine/matched_instance/pred.nii.gz | NIfTI-1 uint8 512×512×17 PIR | 23 labels
panoptica-spine/matched_instance/ref.nii.gz | NIfTI-1 uint8 512×512×17 PIR | 23 labels
panoptica-spine/semantic/pred.nii.gz | NIfTI-1 uint8 512×512×17 PIR | 15 labels
panoptica-spine/semantic/ref.nii.gz | NIfTI-1 uint8 512×512×17 PIR | 15 labels
panoptica-spine/unmatched_instance/pred.nii.gz | NIfTI-1 uint8 512×512×17 PIR | 23 labels
panoptica-spine/unmatched_instance/ref.nii.gz | NIfTI-1 uint8 512×512×17 PIR | 23 labels
tcga-du-7294/btk_output_fusionator/mav.nii.gz | NIfTI-1 uint8 240×240×155 LPS | 1 | !1
tcga-du-7294/btk_output_fusionator/simple.nii.gz | NIfTI-1 uint8 240×240×155 LPS | 0 1 2 4
tcga-du-7294/btk_output_segmentor/lfb_rwth.nii.gz | NIfTI-1 float64 240×240×155 LPS | 0 1 2 4
tcga-du-7294/btk_output_segmentor/mic-dkfz.nii.gz | NIfTI-1 uint8 240×240×155 LPS | 0 1 2
tcga-du-7294/btk_output_segmentor/scan.nii.gz | NIfTI-1 float32 240×240×155 LPS | 0 1 2
tcga-du-7294/btk_output_segmentor/scan_2019.nii.gz | NIfTI-1 uint8 240×240×155 LPS | 0 1 2 4
tcga-du-7294/btk_output_segmentor/xfeng.nii.gz | NIfTI-1 uint8 240×240×155 LPS | 0 1 2
tcga-du-7294/btk_output_segmentor/zyx_2019.nii.gz | NIfTI-1 float32 240×240×155 LPS | 0 1 2 4
tcga-du-7294/fusion/mav.nii.gz | NIfTI-1 uint8 240×240×155 LPS | 0 1 2
tcga-du-7294/fusion/simple.nii.gz | NIfTI-1 uint8 240×240×155 LPS | 0 1 2
tcga-du-7294/native_hdbet/TCGA-DU-7294_hdbet_native_fla.nii.gz | NIfTI-1 int16 256×256×68 LAS | image | -1
tcga-du-7294/native_hdbet/TCGA-DU-7294_hdbet_native_t1.nii.gz | NIfTI-1 int16 512×512×34 LAS | image
tcga-du-7294/segmentation_20/hnfnetv1-20.nii.gz | NIfTI-1 uint8 240×240×155 LPS | 0 1 2 4
tcga-du-7294/segmentation_20/isen-20.nii.gz | NIfTI-1 uint8 240×240×155 LPS | 0 1 2
tcga-du-7294/segmentation_20/sanet0-20.nii.gz | NIfTI-1 uint8 240×240×155 LPS | 0 1 2 4
tcga-du-7294/segmentation_20/scan-20.nii.gz | NIfTI-1 uint8 240×240×155 LPS | 0 1 2
tcga-du-7294/segmentation_20/yixinmpl-20.nii.gz | NIfTI-1 uint8 240×240×155 LPS | 0 1 2
tcga-du-7294/sri24_bet/TCGA-DU-7294_fla_bet.nii.gz | NIfTI-1 int16 240×240×155 LPS | image
tcga-du-7294/sri24_bet/TCGA-DU-7294_t1_bet.nii.gz | NIfTI-1 int16 240×240×155 LPS | image
tcga-du-7294/sri24_bet/TCGA-DU-7294_t1c_bet.nii.gz | NIfTI-1 int16 240×240×155 LPS | image
tcga-du-7294/sri24_bet/TCGA-DU-7294_t2_bet.nii.gz | NIfTI-1 int16 240×240×155 LPS | image
"""

REFUSED = """
README.md | format is not known
grandchallenge-resources/1x2int16.mha | 2-D (1×2)
grandchallenge-resources/corrupt.png | format is not known
grandchallenge-resources/deep_folder.tar | tar archive
grandchallenge-resources/dicom.zip | zip archive
grandchallenge-resources/image10x10x10.zraw | voxels without a header
grandchallenge-resources/image10x11x12x13-extra-stuff.mhd | 4-D (10×11×12×13)
grandchallenge-resources/image10x11x12x13.mha | 4-D (10×11×12×13)
grandchallenge-resources/image10x11x12x13.mhd | 4-D (10×11×12×13)
grandchallenge-resources/image10x11x12x13.zraw | voxels without a header
grandchallenge-resources/image128x256RGB.mhd | 2-D (128×256)
grandchallenge-resources/image128x256RGB.zraw | voxels without a header
grandchallenge-resources/image128x256x3RGB.mhd | its voxels have 3 channels (colour or vector)
grandchallenge-resources/image128x256x3RGB.zraw | voxels without a header
grandchallenge-resources/image128x256x4RGB.mhd | its voxels have 3 channels (colour or vector)
grandchallenge-resources/image128x256x4RGB.zraw | voxels without a header
grandchallenge-resources/image3x4-extra-stuff.mhd | 2-D (3×4)
grandchallenge-resources/image3x4.mhd | 2-D (3×4)
grandchallenge-resources/image3x4.zraw | voxels without a header
grandchallenge-resources/image5x6x7.zraw | voxels without a header
grandchallenge-resources/invalid_utf8.mhd | its header is not valid text (UTF-8)
grandchallenge-resources/mask.mha | 2-D (1024×1024)
grandchallenge-resources/mhd_window/errors/image3x4-center-gt-width.mhd | 2-D (3×4)
grandchallenge-resources/mhd_window/errors/image3x4-len-0.mhd | 2-D (3×4)
grandchallenge-resources/mhd_window/errors/image3x4-only-center-array.mhd | 2-D (3×4)
grandchallenge-resources/mhd_window/errors/image3x4-only-width-array.mhd | 2-D (3×4)
grandchallenge-resources/mhd_window/errors/image3x4-width-gt-center.mhd | 2-D (3×4)
grandchallenge-resources/mhd_window/image3x4-len-1.mhd | 2-D (3×4)
grandchallenge-resources/mhd_window/image3x4-len-2.mhd | 2-D (3×4)
grandchallenge-resources/mhd_window/image3x4.mhd | 2-D (3×4)
grandchallenge-resources/mhd_window/image3x4.zraw | voxels without a header
grandchallenge-resources/referring_to_system_file.mhd | its header refers to a file in another folder
grandchallenge-resources/same_name.zip | zip archive
grandchallenge-resources/same_name_zipped.zip | zip archive
grandchallenge-resources/tar_with_link.tar | tar archive
grandchallenge-resources/tar_with_sym_link.tar | tar archive
grandchallenge-resources/test.tar | tar archive
grandchallenge-resources/test.zip | zip archive
grandchallenge-resources/valid.zip | zip archive
grandchallenge-resources/zip_flat.zip | zip archive
itksnap-testdata/multi_chunk.nii.gz | 5-D (64×52×39×1×2)
itksnap-testdata/nan.mha | 1,592 of 549,120 voxels are not a number or infinite (NaN, Inf)
ms-open/longitudinal/raw/patient01/study1_FLAIR_to_common_space.txt | format is not known
ms-open/longitudinal/raw/patient01/study2_FLAIR_to_common_space.txt | format is not known
nibabel-wheel/analyze.hdr | it is an Analyze header
nibabel-wheel/bad_datatype+orig.HEAD | it is an AFNI file
nibabel-wheel/example4d.nii.gz | 4-D (128×96×24×2)
nibabel-wheel/example_nifti2.nii.gz | 4-D (32×20×12×2)
nibabel-wheel/functional.nii | 4-D (17×21×3×20)
nibabel-wheel/minc1_1_scale.mnc | it is a MINC file
nibabel-wheel/minc2_1_scale.mnc | it is a MINC or HDF5 file
nibabel-wheel/nifti1.hdr | it is the header of a two-file image (.hdr and .img)
nibabel-wheel/phantom_EPI_asc_CLEAR_2_1.PAR | it is a Philips PAR header
nibabel-wheel/phantom_EPI_asc_CLEAR_2_1.REC | it is a Philips PAR/REC file
nibabel-wheel/phantom_truncated.PAR | it is a Philips PAR header
nibabel-wheel/phantom_truncated.REC | it is a Philips PAR/REC file
nibabel-wheel/resampled_anat_moved.nii | 153 of 1,071 voxels are not a number or infinite (NaN, Inf)
niivue-demos/complex.nii.gz | its voxels are complex
niivue-demos/ct_perfusion.nii.gz | its voxels are colour (RGB)
niivue-demos/pcasl.nii.gz | 4-D (52×68×20×10)
niivue-demos/shear.nii.gz | its voxel axes are not at right angles (shear)
studyforrest-dicom-t1_slices129-256.tgz | tar archive
"""

ARCHIVES = """
grandchallenge-resources/deep_folder.tar | names that are too long
grandchallenge-resources/dicom.zip | 76 files
grandchallenge-resources/same_name.zip | 10 files
grandchallenge-resources/same_name_zipped.zip | 10 files
grandchallenge-resources/tar_with_link.tar | link or device
grandchallenge-resources/tar_with_sym_link.tar | link or device
grandchallenge-resources/test.tar | 4 files
grandchallenge-resources/test.zip | 4 files
grandchallenge-resources/valid.zip | 80 files
grandchallenge-resources/zip_flat.zip | 6 files
studyforrest-dicom-t1_slices129-256.tgz | 128 files
"""


def rows(table: str) -> list[list[str]]:
    """Return the cells of each line."""
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def named(table: str) -> list[str]:
    return [row[0] for row in rows(table)]


@pytest.mark.parametrize("row", rows(TAKEN), ids=named(TAKEN))
def test_good_files_are_taken_as_they_are(real_data: Path, row: list[str]) -> None:
    path = real_data / row[0]
    volume = read_volume(path)
    shape = "×".join(map(str, volume.array.shape))
    assert f"{volume.format} {volume.stored_as} {shape} {volume.grid.orientation}" == row[1]
    assert labels_of(path) == row[2]
    notes = [f"-{len(volume.removed)}"] * bool(volume.removed) + [f"!{len(volume.warnings)}"] * bool(volume.warnings)
    assert " ".join(notes) == (row[3] if len(row) > 3 else "")


def labels_of(path: Path) -> str:
    """Return the labels of a file, their number when there are many, or 'image'."""
    try:
        found = count_labels(as_labels(read_volume(path).array, name=path.name))
    except ImageError:
        return "image"
    return " ".join(map(str, found)) if len(found) <= 12 else f"{len(found)} labels"


@pytest.mark.parametrize("name", named(TAKEN))
def test_an_independent_reader_sees_the_same(real_data: Path, name: str) -> None:
    path = real_data / name
    volume = read_volume(path)
    if volume.format.startswith("NIfTI"):
        image = nib.Nifti1Image.from_filename(path)
        array, affine = np.asarray(image.dataobj).reshape(volume.array.shape, order="F"), image.affine
    elif name.endswith("extra-stuff.mhd"):  # no other reader takes this header; its twin is clean
        array, affine = from_simpleitk(sitk.ReadImage(str(path).replace("-extra-stuff", "")))
    else:
        array, affine = from_simpleitk(sitk.ReadImage(str(path)))
    assert np.array_equal(volume.array, array)
    assert volume.grid.same_as(Grid(volume.grid.shape, affine), tolerance=1e-3)


@pytest.mark.parametrize("row", rows(REFUSED), ids=named(REFUSED))
def test_bad_files_are_refused_by_name_and_reason(real_data: Path, row: list[str]) -> None:
    with pytest.raises(ImageError) as caught:
        read_volume(real_data / row[0])
    assert caught.value.name == Path(row[0]).name
    assert row[1] in caught.value.reason
    assert caught.value.advice


def test_every_dicom_file_is_refused_until_dicom_comes(real_data: Path) -> None:
    paths = sorted(real_data.rglob("*.dcm"))
    assert paths
    for path in paths:
        with pytest.raises(ImageError, match="DICOM"):
            read_volume(path)


@pytest.mark.parametrize("row", rows(ARCHIVES), ids=named(ARCHIVES))
def test_archives_are_unpacked_or_refused(real_data: Path, tmp_path: Path, row: list[str]) -> None:
    into = tmp_path / "into"
    if row[1].endswith("files"):
        assert f"{len(unpack(real_data / row[0], into).files)} files" == row[1]
        return
    with pytest.raises(ImageError, match=row[1]):
        unpack(real_data / row[0], into)
    assert list(into.iterdir()) == []


def test_no_file_of_the_test_data_is_left_out(real_data: Path) -> None:
    present = {path.relative_to(real_data).as_posix() for path in real_data.rglob("*") if path.is_file()}
    assert {name for name in present if not name.endswith(".dcm")} == {*named(TAKEN), *named(REFUSED)}
