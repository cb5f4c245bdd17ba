"""Two requests at the same moment: one is kept, the other is told, and nothing is made twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from annotation import services
from annotation.models import Draft
from annotation.notes import Effort
from audit.services import record
from cases.models import Access, Segmentation
from core.errors import Conflict
from imaging.payload import encode_layers
from studies.models import Assignment, Membership, Rating
from studies.services import running
from tests.factories import (
    ANSWERS,
    AssignmentFactory,
    MembershipFactory,
    StudyFactory,
    SubmittedAssignmentFactory,
    blob_layers,
)

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.two_connections,
]


def at_once(monkeypatch: pytest.MonkeyPatch, *works: Callable[[], Any]) -> list[Any]:
    """Run works on connections of their own; whoever writes the audit trail stays in its transaction for a moment.

    Returns what each came to, a Conflict as a value.
    """

    def slowly(*args: Any, **kwargs: Any) -> Any:
        event = record(*args, **kwargs)
        time.sleep(0.7)
        return event

    monkeypatch.setattr("annotation.services.record", slowly)
    monkeypatch.setattr("studies.services.running.record", slowly)
    together = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            together.wait(timeout=20)
            return work()
        except Conflict as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(works)) as pool:
        return list(pool.map(run, works))


def submit(assignment: Assignment) -> Segmentation:
    return services.submit(
        assignment=assignment,
        by=assignment.rater.user,  # type: ignore[arg-type]
        sequence=0,
        answers=ANSWERS,
        effort=Effort(),
    )


def test_of_two_submissions_at_once_one_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    pk = AssignmentFactory.create().pk
    rows = Assignment.objects.select_related("study__scheme", "start", "series", "rater__user", "case")
    first, second = rows.get(pk=pk), rows.get(pk=pk)
    made = Segmentation.objects.count()

    outcomes = at_once(monkeypatch, lambda: submit(first), lambda: submit(second))

    assert sorted(type(one).__name__ for one in outcomes) == ["Conflict", "Segmentation"]
    assert Segmentation.objects.count() == made + 1
    assert Rating.objects.count() == 1


def test_a_draft_and_a_submission_at_once_are_not_both_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    own = AssignmentFactory.create()
    payload, base = encode_layers(blob_layers(seed=9)), services.base_token(own)

    outcomes = at_once(
        monkeypatch,
        lambda: submit(Assignment.objects.get(pk=own.pk)),
        lambda: services.save_draft(assignment=own, payload=payload, base=base, sequence=0),
    )

    assert [type(one) for one in outcomes].count(Conflict) == 1
    assert Draft.objects.exists() != Assignment.objects.submitted().exists()


def test_a_lead_who_hands_in_while_a_reading_comes_back_stays_blind(monkeypatch: pytest.MonkeyPatch) -> None:
    study = StudyFactory.create()
    lead = study.created_by
    role = MembershipFactory.create(study=study, user=lead, role=Membership.Role.RATER)
    own = AssignmentFactory.create(study=study, rater=role.rater)
    done = SubmittedAssignmentFactory.create(study=study, rater=role.rater)

    at_once(
        monkeypatch,
        lambda: submit(Assignment.objects.get(pk=own.pk)),
        lambda: running.return_assignment(assignment=done, reason="Look again.", by=lead),
    )

    assert Assignment.objects.unfinished().get() == done
    assert Access.objects.of(lead).blinds().count() == 2
