"""What a rater may look at beside the mask that they draw, where the study allows it: outlines and a probability."""

from __future__ import annotations

from django.utils.crypto import salted_hmac

from cases.models import DerivedMap, Segmentation
from cases.services import read_layers
from core.models import StoredFile
from imaging.payload import encode_layers
from imaging.resampling import resample
from people.models import Rater
from studies.models import Assignment


def previous_mask(assignment: Assignment) -> Segmentation | None:
    """Return the mask of the patient's latest earlier exam that this rater may see, or None.

    It is the rater's own submission in the same study; without one, the mask of the model that the study starts from,
    where the rater's arm shows such masks. Never another person's.
    """
    study = assignment.study
    if not study.outlines_previous:
        return None
    for exam in assignment.case.earlier_exams():
        own = Assignment.objects.submitted().filter(study=study, rater=assignment.rater_id, case=exam)
        submitted = own.order_by("-submitted_at").select_related("submission__series").first()
        if submitted is not None:
            return submitted.submission
        if assignment.arm.shows_start_mask and study.start_rater_id is not None:
            by_model = Segmentation.objects.filter(rater=study.start_rater_id, rater__kind=Rater.Kind.MODEL)
            masks = by_model.filter(case=exam, scheme=study.scheme_id)
            drawn = masks.select_related("series").order_by("-created_at", "-pk").first()
            if drawn is not None:
                return drawn
    return None


def previous_payload(assignment: Assignment, mask: Segmentation) -> bytes:
    """Return the previous mask as a label payload on the assignment's grid: the nearest voxel by mm, 0 outside.

    Exams that were not registered to each other do not fit; nothing here moves them.
    """
    layers = read_layers(mask)
    target = assignment.series.grid.canonical()
    if mask.grid.same_as(target):
        return encode_layers(layers)
    import numpy as np

    return encode_layers(np.stack([resample(layer, mask.grid, target, order=0) for layer in layers]))


def version_token(assignment: Assignment, mask: Segmentation) -> str:
    """Return what stands for a mask in an address: it changes with the mask and says nothing of it."""
    text = f"{assignment.pk}:{mask.pk}:{mask.sha256}"
    return salted_hmac("overread.assignment.guide", text, algorithm="sha256").hexdigest()[:24]


def probabilities(assignment: Assignment) -> dict[str, StoredFile]:
    """Return, by label key, the probability maps (NIfTI on the assignment's grid) of the start mask's model.

    Empty where the study does not show them, the rater starts from an empty mask, or no model kept any.
    """
    if not assignment.study.shows_probability or assignment.start_id is None:
        return {}
    maps = DerivedMap.objects.filter(
        segmentation=assignment.start_id, kind=DerivedMap.Kind.PROBABILITY, series=assignment.series_id
    )
    return {one.label: one.content for one in maps.select_related("content").order_by("label")}
