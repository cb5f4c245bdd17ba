"""Centres, accounts, raters and the keys that open doors."""

# mypy: allow-untyped-calls

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.utils import timezone
from factory.declarations import LazyAttribute, LazyFunction, PostGeneration, Sequence, SubFactory, Trait
from factory.django import DjangoModelFactory, Password

from cases.models import Access
from people.models import ApiToken, Centre, Invitation, Rater, User

PASSWORD = "fifteen grey herons"


def _appoint(user: User, create: bool, extracted: Any, **kwargs: Any) -> None:
    """Make an administrator whole: the flag, and the row that lets them see."""
    if create and user.is_superuser:
        Access.objects.create(user=user, grant=Access.Grant.EVERYTHING, reason="administrator")


class CentreFactory(DjangoModelFactory[Centre]):
    """A hospital."""

    class Meta:
        model = Centre

    name = Sequence(lambda n: f"Hospital {n}")
    code = Sequence(lambda n: f"hospital-{n}")


class UserFactory(DjangoModelFactory[User]):
    """Somebody with an account, whose password is PASSWORD."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = Sequence(lambda n: f"person{n}@hospital.example")
    name = Sequence(lambda n: f"Person {n}")
    centre = SubFactory(CentreFactory)
    password = Password(PASSWORD)

    class Params:
        lead = Trait(may_lead=True)
        administrator = Trait(is_superuser=True, is_staff=True)

    appointment = PostGeneration(_appoint)


class RaterFactory(DjangoModelFactory[Rater]):
    """A person who labels, with an account."""

    class Meta:
        model = Rater

    kind = Rater.Kind.HUMAN
    user = SubFactory(UserFactory)
    name = LazyAttribute(lambda rater: rater.user.name if rater.user else "Somebody without an account")
    expertise = Rater.Expertise.EXPERT
    years = 7


class ModelRaterFactory(DjangoModelFactory[Rater]):
    """A model version as a rater."""

    class Meta:
        model = Rater

    kind = Rater.Kind.MODEL
    name = Sequence(lambda n: f"Network {n}")


class ApiTokenFactory(DjangoModelFactory[ApiToken]):
    """A script's key; say `key="…"` to know it."""

    class Meta:
        model = ApiToken

    class Params:
        key = LazyFunction(lambda: f"ovr_{secrets.token_urlsafe(32)}")

    user = SubFactory(UserFactory)
    name = "nightly export"
    sha256 = LazyAttribute(lambda token: hashlib.sha256(token.key.encode()).hexdigest())
    prefix = LazyAttribute(lambda token: token.key[:8])


class InvitationFactory(DjangoModelFactory[Invitation]):
    """An invitation that waits; say `token="…"` to know its link."""

    class Meta:
        model = Invitation

    class Params:
        token = LazyFunction(lambda: secrets.token_urlsafe(32))

    user = SubFactory(UserFactory, password=None)
    invited_by = SubFactory(UserFactory, lead=True)
    sha256 = LazyAttribute(lambda invitation: hashlib.sha256(invitation.token.encode()).hexdigest())
    expires_at = LazyFunction(lambda: timezone.now() + timedelta(days=14))


def rater_of(user: User) -> Rater:
    """Return the rater that an account is, made when it is none yet."""
    return Rater.objects.filter(user=user).first() or RaterFactory.create(user=user)
