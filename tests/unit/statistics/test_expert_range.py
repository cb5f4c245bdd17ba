"""The statement "model inside the experts' range": its rule, its interval and its refusals."""

from __future__ import annotations

import math

import numpy as np
import pytest

from evaluation.statistics import bootstrap, model_inside_expert_range

EXPERTS = {"first": [0.70, 0.62, 0.81, 0.55, 0.66], "second": [0.80, 0.75, 0.79, 0.70, 0.74]}


def test_a_model_above_the_lowest_expert_is_inside() -> None:
    found = model_inside_expert_range([0.72, 0.70, 0.71, 0.69, 0.70], EXPERTS, seed=1)
    assert found.inside
    assert found.lowest_expert == "first"
    assert found.statistic == pytest.approx(0.704 - 0.668)
    assert dict(found.expert_means) == pytest.approx({"first": 0.668, "second": 0.756})


def test_a_model_below_every_expert_is_outside_and_the_interval_is_shown() -> None:
    found = model_inside_expert_range([0.60, 0.50, 0.61, 0.52, 0.55], EXPERTS, seed=1)
    assert not found.inside
    assert found.interval is not None
    assert found.interval.low < found.statistic < found.interval.high
    assert math.isnan(found.p)


def test_a_model_equal_to_the_lowest_expert_is_inside() -> None:
    found = model_inside_expert_range(np.tile(np.array(EXPERTS["first"])[:, None], (1, 3)), EXPERTS, seed=1)
    assert found.inside
    assert found.statistic == pytest.approx(0, abs=1e-12)


def test_each_difference_is_paired_by_patient() -> None:
    model = np.array([0.72, 0.70, 0.71, 0.69, 0.70])
    found = model_inside_expert_range(model, EXPERTS, seed=7, resamples=2000)
    for pair in found.comparisons:
        alone = bootstrap(model - np.array(EXPERTS[pair.second]), seed=7, resamples=2000)
        assert pair.difference == pytest.approx(alone.statistic)
        assert pair.interval is not None
        assert (pair.interval.low, pair.interval.high) == (alone.interval.low, alone.interval.high)


def test_the_model_is_averaged_over_the_consensuses_of_equal_size() -> None:
    model = np.array([[0.7, 0.74], [0.68, 0.72], [0.71, 0.71], [0.69, 0.69], [0.6, 0.8]])
    found = model_inside_expert_range(model, EXPERTS, seed=1)
    assert found.statistic == model_inside_expert_range(model.mean(axis=1), EXPERTS, seed=1).statistic


def test_what_the_statement_refuses() -> None:
    with pytest.raises(ValueError, match="at least 2 experts"):
        model_inside_expert_range([0.7, 0.7, 0.7], {"one": [0.7, 0.7, 0.7]}, seed=1)
    with pytest.raises(ValueError, match="at least 3 patients"):
        model_inside_expert_range([0.7, 0.7], {"a": [0.7, 0.7], "b": [0.7, 0.7]}, seed=1)
    with pytest.raises(ValueError, match="the same ones"):
        model_inside_expert_range([0.7, 0.7, 0.7], EXPERTS, seed=1)
    with pytest.raises(ValueError, match="undefined"):
        model_inside_expert_range([0.7, math.nan, 0.7, 0.7, 0.7], EXPERTS, seed=1)
    with pytest.raises(ValueError, match="Jaccard"):
        model_inside_expert_range([70, 71, 72, 73, 74], EXPERTS, seed=1)
