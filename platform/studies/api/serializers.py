"""How studies look from outside: to their leads, and to everybody else."""

from typing import Any

from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api import current_user
from people.models import Rater
from studies.models import Membership, Study, StudyExport
from studies.rubrics import preset
from studies.services.running import roles_among
from studies.services.sources import second_sources

GUIDES = ("outlines_start", "outlines_previous", "shows_probability")
"""What raters may look at beside the mask that they draw."""


class StudySerializer(serializers.ModelSerializer[Study]):
    """A study as any of its members sees it."""

    scheme_name = serializers.CharField(source="scheme.name", read_only=True)
    roles = serializers.SerializerMethodField()
    total = serializers.IntegerField(read_only=True, default=0)
    submitted = serializers.IntegerField(read_only=True, default=0)
    returned = serializers.IntegerField(read_only=True, default=0)
    own_total = serializers.IntegerField(read_only=True, default=0)
    own_submitted = serializers.IntegerField(read_only=True, default=0)
    own_returned = serializers.IntegerField(read_only=True, default=0)
    sees_results = serializers.SerializerMethodField(help_text="the caller may see masks, scores and reports")
    synthetic = serializers.SerializerMethodField(help_text="every case is synthetic")

    class Meta:
        model = Study
        fields = [
            "id", "name", "description", "state", "scheme_name", "protocol", "protocol_version", "blinded", "roles",
            "total", "submitted", "returned", "own_total", "own_submitted", "own_returned", "sees_results", "synthetic",
            "created_at", "started_at",
        ]  # fmt: skip

    def get_roles(self, study: Study) -> list[str]:
        return roles_among(getattr(study, "roles_of_caller", []), self.context["request"].user)

    def get_sees_results(self, study: Study) -> bool:
        return bool(getattr(study, "with_results", False))

    def get_synthetic(self, study: Study) -> bool:
        return bool(getattr(study, "has_cases", False)) and not getattr(study, "has_real_cases", True)


class StudyDetailSerializer(StudySerializer):
    """A study as its lead sees it. `start_rater` and `rubric` would tell a rater the mask's source: leads only."""

    start_rater_name = serializers.CharField(source="start_rater.name", read_only=True, default="")
    second_rater = serializers.IntegerField(source="second_rater.pk", read_only=True, allow_null=True, default=None)
    second_rater_name = serializers.CharField(source="second_rater.name", read_only=True, default="")
    rubric_key = serializers.SerializerMethodField()

    class Meta(StudySerializer.Meta):
        fields = [
            *StudySerializer.Meta.fields, "scheme", "start_rater", "start_rater_name", "second_rater",
            "second_rater_name", "rubric_key", "seed", *GUIDES,
        ]  # fmt: skip

    def get_rubric_key(self, study: Study) -> str:
        return str((study.rubric or {}).get("key", ""))


@extend_schema_field({"type": "integer"})
class SecondSourceField(serializers.PrimaryKeyRelatedField[Rater]):
    """A second source of masks, of those that the caller may choose from."""

    def get_queryset(self) -> QuerySet[Rater]:
        request = self.context.get("request")
        return second_sources(current_user(request)) if request is not None else Rater.objects.none()


class StudyWriteSerializer(serializers.ModelSerializer[Study]):
    """What a lead says of a study. `rubric` is the key of a preset, or empty for none."""

    rubric = serializers.ChoiceField(choices=["tl5", "likert5", "yes_no", ""], required=False)
    start_rater = serializers.PrimaryKeyRelatedField(
        queryset=Rater.objects.filter(kind=Rater.Kind.MODEL), required=False, allow_null=True
    )
    second_rater = SecondSourceField(required=False, allow_null=True)

    class Meta:
        model = Study
        fields = [
            "name", "description", "scheme", "protocol", "rubric", "blinded", "start_rater", "second_rater", "seed",
            *GUIDES,
        ]  # fmt: skip
        extra_kwargs: dict[str, Any] = {
            "name": {"validators": [ProhibitNullCharactersValidator(), MaxLengthValidator(160)]},
            "seed": {"min_value": 0, "max_value": 2**31 - 1},
        }

    def validate_rubric(self, key: str) -> dict[str, Any] | None:
        return preset(key) if key else None


class MembershipSerializer(serializers.ModelSerializer[Membership]):
    """A member of a study."""

    name = serializers.CharField(source="user.name", read_only=True)
    email = serializers.CharField(source="user.email", read_only=True)
    centre = serializers.CharField(source="user.centre.name", read_only=True, default="")
    waits_for_acceptance = serializers.SerializerMethodField(help_text="the invitation was not accepted yet")

    class Meta:
        model = Membership
        fields = [
            "id", "name", "email", "centre", "role", "expertise", "years", "joined_at", "ended_at",
            "waits_for_acceptance",
        ]  # fmt: skip

    def get_waits_for_acceptance(self, membership: Membership) -> bool:
        return not membership.user.has_usable_password()


class MemberWriteSerializer(serializers.Serializer[Any]):
    """Whom to add, by e-mail address; a stranger gets an invitation."""

    email = serializers.EmailField()
    name = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    role = serializers.ChoiceField(choices=Membership.Role.choices)
    expertise = serializers.ChoiceField(choices=Rater.Expertise.choices, required=False, default="", allow_blank=True)
    years = serializers.IntegerField(min_value=0, max_value=80, required=False, allow_null=True, default=None)


class MemberAddedSerializer(serializers.Serializer[Any]):
    """The member, and the link to send them when they have no account yet (shown once)."""

    member = MembershipSerializer()
    invitation_link = serializers.CharField(allow_null=True)


class CasesWriteSerializer(serializers.Serializer[Any]):
    """Which cases to add."""

    cases = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), allow_empty=False, max_length=5000
    )


class ReturnSerializer(serializers.Serializer[Any]):
    """Why a reading goes back."""

    reason = serializers.CharField(max_length=2000)


class StartMaskSerializer(serializers.Serializer[Any]):
    """The work on a case's start mask."""

    status = serializers.CharField()
    percent = serializers.IntegerField()
    step = serializers.CharField()
    error = serializers.CharField()


class BoardRaterSerializer(serializers.Serializer[Any]):
    """A column of the board."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    expertise = serializers.CharField()
    years = serializers.IntegerField(allow_null=True)
    centre = serializers.CharField()
    ended = serializers.BooleanField()


class BoardCaseSerializer(serializers.Serializer[Any]):
    """A row of the board."""

    id = serializers.IntegerField()
    patient = serializers.CharField()
    time_point = serializers.CharField()
    centre = serializers.CharField()
    synthetic = serializers.BooleanField()
    thumbnail = serializers.CharField(allow_null=True)
    start_mask = StartMaskSerializer(allow_null=True)


class BoardCellSerializer(serializers.Serializer[Any]):
    """One reading."""

    assignment = serializers.UUIDField()
    rater = serializers.IntegerField()
    case = serializers.IntegerField()
    occasion = serializers.IntegerField()
    state = serializers.CharField()
    score = serializers.IntegerField(allow_null=True)
    not_assessed = serializers.BooleanField(help_text="the rater said that the mask cannot be assessed")
    comments = serializers.IntegerField(help_text="handed in with it")
    active_seconds = serializers.IntegerField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    returned_reason = serializers.CharField()


class PlacedCommentSerializer(serializers.Serializer[Any]):
    """A rater's remark at one voxel of the canonical grid, counted from 0, and its centre in RAS+ mm."""

    voxel = serializers.ListField(child=serializers.IntegerField(), min_length=3, max_length=3)
    mm = serializers.ListField(child=serializers.FloatField(), min_length=3, max_length=3)
    text = serializers.CharField()


class EditCountsSerializer(serializers.Serializer[Any]):
    """Voxels per label key, uses per tool."""

    added = serializers.DictField(child=serializers.IntegerField())
    removed = serializers.DictField(child=serializers.IntegerField())
    tools = serializers.DictField(child=serializers.IntegerField())


class ReadingSerializer(serializers.Serializer[Any]):
    """What was handed in with one reading beside its labels."""

    segmentation = serializers.IntegerField()
    active_seconds = serializers.IntegerField()
    idle_seconds = serializers.IntegerField()
    edits = EditCountsSerializer()
    not_assessed = serializers.CharField(allow_null=True, help_text="why the mask could not be assessed")
    comments = PlacedCommentSerializer(many=True)


class BoardSerializer(serializers.Serializer[Any]):
    """Cases × raters."""

    sees_results = serializers.BooleanField()
    raters = BoardRaterSerializer(many=True)
    cases = BoardCaseSerializer(many=True)
    cells = BoardCellSerializer(many=True)


class StartRaterSerializer(serializers.ModelSerializer[Rater]):
    """A model that a study can start from."""

    class Meta:
        model = Rater
        fields = ["id", "name"]


class ExportSerializer(serializers.ModelSerializer[StudyExport]):
    """An export, with how far it is."""

    status = serializers.CharField(source="job.status", read_only=True)
    percent = serializers.IntegerField(source="job.percent", read_only=True)
    step = serializers.CharField(source="job.step", read_only=True)
    error = serializers.CharField(source="job.error", read_only=True)
    download = serializers.SerializerMethodField()
    size = serializers.IntegerField(source="stored.size", read_only=True, default=None, help_text="bytes")

    class Meta:
        model = StudyExport
        fields = ["id", "suffix", "status", "percent", "step", "error", "download", "size", "created_at"]

    def get_download(self, export: StudyExport) -> str | None:
        if export.stored_id is None:
            return None
        return reverse("v1:study-export-file", args=[export.study_id, export.pk])


class ExportRequestSerializer(serializers.Serializer[Any]):
    """In which format the masks should be."""

    suffix = serializers.CharField(max_length=8, required=False, default=".nii.gz")
