"""Ask for the figures of a case, compute them in a worker, and keep them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from cases import schemes
from cases.models import DerivedMap, LabelScheme, Segmentation
from cases.services import read_layers
from core import storage
from core.errors import DomainError
from core.models import StoredFile
from evaluation.agreement import computing
from evaluation.agreement.inputs import JOB_KIND, CaseInputs, as_params, current_inputs, inputs_of
from evaluation.models import CaseAgreement, DisagreementMap
from imaging.payload import Layers
from imaging.writing import nifti_bytes
from jobs.models import Job
from jobs.services import enqueue
from people.models import Rater
from studies.models import Study

KEPT = timedelta(days=7)
"""How long figures stay that count no more."""


def ask_for_changed_cases() -> None:
    """Ask for the figures of every case whose masks are not those that were compared; again changes nothing."""
    wanted = current_inputs(Study.objects.exclude(state=Study.State.DRAFT))
    there = set(CaseAgreement.objects.values_list("study_id", "case_id", "inputs_sha256"))
    for inputs in wanted:
        if (inputs.study, inputs.case, inputs.digest) not in there:
            enqueue(JOB_KIND, key=inputs.key, **as_params(inputs))


def compute_agreement(job: Job) -> None:
    """Compare the masks that the job names and keep the figures; doing it again keeps nothing new."""
    inputs = inputs_of(job.params)
    if _rows(inputs).exists():
        return
    rows = _segmentations(inputs)
    scheme = LabelScheme.objects.get(pk=inputs.scheme)
    layers = []
    for number, row in enumerate(rows):
        job.report(30 * number / len(rows), f"Reading mask {number + 1} of {len(rows)}")
        layers.append(read_layers(row))
    people = sum(reading.kind == Rater.Kind.HUMAN for reading in inputs.readings)
    results = _compare(job, rows, layers, definition=scheme.definition, people=people)
    job.report(85, "Mapping the disagreement")
    maps = _maps(rows[0], layers[:people], scheme.definition) if people >= computing.MINIMUM_READERS else {}
    with job.keeping():
        agreement, created = CaseAgreement.objects.get_or_create(
            study_id=inputs.study,
            case_id=inputs.case,
            inputs_sha256=inputs.digest,
            defaults={
                "readings": as_params(inputs)["readings"],
                "results": results,
                "people_dice": computing.people_dice(results[main_region(scheme.definition)], people),
            },
        )
        if created:
            _keep_maps(agreement, rows[0], maps, readers=people)
        _forget_old(inputs)


def _forget_old(inputs: CaseInputs) -> None:
    """Delete the case's figures and maps that count no more and are older than KEPT, with the jobs that made them.

    Younger ones stay: a reading that goes back and comes in unchanged has its figures at once. Without its job a set of
    masks that comes back later still is compared anew.
    """
    study = Study.objects.filter(pk=inputs.study)
    current = {one.digest for one in current_inputs(study) if one.case == inputs.case} | {inputs.digest}
    rows = CaseAgreement.objects.filter(study=inputs.study, case=inputs.case, created_at__lt=timezone.now() - KEPT)
    old = list(rows.exclude(inputs_sha256__in=current))
    maps = list(DisagreementMap.objects.filter(agreement__in=old).values_list("derived", flat=True))
    keys = [f"{inputs.study}:{inputs.case}:{row.inputs_sha256}" for row in old]
    CaseAgreement.objects.filter(pk__in=[row.pk for row in old]).delete()
    DerivedMap.objects.filter(pk__in=maps).delete()
    Job.objects.filter(kind=JOB_KIND, key__in=keys).delete()


def _rows(inputs: CaseInputs) -> Any:
    return CaseAgreement.objects.filter(study=inputs.study, case=inputs.case, inputs_sha256=inputs.digest)


def _segmentations(inputs: CaseInputs) -> list[Segmentation]:
    """Return the masks in the order of the inputs. Raises DomainError when one is no longer what it was,
    or when they lie on different grids.
    """
    wanted = {reading.segmentation: reading.sha256 for reading in inputs.readings}
    rows = Segmentation.objects.filter(pk__in=wanted).select_related("scheme", "series", "content")
    there = {row.pk: row for row in rows}
    if {pk: row.sha256 for pk, row in there.items()} != wanted:
        raise DomainError("A reading that was to be compared is no longer there, or was altered.")
    found = [there[reading.segmentation] for reading in inputs.readings]
    if not all(row.grid.same_as(found[0].grid) for row in found):
        raise DomainError("The readings of this case lie on different grids and cannot be compared.")
    return found


def _compare(
    job: Job, rows: Sequence[Segmentation], layers: Sequence[Layers], *, definition: schemes.Definition, people: int
) -> dict[str, Any]:
    """Return the figures of every region; all masks are cropped to one box, which changes none of them."""
    grid = rows[0].grid
    first, second, third = computing.box_of(layers)
    masks = [schemes.masks_of(definition, one[:, first, second, third]) for one in layers]
    keys = schemes.distinct_keys(definition)
    results = {}
    for number, key in enumerate(keys):
        job.report(30 + 50 * number / len(keys), f"Comparing {len(rows)} masks, region {number + 1} of {len(keys)}")
        results[key] = computing.compare_region(
            [one[key] for one in masks], people=people, spacing=grid.spacing, voxel_ml=grid.voxel_volume_ml
        )
    return results


def main_region(definition: schemes.Definition) -> str:
    """Return the region that unites most labels, the first of several: what one number alone is given for."""
    sizes = {row["key"]: 1 for row in definition["labels"]}
    sizes |= {row["key"]: len(row["labels"]) for row in definition["regions"]}
    return max(schemes.distinct_keys(definition), key=lambda key: sizes[key])


def _maps(
    row: Segmentation, layers: Sequence[Layers], definition: schemes.Definition
) -> dict[str, tuple[StoredFile, float]]:
    """Return, by layer, the stored map of the people's disagreement and the most bits that it could have."""
    box = computing.box_of(layers)
    grid = row.grid
    found = {}
    for place, layer in enumerate(definition["layers"]):
        values = 1 + sum(label.layer == place for label in schemes.labels_of(definition))
        made = computing.map_disagreement([one[place][box] for one in layers], values=values, shape=grid.shape, box=box)
        content = nifti_bytes(made.steps, grid, slope=made.bits_per_step)
        found[layer["key"]] = (storage.keep(content), made.most_bits)
    return found


def _keep_maps(
    agreement: CaseAgreement, row: Segmentation, maps: dict[str, tuple[StoredFile, float]], *, readers: int
) -> None:
    for layer, (stored, most_bits) in maps.items():
        derived = DerivedMap.objects.create(
            case_id=agreement.case_id,
            series_id=row.series_id,
            kind=DerivedMap.Kind.ENTROPY,
            label=layer,
            content=stored,
        )
        DisagreementMap.objects.create(
            agreement=agreement, layer=layer, derived=derived, readers=readers, most_bits=most_bits
        )
