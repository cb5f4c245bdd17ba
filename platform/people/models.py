"""Centre, User, Rater, and the keys that open doors: ApiToken, Invitation."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone


class Centre(models.Model):
    """A hospital or institute."""

    name = models.CharField(max_length=120, unique=True)
    code = models.SlugField(max_length=20, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class UserQuerySet(models.QuerySet["User"]):
    """Questions about accounts."""

    def visible_to(self, user: Any) -> UserQuerySet:
        """Site administrators see all accounts, others their own."""
        return self if user.is_superuser else self.filter(pk=user.pk)


class UserManager(BaseUserManager["User"]):
    """Makes accounts; an account without a password waits for its invitation to be accepted."""

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user: Any) -> UserQuerySet:
        """See the queryset's."""
        return self.get_queryset().visible_to(user)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make an account; e-mail addresses are kept in lower case."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a site administrator."""
        return self.create_user(email, password, is_superuser=True, is_staff=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in with an e-mail address. `is_superuser` is the site administrator."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, null=True, blank=True, related_name="users")
    may_lead = models.BooleanField(default=False, help_text="may import cases and start studies")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "email"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_is_unique_in_any_case")]

    def __str__(self) -> str:
        return self.name or self.email


class WorkbenchSettings(models.Model):
    """How a person likes the workbench: each choice by its name, with its moment. Their browsers say what is in it."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="workbench_settings")
    revision = models.PositiveIntegerField(default=0, help_text="how often they were kept")
    choices = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return f"workbench of {self.user}"


class RaterQuerySet(models.QuerySet["Rater"]):
    """Questions about raters."""

    def human(self) -> RaterQuerySet:
        """People."""
        return self.filter(kind=Rater.Kind.HUMAN)


class Rater(models.Model):
    """Whoever labels: a person (with or without an account), a model version, or a consensus."""

    class Kind(models.TextChoices):
        HUMAN = "human"
        MODEL = "model"
        CONSENSUS = "consensus"

    class Expertise(models.TextChoices):
        NOVICE = "novice"
        EXPERT = "expert"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=120)
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, blank=True, related_name="rater")
    expertise = models.CharField(max_length=10, choices=Expertise.choices, blank=True)
    years = models.PositiveSmallIntegerField(null=True, blank=True, help_text="years of experience")
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, null=True, blank=True, related_name="raters")
    created_at = models.DateTimeField(default=timezone.now)

    objects = RaterQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["human", "model", "consensus"]), name="rater_kind_is_known"),
            models.CheckConstraint(
                condition=Q(expertise__in=["", "novice", "expert"]), name="rater_expertise_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="human") | Q(user__isnull=True), name="rater_with_an_account_is_human"
            ),
            models.CheckConstraint(
                condition=Q(kind="human") | Q(expertise="", years__isnull=True),
                name="rater_with_expertise_is_human",
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=~Q(kind="human"),
                name="rater_that_is_no_person_has_a_name_of_its_own",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Questions about tokens."""

    def visible_to(self, user: Any) -> ApiTokenQuerySet:
        """People see their own tokens, site administrators all."""
        return self if user.is_superuser else self.filter(user=user)

    def valid(self) -> ApiTokenQuerySet:
        """Tokens that still open doors."""
        fresh = Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now())
        return self.filter(fresh, revoked_at__isnull=True, user__is_active=True)


class ApiToken(models.Model):
    """A script's key. Only its SHA-256 is kept; the key itself is shown once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64, unique=True)
    prefix = models.CharField(max_length=12, help_text="the key's first letters, to tell keys apart")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.prefix}… of {self.user}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Questions about invitations."""

    def visible_to(self, user: Any) -> InvitationQuerySet:
        """People see the invitations that they sent, site administrators all."""
        return self if user.is_superuser else self.filter(invited_by=user)

    def open(self) -> InvitationQuerySet:
        """Invitations whose link still works."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """A link by which a person sets the password of an account that was made for them."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations_sent")
    sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"invitation of {self.user.email}"
