"""Fixtures that every test may use."""

import os
from pathlib import Path

import pytest


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
