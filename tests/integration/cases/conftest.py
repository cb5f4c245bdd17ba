"""What the tests of import share: people of a centre, signed-in clients, a staging folder of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from people.models import Centre, User
from tests.integration.cases.sending import Sender


@pytest.fixture(autouse=True)
def _own_folders(settings: Any, tmp_path: Path) -> None:
    settings.STAGING_DIR = tmp_path / "staging"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        },
    }


@pytest.fixture
def centre(db: None) -> Centre:
    return Centre.objects.create(name="North hospital", code="north")


@pytest.fixture
def lead(centre: Centre) -> User:
    return User.objects.create_user(
        "lead@north.example", "a long pass phrase", name="Lead", centre=centre, may_lead=True
    )


@pytest.fixture
def client_of() -> Callable[[User], APIClient]:
    def signed_in(user: User) -> APIClient:
        client = APIClient()
        client.force_authenticate(user)
        return client

    return signed_in


@pytest.fixture
def running_jobs(django_capture_on_commit_callbacks: Any) -> Any:
    """A context in which the jobs that are asked for run at once."""
    return django_capture_on_commit_callbacks


@pytest.fixture
def sender(lead: User, client_of: Callable[[User], APIClient], running_jobs: Any) -> Sender:
    """A lead who imports through the API."""
    return Sender(client_of(lead), running_jobs)
