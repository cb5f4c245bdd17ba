"""ICC against pingouin, against least squares by statsmodels, and against published figures."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pingouin
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy import optimize, stats
from statsmodels.formula.api import ols

from evaluation.statistics import icc, icc_forms

SHROUT_FLEISS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])


def ratings(seed: int, subjects: int, raters: int, spread: float = 1.0) -> NDArray[Any]:
    rng = np.random.default_rng(seed)
    return np.asarray(
        rng.normal(0, spread, (subjects, 1)) + rng.normal(0, 0.4, (1, raters)) + rng.normal(size=(subjects, raters))
    )


def in_rows(table: NDArray[Any]) -> pd.DataFrame:
    subject, rater = np.indices(table.shape)
    return pd.DataFrame({"subject": subject.ravel(), "rater": rater.ravel(), "value": table.ravel()})


@pytest.mark.parametrize(
    ("seed", "subjects", "raters", "spread"),
    [(1, 30, 2, 2.0), (2, 12, 5, 1.0), (3, 97, 2, 0.0), (4, 6, 8, 3.0), (5, 5, 3, 0.2)],
)
def test_coefficients_tests_and_intervals_equal_pingouin(
    seed: int, subjects: int, raters: int, spread: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(pingouin.options, "round.column.CI95", None)
    table = ratings(seed, subjects, raters, spread)
    peer = pingouin.intraclass_corr(in_rows(table), targets="subject", raters="rater", ratings="value")
    peer = peer.set_index("Type")
    for form, found in icc_forms(table).items():
        row = peer.loc[f"ICC({form})"]
        assert found.statistic == pytest.approx(row["ICC"], rel=1e-9, abs=1e-12)
        assert found.f == pytest.approx(row["F"], rel=1e-9)
        assert found.p == pytest.approx(row["pval"], rel=1e-8)
        if found.interval.low > -1 / (raters - 1) or form[-1] == "1":
            np.testing.assert_allclose((found.interval.low, found.interval.high), row["CI95"], rtol=1e-8)


def test_mean_squares_equal_those_of_least_squares() -> None:
    table = ratings(7, 14, 3)
    fitted = ols("value ~ C(subject) + C(rater)", in_rows(table)).fit()
    squares = sm.stats.anova_lm(fitted)["mean_sq"].to_numpy()
    np.testing.assert_allclose(icc(table).mean_squares, squares, rtol=1e-10)


def test_the_example_of_shrout_and_fleiss_is_reproduced() -> None:
    printed = {
        "A,1": (0.29, 0.019, 0.76),
        "C,1": (0.71, 0.342, 0.95),
        "A,k": (0.62, 0.071, 0.93),
        "C,k": (0.91, 0.676, 0.99),
    }
    for form, found in icc_forms(SHROUT_FLEISS).items():
        value, low, high = printed[form]
        assert found.statistic == pytest.approx(value, abs=0.005)
        assert found.interval.low == pytest.approx(low, abs=0.0005)
        assert found.interval.high == pytest.approx(high, abs=0.005)
    assert icc(SHROUT_FLEISS).p == pytest.approx(0.00013, abs=0.00001)


def test_the_interval_of_consistency_solves_its_own_definition() -> None:
    """At each limit, the observed F is the 2.5 % or 97.5 % point of the F expected there."""
    table = ratings(11, 20, 3)
    found = icc(table, "C,1")

    def tail(rho: float) -> float:
        inflation = 1 + 3 * rho / (1 - rho)
        return float(stats.f.cdf(found.f / inflation, *found.degrees_of_freedom))

    for limit, mass in ((found.interval.low, 0.975), (found.interval.high, 0.025)):
        assert optimize.brentq(lambda rho, mass=mass: tail(rho) - mass, -0.3, 0.999) == pytest.approx(limit, abs=1e-9)


@pytest.mark.parametrize("form", ["A,1", "C,1"])
def test_ninety_five_in_a_hundred_intervals_hold_the_true_value(form: str) -> None:
    rng = np.random.default_rng(20)
    truth = 4 / (4 + 1 + (0.5 if form == "A,1" else 0))
    tables = (
        rng.normal(0, 2, (15, 1)) + rng.normal(0, 0.5**0.5, (1, 6)) + rng.normal(size=(15, 6)) for _ in range(600)
    )
    inside = sum(truth in icc(table, form).interval for table in tables)  # type: ignore[arg-type]
    assert 0.92 < inside / 600 < 0.98


tables = arrays(np.float64, st.tuples(st.integers(3, 8), st.integers(2, 4)), elements=st.integers(1, 5).map(float))


@given(tables)
@settings(deadline=None, max_examples=80)
def test_icc_ignores_order_and_scale_and_consistency_ignores_a_raters_offset(table: NDArray[Any]) -> None:
    base = icc_forms(table)
    moved = icc_forms(table[::-1, ::-1] * 3 + 7)
    for form, found in base.items():
        assert moved[form].statistic == pytest.approx(found.statistic, rel=1e-6, abs=1e-9, nan_ok=True)
    if not math.isnan(base["C,1"].statistic):
        shifted = table + np.arange(table.shape[1])
        assert icc(shifted, "C,1").statistic == pytest.approx(base["C,1"].statistic, rel=1e-6, abs=1e-9)
    for form, found in base.items():
        # the interval of absolute agreement is an approximation that can miss a negative coefficient, or be undefined
        if found.statistic >= 0 or (form[0] == "C" and not math.isnan(found.statistic)):
            assert found.interval.low <= found.statistic + 1e-9
            assert found.statistic <= found.interval.high + 1e-9


def test_equal_ratings_have_no_icc() -> None:
    found = icc(np.full((5, 3), 0.1))
    assert math.isnan(found.statistic)
    assert math.isnan(found.p)
    assert "Undefined" in found.notes[0]


def test_perfect_consistency_is_one_and_an_offset_costs_agreement() -> None:
    table = np.array([[1.1, 2.1], [2.1, 3.1], [4.1, 5.1], [5.1, 6.1]])
    assert icc(table, "C,1").statistic == 1
    assert (icc(table, "C,1").interval.low, icc(table, "C,1").p) == (1, 0)
    assert icc(table, "A,1").statistic < 1
    assert icc(np.repeat([[1.0], [2.0], [4.0]], 2, axis=1), "A,1").interval.low == 1


def test_subjects_with_equal_means_have_a_negative_icc() -> None:
    table = np.array([[1.0, 3.0], [3.0, 1.0], [2.0, 2.0]])
    assert icc(table, "C,1").statistic == -1
    assert math.isnan(icc(table, "C,k").statistic)
    assert icc(table, "C,k").notes


def test_inputs_stay_as_they_are_and_memory_order_does_not_matter() -> None:
    table = np.asfortranarray(SHROUT_FLEISS, dtype=np.int16)
    table.setflags(write=False)
    assert icc(table) == icc(SHROUT_FLEISS.tolist())
