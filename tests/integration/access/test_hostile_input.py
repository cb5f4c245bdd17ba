"""Whatever is sent to an address of the API, the platform answers, and never with an error of its own."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.core import NotSet
from schemathesis.openapi import from_dict

from tests.integration.access.table import TABLE, Row
from tests.integration.access.world import World

pytestmark = pytest.mark.django_db
EXAMPLES = 10
ROWS = [row for row in TABLE if row.name != "health"]  # it looks at nothing that is sent
WHO = {"assignment": "rater", "workbench": "rater"}
"""Who gets furthest; the lead where nobody is named."""


@schemathesis.serializer("application/gzip")
def _as_it_is(context: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture(scope="module")
def schema() -> Any:
    """The API's own description, the one that the browser's client is generated from."""
    described = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return from_dict(json.loads(json.dumps(described, default=str)))


def operation_of(schema: Any, row: Row, path: str) -> Any:
    """Return what the description says of a row's address, the most exact of those that fit."""
    fitting = [known for known in schema if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", known), path)]
    operations = [schema[known] for known in sorted(fitting, key=lambda known: known.count("{"))]
    return next(operation[row.method] for operation in operations if row.method.lower() in list(operation))


def takes_input(operation: Any) -> bool:
    """Tell whether there is anything besides its path, which is given, that could be wrong."""
    described = operation.definition.raw
    return "requestBody" in described or any(part["in"] != "path" for part in described.get("parameters", []))


def role_of(row: Row) -> str:
    """Return a role that the address is open to."""
    wanted = WHO.get(row.name.partition("-")[0], "lead")
    return wanted if row.answers[wanted] not in (401, 403, 404) else "administrator"


def send(world: World, row: Row, path: str, case: Any) -> Any:
    """Send a generated case to a real address."""
    body = b"" if isinstance(case.body, NotSet) else case.body
    content = body if isinstance(body, bytes) else json.dumps(body, default=str).encode()
    query = urlencode({name: str(value) for name, value in (case.query or {}).items()})
    headers = {name: str(value) for name, value in (case.headers or {}).items() if name.lower() != "authorization"}
    return world.ask(
        role_of(row),
        row.method,
        f"{path}?{query}" if query else path,
        data=content,
        content_type=case.media_type or "application/json",
        headers=headers,
    )


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: str(mode.value))
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.name}")
def test_no_input_makes_the_platform_fail(world: World, schema: Any, row: Row, mode: GenerationMode) -> None:
    path = reverse(f"v1:{row.name}", args=row.arguments(world))
    operation = operation_of(schema, row, path)
    if not takes_input(operation):
        assert world.ask(role_of(row), row.method, path).status_code < 500
        return
    given_path = dict.fromkeys(re.findall(r"\{(\w+)\}", operation.path), "given")  # all that is drawn can be wrong

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode, path_parameters=given_path))
    def every_answer_is_one(case: Any) -> None:
        response = send(world, row, path, case)
        assert response.status_code < 500, (case.query, case.body, case.headers)

    every_answer_is_one()
