"""A worker segments a case: with the real engine and a small network, on small images."""

import gzip
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from cases.models import Case, DerivedMap, LabelScheme, Segmentation, Series, SeriesFile
from cases.services import read_layers
from core import storage
from core.errors import Conflict, DomainError
from imaging.grid import Grid
from imaging.phantom import HeadSpec, Sequence, make_head
from imaging.writing import nifti_bytes
from inference import services
from inference.engine.recipe import Recipe
from inference.models import ModelVersion, Prediction
from inference.predicting import in_steps
from jobs.models import Job
from jobs.services import enqueue
from jobs.tasks import run
from tests.factories import CaseFactory, PreparedCaseFactory

pytestmark = pytest.mark.django_db

RECIPE = Recipe(
    name="small",
    network="attention-unet",
    network_args={"filters": [2, 4]},
    channels=("FLAIR",),
    regions=("FH",),
    spacing=(3.0, 3.0, 3.0),
    patch=(32, 32, 32),
)


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    import torch

    from inference.engine.weights import network_of, save_model

    torch.manual_seed(1)
    path = tmp_path / "small.safetensors"
    save_model(path, network_of(RECIPE).state_dict(), RECIPE, training={"data": "none: fresh weights"})
    return path


def flair() -> LabelScheme:
    return LabelScheme.objects.get(key="flair", version=1)


def register(weights: Path, **changes: object) -> ModelVersion:
    fields = {"path": weights, "name": "small", "version": 1, "scheme": flair(), **changes}
    return services.register_model(**fields)  # type: ignore[arg-type]


def synthetic_case(*, thick_flair: bool = False) -> Case:
    """Return a case of a synthetic head: T1c as reference and FLAIR, on a grid of its own when thick."""
    case = CaseFactory.create(synthetic=True)
    head = make_head(HeadSpec((40, 44, 36), (4.0, 4.0, 4.0), tumour_radius=15), 3)
    rows = {}
    for sequence in (Sequence.T1C, Sequence.FLAIR):
        image, grid = head.images[sequence], head.grid
        if thick_flair and sequence is Sequence.FLAIR:
            affine = grid.affine.copy()
            affine[:3, 2] *= 2
            image, grid = image[:, :, ::2], Grid((40, 44, 18), affine)
        row = Series.objects.create(case=case, sequence=sequence, shape=list(grid.shape), affine=grid.affine.tolist())
        stored = storage.keep(nifti_bytes((image * 1000).astype(np.int16), grid))
        SeriesFile.objects.create(series=row, stored=stored, format="nifti", suffix=".nii.gz")
        rows[sequence] = row
    case.reference = rows[Sequence.T1C]
    case.save(update_fields=["reference"])
    return case


def predict(model: ModelVersion, case: Case) -> Job:
    job = enqueue("inference.predict", key=f"{model.rater_id}:{case.pk}", rater=model.rater_id, case=case.pk)
    run(str(job.pk))
    job.refresh_from_db()
    return job


@pytest.mark.parametrize("thick_flair", [False, True])
def test_a_prediction_lies_on_the_reference_grid_and_belongs_to_the_model(weights: Path, thick_flair: bool) -> None:
    model, case = register(weights), synthetic_case(thick_flair=thick_flair)
    job = predict(model, case)
    assert job.status == Job.Status.SUCCEEDED, job.detail
    made = Prediction.objects.get()
    segmentation = made.segmentation
    assert case.reference is not None
    assert read_layers(segmentation).shape == (1, *case.reference.grid.canonical().shape)
    assert (segmentation.rater, segmentation.source, segmentation.series) == (model.rater, "model", case.reference)
    assert made.seconds > 0


@pytest.mark.parametrize("thick_flair", [False, True])
def test_the_probability_is_kept_on_the_grid_of_the_mask_in_a_byte_per_voxel(weights: Path, thick_flair: bool) -> None:
    model, case = register(weights), synthetic_case(thick_flair=thick_flair)
    predict(model, case)
    segmentation = Prediction.objects.get().segmentation
    kept = DerivedMap.objects.get(segmentation=segmentation)
    assert (kept.kind, kept.label, kept.series) == ("probability", "fh", segmentation.series)
    image = nib.Nifti1Image.from_bytes(gzip.decompress(storage.read(kept.content_id)))
    assert image.get_data_dtype() == np.uint8
    assert np.allclose(image.affine, segmentation.grid.affine)
    probability = np.asarray(image.dataobj)
    assert 0 <= probability.min() < probability.max() <= 1


def test_a_probability_is_rounded_to_the_nearest_step() -> None:
    steps = in_steps(np.array([-0.1, 0.0, 0.0019, 0.002, 0.5, 1.0, 1.1]))
    assert steps.tolist() == [0, 0, 0, 1, 128, 255, 255]


def test_predicting_twice_keeps_one_prediction(weights: Path) -> None:
    model, case = register(weights), synthetic_case()
    first = predict(model, case)
    Job.objects.filter(pk=first.pk).update(status=Job.Status.QUEUED)
    run(str(first.pk))
    assert (Prediction.objects.count(), Segmentation.objects.count()) == (1, 1)


def test_a_case_without_the_sequence_says_so(weights: Path) -> None:
    model = register(weights)
    case = PreparedCaseFactory.create(images=("T1", "T1c"))
    job = predict(model, case)
    assert job.status == Job.Status.FAILED
    assert job.error == "The model needs FLAIR, which this case does not have."


def test_registering_the_same_weights_again_gives_the_same_version(weights: Path) -> None:
    assert register(weights) == register(weights)


def test_another_file_under_the_same_version_is_refused(weights: Path, tmp_path: Path) -> None:
    import torch

    from inference.engine.weights import network_of, save_model

    register(weights)
    torch.manual_seed(2)
    other = tmp_path / "other.safetensors"
    save_model(other, network_of(RECIPE).state_dict(), RECIPE, training={})
    with pytest.raises(Conflict, match="other weights"):
        register(other)


def test_a_file_that_is_no_safetensors_file_is_refused(tmp_path: Path) -> None:
    bad = tmp_path / "bad.safetensors"
    bad.write_bytes(b"\x80\x04pickle?")
    with pytest.raises(DomainError, match="safetensors"):
        register(bad)


def test_a_model_whose_regions_the_scheme_does_not_have_is_refused(weights: Path) -> None:
    with pytest.raises(DomainError, match="The model draws FH"):
        register(weights, scheme=LabelScheme.objects.get(key="reseg", version=1))
