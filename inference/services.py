"""Register model versions, and keep what they predict."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from audit.services import record
from cases import schemes
from cases.models import Case, DerivedMap, LabelScheme, Segmentation
from cases.services import KeptLayers, add_segmentation
from core import storage
from core.errors import Conflict, DomainError
from core.models import StoredFile
from inference.engine.recipe import Recipe, read_recipe
from inference.models import ModelVersion, Prediction
from jobs.models import Job
from people.models import Rater

SHIPPED = ("flair-synthetic", "flair-synthetic-1.safetensors", "flair")
"""Name, file and label scheme of the model that comes with the platform."""


def weights_folder() -> Path:
    """Return where the weights lie that come with the platform."""
    return Path(settings.ROOT) / "inference" / "weights"


def register_model(*, path: Path, name: str, version: int, scheme: LabelScheme, by: Any = None) -> ModelVersion:
    """Take trained weights in as a model version, and with it as a rater. The recipe is read from the file.

    Raises DomainError when the file is no safetensors file of ours or its regions are not the scheme's labels, and
    Conflict when this version exists with other weights.
    """
    try:
        recipe, training = read_recipe(path)
    except ValueError as error:
        raise DomainError(str(error)) from error
    _check_regions(recipe, scheme)
    stored = storage.keep_file(path)
    with transaction.atomic():
        there = ModelVersion.objects.filter(name=name, version=version).first()
        if there is not None and there.weights_id != stored.pk:
            raise Conflict(f"{name} v{version} exists with other weights. Give this one another version.")
        if there is not None:
            return there
        rater = Rater.objects.create(kind=Rater.Kind.MODEL, name=f"{name} v{version}")
        model = ModelVersion.objects.create(
            name=name,
            version=version,
            rater=rater,
            scheme=scheme,
            recipe=recipe.to_json(),
            weights=stored,
            card=_card(path, training),
        )
        record("model.registered", model, by=by, weights=stored.pk)
        return model


def shipped_model() -> ModelVersion:
    """Return the model that comes with the platform; it is registered when first asked for.

    An installation that has other weights under its name, from an earlier release, gets these as the next version:
    what the earlier one predicted stays that version's.
    """
    name, file, key = SHIPPED
    path = weights_folder() / file
    stored = storage.keep_file(path)
    versions = ModelVersion.objects.filter(name=name)
    there = versions.filter(weights=stored).first()
    if there is not None:
        return there
    newest = versions.order_by("-version").first()
    scheme = LabelScheme.objects.get(key=key, version=1)
    return register_model(path=path, name=name, version=newest.version + 1 if newest else 1, scheme=scheme)


def layers_needed(model: ModelVersion) -> dict[int, schemes.Label]:
    """Return, by the place of each of the model's regions, the label that it is drawn as."""
    labels = {label.key: label for label in schemes.labels_of(model.scheme.definition)}
    return {place: labels[region.lower()] for place, region in enumerate(Recipe.from_json(model.recipe).regions)}


@dataclass(frozen=True)
class Drawn:
    """What a model made of a case, stored: the mask, and by label key its probability (NIfTI, on the mask's grid)."""

    mask: KeptLayers
    probabilities: dict[str, StoredFile]


def keep_prediction(
    job: Job, model: ModelVersion, case: Case, drawn: Drawn, *, seconds: float, device: str
) -> Prediction:
    """Write a prediction in one transaction that only the current attempt can commit; the first one stays."""
    with job.keeping():
        there = Prediction.objects.filter(model_version=model, case=case).first()
        if there is not None:
            return there
        segmentation = add_segmentation(kept=drawn.mask, rater=model.rater, source=Segmentation.Source.MODEL)
        DerivedMap.objects.bulk_create(
            DerivedMap(
                case=case,
                series_id=segmentation.series_id,
                segmentation=segmentation,
                kind=DerivedMap.Kind.PROBABILITY,
                label=label,
                content=content,
            )
            for label, content in drawn.probabilities.items()
        )
        return Prediction.objects.create(
            model_version=model, case=case, segmentation=segmentation, seconds=seconds, device=device
        )


def _check_regions(recipe: Recipe, scheme: LabelScheme) -> None:
    known = {label.key for label in schemes.labels_of(scheme.definition)}
    unknown = [region for region in recipe.regions if region.lower() not in known]
    if unknown:
        raise DomainError(f"The model draws {', '.join(unknown)}; the scheme has {', '.join(sorted(known))}.")


def _card(path: Path, training: dict[str, Any]) -> str:
    """Return the model's card: the README beside the weights, or what the file says of its training."""
    readme = path.with_name("README.md")
    if readme.exists():
        return readme.read_text()
    return "\n".join(f"- {key}: {value}" for key, value in training.items())
