"""A study starts only with a model that can make its start masks."""

import pytest
from django.utils import timezone

from core.errors import DomainError
from studies.models import Study
from studies.services import running
from tests.factories import (
    LabelSchemeFactory,
    MembershipFactory,
    ModelVersionFactory,
    StudyCaseFactory,
    StudyFactory,
)

pytestmark = pytest.mark.django_db


def draft_with(model: object, **fields: object) -> Study:
    study = StudyFactory.create(state=Study.State.DRAFT, start_rater=model.rater, **fields)  # type: ignore[attr-defined]
    MembershipFactory.create(study=study)
    StudyCaseFactory.create(study=study)
    return study


def test_a_study_does_not_start_with_a_model_that_draws_other_labels() -> None:
    study = draft_with(ModelVersionFactory.create(), scheme=LabelSchemeFactory.create())
    with pytest.raises(DomainError, match="other labels"):
        running.start(study=study, by=study.created_by)
    study.refresh_from_db()
    assert study.state == Study.State.DRAFT


def test_a_study_does_not_start_with_a_retired_model() -> None:
    model = ModelVersionFactory.create(retired_at=timezone.now())
    study = draft_with(model, scheme=model.scheme)
    with pytest.raises(DomainError, match="retired"):
        running.start(study=study, by=study.created_by)


def test_a_study_starts_with_a_model_of_its_labels() -> None:
    model = ModelVersionFactory.create()
    study = draft_with(model, scheme=model.scheme)
    running.start(study=study, by=study.created_by)
    study.refresh_from_db()
    assert study.state == Study.State.RUNNING
