"""The versions of a reading: what was kept beside the present draft, and what was handed in before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from annotation.models import Draft
from cases.models import Segmentation
from core.errors import Conflict
from core.models import StoredFile
from studies.models import Assignment, Comment


@dataclass(frozen=True)
class Version:
    """One version that can be looked at and gone on from.

    `kind` is "submission" or "branch", `number` the place among the submissions, from 1, or the branch's id. `origin`
    says of a branch why it was kept. `volumes_ml` is by label key, None where they were not counted.
    """

    kind: str
    number: int
    origin: str
    saved_at: datetime
    volumes_ml: dict[str, float] | None
    comments: list[dict[str, Any]]
    content: StoredFile


def versions_of(assignment: Assignment) -> list[Version]:
    """Return the versions of a reading, the newest first. Raises Conflict while it is handed in."""
    branches = Draft.objects.branches().filter(assignment=assignment).select_related("content")
    found = [*(_of_branch(draft) for draft in branches), *_submissions(assignment)]
    return sorted(found, key=lambda version: version.saved_at, reverse=True)


def refuse_handed_in(assignment: Assignment) -> None:
    """Raise Conflict while the reading is handed in.

    Whoever reads the same case again must not look up what they drew the first time.
    """
    if assignment.state == Assignment.State.SUBMITTED:
        raise Conflict("This case was handed in. Its versions can be read when the lead returns it.")


def submissions_of(assignment: Assignment) -> list[Segmentation]:
    """Return what was handed in for an assignment, the first first: its submission and what that one corrects.

    The chain ends at the start mask, which may itself be a submission of another assignment. Raises Conflict while
    the reading is handed in.
    """
    refuse_handed_in(assignment)
    chain: list[Segmentation] = []
    one = assignment.submission
    while one is not None and one.pk != assignment.start_id:
        chain.append(one)
        one = one.parent
    return chain[::-1]


def _of_branch(draft: Draft) -> Version:
    return Version(
        kind="branch",
        number=draft.pk,
        origin=draft.origin,
        saved_at=draft.saved_at,
        volumes_ml=draft.volumes_ml,
        comments=draft.notes.get("comments", []),
        content=draft.content,
    )


def _submissions(assignment: Assignment) -> list[Version]:
    labels = [label["key"] for label in assignment.study.scheme.definition["labels"]]
    comments: dict[int, list[dict[str, Any]]] = {}
    for row in Comment.objects.filter(assignment=assignment):
        comments.setdefault(row.segmentation_id, []).append({"voxel": [row.x, row.y, row.z], "text": row.text})
    return [
        Version(
            kind="submission",
            number=number,
            origin="",
            saved_at=one.created_at,
            volumes_ml={key: one.volumes_ml[key] for key in labels},
            comments=comments.get(one.pk, []),
            content=one.content,
        )
        for number, one in enumerate(submissions_of(assignment), start=1)
    ]


def sweep_branches() -> int:
    """Remove branches of readings that were handed in long enough ago; return how many."""
    limit = timezone.now() - timedelta(days=settings.BRANCH_DAYS)
    return Draft.objects.outlived(submitted_before=limit).delete()[0]
