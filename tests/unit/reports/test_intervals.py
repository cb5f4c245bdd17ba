"""Intervals over patients, the groups that attributes make, and tables on paper."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from evaluation.reports.document import _listing
from evaluation.reports.hypotheses import correct, run_test
from evaluation.reports.intervals import mean_interval, share_interval, wilson
from evaluation.reports.subgroups import UNKNOWN, divide, group_of, known, subsets
from evaluation.reports.tables import Column, Table
from evaluation.statistics import mann_whitney
from tests.unit.reports.synthetic import case

SETTINGS: dict[str, Any] = {"seed": 1, "resamples": 500}


@given(st.integers(1, 300), st.floats(0, 1))
def test_wilsons_interval_equals_statsmodels(n: int, share: float) -> None:
    successes = round(share * n)
    peer = proportion_confint(successes, n, method="wilson")
    assert wilson(successes, n) == pytest.approx(peer, abs=1e-12)


def test_a_share_with_several_cases_of_a_patient_is_resampled_by_patient() -> None:
    outcomes, patients = [True, True, False, True, False, False], ["a", "a", "b", "c", "d", "d"]
    found = share_interval(outcomes, patients, **SETTINGS)
    assert found["interval"] == "BCa"
    assert found == mean_interval([float(one) for one in outcomes], patients, **SETTINGS)


def test_when_all_outcomes_agree_a_patient_counts_once() -> None:
    found = share_interval([True] * 6, ["a", "a", "b", "b", "c", "c"], **SETTINGS)
    assert (found["low"], found["high"]) == wilson(3, 3)
    none = share_interval([False] * 4, ["a", "a", "b", "b"], **SETTINGS)
    assert (none["low"], none["high"]) == wilson(0, 2)


def test_there_is_no_interval_where_nothing_can_be_resampled() -> None:
    for values, patients in (([], []), ([0.5, 0.7], ["a", "b"]), ([0.5] * 5, list("abcde"))):
        assert mean_interval(values, patients, **SETTINGS) == {"low": None, "high": None, "interval": "none"}


def test_groups_are_in_the_order_of_time_and_what_is_not_known_comes_last() -> None:
    cases = [
        case(0, time_point_key="unknown", post_operative=None),
        case(1, time_point_key="post_3m", post_operative=True),
        case(2, time_point_key="early_post_op", post_operative=True),
        case(3),
    ]
    names = ["pre-operative", "early post-op (≤ 72 h)", "late post-op (1–6 mo.)", UNKNOWN]
    assert list(divide(cases, "phase")) == names
    assert UNKNOWN not in known(divide(cases, "phase"))
    assert list(divide(cases, "operation")) == ["pre-operative", "post-operative", UNKNOWN]


def test_flairs_test_sets_name_type_dataset_and_operation() -> None:
    assert group_of(case(0, dataset_group="A"), "test_set") == "glioma, A, pre-operative"
    assert group_of(case(0, tumour_type="unknown", post_operative=None), "test_set") == UNKNOWN


def test_an_attribute_that_divides_nothing_makes_no_subgroup() -> None:
    cases = [case(0, grade=4), case(1, grade=4), case(2, grade=4)]
    assert [group for _, group, _ in subsets(cases, ["grade", "centre"])] == ["all cases"]


def test_a_test_that_refuses_its_samples_says_why_and_is_of_no_family() -> None:
    refused = run_test("Mann–Whitney U", mann_whitney, [1.0], [2.0, 3.0])
    done = run_test("Mann–Whitney U", mann_whitney, [1.0, 2.0, 4.0], [2.5, 3.0, 9.0])
    rows = correct([refused, done])
    assert "at least 2 values" in rows[0]["note"]
    assert rows[0]["p_holm"] is None
    assert rows[1]["p_holm"] == rows[1]["p"]
    assert rows[1]["effect_is"] == "r"


def test_on_paper_a_text_that_every_row_shares_is_said_once() -> None:
    columns = (
        Column("region", "Region"),
        Column("rater", "Rater"),
        Column("n", "n"),
        Column("note", "Note"),
        Column("more", "More", printed=False),
    )
    rows = [{"region": "FH", "rater": name, "n": 4, "note": "", "more": name} for name in ("one", "two")]
    found = _listing(Table("t", "T", columns, rows, note="Why."))
    assert found["head"] == ["Rater", "n"]
    assert found["note"] == "Region: FH. Why."
    assert found["rows"] == [["one", "4"], ["two", "4"]]
    alone = _listing(Table("t", "T", columns, rows[:1]))
    assert alone["head"] == ["Rater", "n", "Note"]


def test_a_mean_of_one_value_has_no_spread_beside_it() -> None:
    column = Column("mean", "Mean ± SD", digits=2, spread="sd")
    assert column.text({"mean": 0.5, "sd": None}) == "0.50"
    assert column.text({"mean": float(np.float64(0.5)), "sd": 0.1}) == "0.50\u00a0±\u00a00.10"
