"""The world that the tables of access walk through."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.integration.access.world import World, build


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One world for all tests of a module; every request in it is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)
