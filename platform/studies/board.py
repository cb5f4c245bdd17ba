"""The board of a study: cases × raters, each cell a state."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse

from jobs.models import Job
from people.models import User
from studies.models import Assignment, Comment, Membership, Rating, Study, StudyCase
from studies.rubrics import reason_not_assessed


def board(study: Study, user: User) -> dict[str, Any]:
    """Return raters, cases and cells. Scores and comments are left out for somebody who must stay blind."""
    sees = Study.objects.with_results_for(user).filter(pk=study.pk).exists()
    assignments = (
        Assignment.objects.filter(study=study)
        .select_related("rater", "case__patient", "case__reference")
        .order_by("case__patient__pseudonym", "case_id", "rater__name", "occasion")
    )
    ratings = (
        {one.assignment_id: one for one in Rating.objects.filter(assignment__study=study).current()} if sees else {}
    )
    comments = _comment_counts(study) if sees else {}
    return {
        "sees_results": sees,
        "raters": _raters(study),
        "cases": _cases(study),
        "cells": [_cell(row, ratings.get(row.pk), comments.get(row.pk, 0)) for row in assignments],
    }


def _raters(study: Study) -> list[dict[str, Any]]:
    members = study.memberships.raters().select_related("rater", "user__centre")
    return [
        {
            "id": member.rater_id,
            "name": str(member.user),
            "expertise": member.expertise,
            "years": member.years,
            "centre": member.user.centre.name if member.user.centre else "",
            "ended": member.ended_at is not None,
        }
        for member in members
    ]


def _cases(study: Study) -> list[dict[str, Any]]:
    waiting = _start_masks_under_way(study)
    rows = study.study_cases.select_related("case__patient__centre", "case__reference").order_by(
        "case__patient__pseudonym", "case_id"
    )
    return [
        {
            "id": row.case_id,
            "patient": row.case.patient.pseudonym,
            "time_point": row.case.get_time_point_display(),
            "centre": row.case.patient.centre.name,
            "synthetic": row.case.synthetic,
            "thumbnail": (
                reverse("v1:series-thumbnail", args=[row.case.reference_id])
                if row.case.reference is not None and row.case.reference.thumbnail_id
                else None
            ),
            "start_mask": waiting.get(row.case_id),
        }
        for row in rows
    ]


def _start_masks_under_way(study: Study) -> dict[int, dict[str, Any]]:
    """Return, by case, the job that makes its start mask, while it is not there."""
    if study.start_rater_id is None:
        return {}
    cases = study.study_cases.filter(starts_empty=False).values_list("case_id", flat=True)
    keys = {f"{study.start_rater_id}:{case}": case for case in cases}
    jobs = Job.objects.filter(kind="inference.predict", key__in=keys).exclude(status=Job.Status.SUCCEEDED)
    return {
        keys[job.key]: {"status": job.status, "percent": job.percent, "step": job.step, "error": job.error}
        for job in jobs
    }


def _comment_counts(study: Study) -> dict[UUID, int]:
    rows = Comment.objects.current().filter(assignment__study=study).order_by().values("assignment")
    return dict(rows.annotate(n=Count("pk")).values_list("assignment", "n"))


def _cell(row: Assignment, rating: Rating | None, comments: int) -> dict[str, Any]:
    return {
        "assignment": str(row.pk),
        "rater": row.rater_id,
        "case": row.case_id,
        "occasion": row.occasion,
        "state": row.state,
        "score": rating.score if rating is not None else None,
        "not_assessed": rating is not None and reason_not_assessed(rating.answers) is not None,
        "comments": comments,
        "active_seconds": row.active_seconds,
        "submitted_at": row.submitted_at,
        "returned_reason": row.returned_reason,
    }


def progress(studies: QuerySet[Study], user: User) -> QuerySet[Study]:
    """Annotate studies with all that a list says of them: the counts of readings, and what the person is to each."""
    own = Q(assignments__rater__user=user)
    done = Q(assignments__state=Assignment.State.SUBMITTED)
    back = Q(assignments__state=Assignment.State.RETURNED)
    listed = StudyCase.objects.filter(study=OuterRef("pk"))
    roles = Membership.objects.current().filter(user=user)
    return studies.prefetch_related(Prefetch("memberships", queryset=roles, to_attr="roles_of_caller")).annotate(
        with_results=Exists(Study.objects.with_results_for(user).filter(pk=OuterRef("pk"))),
        has_cases=Exists(listed),
        has_real_cases=Exists(listed.filter(case__synthetic=False)),
        total=Count("assignments", distinct=True),
        submitted=Count("assignments", filter=done, distinct=True),
        returned=Count("assignments", filter=back, distinct=True),
        own_total=Count("assignments", filter=own, distinct=True),
        own_submitted=Count("assignments", filter=own & done, distinct=True),
        own_returned=Count("assignments", filter=own & back, distinct=True),
    )
