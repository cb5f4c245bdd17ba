"""Studies with their members and cases, and what raters did in them."""

# mypy: allow-untyped-calls

from __future__ import annotations

import io
import json
from typing import Any

from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone
from factory.declarations import LazyAttribute, LazyFunction, PostGeneration, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from annotation.models import Draft, ProblemReport
from cases.models import Segmentation
from studies import rubrics
from studies.models import Arm, Assignment, Comment, Membership, Rating, Study, StudyCase
from studies.services.access import sync_access
from tests.factories.cases import LabelSchemeFactory, PreparedCaseFactory, SegmentationFactory
from tests.factories.people import ModelRaterFactory, UserFactory, rater_of

ANSWERS = {"quality": "4"}
SAVING = MULTIPART_CONTENT
"""The content type of a draft on its way."""


def saving(labels: bytes, **notes: Any) -> bytes:
    """Return the body of a draft on its way, as a browser sends it: the label payload and the notes."""
    file = io.BytesIO(labels)
    file.name = "labels"
    return encode_multipart(BOUNDARY, {"labels": file, "notes": json.dumps(notes)})


def _add_lead_and_arm(study: Study, create: bool, extracted: Any, **kwargs: Any) -> None:
    if create:
        ArmFactory.create(study=study)
        MembershipFactory.create(study=study, user=study.created_by, role=Membership.Role.LEAD)


class StudyFactory(DjangoModelFactory[Study]):
    """A running, blinded study with one arm that shows the start mask; it is led by whoever made it."""

    class Meta:
        model = Study
        skip_postgeneration_save = True

    name = Sequence(lambda n: f"Study {n}")
    scheme = SubFactory(LabelSchemeFactory)
    state = Study.State.RUNNING
    rubric = LazyFunction(lambda: rubrics.preset("likert5"))
    start_rater = SubFactory(ModelRaterFactory)
    created_by = SubFactory(UserFactory, lead=True)
    started_at = LazyFunction(timezone.now)

    lead_and_arm = PostGeneration(_add_lead_and_arm)


class ArmFactory(DjangoModelFactory[Arm]):
    """The arm that shows the start mask."""

    class Meta:
        model = Arm
        django_get_or_create = ("study", "key")

    study = SubFactory(StudyFactory)
    key = "main"
    name = "With the start mask"


class MembershipFactory(DjangoModelFactory[Membership]):
    """Somebody's role in a study: `role="rater", user=…` makes the rater too."""

    class Meta:
        model = Membership

    class Params:
        rates = LazyAttribute(lambda row: row.role == Membership.Role.RATER)

    study = SubFactory(StudyFactory)
    user = SubFactory(UserFactory)
    role = Membership.Role.RATER
    rater = LazyAttribute(lambda row: rater_of(row.user) if row.rates else None)
    expertise = LazyAttribute(lambda row: row.rater.expertise if row.rates else "")
    years = LazyAttribute(lambda row: row.rater.years if row.rates else None)


class StudyCaseFactory(DjangoModelFactory[StudyCase]):
    """A case that a study reads."""

    class Meta:
        model = StudyCase

    study = SubFactory(StudyFactory)
    case = SubFactory(PreparedCaseFactory)


def _list_case(assignment: Assignment, create: bool, extracted: Any, **kwargs: Any) -> None:
    """Let the study read the case, and its Access rows say so."""
    if create:
        StudyCase.objects.get_or_create(study=assignment.study, case=assignment.case)
        sync_access(assignment.study)


def _start_mask(row: Any) -> Segmentation | None:
    if row.study.start_rater is None:
        return None
    facts = {"case": row.case, "scheme": row.study.scheme, "rater": row.study.start_rater, "series": row.series}
    there = Segmentation.objects.filter(**facts).first()
    return there or SegmentationFactory.create(**facts, source=Segmentation.Source.MODEL)


class AssignmentFactory(DjangoModelFactory[Assignment]):
    """A case for a rater of the study to read, ready, with a start mask by the study's model."""

    class Meta:
        model = Assignment
        skip_postgeneration_save = True

    class Params:
        member = LazyAttribute(
            lambda row: (
                Membership.objects.raters().filter(study=row.study).first() or MembershipFactory.create(study=row.study)
            )
        )

    study = SubFactory(StudyFactory)
    case = SubFactory(PreparedCaseFactory)
    rater = LazyAttribute(lambda row: row.member.rater)
    series = LazyAttribute(lambda row: row.case.reference)
    arm = LazyAttribute(lambda row: ArmFactory.create(study=row.study))
    position = LazyAttribute(lambda row: Assignment.objects.filter(study=row.study, rater=row.rater).count() + 1)
    state = Assignment.State.READY
    start = LazyAttribute(_start_mask)

    listing = PostGeneration(_list_case)


class SubmittedAssignmentFactory(AssignmentFactory):
    """A reading that was handed in, with its segmentation."""

    state = Assignment.State.SUBMITTED
    submission = LazyAttribute(
        lambda row: SegmentationFactory.create(
            case=row.case,
            series=row.series,
            scheme=row.study.scheme,
            rater=row.rater,
            source=Segmentation.Source.SUBMISSION,
            parent=row.start,
            created_by=row.rater.user,
        )
    )
    submitted_at = LazyFunction(timezone.now)
    active_seconds = 300


class RatingFactory(DjangoModelFactory[Rating]):
    """A score of 4 for the start mask."""

    class Meta:
        model = Rating

    assignment = SubFactory(SubmittedAssignmentFactory)
    segmentation = SelfAttribute("assignment.start")
    rubric = SelfAttribute("assignment.study.rubric")
    answers = LazyFunction(lambda: dict(ANSWERS))
    score = 4


class DraftFactory(DjangoModelFactory[Draft]):
    """A draft: the start mask as it is."""

    class Meta:
        model = Draft

    assignment = SubFactory(AssignmentFactory)
    sequence = 1
    content = SelfAttribute("assignment.start.content")


class CommentFactory(DjangoModelFactory[Comment]):
    """A remark that was handed in."""

    class Meta:
        model = Comment

    assignment = SubFactory(SubmittedAssignmentFactory)
    segmentation = SelfAttribute("assignment.submission")
    x, y, z = 3, 4, 5
    text = "The rim was left out here."


class ProblemReportFactory(DjangoModelFactory[ProblemReport]):
    """A rater's complaint."""

    class Meta:
        model = ProblemReport

    assignment = SubFactory(AssignmentFactory)
    text = "The T1c is blurred by motion."
