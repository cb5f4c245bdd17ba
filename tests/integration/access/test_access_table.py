"""Every address × every role: the table is the whole of the platform, and the platform answers as the table says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from people.api.signing_in import OPEN
from tests.integration.access.table import SIGN_IN, TABLE, Row
from tests.integration.access.world import ROLES, World

pytestmark = pytest.mark.django_db
METHODS = ("get", "post", "put", "patch", "delete")
SIGN_IN_ROOT = "/_allauth/browser/v1/"


def patterns(of: list[Any], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Return every pattern of the resolver with its whole path."""
    for pattern in of:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern.url_patterns, path)
        else:
            yield path, pattern


def methods_of(pattern: URLPattern) -> list[str]:
    """Return the methods that a view answers; a plain function's are all that its row names."""
    view: Any = pattern.callback
    if getattr(view, "actions", None):
        return [method.upper() for method in view.actions if method in METHODS]
    if hasattr(view, "cls"):
        return [method.upper() for method in METHODS if hasattr(view.cls, method)]
    return ["GET"]


def api() -> set[tuple[str, str]]:
    return {
        (str(pattern.name), method)
        for path, pattern in patterns(get_resolver().url_patterns)
        if path.startswith("api/")
        for method in methods_of(pattern)
    }


def test_the_table_has_a_row_for_every_address_and_method_and_no_other() -> None:
    rows = {(row.name, row.method) for row in TABLE}
    assert rows - api() == set(), "rows of the table that name no address"
    assert api() - rows == set(), "addresses without a row: add them to tests/integration/access/table.py"


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.method} {row.name}")
def test_each_role_gets_what_the_table_says(world: World, row: Row) -> None:
    path = reverse(f"v1:{row.name}", args=row.arguments(world))
    assert set(row.answers) == set(ROLES)
    got = {}
    for role in ROLES:
        response = world.ask(
            role,
            row.method,
            path,
            data=row.content(world),
            content_type=row.content_type,
            headers=row.headers(world),
        )
        got[role] = response.status_code
    assert got == row.answers


def test_the_table_has_every_open_address_of_the_sign_in() -> None:
    assert {path for path, _ in SIGN_IN} == set(OPEN)


@pytest.mark.parametrize(("path", "method"), SIGN_IN, ids=str)
def test_each_role_gets_what_the_table_says_of_the_sign_in(world: World, path: str, method: str) -> None:
    answers, body = SIGN_IN[path, method]
    content = json.dumps(body).encode() if body is not None else b""
    got = {
        role: world.ask(role, method, SIGN_IN_ROOT + path, data=content, content_type="application/json").status_code
        for role in ROLES
    }
    assert got == answers


def closed_addresses() -> list[str]:
    root = SIGN_IN_ROOT.strip("/") + "/"
    found = {path for path, pattern in patterns(get_resolver().url_patterns) if path.startswith(root)}
    return sorted(path for path in found if path.removeprefix(root) not in OPEN)


@pytest.mark.parametrize("path", closed_addresses())
def test_what_allauth_offers_beyond_that_is_closed_to_everybody(world: World, path: str) -> None:
    for role in ROLES:
        for method in METHODS:
            response = world.ask(role, method.upper(), f"/{path}", data=b"{}", content_type="application/json")
            assert response.status_code == 404, (role, method)


def test_all_addresses_are_walked() -> None:
    """Whatever is neither API, sign-in nor the browser application would escape the tables."""
    paths = {path for path, _ in patterns(get_resolver().url_patterns)}
    strange = {path for path in paths if not path.startswith(("api/v1/", "_allauth/"))}
    assert strange == {r"^(?!api/|_allauth/|static/).*$"}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.method} {row.name}")
def test_an_unknown_key_opens_nothing_anywhere(world: World, row: Row) -> None:
    """A wrong key is refused even where a session would do, and where nobody needs one it is ignored."""
    path = reverse(f"v1:{row.name}", args=row.arguments(world))
    headers = {"Authorization": "Token ovr_unknown"}
    response = world.ask(
        "administrator",
        row.method,
        path,
        data=row.content(world),
        content_type=row.content_type,
        headers=headers,
    )
    public = row.answers["anonymous"] != 401
    assert (response.status_code == 401) is not public
