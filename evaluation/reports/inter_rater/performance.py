"""How well each rater performs by STAPLE's estimate of the people's hidden segmentation. No Django."""

from __future__ import annotations

from typing import Any

import numpy as np

from evaluation.consensus import Staple, staple
from evaluation.reports.masks import Mask
from evaluation.reports.numbers import plain

Row = dict[str, Any]


def rate_by_staple(people: dict[int, Mask], others: dict[int, Mask], domain: str) -> Row:
    """Return STAPLE's estimate from the people's masks, and sensitivity and specificity of everybody.

    Those of the people are STAPLE's own. The others (models, the reference) had no part in the estimate: theirs are
    taken against its probabilities, over the same domain.
    """
    masks = list(people.values())
    found = staple(masks, domain=domain)
    inside = _domain_mask(masks, found)
    own = zip(people, found.sensitivity, found.specificity, strict=True)
    rated = [
        *({"rater": rater, "sensitivity": plain(one), "specificity": plain(two)} for rater, one, two in own),
        *({"rater": rater, **_rate(mask, found, inside)} for rater, mask in others.items()),
    ]
    return {
        "domain": found.domain,
        "domain_voxels": found.domain_voxels,
        "prior": plain(found.prior),
        "iterations": found.iterations,
        "converged": bool(found.converged),
        "voxels": int(np.count_nonzero(found.mask)),
        "raters": rated,
    }


def _domain_mask(masks: list[Mask], found: Staple) -> Mask | None:
    """Return the voxels of the domain; None for all."""
    union: Mask = np.any(masks, axis=0)
    if found.domain == "field" or not union.any():
        return None
    if found.domain == "union":
        return union
    inside: Mask = np.zeros_like(union)
    spans = [np.flatnonzero(union.any(axis=tuple(other for other in range(3) if other != axis))) for axis in range(3)]
    inside[tuple(slice(int(span[0]), int(span[-1]) + 1) for span in spans)] = True
    return inside


def _rate(mask: Mask, found: Staple, inside: Mask | None) -> Row:
    marked = mask if inside is None else mask & inside
    foreground = float(found.probability.sum())
    background = found.domain_voxels - foreground
    hit = float(found.probability[marked].sum())
    false = int(np.count_nonzero(marked)) - hit
    return {
        "sensitivity": plain(hit / foreground) if foreground > 0 else None,
        "specificity": plain(1 - false / background) if background > 0 else None,
    }
