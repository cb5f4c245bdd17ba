"""How long a person worked, day by day: what saves and submissions add to a reading's active seconds."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import F, Sum
from django.utils import timezone

from annotation.models import Draft, WorkedDay
from people.models import User
from studies.models import Assignment


def add_time(assignment: Assignment, *, active_seconds: int, before: Draft | None) -> None:
    """Count today what a reading's active seconds have grown by since the draft before; nothing when they shrank.

    Runs in the transaction of the save, whose own check lets only one of two writers through.
    """
    known = before.notes.get("active_seconds", 0) if before is not None else 0
    grown = active_seconds - known
    if grown <= 0:
        return
    day, _ = WorkedDay.objects.get_or_create(assignment=assignment, day=timezone.localdate())
    WorkedDay.objects.filter(pk=day.pk).update(active_seconds=F("active_seconds") + grown)


def begin_of_week() -> date:
    """Return this week's Monday, in the server's time zone."""
    today = timezone.localdate()
    return today - timedelta(days=today.weekday())


def active_seconds_since(user: User, first: date) -> int:
    """Return the seconds that a person was active in their own readings since a day, that day included."""
    days = WorkedDay.objects.visible_to(user).filter(day__gte=first)
    return days.aggregate(total=Sum("active_seconds"))["total"] or 0
