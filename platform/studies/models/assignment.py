"""Assignment, Rating and Comment: what a rater is asked, and what they answered and remarked."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from studies.models.study import Arm, Membership, Study


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Questions about assignments."""

    def of(self, user: Any) -> AssignmentQuerySet:
        """The person's own, as a present rater of a study that is not a draft; no case that was withdrawn."""
        present = Membership.objects.current().raters().filter(study=OuterRef("study"), rater=OuterRef("rater"))
        own = self.filter(Exists(present), rater__user=user, case__withdrawn_at__isnull=True)
        return own.exclude(study__state=Study.State.DRAFT)

    def led_by(self, user: Any) -> AssignmentQuerySet:
        """Those of the studies that the person steers."""
        return self.filter(study__in=Study.objects.led_by(user))

    def unfinished(self) -> AssignmentQuerySet:
        """Those that the rater has not handed in."""
        return self.exclude(state=Assignment.State.SUBMITTED)

    def workable(self) -> AssignmentQuerySet:
        """Those that the rater can work on now.

        Made to be the check of an UPDATE: it asks for the row's own columns, without a join. Of a join Django would
        make `id IN (SELECT …)`, which PostgreSQL does not look at again after waiting for another transaction.
        """
        return self.filter(
            state__in=[Assignment.State.READY, Assignment.State.OPEN, Assignment.State.RETURNED],
            study__in=Study.objects.filter(state=Study.State.RUNNING),
        )

    def submitted(self) -> AssignmentQuerySet:
        """Those that were handed in."""
        return self.filter(state=Assignment.State.SUBMITTED)


class Assignment(models.Model):
    """One rater is asked to read one case of a study on one occasion. Its id is all that the rater ever learns."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting for its start mask"
        READY = "ready"
        OPEN = "open"
        SUBMITTED = "submitted"
        RETURNED = "returned"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="assignments")
    rater = models.ForeignKey("people.Rater", on_delete=models.PROTECT, related_name="assignments")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="assignments")
    series = models.ForeignKey(
        "cases.Series",
        on_delete=models.PROTECT,
        related_name="+",
        help_text="on whose canonical grid is drawn",
    )
    occasion = models.PositiveSmallIntegerField(default=1, help_text="2 and up: the same case shown again")
    arm = models.ForeignKey(Arm, on_delete=models.PROTECT, related_name="assignments")
    position = models.PositiveIntegerField(help_text="place in this rater's random order, from 1")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    start = models.ForeignKey(
        "cases.Segmentation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="none: empty",
    )
    submission = models.ForeignKey(
        "cases.Segmentation", on_delete=models.PROTECT, null=True, blank=True, related_name="submitted_for"
    )
    start_shown = models.BooleanField(default=False, help_text="the rater saw the start mask")
    returned_reason = models.TextField(blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    active_seconds = models.PositiveIntegerField(default=0)
    idle_seconds = models.PositiveIntegerField(default=0)
    edits = models.JSONField(default=dict, help_text="voxels added and removed per label, strokes per tool")
    created_at = models.DateTimeField(default=timezone.now)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["study", "rater", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "rater", "case", "occasion"],
                name="assignment_is_one_per_rater_case_and_occasion",
            ),
            models.UniqueConstraint(
                fields=["study", "rater", "position"], name="assignment_has_a_place_of_its_own_in_the_order"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "ready", "open", "submitted", "returned"]),
                name="assignment_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(submission__isnull=False, submitted_at__isnull=False),
                name="assignment_that_is_submitted_has_its_segmentation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rater} reads {self.case} for {self.study}"


class RatingQuerySet(models.QuerySet["Rating"]):
    """Questions about ratings."""

    def visible_to(self, user: Any) -> RatingQuerySet:
        """One's own, and those of studies whose results one may see."""
        own = Q(assignment__rater__user=user)
        return self.filter(own | Q(assignment__study__in=Study.objects.with_results_for(user)))

    def current(self) -> RatingQuerySet:
        """The newest version of each."""
        return self.filter(superseded_at__isnull=True)


class Rating(models.Model):
    """A rater's answers about the mask they were shown. The score is derived from the answers and can be recomputed."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="ratings")
    segmentation = models.ForeignKey("cases.Segmentation", on_delete=models.PROTECT, related_name="ratings")
    rubric = models.JSONField(help_text="the questions as they were asked")
    answers = models.JSONField()
    score = models.SmallIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = RatingQuerySet.as_manager()

    class Meta:
        ordering = ["assignment", "created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(superseded_at__isnull=True),
                name="rating_is_one_per_assignment",
            )
        ]

    def __str__(self) -> str:
        return f"{self.score} by {self.assignment.rater}"


class CommentQuerySet(models.QuerySet["Comment"]):
    """Questions about comments."""

    def visible_to(self, user: Any) -> CommentQuerySet:
        """One's own, and those of studies whose results one may see."""
        own = Q(assignment__rater__user=user)
        return self.filter(own | Q(assignment__study__in=Study.objects.with_results_for(user)))

    def current(self) -> CommentQuerySet:
        """Those that were handed in with the newest version of a reading."""
        return self.filter(segmentation=F("assignment__submission"))


class Comment(models.Model):
    """A remark at one voxel, frozen with the submission that it was handed in with.

    (x, y, z) counts from 0 on the canonical grid of the assignment's series.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="comments")
    segmentation = models.ForeignKey("cases.Segmentation", on_delete=models.PROTECT, related_name="comments")
    x = models.PositiveSmallIntegerField()
    y = models.PositiveSmallIntegerField()
    z = models.PositiveSmallIntegerField()
    text = models.TextField()

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["assignment", "pk"]

    def __str__(self) -> str:
        return self.text[:60]
