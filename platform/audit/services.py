"""Write the audit trail."""

from typing import Any

from django.db import models

from audit.models import Event


def record(verb: str, subject: models.Model, *, by: Any = None, **detail: Any) -> Event:
    """Write one event, in the caller's transaction: what is rolled back did not happen."""
    return Event.objects.create(
        verb=verb,
        actor=by if by is not None and by.is_authenticated else None,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        detail=detail,
    )
