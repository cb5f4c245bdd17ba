"""Send kept files: streamed, private to the browser, and cached for good, since content never changes at an address."""

from typing import TypeVar

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from core import storage
from core.models import StoredFile

Answer = TypeVar("Answer", bound=HttpResponseBase)

FOR_GOOD = "private, max-age=31536000, immutable"


def send(
    stored: StoredFile, *, content_type: str, encoding: str = "", download_as: str = "", caching: str = FOR_GOOD
) -> FileResponse:
    """Stream a kept file. `encoding` names a compression that the browser takes off itself."""
    response = FileResponse(
        storage.open_file(stored), content_type=content_type, as_attachment=bool(download_as), filename=download_as
    )
    if encoding:
        response["Content-Encoding"] = encoding
    if not download_as:
        del response["Content-Disposition"]  # Django names the stored file in it: its hash
    response["Content-Length"] = str(stored.size)
    return _private(response, caching)


def send_bytes(content: bytes, *, content_type: str, download_as: str = "", encoding: str = "") -> HttpResponse:
    """Send content made on the spot; it is not cached."""
    response = HttpResponse(content, content_type=content_type)
    if encoding:
        response["Content-Encoding"] = encoding
    disposition = content_disposition_header(bool(download_as), download_as)
    if disposition is not None:
        response["Content-Disposition"] = disposition
    return _private(response, "private, no-store")


def _private(response: Answer, caching: str) -> Answer:
    response["Cache-Control"] = caching
    response["Vary"] = "Cookie, Authorization"
    response["X-Content-Type-Options"] = "nosniff"
    return response
