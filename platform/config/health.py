"""Whether the platform can do its work: for load balancers and administrators."""

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when database and storage work, 503 otherwise; details without secrets."""
    checks = {"database": _database(), "storage": _storage()}
    good = all(checks.values())
    answer: dict[str, Any] = {
        "status": "ok" if good else "failing",
        "version": settings.VERSION,
        "checks": checks,
    }
    return JsonResponse(answer, status=200 if good else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except Exception:  # whatever the driver raises, the answer is the same
        return False


def _storage() -> bool:
    try:
        Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=settings.DATA_DIR) as file:
            file.write(b"ok")
        return True
    except OSError:
        return False
