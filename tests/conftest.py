"""Fixtures that every test may use."""

import os
from pathlib import Path

import pytest
from django.conf import settings


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what needs two writing connections to the PostgreSQL part: an SQLite in memory has one.

    That part says loudly when it could not be run; here these tests are deselected, and pytest counts them.
    """
    if not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return
    left = [item for item in items if item.get_closest_marker("two_connections")]
    items[:] = [item for item in items if item not in left]
    config.hook.pytest_deselected(items=left)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real cases; tests that need it say loudly that they did not run when it is not named."""
    folder = os.environ.get("OVERREAD_TEST_DATA", "")
    if not folder:
        pytest.skip("NOT RUN: set OVERREAD_TEST_DATA to the folder of real test cases")
    path = Path(folder)
    if not path.is_dir():
        pytest.fail(f"OVERREAD_TEST_DATA names {folder}, which is no folder")
    return path
