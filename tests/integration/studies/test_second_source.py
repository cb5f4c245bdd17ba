"""Raters who score the masks of two sources of the same cases, and cannot tell them apart: manual against model."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from django.test import Client

from annotation import services as annotation
from annotation.notes import Effort
from cases.models import Access
from core.errors import DomainError
from evaluation import services as evaluation
from evaluation.reports.scores.computing import one_per_case
from people.models import Rater
from studies import rubrics
from studies.models import Assignment, Study
from studies.services import planning, running
from tests.factories import (
    ANSWERS,
    ModelRaterFactory,
    PreparedCaseFactory,
    RaterFactory,
    SegmentationFactory,
    UserFactory,
    preset_scheme,
)
from workflow import steps

pytestmark = pytest.mark.django_db


def planned(*, cases: int = 5, lacking: int = 0) -> tuple[Study, Rater, Rater]:
    """Return a draft study with a rater, whose cases have masks by a model and all but some by a person."""
    lead: Any = UserFactory.create(lead=True)
    model, person = ModelRaterFactory.create(), RaterFactory.create(name="Dr Manual")
    scheme = preset_scheme()
    rows = [PreparedCaseFactory.create(imported_by=lead) for _ in range(cases)]
    for number, case in enumerate(rows):
        give_access(lead, case)
        SegmentationFactory.create(case=case, rater=model, scheme=scheme, source="model")
        if number >= lacking:
            SegmentationFactory.create(case=case, rater=person, scheme=scheme)
    study = planning.create_study(
        name="Manual against model",
        scheme=scheme,
        by=lead,
        rubric=rubrics.preset("likert5"),
        start_rater=model,
        second_rater=person,
    )
    planning.add_cases(study=study, cases=rows, by=lead)
    planning.add_member(study=study, user=UserFactory.create(), role="rater", by=lead, expertise="expert", years=5)  # type: ignore[arg-type]
    return study, model, person


def give_access(lead: Any, case: Any) -> None:
    Access.objects.create(user=lead, case=case, grant=Access.Grant.CASE_AND_SEGMENTATIONS, reason="import")


def test_every_case_is_shown_once_from_either_source_and_never_twice_in_one_round() -> None:
    study, model, person = planned(cases=5)
    running.start(study=study, by=study.created_by)
    steps.make_assignments_workable()
    rows = list(Assignment.objects.filter(study=study).order_by("position").select_related("start"))
    assert [row.occasion for row in rows] == [1] * 5 + [2] * 5
    assert Counter(row.case_id for row in rows[:5]) == Counter(row.case_id for row in rows[5:])
    shown = {(row.case_id, row.start.rater_id) for row in rows if row.start is not None}
    assert shown == {(row.case_id, source.pk) for row in rows for source in (model, person)}
    first = Counter(row.start.rater_id for row in rows[:5] if row.start is not None)
    assert sorted(first.values()) == [2, 3], "either source comes first for half of the cases"


def test_the_order_is_that_of_the_seed_and_one_arm_has_the_order_it_always_had() -> None:
    study, *_ = planned(cases=1)
    arms = list(study.arms.order_by("pk"))

    def draw() -> random.Random:
        return random.Random(3)  # noqa: S311 - a repeatable order, no secret

    for chosen in (arms, arms[:1]):
        assert running.in_turn(range(9), chosen, draw()) == running.in_turn(range(9), chosen, draw())
    plain = list(range(9))
    draw().shuffle(plain)
    assert [case for case, _, _ in running.in_turn(range(9), arms[:1], draw())] == plain


def test_the_scores_report_compares_the_two_sources_case_by_case() -> None:
    study, model, person = planned(cases=3)
    running.start(study=study, by=study.created_by)
    steps.make_assignments_workable()
    for row in Assignment.objects.filter(study=study).select_related("start", "rater__user"):
        assert row.rater.user is not None
        assert row.start is not None
        score = "4" if row.start.rater_id == model.pk else "2"
        annotation.submit(
            assignment=row, by=row.rater.user, sequence=0, answers={**ANSWERS, "quality": score}, effort=Effort()
        )
    report = evaluation.request_report(study=study, by=study.created_by, kind="scores", parameters={})
    assert {one["name"] for one in report.inputs["conditions"]} == {model.name, person.name}
    by_source = {key.split("/")[0]: value for (key, _), value in one_per_case(report.inputs).items()}
    assert by_source == {str(model.pk): 4, str(person.pk): 2}
    assert report.inputs["study"]["second_mask"] == person.name


def test_a_rater_learns_of_no_source_arm_or_occasion() -> None:
    study, model, person = planned(cases=2)
    running.start(study=study, by=study.created_by)
    steps.make_assignments_workable()
    row = Assignment.objects.filter(study=study).first()
    assert row is not None
    client = Client()
    client.force_login(row.rater.user)  # type: ignore[arg-type]
    for address in ("/api/v1/assignments/", f"/api/v1/assignments/{row.pk}/", f"/api/v1/studies/{study.pk}/"):
        text = client.get(address).content.decode()
        for word in (model.name, person.name, "second_", "occasion", '"arm'):
            assert word not in text, (address, word)


def test_a_study_does_not_start_without_every_mask_or_with_somebody_who_would_read_their_own() -> None:
    study, _, person = planned(lacking=2)
    with pytest.raises(DomainError, match="2 of the study's cases have no mask by Dr Manual"):
        running.start(study=study, by=study.created_by)
    study.refresh_from_db()
    assert study.state == Study.State.DRAFT
    planning.change_study(study=study, by=study.created_by, second_rater=None)
    running.start(study=study, by=study.created_by)
    assert not Assignment.objects.filter(study=study, occasion=2).exists()
    with pytest.raises(DomainError, match="can no longer be changed"):
        planning.change_study(study=study, by=study.created_by, second_rater=person)


def test_nobody_reads_their_own_masks() -> None:
    study, *_ = planned(cases=2)
    member = study.memberships.raters().get()
    assert member.rater is not None
    for row in study.study_cases.all():
        SegmentationFactory.create(case=row.case, rater=member.rater, scheme=study.scheme)
    planning.change_study(study=study, by=study.created_by, second_rater=member.rater)
    with pytest.raises(DomainError, match="nobody is shown their own masks"):
        running.start(study=study, by=study.created_by)


def test_what_tells_the_sources_apart_or_makes_no_sense_is_refused() -> None:
    study, model, person = planned(cases=1)
    by = study.created_by
    for changes, words in (
        ({"second_rater": model}, "choose another"),
        ({"start_rater": None}, "needs a first one"),
        ({"shows_probability": True}, "told apart"),
        ({"outlines_previous": True}, "told apart"),
    ):
        with pytest.raises(DomainError, match=words):
            planning.change_study(study=Study.objects.get(pk=study.pk), by=by, **changes)
    assert Study.objects.get(pk=study.pk).second_rater == person


def test_a_lead_chooses_among_models_and_people_whose_imports_they_see(client: Client) -> None:
    study, model, person = planned(cases=1)
    stranger = SegmentationFactory.create(rater=RaterFactory.create(name="Dr Elsewhere")).rater
    client.force_login(study.created_by)
    names = {row["name"] for row in client.get("/api/v1/second-sources/").json()}
    assert {model.name, person.name} <= names
    assert stranger.name not in names
    address = f"/api/v1/studies/{study.pk}/"
    body = {"second_rater": stranger.pk}
    assert client.patch(address, body, content_type="application/json").status_code == 400
    answer = client.patch(address, {"second_rater": None}, content_type="application/json").json()
    assert (answer["second_rater"], answer["second_rater_name"]) == (None, "")
    answer = client.patch(address, {"second_rater": person.pk}, content_type="application/json").json()
    assert (answer["second_rater"], answer["second_rater_name"]) == (person.pk, person.name)
    client.force_login(study.memberships.raters().get().user)
    assert client.get("/api/v1/second-sources/").json() == []
