"""A report computed again from its frozen inputs: identical here, and a planted difference is found."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from core.errors import DomainError
from evaluation import services
from evaluation.models import Recomputation, Report
from evaluation.reports import environment
from jobs.models import Job
from jobs.tasks import run
from tests.factories import ReportFactory, UserFactory
from tests.integration.evaluation.making import compute, study_with_readings

pytestmark = pytest.mark.django_db


def recompute(report: Report) -> Recomputation:
    wanted = services.request_recomputation(report=report, by=report.created_by)
    assert wanted.job is not None
    run(str(wanted.job.pk))
    assert Job.objects.get(pk=wanted.job.pk).status == Job.Status.SUCCEEDED
    wanted.refresh_from_db()
    return wanted


def test_the_same_environment_gives_identical_data() -> None:
    found = recompute(compute(study_with_readings()))
    assert (found.verdict, found.difference_count, found.same_environment) == ("identical", 0, True)
    assert found.environment == environment.fingerprint()


def test_other_code_of_one_release_is_another_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "overlap.py").write_text("DICE = 2")
    monkeypatch.setattr(environment, "SOURCES", tmp_path)
    first = environment.code_version.__wrapped__()
    assert environment.code_version.__wrapped__() == first
    (tmp_path / "metrics" / "overlap.py").write_text("DICE = 3")
    assert environment.code_version.__wrapped__() != first


def plant(report: Report, *, by: float) -> None:
    """Alter one figure of a stored report."""
    data: Any = report.data
    data["summary"][0]["mean"] += by
    Report.objects.filter(pk=report.pk).update(data=data)


@pytest.mark.parametrize(
    ("by", "elsewhere", "verdict"),
    [(1e-10, True, "within"), (1e-10, False, "different"), (1e-6, True, "different"), (1e-6, False, "different")],
)
def test_a_planted_difference_is_weighed_by_the_environment(by: float, elsewhere: bool, verdict: str) -> None:
    report = compute(study_with_readings())
    plant(report, by=by)
    if elsewhere:
        Report.objects.filter(pk=report.pk).update(environment={**report.environment, "python": "3.99"})
    found = recompute(Report.objects.get(pk=report.pk))
    assert (found.verdict, found.difference_count, found.same_environment) == (verdict, 1, not elsewhere)
    (one,) = found.differences
    assert one["path"] == "summary[0].mean"
    assert one["old"] - one["new"] == pytest.approx(by, rel=1e-3)


def test_a_report_that_is_not_finished_cannot_be_recomputed() -> None:
    with pytest.raises(DomainError, match="not finished"):
        services.request_recomputation(report=ReportFactory.create(finished_at=None), by=UserFactory.create())


def test_the_page_of_a_report_lists_its_recomputations_to_its_lead() -> None:
    report = compute(study_with_readings(cases=1))
    recompute(report)
    client = APIClient()
    client.force_authenticate(report.created_by)
    page = client.get(reverse("v1:report-detail", args=[report.pk])).json()
    assert [one["verdict"] for one in page["recomputations"]] == ["identical"]
    assert page["may_recompute"] is True
    assert page["open_cases"] == [case["id"] for case in page["inputs"]["cases"]]


def test_two_reports_are_compared_by_what_was_chosen_and_what_came_out() -> None:
    study = study_with_readings(empty=True)
    first, second = compute(study), compute(study, both_empty="one")
    client = APIClient()
    client.force_authenticate(study.created_by)
    found = client.get(reverse("v1:report-compare", args=[first.pk, second.pk])).json()
    assert [row["title"] for row in found["choices"] if not row["same"]] == ["Both masks empty"]
    assert found["readings"]["changed"] == found["readings"]["only_first"] == 0
    raters = next(table for table in found["tables"] if table["key"] == "raters")
    changed = {(row["column"], row["first"], row["second"]) for row in raters["values"] if not row["same"]}
    assert ("n", 3, 4) in changed
    readings = next(table for table in found["tables"] if table["key"] == "readings")
    assert readings["values"] == []


def test_reports_of_two_kinds_are_not_compared() -> None:
    first = ReportFactory.create()
    second = ReportFactory.create(study=first.study, kind=Report.Kind.SCORES)
    with pytest.raises(DomainError, match="one kind"):
        services.compare_reports(first, second)
