"""The kinds of report that this version can make, by key."""

from __future__ import annotations

from core.errors import DomainError
from evaluation.reports.classification.kind import CLASSIFICATION
from evaluation.reports.inter_rater.kind import INTER_RATER
from evaluation.reports.kinds import Kind
from evaluation.reports.lesions.kind import LESIONS
from evaluation.reports.neh.kind import NEH
from evaluation.reports.scores.kind import SCORES
from evaluation.reports.segmentation.kind import SEGMENTATION

MADE = (INTER_RATER, SEGMENTATION, CLASSIFICATION, SCORES, LESIONS, NEH)
KINDS: dict[str, Kind] = {kind.key: kind for kind in MADE}


def kind_named(key: str) -> Kind:
    """Return the kind; DomainError when this version does not make it."""
    if key not in KINDS:
        raise DomainError(f"There is no kind of report {key!r}; there is {', '.join(KINDS)}.")
    return KINDS[key]
