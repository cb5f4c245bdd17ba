"""Appoint and dismiss site administrators: the flag on the account, and the row that lets them see everything."""

from __future__ import annotations

from django.db import transaction

from audit.services import record
from cases.models import Access
from cases.services import give_access, take_access
from core.errors import DomainError
from people.models import User

REASON = "administrator"


@transaction.atomic
def appoint_administrator(*, user: User, by: User | None = None) -> None:
    """Let a person administer the site and see all that is not blinded to them; doing it again changes nothing.

    `by` is None on the command line, where whoever may write the database may do anything.
    """
    if not user.is_active:
        raise DomainError(f"The account of {user.email} is deactivated: activate it first.")
    appointed = User.objects.filter(pk=user.pk, is_superuser=False).update(is_superuser=True, is_staff=True)
    give_access(user=user, grant=Access.Grant.EVERYTHING, reason=REASON)
    if appointed:
        record("administrator.appointed", user, by=by)
    user.refresh_from_db()


@transaction.atomic
def dismiss_administrator(*, user: User, by: User) -> None:
    """Take the role back. The last one stays: without an administrator nobody could appoint another."""
    held = User.objects.select_for_update().filter(is_superuser=True, is_active=True).order_by("pk")  # two at once
    if not [other for other in held if other.pk != user.pk]:
        raise DomainError("This is the last site administrator: appoint another one first.")
    dismissed = User.objects.filter(pk=user.pk, is_superuser=True).update(is_superuser=False, is_staff=False)
    take_access(reason=REASON, user=user)
    if dismissed:
        record("administrator.dismissed", user, by=by)
    user.refresh_from_db()
