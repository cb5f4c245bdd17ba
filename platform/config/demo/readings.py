"""Simulated raters: they save drafts, answer the questions and submit through the same services as people."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from annotation import services as annotation
from annotation.models import Draft
from annotation.notes import Effort
from cases.models import Case
from evaluation.metrics import dice
from imaging.grid import to_canonical
from imaging.payload import Layers, encode_layers
from imaging.phantom import Label, SyntheticHead, simulate_reader
from people.models import User
from studies.models import Assignment, Study

TUMOUR = (Label.NC, Label.ED, Label.ET)
SKILL = {"expert1": 0.95, "expert2": 0.85, "novice": 0.45}
DONE = {"expert1": 5, "expert2": 5, "novice": 4}
"""How many of the demo's cases each simulated rater has read, in the order of the listing."""


def read_part(study: Study, users: dict[str, User], heads: dict[int, SyntheticHead], cases: list[Case]) -> None:
    """Let every simulated rater read the first of the cases."""
    for place, (key, count) in enumerate(DONE.items()):
        for number, case in enumerate(cases[:count]):
            assignment = Assignment.objects.get(study=study, rater__user=users[key], case=case)
            if assignment.state == Assignment.State.SUBMITTED:
                continue
            seed = 1000 * (place + 1) + number
            _read(assignment, users[key], heads[case.pk], skill=SKILL[key], seed=seed)
            Assignment.objects.filter(pk=assignment.pk).update(
                submitted_at=timezone.now() - timedelta(hours=30 * (count - number) + 5 * place),
                opened_at=timezone.now() - timedelta(hours=30 * (count - number) + 5 * place, minutes=9),
            )


def _read(assignment: Assignment, user: User, head: SyntheticHead, *, skill: float, seed: int) -> None:
    """Save one reading as a draft, answer the questions, submit."""
    truth = np.isin(head.labels, TUMOUR).astype(np.uint8)
    drawn = simulate_reader(truth, head.grid.spacing, seed, skill)
    reading, _ = to_canonical(drawn, head.grid)
    start = annotation.start_layers(assignment)
    Assignment.objects.filter(pk=assignment.pk).update(opened_at=timezone.now() - timedelta(minutes=12))
    assignment.refresh_from_db(fields=["opened_at"])
    saved = Draft.objects.trunk().filter(assignment=assignment).first()
    draft = annotation.save_draft(
        assignment=assignment,
        payload=encode_layers(reading[np.newaxis]),
        base=annotation.base_token(assignment),
        sequence=saved.sequence if saved is not None else 0,
    )
    draw = random.Random(seed)  # noqa: S311 - a reproducible demo, no secret
    annotation.submit(
        assignment=Assignment.objects.get(pk=assignment.pk),
        by=user,
        sequence=draft.sequence,
        answers=_answers(assignment, start, reading),
        effort=Effort(draw.randint(140, 560), draw.randint(5, 90), _edits(start, reading)),
    )


def _answers(assignment: Assignment, start: Layers, reading: NDArray[np.uint8]) -> dict[str, Any]:
    """Answer the 5-point scale as somebody would who trusts their own reading."""
    shown, own = start[0] > 0, reading > 0
    size = int(np.count_nonzero(own))
    missing = np.count_nonzero(own & ~shown) / size if size else 0.0
    extra = np.count_nonzero(shown & ~own) / max(1, size)
    agreement = dice(shown, own) if size or shown.any() else 1.0
    part = "complete" if missing < 0.05 else "lt_quarter" if missing < 0.25 else "quarter_half"
    part = part if missing <= 0.5 else "gt_half"
    return {
        "consistent": bool(agreement > 0.6),
        "missing": dict.fromkeys(annotation.sequences_of(assignment), part),
        "penalty": bool(extra > 0.25),
    }


def _edits(start: Layers, reading: NDArray[np.uint8]) -> dict[str, Any]:
    shown, own = start[0] > 0, reading > 0
    added, removed = int(np.count_nonzero(own & ~shown)), int(np.count_nonzero(shown & ~own))
    return {"added": {"fh": added}, "removed": {"fh": removed}, "tools": {"simulated rater": 1}}
