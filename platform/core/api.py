"""What every address of the API shares: pages of results, and errors as sentences."""

import logging
import re
from typing import Any, cast

from django.http import Http404
from rest_framework import status
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler
from rest_framework.views import set_rollback

from core.errors import Conflict, DomainError

logger = logging.getLogger(__name__)


class Pages(PageNumberPagination):
    """Fifty rows a page unless asked for more, five hundred at most."""

    page_size_query_param = "page_size"
    max_page_size = 500


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer 409 for Conflict, 422 for any other DomainError, DRF's answer for the rest."""
    if isinstance(error, Conflict):
        set_rollback()
        return Response({"detail": str(error), **error.facts}, status=status.HTTP_409_CONFLICT)
    if isinstance(error, DomainError):
        set_rollback()
        return Response({"detail": str(error), **error.facts}, status=status.HTTP_422_UNPROCESSABLE_ENTITY)
    if isinstance(error, Http404):  # Django's own text names the model that was not found
        error = Http404("Not found.")
    return drf_exception_handler(error, context)


def whole_number(text: str) -> int | None:
    """Return the whole number that somebody wrote, of nine digits at most (every database holds those), or None."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def current_user(request: Request) -> Any:
    """Return the signed-in user; the permission classes have already refused anybody else."""
    return cast("Any", request.user)
