"""What a reading holds beside its labels: answers, comments, effort; and what of it can be true."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from core.errors import DomainError
from studies.models import Assignment

SLACK_SECONDS = 60
"""How much later than the browser the server may have noted that the case was opened."""


@dataclass(frozen=True)
class Effort:
    """How long a reading took and what was edited, as the browser counted it.

    edits is {"added": {label key: voxels}, "removed": {…}, "tools": {tool: uses}}.
    """

    active_seconds: int = 0
    idle_seconds: int = 0
    edits: dict[str, Any] | None = None


@dataclass(frozen=True)
class Notes:
    """What is saved with a draft. A comment is {"voxel": [x, y, z], "text": …}, with an id of the browser's."""

    answers: dict[str, Any] = field(default_factory=dict)
    comments: list[dict[str, Any]] = field(default_factory=list)
    effort: Effort = field(default_factory=Effort)

    def stored(self) -> dict[str, Any]:
        """Return the notes as a draft keeps them."""
        return {
            "answers": self.answers,
            "comments": self.comments,
            "active_seconds": self.effort.active_seconds,
            "idle_seconds": self.effort.idle_seconds,
            "edits": self.effort.edits or {},
        }


def believable(assignment: Assignment, notes: Notes) -> Notes:
    """Return the notes with an effort that can be true.

    Raises DomainError for a comment outside the image or an edit of a label that the scheme does not have.
    """
    shape = assignment.series.grid.canonical().shape
    for comment in notes.comments:
        if not all(0 <= at < size for at, size in zip(comment["voxel"], shape, strict=True)):
            raise DomainError(f"A comment at voxel {comment['voxel']} lies outside the image of {shape} voxels.")
    return Notes(notes.answers, notes.comments, believable_effort(assignment, notes.effort))


def believable_effort(assignment: Assignment, effort: Effort) -> Effort:
    """Return the effort, its times cut to what has passed since the case was first opened.

    Cut and not refused: a clock that ran wrong must not keep a reading from being saved. Raises DomainError for an
    edit of a label that the scheme does not have.
    """
    known = {label["key"] for label in assignment.study.scheme.definition["labels"]}
    for side in ("added", "removed"):
        unknown = sorted(set((effort.edits or {}).get(side, {})) - known)
        if unknown:
            raise DomainError(f"The edit statistics name labels that the scheme does not have: {', '.join(unknown)}.")
    passed = _seconds_since(assignment.opened_at) + SLACK_SECONDS
    active = min(effort.active_seconds, passed)
    return Effort(active, min(effort.idle_seconds, passed - active), effort.edits)


def _seconds_since(moment: datetime | None) -> int:
    return max(0, int((timezone.now() - moment).total_seconds())) if moment is not None else 0
