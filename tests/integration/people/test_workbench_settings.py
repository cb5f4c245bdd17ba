"""A person's settings of the workbench: theirs alone, of a size that is said, and never written over unread."""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from people.models import User, WorkbenchSettings
from tests.factories import UserFactory
from tests.integration.people.browser import Browser

pytestmark = pytest.mark.django_db
BRUSH = {"tool": {"value": "brush", "at": 1_000}}


def address(user: User) -> str:
    return f"/api/v1/users/{user.pk}/workbench/"


def signed_in(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def keep(user: User, choices: Any, revision: int = 0) -> Any:
    return signed_in(user).send("PUT", address(user), {"revision": revision, "choices": choices})


def test_who_chose_nothing_has_no_settings() -> None:
    user = UserFactory.create()
    assert signed_in(user).get(address(user)).json() == {"revision": 0, "choices": {}}
    assert not WorkbenchSettings.objects.exists()


def test_what_one_browser_keeps_another_one_reads() -> None:
    user = UserFactory.create()
    windowed = {**BRUSH, "window 3 T1c": {"value": {"parts": [0.1, 0.75]}, "at": 2_000}}
    assert keep(user, windowed).json() == {"revision": 1, "choices": windowed}
    assert signed_in(user).get(address(user)).json() == {"revision": 1, "choices": windowed}


def test_settings_that_another_browser_changed_are_not_written_over() -> None:
    user = UserFactory.create()
    keep(user, BRUSH)
    late = keep(user, {"tool": {"value": "lasso", "at": 9_000}}, revision=0)
    assert late.status_code == 409
    assert "Read them again" in late.json()["detail"]
    assert signed_in(user).get(address(user)).json() == {"revision": 1, "choices": BRUSH}


@pytest.mark.parametrize("other", [{}, {"administrator": True}])
def test_nobody_else_reads_or_writes_them_not_even_the_administrator(other: dict[str, bool]) -> None:
    user = UserFactory.create()
    keep(user, BRUSH)
    browser = signed_in(UserFactory.create(**other))
    assert browser.get(address(user)).status_code == 404
    assert browser.send("PUT", address(user), {"revision": 1, "choices": {}}).status_code == 404
    assert WorkbenchSettings.objects.get(user=user).choices == BRUSH


def test_too_much_is_refused_with_the_limit_and_nothing_changes() -> None:
    user = UserFactory.create()
    keep(user, BRUSH)
    refused = keep(user, {"tool": {"value": "x" * 40_000, "at": 1}}, revision=1)
    assert refused.status_code == 400
    assert "32768 characters at most; these have 400" in refused.json()["choices"][0]
    assert WorkbenchSettings.objects.get(user=user).choices == BRUSH


@pytest.mark.parametrize(
    "choices",
    [
        {"tool": "brush"},
        {"tool": {"value": "brush"}},
        {"tool": {"value": "brush", "at": -1}},
        {"tool": {"value": "brush", "at": 1e300}},
        {"tool": {"value": "a\u0000b", "at": 1}},
        {"tool": {"value": "\ud800", "at": 1}},
        {"tool\u0000": {"value": "brush", "at": 1}},
        {"x" * 101: {"value": "brush", "at": 1}},
        [],
    ],
)
def test_what_cannot_be_kept_is_refused(choices: Any) -> None:
    assert keep(UserFactory.create(), choices).status_code == 400
    assert not WorkbenchSettings.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_keys_of_before_become_a_choice_that_any_other_replaces() -> None:
    before = [("people", "0003_workbench_settings")]
    earlier = MigrationExecutor(connection)
    earlier.migrate(before)
    try:
        users = earlier.loader.project_state(before).apps.get_model("people", "User").objects
        own = users.create(email="own@hospital.example", workbench_keys={"tool.brush": ["x"]})
        users.create(email="none@hospital.example")
    finally:
        latest = MigrationExecutor(connection)
        latest.migrate(latest.loader.graph.leaf_nodes())
    kept = WorkbenchSettings.objects.get()
    assert kept.user_id == own.pk
    assert kept.choices == {"keys": {"value": {"tool.brush": ["x"]}, "at": 0}}
