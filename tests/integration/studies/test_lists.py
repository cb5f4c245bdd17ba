"""Lists cost the same number of queries however long they are."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from people.models import User
from tests.factories import ProblemReportFactory, ReportFactory, StudyFactory, SubmittedAssignmentFactory, UserFactory

pytestmark = pytest.mark.django_db


def fill(lead: User) -> None:
    study = StudyFactory.create(created_by=lead)
    ProblemReportFactory.create(assignment=SubmittedAssignmentFactory.create(study=study))
    ReportFactory.create(study=study)


@pytest.mark.parametrize("address", ["studies", "cases", "segmentations", "reports", "problems"])
def test_a_longer_list_takes_no_more_queries(address: str, client: Client) -> None:
    lead: Any = UserFactory.create(lead=True)
    client.force_login(lead)
    counts = []
    for _ in range(2):
        for _ in range(2):
            fill(lead)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = client.get(f"/api/v1/{address}/").json()
        assert answer["count"] >= 2
        counts.append(len(queries))
    assert counts[0] == counts[1]
