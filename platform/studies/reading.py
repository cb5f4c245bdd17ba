"""One reading as somebody sees it who may see the results: effort, comments, what could not be assessed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from studies.models import Assignment, Comment, Rating
from studies.rubrics import reason_not_assessed


def reading(assignment: Assignment) -> dict[str, Any]:
    """Return what was handed in beside the labels."""
    rating = Rating.objects.current().filter(assignment=assignment).first()
    comments = Comment.objects.current().filter(assignment=assignment)
    return {
        "segmentation": assignment.submission_id,
        "active_seconds": assignment.active_seconds,
        "idle_seconds": assignment.idle_seconds,
        "edits": {side: assignment.edits.get(side, {}) for side in ("added", "removed", "tools")},
        "not_assessed": reason_not_assessed(rating.answers) if rating is not None else None,
        "comments": placed(assignment, comments),
    }


def placed(assignment: Assignment, comments: Iterable[Comment]) -> list[dict[str, Any]]:
    """Return comments with their voxel, counted from 0 on the canonical grid, and its centre in RAS+ mm."""
    affine = assignment.series.grid.canonical().affine
    found = []
    for comment in comments:
        voxel = [comment.x, comment.y, comment.z]
        mm = (affine @ np.array([*voxel, 1.0]))[:3]
        found.append({"voxel": voxel, "mm": [round(float(one), 2) for one in mm], "text": comment.text})
    return found
