"""The weights that ship with the project are what their card says, and good enough to ship."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from imaging.phantom import HeadSpec, Sequence, make_head
from imaging.phantom.spec import Label
from inference.engine.evaluate_flair import REAL_CASES, SHIPPED, Case, judge, overlap, read_real
from inference.engine.recipe import read_recipe
from inference.engine.synthetic_samples import FIRST_HOLD_OUT_SEED
from inference.engine.train_flair import FLAIR_PLAN, FLAIR_RECIPE, HEADS
from inference.engine.weights import load_model


def test_shipped_weights_come_from_the_recipe_in_the_code() -> None:
    recipe, training = read_recipe(SHIPPED)
    assert recipe == FLAIR_RECIPE
    assert training["plan"]["seed"] == FLAIR_PLAN.seed
    assert training["plan"]["cycles"] == list(FLAIR_PLAN.cycles)
    assert training["samples"] == {
        "kind": "synthetic heads",
        "heads": HEADS,
        "seed": FLAIR_PLAN.seed,
        "patients": 0,
    }
    assert SHIPPED.stat().st_size < 10_000_000


def test_shipped_model_is_as_good_on_synthetic_heads_kept_out_as_when_it_was_shipped() -> None:
    """A guard against regressions, not a mark of quality: 0.79 and 0.51 were measured when it shipped."""
    spec = HeadSpec(shape=(64, 76, 60), spacing=(2.4, 2.4, 2.4), tumour_radius=16.0)
    network, recipe = load_model(SHIPPED)
    rows = []
    for seed in range(FIRST_HOLD_OUT_SEED + 500, FIRST_HOLD_OUT_SEED + 503):
        head = make_head(spec, seed)
        truth = np.isin(head.labels, (Label.NC, Label.ED, Label.ET))
        rows.append(judge(Case("synthetic", head.images[Sequence.FLAIR], truth, head.grid), network, recipe))
    assert np.mean([row.model for row in rows]) > 0.75
    assert all(row.model > row.threshold for row in rows)


def test_overlap_of_nothing_with_nothing_is_undefined() -> None:
    nothing, something = np.zeros((3, 3), bool), np.eye(3, dtype=bool)
    assert np.isnan(overlap(nothing, nothing))
    assert overlap(nothing, something) == 0
    assert overlap(something, something) == 1


@pytest.mark.real_data
@pytest.mark.full_size
def test_shipped_model_beats_the_threshold_on_most_real_tumours(real_data: Path) -> None:
    network, recipe = load_model(SHIPPED)
    better = []
    for source in REAL_CASES:
        case = read_real(real_data, source)
        assert case is not None, f"{source.name} is not in {real_data}"
        row = judge(case, network, recipe)
        better.append(row.model > row.threshold)
    assert sum(better) > len(better) / 2
