"""What an import makes of files, once it is confirmed."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from audit.models import Event
from cases.export import export_segmentation, zip_original
from cases.models import Access, Case, Import, Segmentation, Series, Upload
from cases.preparation import read_original
from cases.services import read_layers
from core.models import StoredFile
from core.storage import read
from people.models import Centre, Rater, User
from tests.integration.cases.sending import SHAPE, Sender, brats_2021, head, mask, nifti, row_of, staged

pytestmark = pytest.mark.django_db


def test_a_brats_exam_becomes_one_case_with_its_experts_mask(sender: Sender, lead: User) -> None:
    seen = sender.store(brats_2021(), scheme="brats-2018")
    assert (seen["state"], seen["error"], seen["problems"]) == ("done", "", [])
    case = Case.objects.get()
    assert {one.sequence for one in case.series.all()} == {"T1", "T1c", "T2", "FLAIR"}
    assert (case.patient.pseudonym, case.imported_by, case.reference.sequence) == ("BraTS2021_00123", lead, "T1c")  # type: ignore[union-attr]
    segmentation = Segmentation.objects.get()
    assert (segmentation.rater.name, segmentation.rater.kind, segmentation.rater.user) == ("Expert", "human", None)
    assert segmentation.source == Segmentation.Source.IMPORT
    assert seen["cases"][0]["id"] == case.pk


def test_originals_are_kept_byte_for_byte(sender: Sender) -> None:
    files = brats_2021()
    sender.store(files, scheme="brats-2018")
    kept = {read(one.files.get().stored) for one in Series.objects.all()}
    assert kept == {content for path, content in files.items() if "seg" not in path}


def test_a_brats_2021_mask_is_translated_into_a_brats_2023_scheme(sender: Sender) -> None:
    sender.store(brats_2021(), scheme="brats-2023")
    layers = read_layers(Segmentation.objects.get())
    assert set(np.unique(layers)) == {0, 1, 2, 3}
    assert np.count_nonzero(layers == 3) == 2 * 4 * 4


@pytest.mark.parametrize("codes", ["LPS", "RAS", "PIR", "ASL"])
def test_a_mask_goes_out_as_it_came_in_whatever_its_orientation(sender: Sender, codes: str) -> None:
    turn = nib.orientations.axcodes2ornt(codes)
    affine = np.zeros((4, 4))
    affine[3, 3] = 1
    for axis, (target, flip) in enumerate(turn):
        affine[int(target), axis] = flip * (1 + axis / 2)
    labels = np.zeros((24, 20, 16), np.uint8)
    labels[3:9, 2:5, 7] = 1
    labels[9, 4, 1:5] = 4
    image = np.random.default_rng(1).integers(1, 500, labels.shape).astype(np.int16)
    sender.store({"P1_t1.nii": nifti(image, affine), "P1_seg.nii": nifti(labels, affine)}, scheme="brats-2018")
    exported = next(iter(export_segmentation(Segmentation.objects.get()).values()))
    back = nib.Nifti1Image.from_bytes(gzip.decompress(exported))
    assert np.array_equal(np.asanyarray(back.dataobj), labels)
    assert np.allclose(back.affine, affine, atol=1e-5)


def test_the_importer_sees_the_case_and_others_do_not(sender: Sender, lead: User, centre: Centre) -> None:
    sender.store(brats_2021(), scheme="brats-2018")
    access = Access.objects.get()
    assert (access.user, access.grant, access.reason) == (lead, "case_and_segmentations", "import")
    other = User.objects.create_user("other@north.example", name="Other", centre=centre, may_lead=True)
    assert not Case.objects.visible_to(other).exists()
    assert Segmentation.objects.visible_to(lead).count() == 1


def test_an_import_is_in_the_audit_trail(sender: Sender, lead: User) -> None:
    sender.store(brats_2021(), scheme="brats-2018")
    verbs = set(Event.objects.filter(actor=lead).values_list("verb", flat=True))
    assert {"case.imported", "import.stored"} <= verbs


def test_names_and_paths_are_gone_with_the_staged_files(sender: Sender) -> None:
    seen = sender.store(brats_2021(), scheme="brats-2018")
    delivery = Import.objects.get()
    assert not staged(seen["id"]).exists()
    assert (delivery.rows, list(Upload.objects.all())) == ([], [])
    assert delivery.files_removed_at is not None


def test_identifying_texts_are_shown_as_removed_and_only_their_places_are_kept(sender: Sender) -> None:
    image = nifti(np.arange(24 * 20 * 16, dtype=np.int16).reshape(24, 20, 16), description="DOE^JANE 1961-04-02")
    sidecar = b'{"EchoTime": 0.09, "PatientName": "DOE^JANE", "AcquisitionDateTime": "2020-04-02"}'
    seen = sender.preview({"P1_t1.nii": image, "P1_t1.json": sidecar})
    shown = {one["text"] for one in seen["rows"][0]["removed"]}
    assert {"DOE^JANE 1961-04-02", "DOE^JANE", "2020-04-02"} <= shown
    sender.confirm(seen["id"])
    series = Series.objects.get()
    assert series.technical == {"EchoTime": 0.09}
    assert "DOE" not in str(series.removed)
    assert "sidecar field PatientName" in series.removed
    assert "DOE" not in str(Import.objects.values())


def test_a_name_in_a_folder_becomes_a_pseudonym(sender: Sender) -> None:
    seen = sender.preview({"Mueller_Hans_19610402/t1.nii": head()})
    row = seen["rows"][0]
    assert "Mueller" not in row["patient"]
    assert row["patient"]
    assert any("Mueller" in one["text"] for one in row["removed"])


def test_two_exams_of_a_patient_become_two_cases(sender: Sender) -> None:
    names = [f"BraTS-GLI-00005-00{exam}-{name}.nii" for exam in (0, 1) for name in ("t1c", "t2f")]
    files = {name: head(number) for number, name in enumerate(names)}
    seen = sender.store(files)
    assert [len(case["sequences"]) for case in seen["cases"]] == [2, 2]
    assert Case.objects.values("patient").distinct().count() == 1


def test_a_rater_known_by_name_is_reused_within_the_centre(sender: Sender) -> None:
    sender.store({"P1_t1.nii": head(1), "P1_seg.nii": mask(1)}, scheme="brats-2018")
    sender.store({"P2_t1.nii": head(2), "P2_seg.nii": mask(1)}, scheme="brats-2018")
    assert Rater.objects.count() == 1
    assert Segmentation.objects.count() == 2


def test_a_header_with_its_data_file_is_one_image(sender: Sender) -> None:
    voxels = np.random.default_rng(3).integers(0, 900, (6, 5, 4)).astype("<i2")
    header = (
        b"ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\nDimSize = 4 5 6\n"
        b"ElementSpacing = 1 1 2\nElementType = MET_SHORT\nElementDataFile = P1_flair.raw\n"
    )
    seen = sender.store({"a/P1_flair.mhd": header, "a/P1_flair.raw": voxels.tobytes()})
    assert (seen["state"], seen["problems"]) == ("done", [])
    series = Series.objects.get()
    assert [one.suffix for one in series.files.all()] == [".mhd", ".raw"]

    with zipfile.ZipFile(io.BytesIO(zip_original(list(series.files.all()), "P1_FLAIR"))) as archive:
        assert archive.read("P1_FLAIR.mhd") == header
        assert archive.read("P1_flair.raw") == voxels.tobytes()


def test_a_mask_given_as_several_layers_is_read_by_its_preset(sender: Sender) -> None:
    seen = sender.preview({"P1_t1ce.nii": head(1), "P1_seg.nii": mask(1, 2, 3)}, scheme="tl5")
    assert row_of(seen, "P1_seg.nii")["preset"] == "tl5-stacked"
    sender.confirm(seen["id"])
    layers = read_layers(Segmentation.objects.get())
    assert [int(np.count_nonzero(layer)) for layer in layers] == [32, 32, 32]


def test_nothing_is_stored_that_no_row_points_to(sender: Sender) -> None:
    sender.store(brats_2021(), scheme="brats-2018")
    files = set(StoredFile.objects.values_list("pk", flat=True))
    pointed = set(Series.objects.values_list("files__stored", flat=True))
    pointed |= set(Segmentation.objects.values_list("content", flat=True))
    pointed |= set(Series.objects.values_list("browser_copy", flat=True))
    pointed |= set(Series.objects.values_list("thumbnail", flat=True))
    assert files <= pointed


@pytest.mark.real_data
@pytest.mark.full_size
def test_a_real_brats_case_is_imported_whole(sender: Sender, real_data: Path) -> None:
    folder = real_data / "brats2021-00006"
    seen = sender.store({f"{folder.name}/{path.name}": path for path in sorted(folder.iterdir())}, scheme="brats-2018")
    assert (seen["state"], seen["error"], seen["problems"]) == ("done", "", [])
    case = Case.objects.get()
    assert sorted(one.sequence for one in case.series.all()) == ["FLAIR", "T1", "T1c", "T2"]
    assert case.may_show_face is False
    labels = np.asanyarray(nib.load(folder / "BraTS2021_00006_seg.nii.gz").dataobj)  # type: ignore[attr-defined]
    counted = {key: np.count_nonzero(labels == value) / 1000 for key, value in (("nc", 1), ("ed", 2), ("et", 4))}
    volumes = Segmentation.objects.get().volumes_ml
    assert {key: volumes[key] for key in counted} == pytest.approx(counted)
    assert counted["ed"] == pytest.approx(86.0, abs=0.05)


@pytest.mark.parametrize("data_file", ["P1_flair.raw", "my scan 1.raw"])
def test_the_original_of_two_files_can_be_read_again(sender: Sender, data_file: str) -> None:
    voxels = np.arange(120, dtype="<i2").reshape(6, 5, 4)
    header = (
        "NRRD0004\ntype: short\ndimension: 3\nsizes: 4 5 6\nspace: left-posterior-superior\n"
        "space directions: (1,0,0) (0,1,0) (0,0,2)\nspace origin: (0,0,0)\nendian: little\nencoding: raw\n"
        f"data file: {data_file}\n\n"
    )
    seen = sender.store({"a/P1_flair.nhdr": header.encode(), f"a/{data_file}": voxels.tobytes()})
    assert (seen["state"], seen["problems"]) == ("done", [])
    assert np.array_equal(read_original(Series.objects.get()).array.transpose(2, 1, 0), voxels)


def test_exams_are_numbered_in_the_order_of_their_labels(sender: Sender) -> None:
    files = {f"P1/study{n}_{name}.nii": head(10 * n + k) for n in (1, 2) for k, name in enumerate(("T1", "FLAIR"))}
    seen = sender.preview({**files, "P1/gt.nii": mask(1)}, scheme="flair")
    exams = {(row["file"], row["time_point"], row["follow_up_number"]) for row in seen["rows"]}
    assert {("P1/study1_T1.nii", "follow_up", 1), ("P1/study2_FLAIR.nii", "follow_up", 2)} <= exams
    assert "no image of P1" in row_of(seen, "P1/gt.nii")["problem"]


def test_overlapping_layers_come_as_one_file_each_and_become_one_segmentation(sender: Sender) -> None:
    images = {f"P1_{name}.nii": head(seed) for seed, name in enumerate(("t1ce", "adc", "flair"))}
    masks = {f"P1_{name}_seg_rater1.nii": mask(1) for name in ("t1ce", "adc", "flair")}
    seen = sender.preview({**images, **masks}, scheme="tl5")
    assert [row["problem"] for row in seen["rows"]] == [""] * 6
    presets = {row["file"]: row["preset"] for row in seen["rows"] if row["role"] == "mask"}
    assert presets == {
        "P1_t1ce_seg_rater1.nii": "layer:t1c",
        "P1_adc_seg_rater1.nii": "layer:adc",
        "P1_flair_seg_rater1.nii": "layer:flair",
    }
    sender.confirm(seen["id"])
    layers = read_layers(Segmentation.objects.get())
    assert [int(np.count_nonzero(layer)) for layer in layers] == [32, 32, 32]
    assert np.array_equal(layers[0], layers[1])


def test_a_mask_in_another_orientation_than_its_image_lies_where_it_lay(sender: Sender) -> None:
    affine = np.diag([-1.0, -1.0, 1.0, 1.0])
    affine[:2, 3] = SHAPE[0] - 1, SHAPE[1] - 1
    labels = np.zeros(SHAPE, np.uint8)
    labels[2:5, 3:9, 6] = 1
    turned = labels[::-1, ::-1]
    sender.store({"P1_t1.nii": head(), "P1_seg.nii": nifti(np.ascontiguousarray(turned), affine)}, scheme="flair")
    assert np.array_equal(read_layers(Segmentation.objects.get())[0], labels)
