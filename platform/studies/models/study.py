"""Study, its arms, members and cases."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cases.models import Access
from people.models import Rater


class StudyQuerySet(models.QuerySet["Study"]):
    """Questions about studies."""

    def visible_to(self, user: Any) -> StudyQuerySet:
        """Members see their studies; site administrators see that all of them exist."""
        if user.is_superuser:
            return self
        return self.filter(Exists(Membership.objects.current().filter(study=OuterRef("pk"), user=user)))

    def led_by(self, user: Any) -> StudyQuerySet:
        """Studies that the person may steer: as a lead, or as a site administrator."""
        if user.is_superuser:
            return self
        return self._with_role(user, [Membership.Role.LEAD])

    def with_results_for(self, user: Any) -> StudyQuerySet:
        """Studies whose masks, scores and reports the person may see.

        Leads, adjudicators and observers do, unless they themselves still have readings of a blinded study to hand in:
        once it is closed, nobody has. Nor do they while another study of the same cases blinds them: a volume or a
        score of a mask that both studies show would tell them whose mask they are to read there.
        """
        from studies.models.assignment import Assignment

        roles = [Membership.Role.LEAD, Membership.Role.ADJUDICATOR, Membership.Role.OBSERVER]
        seen = self if user.is_superuser else self._with_role(user, roles)
        own = Assignment.objects.filter(study=OuterRef("pk"), rater__user=user).unfinished()
        blind = Access.objects.of(user).blinds().filter(case__study_cases__study=OuterRef("pk"))
        open_here = seen.exclude(Q(blinded=True) & ~Q(state=Study.State.CLOSED) & Exists(own))
        return open_here.exclude(Exists(blind))

    def _with_role(self, user: Any, roles: list[Membership.Role]) -> StudyQuerySet:
        mine = Membership.objects.current().filter(study=OuterRef("pk"), user=user, role__in=roles)
        return self.filter(Exists(mine))


class Study(models.Model):
    """Cases × raters × protocol, with blinding and a stored random order."""

    class State(models.TextChoices):
        DRAFT = "draft"
        RUNNING = "running"
        CLOSED = "closed"

    name = models.CharField(max_length=160, unique=True)
    description = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    scheme = models.ForeignKey("cases.LabelScheme", on_delete=models.PROTECT, related_name="studies")
    protocol = models.TextField(blank=True, help_text="instructions for the raters, Markdown")
    protocol_version = models.PositiveSmallIntegerField(default=1)
    rubric = models.JSONField(null=True, blank=True, help_text="the questions, as data; see studies.rubrics")
    blinded = models.BooleanField(default=True)
    start_rater = models.ForeignKey(
        "people.Rater",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="whose segmentations the raters start from (a model version); none: an empty mask",
    )
    outlines_start = models.BooleanField(default=False, help_text="raters may see the outline of their start mask")
    outlines_previous = models.BooleanField(
        default=False, help_text="raters may see the outline of the patient's previous exam; tells that there is one"
    )
    shows_probability = models.BooleanField(
        default=False, help_text="raters may see the model's probability; tells that a model made the start mask"
    )
    seed = models.PositiveIntegerField(default=0, help_text="of the random order of cases")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)

    objects = StudyQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "studies"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["draft", "running", "closed"]), name="study_state_is_known")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def second_rater(self) -> Rater | None:
        """Whose masks of the same cases the raters are shown as well, by turns with the start rater's."""
        arm = self.arms.filter(key=Arm.SECOND).select_related("start_rater").first()
        return arm.start_rater if arm is not None else None


class Arm(models.Model):
    """One way of presenting cases: with a mask to start from, whose it is, or without.

    A study whose raters score the masks of two sources has a second arm: each rater reads each case once in each.
    """

    SECOND = "second"

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="arms")
    key = models.SlugField(max_length=20)
    name = models.CharField(max_length=80)
    shows_start_mask = models.BooleanField(default=True)
    start_rater = models.ForeignKey(
        "people.Rater",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="whose masks are shown in this arm; none: those of the study's start rater",
    )

    class Meta:
        ordering = ["study", "key"]
        constraints = [models.UniqueConstraint(fields=["study", "key"], name="arm_key_is_unique_in_a_study")]

    def __str__(self) -> str:
        return f"{self.study}: {self.name}"


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Questions about memberships."""

    def current(self) -> MembershipQuerySet:
        """Memberships that were not ended."""
        return self.filter(ended_at__isnull=True)

    def raters(self) -> MembershipQuerySet:
        """Those who read cases."""
        return self.filter(role=Membership.Role.RATER)

    def visible_to(self, user: Any) -> MembershipQuerySet:
        """Leads see the members of their studies, everybody their own memberships."""
        return self.filter(Q(study__in=Study.objects.led_by(user)) | Q(user=user))


class Membership(models.Model):
    """A person's role in a study. Expertise and years are those of the time of joining: reports freeze them."""

    class Role(models.TextChoices):
        LEAD = "lead"
        RATER = "rater"
        ADJUDICATOR = "adjudicator"
        OBSERVER = "observer"

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)
    rater = models.ForeignKey(
        "people.Rater", on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    expertise = models.CharField(max_length=10, blank=True, help_text="novice or expert, at the time of joining")
    years = models.PositiveSmallIntegerField(null=True, blank=True)
    joined_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["study", "role", "joined_at"]
        constraints = [
            models.UniqueConstraint(fields=["study", "user", "role"], name="membership_is_one_per_person_and_role"),
            models.CheckConstraint(
                condition=Q(role__in=["lead", "rater", "adjudicator", "observer"]),
                name="membership_role_is_known",
            ),
            models.CheckConstraint(
                condition=Q(role="rater", rater__isnull=False, expertise__in=["novice", "expert"])
                | (~Q(role="rater") & Q(rater__isnull=True)),
                name="membership_names_a_rater_and_expertise_iff_it_rates",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.role} of {self.study}"


class StudyCase(models.Model):
    """A case that a study reads. `starts_empty`: a lead gave up on its start mask, and its raters draw from nothing."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="study_cases")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="study_cases")
    added_at = models.DateTimeField(default=timezone.now)
    starts_empty = models.BooleanField(default=False)

    class Meta:
        ordering = ["study", "pk"]
        constraints = [models.UniqueConstraint(fields=["study", "case"], name="study_reads_a_case_once_per_listing")]

    def __str__(self) -> str:
        return f"{self.case} in {self.study}"
