"""Too few values, undefined values and wrong shapes are refused by every method, by name."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from evaluation import statistics as room

PAIRED: dict[str, tuple[Callable[..., Any], int]] = {
    "Bland–Altman analysis": (room.bland_altman, 3),
    "Wilcoxon signed-rank test": (room.wilcoxon, 2),
    "Spearman's correlation": (room.spearman, 4),
    "Paired t test": (lambda a, b: room.paired_t(a, b, alternative="greater"), 2),
}
SINGLE: dict[str, tuple[Callable[..., Any], int]] = {
    "The bootstrap": (lambda values: room.bootstrap(values, seed=1, resamples=200), 3),
    "The sign-flip test": (lambda values: room.sign_flip(values, seed=1, flips=200), 2),
    "Mann–Whitney U test": (lambda values: room.mann_whitney(values, [1.0, 2.0]), 2),
    "ICC": (lambda values: room.icc(np.stack([values, values[::-1]], axis=1)), 3),
    "Holm's correction": (lambda values: room.holm(np.asarray(values) / 100), 1),
}


@pytest.mark.parametrize("name", PAIRED)
def test_a_paired_test_works_at_its_minimum_and_not_below(name: str) -> None:
    test, minimum = PAIRED[name]
    first, second = [1.0, 2.5, 2.0, 4.0][:minimum], [2.0, 1.5, 5.0, 3.0][:minimum]
    assert test(first, second).n == minimum
    with pytest.raises(ValueError, match=rf"{name} needs at least {minimum} pairs; {minimum - 1} given"):
        test(first[:-1], second[:-1])
    with pytest.raises(ValueError, match="equal number"):
        test(first, second[:-1])


@pytest.mark.parametrize("name", SINGLE)
def test_a_test_of_one_sample_works_at_its_minimum_and_not_below(name: str) -> None:
    test, minimum = SINGLE[name]
    values = [1.0, 2.5, 2.0][:minimum]
    test(values)
    with pytest.raises(ValueError, match=rf"{name}.* needs at least {minimum} "):
        test(values[:-1])


@pytest.mark.parametrize("wrong", [math.nan, math.inf, None, "1", 1j])
@pytest.mark.parametrize("name", PAIRED)
def test_what_is_no_finite_number_is_refused(name: str, wrong: Any) -> None:
    good = [1.0, 2.0, 4.0, 3.0, 5.0]
    for first, second in (([*good[:-1], wrong], good), (good, [*good[:-1], wrong])):
        with pytest.raises(ValueError, match=r"position 4|not an array of numbers"):
            PAIRED[name][0](first, second)


@pytest.mark.parametrize("name", [*PAIRED])
def test_a_table_where_a_sample_belongs_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="one axis"):
        PAIRED[name][0](np.ones((4, 2)), np.ones((4, 2)))


@pytest.mark.parametrize("wrong", ["bigger", "", None])
def test_an_unknown_alternative_is_refused(wrong: Any) -> None:
    sample = [1.0, 2.0, 3.0, 5.0]
    for test in (room.mann_whitney, room.wilcoxon, room.spearman, room.paired_t):
        with pytest.raises(ValueError, match="alternative is"):
            test(sample, sample[::-1], alternative=wrong)


@pytest.mark.parametrize("level", [0, 1, 95, -0.1, math.nan])
def test_a_level_outside_zero_and_one_is_refused(level: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        room.icc([[1, 2], [2, 3], [4, 4]], level=level)
    with pytest.raises(ValueError, match="between 0 and 1"):
        room.bootstrap([1, 2, 3], seed=1, level=level)


def test_icc_refuses_missing_ratings_and_wrong_shapes() -> None:
    with pytest.raises(ValueError, match="position 1, 0"):
        room.icc([[1.0, 2.0], [math.nan, 3.0], [4.0, 4.0]])
    with pytest.raises(ValueError, match="two axes"):
        room.icc([1, 2, 3])
    with pytest.raises(ValueError, match="at least 2 raters"):
        room.icc([[1], [2], [3]])
    with pytest.raises(ValueError, match="form is one of"):
        room.icc([[1, 2], [2, 3], [4, 4]], "ICC3")  # type: ignore[arg-type]


def test_every_result_is_frozen_and_carries_name_n_and_effect() -> None:
    found = [
        room.icc([[1, 2], [2, 3], [4, 4]]),
        room.cohen_kappa([1, 2, 1], [1, 2, 2]),
        room.fleiss_kappa([[2, 1], [0, 3]]),
        room.krippendorff_alpha([[1, 2], [2, 2]], scale="nominal", resamples=10),
        room.bland_altman([1, 2, 4], [2, 2, 3]),
        room.mann_whitney([1, 2], [3, 4]),
        room.wilcoxon([1, 2, 4], [2, 2, 3]),
        room.spearman([1, 2, 3, 4], [2, 1, 3, 4]),
        room.chi_square([[3, 4], [5, 1]]),
        room.fisher_exact([[3, 4], [5, 1]]),
        room.bowker([[3, 4], [5, 1]]),
        room.paired_t([1, 2, 4], [2, 2, 3], alternative="less"),
        room.anova({"a": [1, 2], "b": [3, 5]}),
        room.bootstrap([1, 2, 4], seed=1),
        room.sign_flip([1, 2, 4], seed=1),
    ]
    for result in found:
        assert isinstance(result, room.Result)
        assert result.test
        assert result.unit
        assert result.n >= 2
        assert result.effect_name
        with pytest.raises(dataclasses.FrozenInstanceError):
            result.p = 0.0  # type: ignore[misc]


@pytest.mark.parametrize(
    "compute",
    [
        room.describe,
        lambda values: room.bland_altman(values, values[::-1]),
        lambda values: room.icc(np.ma.stack([values, values + 1], axis=1)),
        lambda values: room.cohen_kappa(values, [1, 2, 3, 4]),
        lambda values: room.bootstrap([1.0, 2.0, 3.0, 4.0], patients=values, seed=1, resamples=200),
    ],
)
def test_masked_values_are_refused_and_never_counted_again(compute: Callable[[Any], Any]) -> None:
    values: Any = np.ma.array([1.0, 2.0, 4.0, 3.0])  # type: ignore[no-untyped-call]
    compute(values)
    values[3] = np.ma.masked
    with pytest.raises(ValueError, match="masked array"):
        compute(values)
