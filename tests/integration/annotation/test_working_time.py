"""Working time: counted on the day it was spent, once, and shown to nobody else."""

from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from annotation import services, working_time
from annotation.models import WorkedDay
from annotation.notes import Effort, Notes
from core.errors import Conflict
from imaging.payload import encode_layers
from people.models import User
from studies.models import Assignment
from tests.factories import ANSWERS, AssignmentFactory, UserFactory, blob_layers

pytestmark = pytest.mark.django_db

MONDAY = date(2030, 6, 3)


@pytest.fixture
def assignment(db: None) -> Assignment:
    made = AssignmentFactory.create()
    services.open_assignment(assignment=made)
    # Opened long ago, so that the times below can be true.
    Assignment.objects.filter(pk=made.pk).update(opened_at="2020-01-01T00:00:00Z")
    made.refresh_from_db()
    return made


def save(assignment: Assignment, *, sequence: int, seconds: int, day: date) -> Any:
    with patch.object(timezone, "localdate", return_value=day):
        return services.save_draft(
            assignment=assignment,
            payload=encode_layers(blob_layers(seed=sequence)),
            base=services.base_token(assignment),
            sequence=sequence,
            notes=Notes(effort=Effort(active_seconds=seconds)),
        )


def days() -> dict[date, int]:
    return dict(WorkedDay.objects.values_list("day", "active_seconds"))


def test_each_day_counts_what_was_added_on_it(assignment: Assignment) -> None:
    rater = assignment.rater.user
    assert rater is not None
    sunday = MONDAY - timedelta(days=1)
    save(assignment, sequence=0, seconds=100, day=sunday)
    save(assignment, sequence=1, seconds=130, day=MONDAY)
    with pytest.raises(Conflict):
        save(assignment, sequence=1, seconds=500, day=MONDAY)
    with patch.object(timezone, "localdate", return_value=MONDAY):
        services.submit(assignment=assignment, by=rater, sequence=2, answers=ANSWERS, effort=Effort(active_seconds=150))
        assert working_time.active_seconds_since(rater, working_time.begin_of_week()) == 50

    assert days() == {sunday: 100, MONDAY: 50}


def test_the_week_is_shown_to_its_rater_alone(assignment: Assignment) -> None:
    rater = assignment.rater.user
    assert rater is not None
    save(assignment, sequence=0, seconds=75, day=timezone.localdate())

    def shown(user: User) -> int:
        client = APIClient()
        client.force_authenticate(user)
        return int(client.get("/api/v1/assignments/my-week/").json()["active_seconds"])

    assert shown(rater) == 75
    assert shown(UserFactory.create()) == 0
