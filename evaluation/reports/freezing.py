"""The parts from which every kind of report composes its frozen inputs: plain data that names each source by hash."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from hashlib import sha256
from typing import Any

from django.db.models import Q

from cases import schemes
from cases.models import Case, Segmentation, Series
from core.errors import DomainError
from evaluation.reports.parameters import Option, Options
from people.models import Rater
from studies.models import Assignment, Membership, Rating, Study
from studies.rubrics import reason_not_assessed

Row = dict[str, Any]
NOTHING_COMPLETE = "No case has a mask of everybody who is compared. Compare every mask that is there instead."


def digest(inputs: Row) -> str:
    """Return the SHA-256 of frozen inputs."""
    return sha256(json.dumps(inputs, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def study_facts(study: Study) -> Row:
    """Return what a report says about its study: the protocol's version, the label scheme, the blinding."""
    return {
        "id": study.pk,
        "name": study.name,
        "blinded": study.blinded,
        "protocol_version": study.protocol_version,
        "scheme": f"{study.scheme.key}/{study.scheme.version}",
        "scheme_name": study.scheme.name,
        "definition": study.scheme.definition,
        "start_mask": study.start_rater.name if study.start_rater is not None else "",
        "second_mask": study.second_rater.name if study.second_rater is not None else "",
    }


def submissions(study: Study, *, withdrawn: bool, occasion: int | None = 1) -> list[Assignment]:
    """Return what was handed in, by case and rater, without cases that were withdrawn.

    withdrawn says whether the readings of people who left the study are kept; occasion None takes all, in their order.
    """
    rows = Assignment.objects.submitted().filter(study=study, case__withdrawn_at__isnull=True)
    if occasion is not None:
        rows = rows.filter(occasion=occasion)
    if not withdrawn:
        rows = rows.filter(rater__in=_staying(study))
    related = ("submission__series", "rater", "case__patient__centre", "case__reference")
    return list(rows.select_related(*related).order_by("case_id", "rater_id", "occasion"))


def _staying(study: Study) -> Any:
    return Membership.objects.current().raters().filter(study=study).values("rater")


def on_the_grid(submitted: Iterable[Assignment]) -> tuple[list[Assignment], list[Row]]:
    """Return the submissions on the grid of their case's reference image, and the others with the reason."""
    used, left_out = [], []
    for row in submitted:
        reason = _on_another_grid(row.submission, row.case) if row.submission is not None else ""
        if reason:
            left_out.append({"case": row.case_id, "rater": row.rater_id, "reason": reason})
        else:
            used.append(row)
    return used, left_out


def keep_complete(masks: dict[tuple[int, int], Segmentation]) -> dict[tuple[int, int], Segmentation]:
    """Return the masks, by (case, rater), of the cases of which everybody among the raters has one.

    Raises DomainError when there is no such case.
    """
    raters = {rater for _, rater in masks}
    cases = {case for case, _ in masks}
    whole = {case for case in cases if all((case, rater) in masks for rater in raters)}
    if masks and not whole:
        raise DomainError(NOTHING_COMPLETE)
    return {place: mask for place, mask in masks.items() if place[0] in whole}


def study_cases(study: Study) -> list[Case]:
    """Return the cases that the study reads, without those that were withdrawn."""
    rows = Case.objects.present().filter(study_cases__study=study).select_related("patient__centre", "reference")
    return list(rows.order_by("pk"))


def people(study: Study, present: Collection[int]) -> list[Row]:
    """Return the raters among those present, with the expertise and years of their joining the study."""
    rows = Membership.objects.raters().filter(study=study, rater_id__in=present).select_related("rater")
    return [
        {
            "id": row.rater_id,
            "name": row.rater.name,
            "kind": "human",
            "group": row.expertise,
            "years": row.years,
            "withdrawn": row.ended_at is not None,
        }
        for row in rows.order_by("expertise", "rater__name")
        if row.rater is not None
    ]


def rater_facts(rater: Rater, *, group: str) -> Row:
    """Return a rater who is no member of the study: a model, or the reference."""
    return {
        "id": rater.pk,
        "name": rater.name,
        "kind": str(rater.kind),
        "group": group,
        "years": rater.years,
        "withdrawn": False,
    }


def case_facts(case: Case) -> Row:
    """Return a case with every attribute that reports group by."""
    return {
        "id": case.pk,
        "patient": case.patient.pseudonym,
        "centre": case.patient.centre.code,
        "time_point": case.get_time_point_display(),
        "time_point_key": case.time_point,
        "follow_up_number": case.follow_up_number,
        "day_offset": case.day_offset,
        "tumour_type": case.tumour_type,
        "post_operative": case.post_operative,
        "recurrent": case.recurrent,
        "multifocal": case.multifocal,
        "idh": case.idh,
        "grade": case.grade,
        "dataset_group": case.dataset_group,
        "synthetic": case.synthetic,
    }


def reading(segmentation: Segmentation) -> Row:
    """Return a segmentation by its hash."""
    return {
        "case": segmentation.case_id,
        "rater": segmentation.rater_id,
        "segmentation": segmentation.pk,
        "sha256": segmentation.sha256,
    }


def images(cases: Iterable[Case], *, sequences: Collection[str]) -> list[Row]:
    """Return the images of these sequences, each with the hashes of its files, in the order of the import."""
    rows = Series.objects.filter(case__in=[case.pk for case in cases], sequence__in=sequences)
    return [
        {
            "id": row.pk,
            "case": row.case_id,
            "sequence": row.sequence,
            "name": row.name,
            "files": [file.stored_id for file in row.files.all()],
        }
        for row in rows.order_by("case_id", "pk").prefetch_related("files")
    ]


def masks_by(
    raters: Collection[int], *, cases: Iterable[Case], regions: Iterable[str]
) -> tuple[list[Segmentation], list[Row]]:
    """Return the newest usable mask of each of these raters and cases, and those that cannot be used, with the reason.

    For models, consensuses and experts whose masks were imported: what somebody handed in is a reading of the study
    that asked for it, and no other study's. A mask is usable when its scheme has all the regions and it
    lies on the grid of the case's reference series, on which people draw.
    """
    asked = {case.pk: case for case in cases}
    rows = Segmentation.objects.filter(case__in=asked, rater__in=raters)
    rows = rows.exclude(source=Segmentation.Source.SUBMISSION)
    newest: dict[tuple[int, int], Segmentation] = {}
    unusable: dict[tuple[int, int], str] = {}
    for row in rows.select_related("rater", "series", "scheme").order_by("created_at", "pk"):
        place = (row.case_id, row.rater_id)
        reason = _unusable(row, asked[row.case_id], regions)
        if reason:
            unusable[place] = reason
        else:
            newest[place] = row
    left_out = [
        {"case": case, "rater": rater, "reason": reason}
        for (case, rater), reason in sorted(unusable.items())
        if (case, rater) not in newest
    ]
    return [newest[place] for place in sorted(newest)], left_out


def _unusable(mask: Segmentation, case: Case, regions: Iterable[str]) -> str:
    lacking = sorted(set(regions) - {key for key, _ in schemes.keys_of(mask.scheme.definition)})
    if lacking:
        return f"its scheme {mask.scheme.name} has no {', '.join(lacking)}"
    return _on_another_grid(mask, case)


def _on_another_grid(mask: Segmentation, case: Case) -> str:
    if case.reference is None or mask.grid.same_as(case.reference.grid.canonical()):
        return ""
    return "it lies on another grid than the case's reference image"


def current_ratings(submitted: Collection[Assignment]) -> list[Rating]:
    """Return the current answers to these readings, by case, rater and occasion."""
    rows = Rating.objects.current().filter(assignment__in=submitted)
    rows = rows.select_related(
        "assignment__arm", "assignment__case__patient__centre", "segmentation__rater", "segmentation__series"
    )
    return list(rows.order_by("assignment__case_id", "assignment__rater_id", "assignment__occasion"))


def rating(row: Rating) -> Row:
    """Return a score with the mask that was shown and the hash of the answers."""
    return {
        "case": row.assignment.case_id,
        "rater": row.assignment.rater_id,
        "arm": row.assignment.arm.key,
        "occasion": row.assignment.occasion,
        "segmentation": row.segmentation_id,
        "source": row.segmentation.rater_id,
        "score": row.score,
        "not_assessed": reason_not_assessed(row.answers) is not None,
        "sha256": sha256(json.dumps(row.answers, sort_keys=True).encode()).hexdigest(),
    }


def ratings(submitted: Collection[Assignment]) -> list[Row]:
    """Return the current scores of these readings."""
    return [rating(row) for row in current_ratings(submitted)]


def asked(study: Study, *, withdrawn: bool) -> Row:
    """Return which readings were asked for, and what the cases and people without any reading are called.

    withdrawn says whether people who left the study are among those who were asked.
    """
    rows = Assignment.objects.filter(study=study, occasion=1, case__withdrawn_at__isnull=True)
    if not withdrawn:
        rows = rows.filter(rater__in=_staying(study))
    rows = rows.select_related("case__patient__centre", "rater").order_by("case_id", "rater_id")
    return {
        "asked": [[row.case_id, row.rater_id] for row in rows],
        "asked_cases": list({row.case_id: case_facts(row.case) for row in rows}.values()),
        "asked_raters": list({row.rater_id: {"id": row.rater_id, "name": row.rater.name} for row in rows}.values()),
    }


def region_options(study: Study) -> Options:
    """Return the labels and regions of the study's scheme; those that say the same as another are not the default."""
    distinct = set(schemes.distinct_keys(study.scheme.definition))
    return tuple(
        Option(key, name, chosen=key in distinct)
        for key, name in dict(schemes.keys_of(study.scheme.definition)).items()
    )


def reference_options(study: Study) -> Options:
    """Return "none" (0) and the people whose masks of the study's cases were imported and who read nothing in it."""
    own = Membership.objects.raters().filter(study=study).values("rater")
    found = _with_masks(study, Q(kind=Rater.Kind.HUMAN) & ~Q(pk__in=own), source=Segmentation.Source.IMPORT)
    return (Option(0, "none"), *found)


def model_options(study: Study) -> Options:
    """Return the models that have masks of the study's cases; the one that people start from is the default."""
    found = _with_masks(study, Q(kind=Rater.Kind.MODEL))
    return tuple(Option(one.value, one.label, chosen=one.value == study.start_rater_id) for one in found)


def _with_masks(study: Study, raters: Q, **masks: Any) -> Options:
    rows = Segmentation.objects.filter(case__study_cases__study=study, case__withdrawn_at__isnull=True, **masks)
    found = Rater.objects.filter(raters, pk__in=rows.values("rater")).order_by("name", "pk")
    return tuple(Option(rater.pk, rater.name) for rater in found)
