"""Freeze a study's readings into plain data, from which a report is computed and can be computed again."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from django.conf import settings

from cases import schemes
from cases.models import Case, Segmentation
from core.errors import DomainError
from people.models import Rater
from studies.models import Assignment, Membership, Rating, Study

DEFAULTS: dict[str, Any] = {"regions": [], "tie": "background", "both_empty": "leave_out", "seed": 20260101}
CHOICES = {"tie": ("background", "foreground"), "both_empty": ("leave_out", "one")}


def complete_parameters(study: Study, wanted: dict[str, Any]) -> dict[str, Any]:
    """Return every parameter of an inter-rater report, checked; regions default to all that differ."""
    unknown = sorted(set(wanted) - set(DEFAULTS))
    if unknown:
        raise DomainError(f"A report has no parameter {', '.join(unknown)}.")
    chosen = {**DEFAULTS, **wanted}
    known = [key for key, _ in schemes.keys_of(study.scheme.definition)]
    if not isinstance(chosen["regions"], list) or not all(isinstance(key, str) for key in chosen["regions"]):
        raise DomainError("regions is a list of keys of the study's scheme.")
    chosen["regions"] = list(dict.fromkeys(chosen["regions"])) or schemes.distinct_keys(study.scheme.definition)
    wrong = [key for key in chosen["regions"] if key not in known]
    if wrong:
        raise DomainError(f"The study's scheme has no {', '.join(wrong)}; it has {', '.join(known)}.")
    for name, values in CHOICES.items():
        if chosen[name] not in values:
            raise DomainError(f"{name} is one of {', '.join(values)}.")
    if type(chosen["seed"]) is not int or not 0 <= chosen["seed"] < 2**31:
        raise DomainError("seed is a whole number from 0 to 2147483647.")
    return chosen


def freeze(study: Study, parameters: dict[str, Any]) -> dict[str, Any]:
    """Return the inputs of an inter-rater report: who read what, by hash, with everything that groups it.

    The newest submission of every rater and case on the first occasion; the study's model, if it has one, is a rater
    like the others. Raises DomainError when fewer than two raters have handed anything in.
    """
    submitted = list(
        Assignment.objects.submitted()
        .filter(study=study, occasion=1, case__withdrawn_at__isnull=True)
        .select_related("submission", "rater", "case__patient__centre")
        .order_by("case_id", "rater_id")
    )
    if len({row.rater_id for row in submitted}) < 2:
        raise DomainError("A report on agreement needs readings of at least two raters. Wait until they are in.")
    cases = {row.case_id: row.case for row in submitted}
    readings = [_reading(row.submission) for row in submitted if row.submission is not None]
    model = _model_readings(study, list(cases))
    return {
        "study": _study(study),
        "parameters": parameters,
        "raters": _raters(study, {row.rater_id for row in submitted}) + _models(model),
        "cases": [_case(case) for case in cases.values()],
        "readings": readings + [_reading(row) for row in model],
        "ratings": _ratings(submitted),
        **_asked(study),
        "code_version": settings.VERSION,
    }


def digest(inputs: dict[str, Any]) -> str:
    """Return the SHA-256 of frozen inputs."""
    return sha256(json.dumps(inputs, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _study(study: Study) -> dict[str, Any]:
    return {
        "id": study.pk,
        "name": study.name,
        "blinded": study.blinded,
        "protocol_version": study.protocol_version,
        "scheme": f"{study.scheme.key}/{study.scheme.version}",
        "scheme_name": study.scheme.name,
        "definition": study.scheme.definition,
        "start_mask": study.start_rater.name if study.start_rater is not None else "",
    }


def _raters(study: Study, present: set[int]) -> list[dict[str, Any]]:
    rows = Membership.objects.raters().filter(study=study, rater_id__in=present).select_related("rater")
    return [
        {
            "id": row.rater_id,
            "name": row.rater.name,
            "kind": "human",
            "group": row.expertise,
            "years": row.years,
        }
        for row in rows.order_by("expertise", "rater__name")
        if row.rater is not None
    ]


def _models(readings: list[Segmentation]) -> list[dict[str, Any]]:
    raters: dict[int, Rater] = {row.rater_id: row.rater for row in readings}
    return [
        {"id": rater.pk, "name": rater.name, "kind": "model", "group": "model", "years": None}
        for rater in raters.values()
    ]


def _model_readings(study: Study, cases: list[int]) -> list[Segmentation]:
    """Return the start model's newest segmentation of each case."""
    if study.start_rater_id is None:
        return []
    rows = Segmentation.objects.filter(case__in=cases, rater=study.start_rater_id, scheme=study.scheme_id)
    newest = {row.case_id: row for row in rows.select_related("rater").order_by("created_at", "pk")}
    return list(newest.values())


def _case(case: Case) -> dict[str, Any]:
    return {
        "id": case.pk,
        "patient": case.patient.pseudonym,
        "centre": case.patient.centre.code,
        "time_point": case.get_time_point_display(),
        "tumour_type": case.tumour_type,
        "post_operative": case.post_operative,
        "recurrent": case.recurrent,
        "multifocal": case.multifocal,
        "idh": case.idh,
        "grade": case.grade,
        "dataset_group": case.dataset_group,
        "synthetic": case.synthetic,
    }


def _reading(segmentation: Segmentation) -> dict[str, Any]:
    return {
        "case": segmentation.case_id,
        "rater": segmentation.rater_id,
        "segmentation": segmentation.pk,
        "sha256": segmentation.sha256,
    }


def _ratings(submitted: list[Assignment]) -> list[dict[str, Any]]:
    rows = Rating.objects.current().filter(assignment__in=submitted).select_related("assignment")
    return [
        {
            "case": row.assignment.case_id,
            "rater": row.assignment.rater_id,
            "score": row.score,
            "sha256": sha256(json.dumps(row.answers, sort_keys=True).encode()).hexdigest(),
        }
        for row in rows.order_by("assignment__case_id", "assignment__rater_id")
    ]


def _asked(study: Study) -> dict[str, Any]:
    """Return which readings were asked for, and what the cases and people without any reading are called."""
    rows = Assignment.objects.filter(study=study, occasion=1, case__withdrawn_at__isnull=True)
    rows = rows.select_related("case__patient__centre", "rater").order_by("case_id", "rater_id")
    return {
        "asked": [[row.case_id, row.rater_id] for row in rows],
        "asked_cases": list({row.case_id: _case(row.case) for row in rows}.values()),
        "asked_raters": list({row.rater_id: {"id": row.rater_id, "name": row.rater.name} for row in rows}.values()),
    }
