"""What a study's agreement is now: which cases are compared, which are on their way, and the merged figures."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db.models import QuerySet

from cases import schemes
from cases.models import Case
from evaluation.agreement.computing import METHOD
from evaluation.agreement.inputs import JOB_KIND, CaseInputs, as_params, current_inputs
from evaluation.agreement.keeping import main_region
from evaluation.agreement.merging import CaseFigures, merge
from evaluation.models import CaseAgreement
from jobs.models import Job
from people.models import Rater
from studies.models import Membership, Rating, Study

CURRENT, COMPUTING, FAILED = "current", "computing", "failed"


@dataclass(frozen=True)
class Standing:
    """A study's compared cases and everything about them that is cheap to read."""

    study: Study
    inputs: tuple[CaseInputs, ...]
    rows: dict[int, int]
    light: dict[str, Any]

    @property
    def etag(self) -> str:
        """Changes when any figure does: the figures follow from the inputs that this is made of."""
        facts = [self.light, [as_params(one) for one in self.inputs]]
        return sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()


def standing_of(study: Study, region: str = "") -> Standing:
    """Return where a study stands. Raises KeyError when its scheme has no such region."""
    inputs = tuple(current_inputs(Study.objects.filter(pk=study.pk)))
    keys = schemes.distinct_keys(study.scheme.definition)
    chosen = region or main_region(study.scheme.definition)
    if chosen not in keys:
        raise KeyError(region)
    rows = _current_rows(study, inputs)
    names = dict(schemes.keys_of(study.scheme.definition))
    light = {
        "study": study.pk,
        "region": chosen,
        "regions": [{"key": key, "name": names[key]} for key in keys],
        "tolerance_mm": METHOD["tolerance_mm"],
        "raters": _raters(study, inputs),
        "cases": _cases(inputs, rows),
        "scores": _scores(study),
    }
    return Standing(study, inputs, rows, light)


def figures_of(standing: Standing) -> dict[str, Any]:
    """Return a study's agreement for the region asked for: what stands, and the merged figures."""
    found = CaseAgreement.objects.filter(pk__in=standing.rows.values()).in_bulk()
    region = standing.light["region"]
    cases = [
        CaseFigures(
            case=inputs.case,
            raters=tuple(reading.rater for reading in inputs.readings),
            segmentations=tuple(reading.segmentation for reading in inputs.readings),
            figures=found[standing.rows[inputs.case]].results[region],
        )
        for inputs in standing.inputs
        if inputs.case in standing.rows
    ]
    raters = [rater["id"] for rater in standing.light["raters"]]
    people = [rater["id"] for rater in standing.light["raters"] if rater["kind"] == Rater.Kind.HUMAN]
    return {**standing.light, **merge(cases, raters, people=people)}


def overview(studies: QuerySet[Study]) -> list[dict[str, Any]]:
    """Return one line per study with readings: the mean Dice of all pairs of people so far, a mean over cases."""
    by_study: dict[int, list[CaseInputs]] = {}
    for inputs in current_inputs(studies):
        by_study.setdefault(inputs.study, []).append(inputs)
    there = {
        (study, case, digest): dice
        for study, case, digest, dice in CaseAgreement.objects.filter(study__in=studies).values_list(
            "study_id", "case_id", "inputs_sha256", "people_dice"
        )
    }
    lines = []
    for study in studies.filter(pk__in=by_study).select_related("scheme"):
        known = [there[key] for one in by_study[study.pk] if (key := (one.study, one.case, one.digest)) in there]
        values = [dice for dice in known if dice is not None]
        definition = study.scheme.definition
        lines.append(
            {
                "study": study.pk,
                "region": dict(schemes.keys_of(definition))[main_region(definition)],
                "dice": sum(values) / len(values) if values else None,
                "n_cases": len(values),
                "computing": len(by_study[study.pk]) - len(known),
            }
        )
    return lines


def _current_rows(study: Study, inputs: tuple[CaseInputs, ...]) -> dict[int, int]:
    rows = CaseAgreement.objects.filter(study=study).values_list("case_id", "inputs_sha256", "pk")
    there = {(case, digest): pk for case, digest, pk in rows}
    return {one.case: there[one.case, one.digest] for one in inputs if (one.case, one.digest) in there}


def _cases(inputs: tuple[CaseInputs, ...], rows: dict[int, int]) -> list[dict[str, Any]]:
    cases = Case.objects.select_related("patient").in_bulk([one.case for one in inputs])
    waiting = {one.key for one in inputs if one.case not in rows}
    stopped = Job.objects.filter(kind=JOB_KIND, key__in=waiting, status__in=[Job.Status.FAILED, Job.Status.CANCELLED])
    errors = {job.key: job.error or "The comparison was cancelled." for job in stopped}
    return [
        {
            "id": one.case,
            "patient": cases[one.case].patient.pseudonym,
            "time_point": cases[one.case].get_time_point_display(),
            "readers": sum(reading.kind == Rater.Kind.HUMAN for reading in one.readings),
            "state": CURRENT if one.case in rows else FAILED if one.key in errors else COMPUTING,
            "error": errors.get(one.key, ""),
        }
        for one in inputs
    ]


def _raters(study: Study, inputs: tuple[CaseInputs, ...]) -> list[dict[str, Any]]:
    """Return the raters with a mask: experts, novices, then models, by name, with the expertise of their joining."""
    present = {reading.rater for one in inputs for reading in one.readings}
    members = Membership.objects.raters().filter(study=study, rater__in=present)
    expertise = dict(members.values_list("rater_id", "expertise"))
    rows = [
        {
            "id": rater.pk,
            "name": rater.name,
            "kind": rater.kind,
            "group": expertise.get(rater.pk, "") if rater.kind == Rater.Kind.HUMAN else Rater.Kind.MODEL.value,
        }
        for rater in Rater.objects.filter(pk__in=present)
    ]
    return sorted(rows, key=lambda row: (row["kind"], row["group"], row["name"], row["id"]))


def _scores(study: Study) -> list[dict[str, Any]]:
    """Return how often each rater gave each score, of the readings that are handed in now."""
    rows = Rating.objects.current().filter(
        assignment__study=study,
        assignment__state="submitted",
        assignment__occasion=1,
        assignment__case__withdrawn_at__isnull=True,
        score__isnull=False,
    )
    counts: dict[int, Counter[int]] = {}
    for rater, score in rows.values_list("assignment__rater_id", "score"):
        if score is not None:
            counts.setdefault(rater, Counter())[score] += 1
    return [
        {
            "rater": rater,
            "counts": {str(score): given[score] for score in sorted(given)},
            "n": given.total(),
            "mean": sum(score * times for score, times in given.items()) / given.total(),
        }
        for rater, given in sorted(counts.items())
    ]
