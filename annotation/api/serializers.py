"""How an assignment looks to its rater: nothing in it names a rater, a source, a case or a hash."""

import json
from typing import Any

from django.urls import reverse
from rest_framework import serializers

from annotation import services
from annotation.api.guides import GuidesSerializer, shown_guides
from annotation.models import Draft, ProblemReport
from annotation.notes import Effort, Notes
from annotation.versions import Version
from studies.models import Assignment, Rating, Study


class StudyNameSerializer(serializers.Serializer[Any]):
    """The study that an assignment belongs to."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class StudyShownSerializer(StudyNameSerializer):
    """The study with what the rater must know of it."""

    protocol = serializers.CharField()
    closed = serializers.BooleanField(help_text="nothing is taken any more")
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


class CommentSerializer(serializers.Serializer[Any]):
    """A remark at one voxel, counted from 0 along (x, y, z) of the grid; `id` is the browser's own."""

    id = serializers.UUIDField(required=False)
    voxel = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=32767), min_length=3, max_length=3
    )
    text = serializers.CharField(max_length=2000)


class EffortSerializer(serializers.Serializer[Any]):
    """How long the work took, without pauses and hidden windows, and what was edited."""

    active_seconds = serializers.IntegerField(min_value=0, max_value=10**7, required=False, default=0)
    idle_seconds = serializers.IntegerField(min_value=0, max_value=10**7, required=False, default=0)
    edits = EditsSerializer(required=False)


class WorkingTimeSerializer(serializers.Serializer[Any]):
    """How long the caller was active in their readings since a day."""

    since = serializers.DateField()
    active_seconds = serializers.IntegerField()


class AnswersField(serializers.DictField):
    """Answers to the rubric so far, of a length that a person could give."""

    default_error_messages = {
        "long": "The answers have 20 000 characters at most.",
        "odd": "The answers hold characters or numbers that cannot be kept.",
    }

    def to_internal_value(self, data: Any) -> Any:
        answers = super().to_internal_value(data)
        try:
            text = json.dumps(answers, ensure_ascii=False, allow_nan=False)
            text.encode()
        except ValueError:  # a half surrogate, or not a number
            self.fail("odd")
        if "\\u0000" in text:
            self.fail("odd")
        if len(text) > 20_000:
            self.fail("long")
        return answers


class NotesSerializer(EffortSerializer):
    """What is saved with a draft's labels."""

    answers = AnswersField(required=False, default=dict)
    comments = serializers.ListField(child=CommentSerializer(), required=False, default=list, max_length=200)


class DraftSerializer(serializers.Serializer[Any]):
    """A saved draft."""

    sequence = serializers.IntegerField()
    saved_at = serializers.DateTimeField()
    save_key = serializers.CharField(help_text="the X-Save of that save")
    labels = serializers.CharField()


class SavingSerializer(serializers.Serializer[Any]):
    """A draft on its way to the server."""

    labels = serializers.FileField(help_text="gzip of the label maps", allow_empty_file=True)
    notes = serializers.CharField(required=False, default="{}", max_length=2_000_000, help_text="Notes as JSON")


class VersionSerializer(serializers.Serializer[Any]):
    """A version of the reading beside the present one."""

    kind = serializers.ChoiceField(choices=["branch", "submission"])
    number = serializers.IntegerField(help_text="a branch's id; which submission it was, from 1")
    origin = serializers.ChoiceField(choices=[*Draft.Origin.choices, ("", "a submission")], allow_blank=True)
    saved_at = serializers.DateTimeField()
    volumes_ml = serializers.DictField(child=serializers.FloatField(), allow_null=True, help_text="by label key")
    comments = CommentSerializer(many=True)
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
    guides = GuidesSerializer()
    base = serializers.CharField()
    draft = DraftSerializer(allow_null=True)
    notes = NotesSerializer(help_text="as last saved, or as handed in")
    rubric = serializers.DictField(allow_null=True)
    rating = RatingShownSerializer(allow_null=True)


class SavedSerializer(serializers.Serializer[Any]):
    """The answer to a saved draft, and of the save that is there when it was refused for that."""

    sequence = serializers.IntegerField()
    saved_at = serializers.DateTimeField()
    save_key = serializers.CharField(help_text="the X-Save of that save")


class SubmissionSerializer(EffortSerializer):
    """What is handed in: the draft's sequence, the answers, the effort."""

    sequence = serializers.IntegerField(min_value=0)
    answers = AnswersField(required=False, allow_null=True, default=None)


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
        fields = ["id", "study", "assignment", "case", "rater", "text", "created_at", "settled_at"]


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
    trunk = Draft.objects.trunk().filter(assignment=assignment).first()
    grid = assignment.series.grid.canonical()
    return {
        **listed(assignment),
        "study": {
            "id": assignment.study_id,
            "name": assignment.study.name,
            "protocol": assignment.study.protocol,
            "closed": assignment.study.state == Study.State.CLOSED,
            "synthetic": assignment.case.synthetic,
        },
        "grid": {"shape": list(grid.shape), "affine": grid.affine.tolist()},
        "series": _series(assignment),
        "scheme": _scheme(assignment),
        "start": reverse("v1:assignment-start", args=[assignment.pk]),
        "guides": shown_guides(assignment),
        "base": services.base_token(assignment),
        "draft": _draft(trunk),
        "notes": _notes(assignment, trunk, rating),
        "rubric": services.asked_rubric(assignment),
        "rating": {"answers": rating.answers, "score": rating.score} if rating is not None else None,
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


def _draft(trunk: Draft | None) -> dict[str, Any] | None:
    if trunk is None:
        return None
    return {
        "sequence": trunk.sequence,
        "saved_at": trunk.saved_at,
        "save_key": trunk.save_key,
        "labels": reverse("v1:assignment-draft", args=[trunk.assignment_id]),
    }


def _notes(assignment: Assignment, trunk: Draft | None, rating: Rating | None) -> dict[str, Any]:
    """Return the notes of the draft; what it has not, as it was handed in."""
    handed_in = Notes(
        answers=rating.answers if rating is not None else {},
        effort=Effort(assignment.active_seconds, assignment.idle_seconds, assignment.edits),
    )
    return {**handed_in.stored(), **(trunk.notes if trunk is not None else {})}


def version(assignment: Assignment, one: Version) -> dict[str, Any]:
    """Return a version as its rater sees it."""
    return {
        "kind": one.kind,
        "number": one.number,
        "origin": one.origin,
        "saved_at": one.saved_at,
        "volumes_ml": one.volumes_ml,
        "comments": one.comments,
        "labels": reverse(f"v1:assignment-{one.kind}", args=[assignment.pk, one.number]),
    }
