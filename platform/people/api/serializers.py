"""How accounts, centres, keys and invitations look from outside."""

import json
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from people.models import ApiToken, Centre, Invitation, Rater, User

MOST_CHARACTERS = 32_768
"""Of a person's settings: about twice a full set, and less than a browser sends while its window closes (64 kB)."""
MOST_MILLISECONDS = 8_640_000_000_000_000
"""The last moment that a browser knows."""


class CentreSerializer(serializers.ModelSerializer[Centre]):
    """A hospital or institute."""

    class Meta:
        model = Centre
        fields = ["id", "name", "code"]
        extra_kwargs: dict[str, Any] = {"name": {"validators": []}, "code": {"validators": []}}


class OwnRaterSerializer(serializers.ModelSerializer[Rater]):
    """What a person said of their experience."""

    class Meta:
        model = Rater
        fields = ["expertise", "years"]


class MeSerializer(serializers.ModelSerializer[User]):
    """Whoever asks. Roles belong to studies and are told there."""

    centre = CentreSerializer(read_only=True, allow_null=True)
    is_administrator = serializers.BooleanField(source="is_superuser", read_only=True)
    rater = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ["id", "email", "name", "centre", "may_lead", "is_administrator", "rater"]

    @extend_schema_field(OwnRaterSerializer(allow_null=True))
    def get_rater(self, user: User) -> dict[str, Any] | None:
        rater = getattr(user, "rater", None)
        return dict(OwnRaterSerializer(rater).data) if rater is not None else None


class WorkbenchChoiceSerializer(serializers.Serializer[Any]):
    """What was chosen, and when."""

    value = serializers.JSONField(allow_null=True)
    at = serializers.IntegerField(min_value=0, max_value=MOST_MILLISECONDS, help_text="milliseconds since 1970")


class ChoicesField(serializers.DictField):
    """Choices by name: small, and such as every database can keep."""

    child = WorkbenchChoiceSerializer()
    default_error_messages = {
        "long": "The settings of the workbench have {most} characters at most; these have {length}.",
        "odd": "The settings hold characters or numbers that cannot be kept.",
        "name": "A setting's name has 100 printable characters at most.",
    }

    def to_internal_value(self, data: Any) -> Any:
        choices = super().to_internal_value(data)
        if not all(len(name) <= 100 and name.isprintable() for name in choices):
            self.fail("name")
        try:
            text = json.dumps(choices, ensure_ascii=False, allow_nan=False)
            text.encode()
        except ValueError:  # a half surrogate, or not a number
            self.fail("odd")
        if "\\u0000" in text:
            self.fail("odd")
        if len(text) > MOST_CHARACTERS:
            self.fail("long", most=MOST_CHARACTERS, length=len(text))
        return choices


class WorkbenchSettingsSerializer(serializers.Serializer[Any]):
    """How a person likes the workbench; `revision` is that of the settings that were read."""

    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 2)
    choices = ChoicesField()


class OwnChangeSerializer(serializers.Serializer[Any]):
    """What people may change of themselves. The password is changed under `_allauth`, with the old one."""

    name = serializers.CharField(max_length=120, required=False)


class UserSerializer(MeSerializer):
    """An account as the site administrator sees it."""

    waits_for_acceptance = serializers.SerializerMethodField(help_text="the invitation was not accepted yet")

    class Meta(MeSerializer.Meta):
        fields = [
            *MeSerializer.Meta.fields,
            "is_active",
            "waits_for_acceptance",
            "date_joined",
            "last_login",
        ]

    def get_waits_for_acceptance(self, user: User) -> bool:
        return not user.has_usable_password()


class UserChangeSerializer(serializers.ModelSerializer[User]):
    """What an administrator changes of an account."""

    centre = serializers.PrimaryKeyRelatedField(queryset=Centre.objects.all(), allow_null=True, required=False)

    class Meta:
        model = User
        fields = ["name", "centre", "may_lead", "is_active"]


class TokenSerializer(serializers.ModelSerializer[ApiToken]):
    """A script's key, without the key."""

    owner = serializers.EmailField(source="user.email", read_only=True)

    class Meta:
        model = ApiToken
        fields = ["id", "owner", "name", "prefix", "created_at", "expires_at", "last_used_at", "revoked_at"]


class NewTokenSerializer(TokenSerializer):
    """A key that was just made: the only time that it is shown."""

    key = serializers.CharField(read_only=True)

    class Meta(TokenSerializer.Meta):
        fields = [*TokenSerializer.Meta.fields, "key"]


class TokenWriteSerializer(serializers.Serializer[Any]):
    """What the key is for, and after how many days it runs out (never, when left out)."""

    name = serializers.CharField(max_length=80)
    days = serializers.IntegerField(min_value=1, max_value=3650, required=False, allow_null=True, default=None)


class InvitationSerializer(serializers.ModelSerializer[Invitation]):
    """An invitation as whoever sent it sees it."""

    email = serializers.EmailField(source="user.email", read_only=True)
    name = serializers.CharField(source="user.name", read_only=True)
    invited_by = serializers.CharField(source="invited_by.name", read_only=True)

    class Meta:
        model = Invitation
        fields = ["id", "email", "name", "invited_by", "created_at", "expires_at", "accepted_at", "revoked_at"]


class InvitationWriteSerializer(serializers.Serializer[Any]):
    """Whom to invite."""

    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    centre = serializers.PrimaryKeyRelatedField(
        queryset=Centre.objects.all(), required=False, allow_null=True, default=None
    )
    expertise = serializers.ChoiceField(choices=Rater.Expertise.choices, required=False, default="", allow_blank=True)
    years = serializers.IntegerField(min_value=0, max_value=80, required=False, allow_null=True, default=None)
    may_lead = serializers.BooleanField(required=False, default=False)


class InvitedSerializer(serializers.Serializer[Any]):
    """The account, and the link to send its owner; null when they have a password or somebody else invited them."""

    email = serializers.EmailField()
    name = serializers.CharField()
    link = serializers.CharField(allow_null=True)


class OpenInvitationSerializer(serializers.Serializer[Any]):
    """What a link tells whoever holds it."""

    email = serializers.EmailField(source="user.email")
    invited_by = serializers.CharField(source="invited_by.name")


class AcceptanceSerializer(serializers.Serializer[Any]):
    """How an invitation is accepted."""

    token = serializers.CharField(max_length=100)
    name = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    password = serializers.CharField(max_length=200, trim_whitespace=False)
