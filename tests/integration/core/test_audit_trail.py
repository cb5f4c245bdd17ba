"""The audit trail: the database itself refuses to change or delete a line."""

import pytest
from django.db import DatabaseError, transaction

from audit.models import Event
from audit.services import record
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_a_line_cannot_be_changed() -> None:
    event = record("tested", UserFactory.create())
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(verb="never happened")
    assert Event.objects.get(pk=event.pk).verb == "tested"


def test_a_line_cannot_be_deleted() -> None:
    event = record("tested", UserFactory.create())
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        Event.objects.filter(pk=event.pk).delete()
    assert Event.objects.filter(pk=event.pk).exists()


def test_what_is_rolled_back_did_not_happen() -> None:
    user = UserFactory.create()
    with transaction.atomic():
        record("tested", user)
        transaction.set_rollback(True)
    assert not Event.objects.filter(verb="tested").exists()
