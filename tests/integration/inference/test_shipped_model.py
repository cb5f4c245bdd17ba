"""The model that comes with the platform is there from the first start, and no version stands for two networks."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import call_command

from cases.models import LabelScheme
from inference import services
from inference.engine.recipe import Recipe
from inference.models import ModelVersion

pytestmark = pytest.mark.django_db


def test_an_installation_without_the_demo_has_the_shipped_model() -> None:
    call_command("prepare", "--empty", stdout=io.StringIO(), stderr=io.StringIO())
    model = ModelVersion.objects.get()
    assert str(model) == "flair-synthetic v1"
    call_command("prepare", "--empty", stdout=io.StringIO(), stderr=io.StringIO())
    assert ModelVersion.objects.get() == model


def test_other_weights_of_an_earlier_release_stay_and_the_shipped_ones_are_the_next_version(tmp_path: Path) -> None:
    from inference.engine.weights import network_of, save_model

    recipe = Recipe(
        name="earlier", network="attention-unet", network_args={"filters": [4, 8]}, channels=("FLAIR",),
        regions=("FH",), spacing=(4.0, 4.0, 4.0), patch=(16, 16, 16),
    )  # fmt: skip
    path = tmp_path / "earlier.safetensors"
    save_model(path, network_of(recipe).state_dict(), recipe, training={"data": "none: fresh weights"})
    flair = LabelScheme.objects.get(key="flair", version=1)
    earlier = services.register_model(path=path, name="flair-synthetic", version=1, scheme=flair)
    shipped = services.shipped_model()
    assert (str(earlier), str(shipped)) == ("flair-synthetic v1", "flair-synthetic v2")
    assert services.shipped_model() == shipped
