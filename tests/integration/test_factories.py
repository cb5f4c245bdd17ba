"""Every factory makes a row that the database takes, and that its own room can work with."""

import inspect

import numpy as np
import pytest
from factory.django import DjangoModelFactory

from annotation import services
from annotation.notes import Effort
from cases.models import Case, Segmentation
from cases.services import read_layers
from core import storage
from people.models import User
from tests import factories

pytestmark = pytest.mark.django_db
ALL = [
    made
    for _, made in inspect.getmembers(factories, inspect.isclass)
    if issubclass(made, DjangoModelFactory) and made is not DjangoModelFactory
]


@pytest.mark.parametrize("made", ALL, ids=lambda made: str(made.__name__))
def test_a_factory_makes_a_row_twice(made: type[DjangoModelFactory[User]]) -> None:
    first, second = made.create(), made.create()
    assert type(first).objects.filter(pk__in=[first.pk, second.pk]).exists()


def test_a_prepared_case_has_what_the_browser_needs() -> None:
    case = factories.PreparedCaseFactory.create()
    assert Case.objects.prepared().filter(pk=case.pk).exists()
    assert case.reference is not None
    assert case.reference.browser_copy_id is not None
    assert case.reference.sequence == "T1c"
    assert storage.read(case.reference.browser_copy_id)[:2] == b"\x1f\x8b"


def test_a_segmentation_has_the_labels_that_it_says() -> None:
    one, other = factories.SegmentationFactory.create(seed=1), factories.SegmentationFactory.create(seed=2)
    assert np.array_equal(read_layers(one), factories.blob_layers(seed=1))
    assert one.sha256 != other.sha256
    assert one.volumes_ml["t"] == pytest.approx(4 * 3 * 2 * 2 / 1000)


def test_an_assignment_can_be_handed_in() -> None:
    assignment = factories.AssignmentFactory.create()
    assert assignment.rater.user is not None
    made = services.submit(
        assignment=assignment,
        by=assignment.rater.user,
        sequence=0,
        answers=dict(factories.ANSWERS),
        effort=Effort(),
    )
    assert made.source == Segmentation.Source.SUBMISSION
    assert made.parent == assignment.start
