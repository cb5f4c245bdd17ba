"""The mixed model against a direct maximisation of the likelihood and the balanced closed form."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import optimize, stats

from evaluation.statistics import linear_mixed_effects


def intensities(seed: int, *, patients: int = 15, between: float = 2.0) -> tuple[NDArray[Any], list[str], list[str]]:
    rng = np.random.default_rng(seed)
    shift = rng.normal(0, between, patients)
    rows = [(p, label) for p in range(patients) for label in ("ED", "ET", "NEH")]
    values = [100 + shift[p] + {"ED": 0.0, "ET": 1.5, "NEH": 0.8}[label] + rng.normal() for p, label in rows]
    return np.array(values), [label for _, label in rows], [f"patient {p}" for p, _ in rows]


def likelihood(values: NDArray[Any], design: NDArray[Any], patients: list[str], ratio: float) -> float:
    """The log-likelihood, maximised over means and scale, for one ratio of the two variances."""
    same = np.equal.outer(np.array(patients), np.array(patients))
    covariance = np.eye(len(values)) + ratio * same
    inverse = np.linalg.inv(covariance)
    means = np.linalg.solve(design.T @ inverse @ design, design.T @ inverse @ values)
    left = values - design @ means
    scale = left @ inverse @ left / len(values)
    n = len(values)
    return float(-0.5 * (n * math.log(2 * math.pi * scale) + np.linalg.slogdet(covariance)[1] + n))


def maximum(values: NDArray[Any], design: NDArray[Any], patients: list[str]) -> float:
    found = optimize.minimize_scalar(
        lambda log: -likelihood(values, design, patients, math.exp(log)),
        bounds=(-12, 8),
        method="bounded",
        options={"xatol": 1e-9},
    )
    return float(-found.fun)


@pytest.mark.parametrize("seed", range(3))
def test_the_likelihood_ratio_equals_a_direct_maximisation(seed: int) -> None:
    values, labels, patients = intensities(seed)
    keep = np.random.default_rng(seed).random(len(values)) > 0.2  # an unbalanced layout
    values = values[keep]
    labels = [label for label, kept in zip(labels, keep, strict=True) if kept]
    patients = [name for name, kept in zip(patients, keep, strict=True) if kept]
    design = np.array([[1.0, label == "ET", label == "NEH"] for label in labels])
    full, null = maximum(values, design, patients), maximum(values, design[:, :1], patients)
    found = linear_mixed_effects(values, labels=labels, patients=patients)
    assert found.log_likelihood == pytest.approx(full, abs=1e-5)
    assert found.statistic == pytest.approx(2 * (full - null), abs=1e-4)
    assert found.p == pytest.approx(stats.chi2.sf(2 * (full - null), 2), rel=1e-3)


def test_a_balanced_layout_equals_its_closed_form() -> None:
    values, labels, patients = intensities(4)
    table = values.reshape(15, 3)
    left = table - table.mean(axis=1, keepdims=True) - table.mean(axis=0) + table.mean()
    within = np.sum(left**2) / (14 * 2)
    between = (3 * table.mean(axis=1).var(ddof=1) - within) / 3
    found = linear_mixed_effects(values, labels=labels, patients=patients)
    assert found.variance_within == pytest.approx(within, rel=1e-4)
    assert found.variance_between == pytest.approx(between, rel=1e-3)
    assert found.reference_mean == pytest.approx(table[:, 0].mean(), rel=1e-9)
    z = stats.norm.ppf(0.975) * math.sqrt(2 * within / 15)
    for pair, column in zip(found.comparisons, (1, 2), strict=True):
        difference = (table[:, column] - table[:, 0]).mean()
        assert pair.difference == pytest.approx(difference, rel=1e-6)
        assert pair.interval is not None
        assert pair.interval.high == pytest.approx(difference + z, rel=1e-3)
    assert (found.n, found.observations, found.degrees_of_freedom) == (15, 45, 2)


def test_the_reference_is_chosen_and_the_unit_does_not_matter() -> None:
    values, labels, patients = intensities(5)
    found = linear_mixed_effects(values, labels=labels, patients=patients, reference="NEH")
    scaled = linear_mixed_effects(values * 1e4 - 7, labels=labels, patients=patients, reference="NEH")
    assert [(pair.first, pair.second) for pair in found.comparisons] == [("ED", "NEH"), ("ET", "NEH")]
    assert scaled.statistic == pytest.approx(found.statistic, rel=1e-5)
    assert scaled.effect_size == pytest.approx(found.effect_size, rel=1e-4)
    assert scaled.comparisons[0].difference == pytest.approx(found.comparisons[0].difference * 1e4, rel=1e-6)


def test_no_variance_between_patients_is_an_answer_with_a_note() -> None:
    values, labels, patients = intensities(6)
    table = values.reshape(15, 3)
    flattened = (table - table.mean(axis=1, keepdims=True)).ravel()
    found = linear_mixed_effects(flattened, labels=labels, patients=patients)
    assert found.variance_between == pytest.approx(0, abs=1e-5)
    assert found.notes


def test_what_the_mixed_model_refuses() -> None:
    values, labels, patients = intensities(7)
    with pytest.raises(ValueError, match="at least 3 patients"):
        linear_mixed_effects(values[:6], labels=labels[:6], patients=patients[:6])
    with pytest.raises(ValueError, match="at least 2 labels"):
        linear_mixed_effects(values, labels=["ED"] * 45, patients=patients)
    with pytest.raises(ValueError, match="equal number"):
        linear_mixed_effects(values, labels=labels[:-1], patients=patients)
    with pytest.raises(ValueError, match="two values or more"):
        linear_mixed_effects(values[:4], labels=["a", "b", "a", "b"], patients=list("pqrs"))
    with pytest.raises(ValueError, match="not among the labels"):
        linear_mixed_effects(values, labels=labels, patients=patients, reference="RC")
    with pytest.raises(ValueError, match="exactly"):
        linear_mixed_effects(np.ones(45), labels=labels, patients=patients)
