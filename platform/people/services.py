"""What may change about people: invite them, let them in, shut them out, make and revoke keys."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from audit.services import record
from core.errors import Conflict, DomainError
from people.models import ApiToken, Centre, Invitation, Rater, User, WorkbenchSettings

KEY_MARK = "ovr_"
MOST_TOKENS = 50
INVITATION_IS_OVER = (
    "This invitation is unknown, has run out or was used already. Ask the person who invited you for a new one."
)


def digest(key: str) -> str:
    """Return what is kept of a key or a link: guessing 256 random bits backwards needs no slow hash."""
    return sha256(key.encode()).hexdigest()


# --- Invitations ------------------------------------------------------------------------------


@transaction.atomic
def invite(
    *,
    email: str,
    name: str = "",
    centre: Centre | None = None,
    expertise: str = "",
    years: int | None = None,
    by: User,
    may_lead: bool = False,
) -> tuple[User, str | None]:
    """Make an account that waits for its owner, and return it with the link to send them.

    Of somebody who has an account already, that account is returned. The link is None when they have a password, or
    wait for an invitation by somebody else: whoever holds a link can become that person, so only the first inviter
    and site administrators get it again. Raises DomainError when the account was deactivated.
    """
    address = email.strip().lower()
    user = User.objects.filter(email__iexact=address).first()
    if user is None:
        user = _new_account(address, name=name.strip(), centre=centre, may_lead=may_lead, by=by)
        if expertise:
            _make_rater(user, expertise, years)
    if not user.is_active:
        raise DomainError(f"The account of {user.email} is deactivated. Ask the site administrator.")
    if user.has_usable_password() or not _may_hold_link(user, by):
        return user, None
    return user, _new_link(user, by)


def _new_account(address: str, *, name: str, centre: Centre | None, may_lead: bool, by: User) -> User:
    if may_lead and not by.is_superuser:
        raise DomainError("Only site administrators invite people who may lead studies.")
    try:
        with transaction.atomic():
            user = User.objects.create_user(address, name=name or address, centre=centre, may_lead=may_lead)
    except IntegrityError as error:
        raise Conflict(f"{address} is being invited by somebody else. Try again.") from error
    record("user.created", user, by=by, email=address, may_lead=may_lead)
    return user


def _make_rater(user: User, expertise: str, years: int | None) -> None:
    Rater.objects.create(
        kind=Rater.Kind.HUMAN, name=user.name, user=user, expertise=expertise, years=years, centre=user.centre
    )


def _may_hold_link(user: User, by: User) -> bool:
    earlier = Invitation.objects.filter(user=user)
    return by.is_superuser or not earlier.exists() or earlier.filter(invited_by=by).exists()


def _new_link(user: User, by: User) -> str:
    """Make a new invitation; the person's earlier links stop working."""
    now, token = timezone.now(), secrets.token_urlsafe(32)
    Invitation.objects.open().filter(user=user).update(revoked_at=now)
    invitation = Invitation.objects.create(
        user=user,
        invited_by=by,
        sha256=digest(token),
        expires_at=now + timedelta(days=settings.INVITATION_DAYS),
    )
    record("invitation.sent", invitation, by=by, to=user.pk)
    return link_of(token)


def link_of(token: str) -> str:
    """Return the address to send to an invited person."""
    return f"{settings.PUBLIC_URL}/invitations/{token}"


def open_invitation(token: str) -> Invitation:
    """Return the invitation of a link; DomainError, always in the same words, when it opens nothing."""
    waiting = Invitation.objects.open().filter(sha256=digest(token), user__is_active=True)
    invitation = waiting.select_related("user", "invited_by").first()
    if invitation is None or invitation.user.has_usable_password():
        raise DomainError(INVITATION_IS_OVER)
    return invitation


def accept_invitation(*, token: str, name: str, password: str) -> User:
    """Give the invited account its owner's name and password and return it. A link works once."""
    invitation = open_invitation(token)
    user = invitation.user
    check_password(password, user)
    with transaction.atomic():
        now = timezone.now()
        if not Invitation.objects.open().filter(pk=invitation.pk).update(accepted_at=now):
            raise DomainError(INVITATION_IS_OVER)
        Invitation.objects.open().filter(user=user).update(revoked_at=now)
        user.name = name.strip() or user.name
        user.set_password(password)
        user.save(update_fields=["name", "password"])
        Rater.objects.filter(user=user).update(name=user.name)
        record("invitation.accepted", invitation, by=user)
    return user


def revoke_invitation(*, invitation: Invitation, by: User) -> None:
    """Make a link worthless; the account stays, since studies may name it."""
    with transaction.atomic():
        if not Invitation.objects.open().filter(pk=invitation.pk).update(revoked_at=timezone.now()):
            raise Conflict("This invitation was accepted, was revoked or has run out.")
        record("invitation.revoked", invitation, by=by, to=invitation.user_id)


def check_password(password: str, user: User | None = None) -> None:
    """Raise DomainError, saying every rule that a new password breaks."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise DomainError(" ".join(error.messages)) from error


# --- Accounts ---------------------------------------------------------------------------------


@transaction.atomic
def change_user(*, user: User, by: User, **changes: Any) -> User:
    """Change an account. A deactivated one is out at once: its sessions and tokens open nothing from then on."""
    if changes.get("is_active") is False and user == by:
        raise DomainError("You cannot deactivate your own account: ask another site administrator.")
    if changes.get("is_active") is False and user.is_superuser:
        raise DomainError("Take the administrator's role away first.")
    different = {name: value for name, value in changes.items() if getattr(user, name) != value}
    for name, value in different.items():
        setattr(user, name, value)
    if different:
        user.save(update_fields=list(different))
        record("user.changed", user, by=by, **{name: _said(value) for name, value in different.items()})
    if "name" in different:
        Rater.objects.filter(user=user).update(name=user.name)
    if different.get("is_active") is False:
        Invitation.objects.open().filter(user=user).update(revoked_at=timezone.now())
    return user


def keep_workbench_settings(*, user: User, choices: dict[str, Any], revision: int) -> WorkbenchSettings:
    """Keep a person's settings of the workbench. Habits and no rights: the audit trail does not need them.

    Raises Conflict when another of their browsers kept some after `revision` was read: whoever sends them joins both.
    """
    WorkbenchSettings.objects.get_or_create(user=user)
    as_read = WorkbenchSettings.objects.filter(user=user, revision=revision)
    if not as_read.update(choices=choices, revision=F("revision") + 1):
        raise Conflict("Your settings were changed in another window. Read them again.")
    return WorkbenchSettings(user=user, choices=choices, revision=revision + 1)


def _said(value: Any) -> Any:
    return value.name if isinstance(value, Centre) else value


def change_centre(*, centre: Centre, by: User, **changes: Any) -> Centre:
    """Change a centre's name or code."""
    for name, value in changes.items():
        setattr(centre, name, value)
    return _save_centre(centre, "centre.changed", by)


def create_centre(*, name: str, code: str, by: User) -> Centre:
    """Make a centre."""
    return _save_centre(Centre(name=name, code=code), "centre.created", by)


def _save_centre(centre: Centre, verb: str, by: User) -> Centre:
    try:
        with transaction.atomic():
            centre.save()
            record(verb, centre, by=by, name=centre.name, code=centre.code)
    except IntegrityError as error:
        raise Conflict(f"There is a centre named {centre.name!r} or with the code {centre.code!r} already.") from error
    return centre


# --- Keys of scripts --------------------------------------------------------------------------


@transaction.atomic
def create_token(*, user: User, name: str, days: int | None = None) -> tuple[ApiToken, str]:
    """Make a key for a script and return its row and the key, which is kept nowhere else."""
    if ApiToken.objects.valid().filter(user=user).count() >= MOST_TOKENS:
        raise DomainError(f"You have {MOST_TOKENS} keys. Revoke those that no script uses any more.")
    key = f"{KEY_MARK}{secrets.token_urlsafe(32)}"
    expires = timezone.now() + timedelta(days=days) if days is not None else None
    token = ApiToken.objects.create(
        user=user, name=name, sha256=digest(key), prefix=key[: len(KEY_MARK) + 4], expires_at=expires
    )
    record("token.created", token, by=user, name=name)
    return token, key


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User) -> None:
    """Make a key worthless at once."""
    if not ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now()):
        raise Conflict("This key was revoked already.")
    record("token.revoked", token, by=by, owner=token.user_id)


def code_of(name: str) -> str:
    """Return a centre's code made of its name: lower-case letters, digits and hyphens, at most 20."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:20].strip("-")
