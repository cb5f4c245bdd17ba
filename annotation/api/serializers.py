"""How an assignment looks to its rater: nothing in it names a rater, a source, a case or a hash."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from annotation import services
from annotation.models import Draft, ProblemReport
from studies.models import Assignment


class StudyNameSerializer(serializers.Serializer[Any]):
    """The study that an assignment belongs to."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class StudyShownSerializer(StudyNameSerializer):
    """The study with what the rater must know of it."""

    protocol = serializers.CharField()
    synthetic = serializers.BooleanField(help_text="this case is synthetic")


class AssignmentSerializer(serializers.Serializer[Any]):
    """An assignment in the rater's queue."""

    id = serializers.UUIDField()
    study = StudyNameSerializer()
    state = serializers.ChoiceField(choices=Assignment.State.choices)
    position = serializers.IntegerField()
    total = serializers.IntegerField(help_text="of the rater's assignments in the study")
    returned_reason = serializers.CharField()
    saved_at = serializers.DateTimeField(allow_null=True)
    thumbnail = serializers.CharField(allow_null=True)


class ShownSeriesSerializer(serializers.Serializer[Any]):
    """One sequence to look at."""

    sequence = serializers.CharField()
    image = serializers.CharField()
    thumbnail = serializers.CharField()
    window = serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2)


class GridSerializer(serializers.Serializer[Any]):
    """The grid of images and labels: voxels along (x, y, z), closest RAS, and index → mm."""

    shape = serializers.ListField(child=serializers.IntegerField(), min_length=3, max_length=3)
    affine = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField()), min_length=4, max_length=4
    )


class LayerSerializer(serializers.Serializer[Any]):
    """A layer of the label scheme."""

    key = serializers.CharField()
    name = serializers.CharField()


class LabelSerializer(serializers.Serializer[Any]):
    """A label of the scheme."""

    layer = serializers.CharField()
    value = serializers.IntegerField()
    key = serializers.CharField()
    name = serializers.CharField()
    color = serializers.CharField()


class RegionSerializer(serializers.Serializer[Any]):
    """A union of labels."""

    key = serializers.CharField()
    name = serializers.CharField()
    labels = serializers.ListField(child=serializers.CharField())


class SchemeSerializer(serializers.Serializer[Any]):
    """What can be drawn."""

    name = serializers.CharField()
    layers = LayerSerializer(many=True)
    labels = LabelSerializer(many=True)
    regions = RegionSerializer(many=True)


class DraftSerializer(serializers.Serializer[Any]):
    """A saved draft."""

    sequence = serializers.IntegerField()
    saved_at = serializers.DateTimeField()
    labels = serializers.CharField()


class BranchSerializer(serializers.Serializer[Any]):
    """A version that lost against another one, kept beside it."""

    id = serializers.IntegerField()
    saved_at = serializers.DateTimeField()
    labels = serializers.CharField()


class RatingShownSerializer(serializers.Serializer[Any]):
    """The rater's own answers."""

    answers = serializers.DictField()
    score = serializers.IntegerField(allow_null=True)


class AssignmentDetailSerializer(serializers.Serializer[Any]):
    """Everything that the workbench needs."""

    id = serializers.UUIDField()
    study = StudyShownSerializer()
    state = serializers.ChoiceField(choices=Assignment.State.choices)
    position = serializers.IntegerField()
    total = serializers.IntegerField()
    returned_reason = serializers.CharField()
    grid = GridSerializer()
    series = ShownSeriesSerializer(many=True)
    scheme = SchemeSerializer()
    start = serializers.CharField()
    base = serializers.CharField()
    draft = DraftSerializer(allow_null=True)
    branches = BranchSerializer(many=True)
    rubric = serializers.DictField(allow_null=True)
    rating = RatingShownSerializer(allow_null=True)
    active_seconds = serializers.IntegerField()


class SavedSerializer(serializers.Serializer[Any]):
    """The answer to a saved draft."""

    sequence = serializers.IntegerField()
    saved_at = serializers.DateTimeField()


class CountsField(serializers.DictField):
    """Counts by a short name."""

    child = serializers.IntegerField(min_value=0, max_value=10**12)
    default_error_messages = {"odd": "Counts have at most 100 names of at most 40 printable characters."}

    def to_internal_value(self, data: Any) -> Any:
        counts = super().to_internal_value(data)
        if len(counts) > 100 or not all(len(name) <= 40 and name.isprintable() for name in counts):
            self.fail("odd")
        return counts


class EditsSerializer(serializers.Serializer[Any]):
    """What was edited: voxels per label key, uses per tool."""

    added = CountsField(required=False, default=dict)
    removed = CountsField(required=False, default=dict)
    tools = CountsField(required=False, default=dict)


class SubmissionSerializer(serializers.Serializer[Any]):
    """What is handed in: the draft's sequence, the answers, the effort."""

    sequence = serializers.IntegerField(min_value=0)
    answers = serializers.DictField(required=False, allow_null=True, default=None)
    active_seconds = serializers.IntegerField(min_value=0, max_value=10**7, required=False, default=0)
    idle_seconds = serializers.IntegerField(min_value=0, max_value=10**7, required=False, default=0)
    edits = EditsSerializer(required=False)


class SubmittedSerializer(serializers.Serializer[Any]):
    """The assignment's new state."""

    state = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """What is wrong with a case."""

    text = serializers.CharField(max_length=2000)


class ProblemReportSerializer(serializers.ModelSerializer[ProblemReport]):
    """A problem as the lead sees it."""

    study = serializers.IntegerField(source="assignment.study_id", read_only=True)
    case = serializers.IntegerField(source="assignment.case_id", read_only=True)
    rater = serializers.CharField(source="assignment.rater.name", read_only=True)

    class Meta:
        model = ProblemReport
        fields = ["id", "study", "case", "rater", "text", "created_at", "settled_at"]


def listed(assignment: Assignment) -> dict[str, Any]:
    """Return an assignment of the queue; `total` and `saved_at` come from the query."""
    reference = assignment.case.reference
    shown = reference is not None and reference.thumbnail_id
    return {
        "id": assignment.pk,
        "study": {"id": assignment.study_id, "name": assignment.study.name},
        "state": assignment.state,
        "position": assignment.position,
        "total": getattr(assignment, "total", 0),
        "returned_reason": assignment.returned_reason,
        "saved_at": getattr(assignment, "saved_at", None),
        "thumbnail": reverse("v1:assignment-thumbnail", args=[assignment.pk, 0]) if shown else None,
    }


def detailed(assignment: Assignment) -> dict[str, Any]:
    """Return all that the workbench needs."""
    rating = assignment.ratings.filter(superseded_at__isnull=True).first()
    grid = assignment.series.grid.canonical()
    return {
        **listed(assignment),
        "study": {
            "id": assignment.study_id,
            "name": assignment.study.name,
            "protocol": assignment.study.protocol,
            "synthetic": assignment.case.synthetic,
        },
        "grid": {"shape": list(grid.shape), "affine": grid.affine.tolist()},
        "series": _series(assignment),
        "scheme": _scheme(assignment),
        "start": reverse("v1:assignment-start", args=[assignment.pk]),
        "base": services.base_token(assignment),
        **_drafts(assignment),
        "rubric": services.asked_rubric(assignment),
        "rating": {"answers": rating.answers, "score": rating.score} if rating is not None else None,
        "active_seconds": assignment.active_seconds,
    }


def _series(assignment: Assignment) -> list[dict[str, Any]]:
    return [
        {
            "sequence": name,
            "image": reverse("v1:assignment-image", args=[assignment.pk, place]),
            "thumbnail": reverse("v1:assignment-thumbnail", args=[assignment.pk, place]),
            "window": [series.window_low, series.window_high],
        }
        for place, (name, series) in enumerate(services.shown_series(assignment))
        if series.browser_copy_id and series.window_low is not None
    ]


def _scheme(assignment: Assignment) -> dict[str, Any]:
    definition = assignment.study.scheme.definition
    return {
        "name": assignment.study.scheme.name,
        **{part: definition[part] for part in ("layers", "labels", "regions")},
    }


def _drafts(assignment: Assignment) -> dict[str, Any]:
    drafts = list(Draft.objects.filter(assignment=assignment))
    trunk = next((draft for draft in drafts if not draft.branch), None)
    return {
        "draft": {
            "sequence": trunk.sequence,
            "saved_at": trunk.saved_at,
            "labels": reverse("v1:assignment-draft", args=[assignment.pk]),
        }
        if trunk is not None
        else None,
        "branches": [
            {
                "id": draft.pk,
                "saved_at": draft.saved_at,
                "labels": reverse("v1:assignment-branch", args=[assignment.pk, draft.pk]),
            }
            for draft in drafts
            if draft.branch
        ],
    }
