"""How the bodies of requests are read, and when they are refused."""

import io
from typing import Any

from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

LARGEST_JSON = 8 * 1024**2
DEEPEST_JSON = 50


class TooLarge(APIException):
    """The body is longer than anything that is asked for."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE


class LimitedJSONParser(JSONParser):
    """Reads JSON that is neither larger nor nested deeper than any of ours."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return the value; TooLarge or ParseError for what is refused."""
        content = stream.read(LARGEST_JSON + 1)
        if len(content) > LARGEST_JSON:
            raise TooLarge(f"Send at most {LARGEST_JSON // 1024**2} MiB of JSON at a time.")
        deep = ParseError(f"The JSON is nested too deeply. Send lists and objects at most {DEEPEST_JSON} levels deep.")
        try:
            value = super().parse(io.BytesIO(content), media_type, parser_context)
        except RecursionError:
            raise deep from None
        if is_deep(value):
            raise deep
        return value


def is_deep(value: Any) -> bool:
    """Tell whether lists and objects are nested so deeply that what reads or writes them could fail."""
    level = [value]
    for _ in range(DEEPEST_JSON + 1):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return False
    return True


def _inside(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
