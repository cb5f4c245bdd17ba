"""The names, signatures, defaults and fields that notebooks and other code rely on."""

from __future__ import annotations

import inspect
import math
from typing import Any

import numpy as np
import pytest

from evaluation import consensus, metrics, statistics
from tests.unit.metrics.metric_masks import make_cases

FIRST, SECOND = make_cases()["blobs 1"]
SPACING = (1.0, 1.0, 2.0)
PAIR = ("prediction", "reference")
REQUIRED = inspect.Parameter.empty

SIGNATURES: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "dice": (PAIR, {}),
    "jaccard": (PAIR, {}),
    "precision": (PAIR, {}),
    "recall": (PAIR, {}),
    "volume_ml": (("mask", "spacing"), {}),
    "volume_difference": ((*PAIR, "spacing"), {}),
    "hausdorff95": ((*PAIR, "spacing"), {"variant": "directed"}),
    "average_surface_distance": ((*PAIR, "spacing"), {"variant": "pooled"}),
    "surface_dice": ((*PAIR, "spacing"), {"tolerance_mm": REQUIRED, "variant": "surfel"}),
    "normalised_dice": (PAIR, {"occurrence_rate": REQUIRED}),
    "lesion_detection": (PAIR, {"iou": 0.25, "connectivity": 26, "tie": "larger_reference"}),
    "objectwise": ((*PAIR, "spacing"), {"pairing": "legacy", "min_voxels": 50, "connectivity": 6}),
    "brats_lesionwise": ((*PAIR, "spacing"), {"challenge": "gli"}),
    "compare": (
        (*PAIR, "spacing"),
        {"tolerance_mm": 2.0, "occurrence_rate": 0.001, "iou": 0.25, "pairing": "legacy", "challenge": "gli"},
    ),
    "pairwise": (
        ("masks", "spacing"),
        {"tolerance_mm": 2.0, "hausdorff_variant": "directed", "surface_variant": "surfel"},
    ),
    "majority_vote": (("masks",), {"tie": "background"}),
    "staple": (
        ("masks",),
        {"domain": "field", "threshold": 0.5, "max_iterations": 10_000, "confidence_weight": 1.0},
    ),
}


@pytest.mark.parametrize("name", SIGNATURES)
def test_a_function_has_its_promised_signature(name: str) -> None:
    function = getattr(metrics if hasattr(metrics, name) else consensus, name)
    parameters = inspect.signature(function).parameters.values()
    by_place = tuple(one.name for one in parameters if one.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD)
    by_name = {one.name: one.default for one in parameters if one.kind is inspect.Parameter.KEYWORD_ONLY}
    assert (by_place, by_name) == SIGNATURES[name]


RECORDS: dict[str, tuple[Any, str]] = {
    "lesion_detection": (lambda: metrics.lesion_detection(FIRST, SECOND), "tp fp fn f1 tpr fdr"),
    "objectwise": (
        lambda: metrics.objectwise(FIRST, SECOND, SPACING, pairing="one_to_one"),
        "dice recall precision f1 hausdorff95 pairs",
    ),
    "brats_lesionwise": (
        lambda: metrics.brats_lesionwise(FIRST, SECOND, SPACING, challenge="men"),
        "dice hausdorff95 tp fp fn",
    ),
    "compare": (
        lambda: metrics.compare(FIRST, SECOND, SPACING),
        "dice jaccard recall precision normalised_dice volume_difference hausdorff95_directed hausdorff95_pooled "
        "hausdorff95_surfel average_surface_distance surface_dice_surfel surface_dice_voxel lesions objects brats "
        "both_empty prediction_empty reference_empty",
    ),
    "pairwise": (
        lambda: metrics.pairwise(np.stack([FIRST, SECOND]), SPACING),
        "dice jaccard hausdorff95 surface_dice",
    ),
    "staple": (
        lambda: consensus.staple(np.stack([FIRST, SECOND])),
        "probability mask sensitivity specificity iterations domain domain_voxels",
    ),
    "relate": (
        lambda: metrics.relate(FIRST, SECOND, SPACING),
        "mean_edge_distance fraction_near_edge containment_ml containment_share fraction_inside",
    ),
}


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_has_its_promised_fields(name: str) -> None:
    make, fields = RECORDS[name]
    record = make()
    for field in fields.split():
        value = getattr(record, field)
        assert value is not None
        assert not isinstance(value, float) or not math.isnan(value)


@pytest.mark.parametrize("variant", ["directed", "pooled", "surfel"])
def test_every_named_variant_is_offered(variant: str) -> None:
    assert metrics.hausdorff95(FIRST, SECOND, SPACING, variant=variant) > 0
    assert metrics.average_surface_distance(FIRST, SECOND, SPACING, variant=variant) > 0
    if variant != "pooled":
        other = {"directed": "voxel", "surfel": "surfel"}[variant]
        assert 0 < metrics.surface_dice(FIRST, SECOND, SPACING, tolerance_mm=1, variant=other) < 1


VALUES = np.array([3.0, 1.0, 4.0, 1.5, 5.0, 9.0, 2.0, 6.0])
OTHERS = np.array([2.5, 1.2, 4.4, 1.0, 5.5, 8.0, 2.2, 7.0])
SCORES = [1, 2, 3, 3, 2, 1, 2, 3]
STATISTICS: dict[str, Any] = {
    **{
        f"ICC({form})": (lambda form=form: statistics.icc(np.stack([VALUES, OTHERS], axis=1), form))
        for form in ("A,1", "C,1", "A,k", "C,k")
    },
    "Cohen": lambda: statistics.cohen_kappa(SCORES, SCORES[::-1], weights="quadratic"),
    "Fleiss": lambda: statistics.fleiss_kappa([[2, 1], [1, 2], [3, 0], [0, 3]]),
    "Krippendorff": lambda: statistics.krippendorff_alpha([[1, 2], [2, 2], [3, 3], [1, 1]], scale="ordinal", seed=1),
    "Bland": lambda: statistics.bland_altman(VALUES, OTHERS),
    "Mann–Whitney": lambda: statistics.mann_whitney(VALUES, OTHERS),
    "Wilcoxon": lambda: statistics.wilcoxon(VALUES, OTHERS, zeros="pratt"),
    "chi-square": lambda: statistics.chi_square([[5, 3], [2, 6]]),
    "Fisher": lambda: statistics.fisher_exact([[5, 3], [2, 6]]),
    "Bowker": lambda: statistics.bowker([[5, 3, 1], [2, 6, 2], [4, 1, 7]]),
    "McNemar": lambda: statistics.bowker([[5, 3], [2, 6]], method="exact"),
    "Paired t test, one-tailed": lambda: statistics.paired_t(VALUES, OTHERS, alternative="greater"),
    "Spearman": lambda: statistics.spearman(VALUES, OTHERS),
    "analysis of variance": lambda: statistics.anova({"a": VALUES, "b": OTHERS}),
    "Linear mixed effects": lambda: statistics.linear_mixed_effects(
        np.concatenate([VALUES, OTHERS + 1]), labels=["ED"] * 8 + ["NEH"] * 8, patients=[*range(8)] * 2
    ),
    "BCa bootstrap": lambda: statistics.bootstrap(VALUES, seed=1, resamples=200),
    "Sign-flip": lambda: statistics.sign_flip(VALUES - 3, seed=1),
}
WITHOUT_P = {"BCa bootstrap"}


@pytest.mark.parametrize("name", STATISTICS)
def test_a_statistic_says_what_it_is_with_p_n_and_effect_size(name: str) -> None:
    found = STATISTICS[name]()
    assert name.lower() in found.test.lower()
    assert math.isfinite(found.statistic)
    assert math.isfinite(found.effect_size)
    assert found.effect_name
    assert found.n > 0
    assert math.isnan(found.p) if name in WITHOUT_P else 0 <= found.p <= 1


def test_holm_adjusts_the_ps_of_a_table() -> None:
    assert statistics.holm([0.01, 0.04, 0.03]).adjusted == pytest.approx((0.03, 0.06, 0.06))
