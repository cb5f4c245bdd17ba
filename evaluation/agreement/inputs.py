"""Which masks of a case are compared now, and the hash that a row of figures is known by."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from cases.models import Segmentation
from evaluation.agreement.computing import METHOD
from people.models import Rater
from studies.models import Assignment, Study

JOB_KIND = "evaluation.agreement"


@dataclass(frozen=True)
class Reading:
    """One mask that is compared: whose, and which."""

    rater: int
    kind: str
    segmentation: int
    sha256: str


@dataclass(frozen=True)
class CaseInputs:
    """The masks of one case in one study: people by their number, then models."""

    study: int
    case: int
    scheme: int
    readings: tuple[Reading, ...]

    @property
    def digest(self) -> str:
        """The SHA-256 of the scheme, the method and whose mask is which; equal masks drawn anew have an equal one."""
        facts = [self.scheme, METHOD, [[row.rater, row.kind, row.sha256] for row in self.readings]]
        return sha256(json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    @property
    def key(self) -> str:
        """What its job is asked for by: once for these masks, whatever happens in between."""
        return f"{self.study}:{self.case}:{self.digest}"


def current_inputs(studies: QuerySet[Study]) -> list[CaseInputs]:
    """Return what is there to compare in every case of these studies that somebody has handed in.

    The readings that are handed in now, of the first occasion, and the newest mask of the study's model on the grid
    that they were drawn on. A reading that was given back is not among them until it is handed in again, and no case
    is that was withdrawn.
    """
    submitted = Assignment.objects.submitted().filter(
        study__in=studies, occasion=1, case__withdrawn_at__isnull=True, submission__isnull=False
    )
    models = _model_readings(submitted)
    rows = submitted.order_by("study_id", "case_id", "rater_id").values_list(
        "study_id", "case_id", "study__scheme_id", "study__start_rater_id", "series_id", "rater_id",
        "submission_id", "submission__sha256",
    )  # fmt: skip
    found = []
    for (study, case, scheme), group in groupby(rows, key=lambda row: row[:3]):
        readings = []
        model = None
        for *_, start_rater, series, rater, segmentation, digest in group:
            readings.append(Reading(rater, Rater.Kind.HUMAN.value, segmentation, digest))
            model = models.get((start_rater, scheme, series)) or model
        found.append(CaseInputs(study, case, scheme, tuple(readings + ([model] if model else []))))
    return found


def _model_readings(submitted: QuerySet[Assignment]) -> dict[tuple[int, int, int], Reading]:
    """Return the newest mask of the studies' models by (rater, scheme, series)."""
    raters = submitted.filter(study__start_rater__kind=Rater.Kind.MODEL).values("study__start_rater")
    rows = Segmentation.objects.filter(rater__in=raters, series__in=submitted.values("series"))
    newest = rows.order_by("created_at", "pk").values_list("rater_id", "scheme_id", "series_id", "pk", "sha256")
    return {
        (rater, scheme, series): Reading(rater, Rater.Kind.MODEL.value, pk, digest)
        for rater, scheme, series, pk, digest in newest
    }


def inputs_of(params: dict[str, Any]) -> CaseInputs:
    """Return the inputs that a job was asked for, as `as_params` wrote them."""
    readings = tuple(Reading(*row) for row in params["readings"])
    return CaseInputs(params["study"], params["case"], params["scheme"], readings)


def as_params(inputs: CaseInputs) -> dict[str, Any]:
    """Return a case's inputs as the parameters of its job."""
    return {
        "study": inputs.study,
        "case": inputs.case,
        "scheme": inputs.scheme,
        "readings": [[row.rater, row.kind, row.segmentation, row.sha256] for row in inputs.readings],
    }
