"""Export: every mask comes back on its original grid, every score beside its answers."""

import csv
import io
import json
import zipfile
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from django.core.management import CommandError, call_command

from cases.services import read_layers
from core import storage
from jobs.tasks import run
from studies.models import StudyExport
from studies.services.exporting import request_export
from tests.factories import ANSWERS, CommentFactory, RatingFactory, StudyFactory, SubmittedAssignmentFactory

pytestmark = pytest.mark.django_db


def test_a_studys_masks_and_scores_come_out_in_one_zip() -> None:
    edits = {"added": {"t": 12}, "removed": {"t": 3}, "tools": {"brush": 4, "eraser": 1}}
    assignment = SubmittedAssignmentFactory.create(idle_seconds=20, edits=edits)
    RatingFactory.create(assignment=assignment, segmentation=assignment.start)
    CommentFactory.create(assignment=assignment, x=1, y=2, z=3, text="=Here?")
    export = request_export(study=assignment.study, by=assignment.study.created_by)
    assert export.job is not None
    run(str(export.job.pk))

    export = StudyExport.objects.select_related("stored").get(pk=export.pk)
    assert export.stored is not None
    with zipfile.ZipFile(io.BytesIO(storage.read(export.stored))) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("readings.csv").decode())))
        answers = json.loads(archive.read("answers.json"))
        (comment,) = csv.DictReader(io.StringIO(archive.read("comments.csv").decode()))
        image = nib.Nifti1Image.from_bytes(_unzipped(archive.read(rows[0]["files"])))
    assert (rows[0]["rater"], rows[0]["score"]) == (assignment.rater.name, "4")
    assert (rows[0]["idle_seconds"], rows[0]["voxels_added_t"], rows[0]["voxels_removed_t"]) == ("20", "12", "3")
    assert (rows[0]["tools"], rows[0]["cannot_be_assessed"]) == ("brush 4; eraser 1", "")
    assert (comment["voxel_x"], comment["voxel_y"], comment["voxel_z"], comment["text"]) == ("1", "2", "3", "'=Here?")
    mm = assignment.series.grid.canonical().affine @ [1, 2, 3, 1]
    assert [float(comment[f"mm_{side}"]) for side in ("right", "anterior", "superior")] == pytest.approx(mm[:3])
    assert answers[0]["answers"] == ANSWERS
    assert assignment.submission is not None
    np.testing.assert_array_equal(np.asanyarray(image.dataobj), read_layers(assignment.submission)[0])
    np.testing.assert_allclose(image.affine, assignment.series.grid.affine)


def _unzipped(content: bytes) -> bytes:
    import gzip

    return gzip.decompress(content)


def test_the_command_line_writes_the_same_zip_and_replaces_nothing_unasked(tmp_path: Path) -> None:
    assignment = SubmittedAssignmentFactory.create()
    out = tmp_path / "study.zip"
    call_command("export", "--study", assignment.study.name, str(out))
    assert "readings.csv" in zipfile.ZipFile(out).namelist()
    with pytest.raises(CommandError, match="--force"):
        call_command("export", "--study", assignment.study.name, str(out))


@pytest.mark.parametrize("suffix", [".nii.gz", ".nrrd", ".mha"])
def test_one_segmentation_is_written_in_every_format(tmp_path: Path, suffix: str) -> None:
    import SimpleITK as sitk

    assignment = SubmittedAssignmentFactory.create()
    assert assignment.submission is not None
    call_command("export", "--segmentation", assignment.submission.pk, str(tmp_path), "--format", suffix)
    (path,) = tmp_path.iterdir()
    array = sitk.GetArrayFromImage(sitk.ReadImage(str(path))).T
    np.testing.assert_array_equal(array, read_layers(assignment.submission)[0])


def test_an_unknown_study_is_named_in_one_sentence(tmp_path: Path) -> None:
    StudyFactory.create()
    with pytest.raises(CommandError, match="There is no study 'Nowhere'"):
        call_command("export", "--study", "Nowhere", str(tmp_path / "x.zip"))
