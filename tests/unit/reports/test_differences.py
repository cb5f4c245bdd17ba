"""A recomputation finds every difference; two reports are compared row by row."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.reports.differences import ABSENT, find_differences
from evaluation.reports.side_by_side import compare_choices, compare_readings, compare_tables

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


@given(plain)
def test_nothing_differs_from_itself(value: Any) -> None:
    assert list(find_differences(value, value)) == []


@given(plain, plain)
def test_what_is_not_equal_is_found(old: Any, new: Any) -> None:
    found = list(find_differences({"a": old}, {"a": new}))
    assert bool(found) is (repr(old) != repr(new) and not _same(old, new))


def _same(old: Any, new: Any) -> bool:
    """Tell whether two JSON values are equal, where 0.0 is -0.0 and 1 is not True or 1.0."""
    if type(old) is not type(new):
        return False
    if isinstance(old, dict):
        return old.keys() == new.keys() and all(_same(old[key], new[key]) for key in old)
    if isinstance(old, list):
        return len(old) == len(new) and all(map(_same, old, new))
    return bool(old == new)


def test_a_difference_is_named_by_its_path_and_says_whether_it_is_within_the_tolerance() -> None:
    old = {"summary": [{"mean": 0.5, "n": 3}, {"mean": 0.7, "n": 3}], "gone": 1}
    new = {"summary": [{"mean": 0.5 + 4e-10, "n": 3}, {"mean": 0.7 + 2e-9, "n": 4}, {}]}
    found = {one.path: one for one in find_differences(old, new)}
    assert set(found) == {"summary[0].mean", "summary[1].mean", "summary[1].n", "summary[2]", "gone"}
    assert [found[path].within for path in ("summary[0].mean", "summary[1].mean")] == [True, False]
    assert found["gone"].new == ABSENT


@pytest.mark.parametrize(("old", "new"), [(1, True), ("inf", 3.0), (None, 0.0), ("1", 1)])
def test_values_of_two_types_are_never_within_the_tolerance(old: Any, new: Any) -> None:
    (found,) = find_differences(old, new)
    assert not found.within


def _table(rows: list[dict[str, Any]], *, printed: bool = True) -> dict[str, Any]:
    mean = {"key": "mean", "title": "Mean ± SD", "digits": 3, "spread": "sd", "bounds": None, "numeric": True}
    rater = {"key": "rater", "title": "Rater", "digits": None, "spread": "", "bounds": None, "numeric": False}
    return {
        "key": "raters",
        "title": "Raters",
        "by": ["rater"],
        "printed": printed,
        "columns": [rater, mean],
        "rows": rows,
    }


def test_rows_are_found_by_what_tells_them_apart_and_not_by_their_place() -> None:
    first = [{"rater": "Eva", "mean": 0.5, "sd": 0.1}, {"rater": "Erik", "mean": 0.75, "sd": None}]
    second = [{"rater": "Erik", "mean": 0.5, "sd": None}, {"rater": "Eva", "mean": 0.5, "sd": 0.1}]
    (found,) = compare_tables([_table(first)], [_table(second)])
    assert (found["compared"], found["differing"]) == (3, 1)
    (changed,) = [row for row in found["values"] if not row["same"]]
    assert (changed["row"], changed["column"], changed["difference"]) == ("Erik", "Mean ± SD", -0.25)


def test_a_row_or_table_that_one_report_lacks_stands_alone() -> None:
    first, second = [{"rater": "Eva", "mean": 0.5, "sd": 0.1}], [{"rater": "Erik", "mean": 0.7, "sd": 0.2}]
    (found,) = compare_tables([_table(first)], [_table(second)])
    assert [(row["first"], row["second"]) for row in found["values"]] == [
        (0.5, None),
        (0.1, None),
        (None, 0.7),
        (None, 0.2),
    ]
    (alone,) = compare_tables([], [_table(second)])
    assert [(row["first"], row["second"]) for row in alone["values"]] == [(None, 0.7), (None, 0.2)]
    assert all(row["difference"] is None for row in alone["values"])


def test_of_a_table_of_every_case_only_differences_are_given() -> None:
    rows = [{"rater": "Eva", "mean": 0.5, "sd": math.pi}]
    (found,) = compare_tables([_table(rows, printed=False)], [_table(rows, printed=False)])
    assert (found["compared"], found["values"]) == (2, [])


def test_choices_and_frozen_masks_are_compared() -> None:
    choices = compare_choices([{"title": "Tie", "value": "background"}], [{"title": "Tie", "value": "foreground"}])
    assert choices == [{"title": "Tie", "first": "background", "second": "foreground", "same": False}]

    def inputs(*readings: tuple[int, str]) -> dict[str, Any]:
        return {"readings": [{"case": case, "rater": 1, "sha256": sha} for case, sha in readings]}

    found = compare_readings(inputs((1, "a"), (2, "b"), (3, "c")), inputs((1, "a"), (2, "x"), (4, "d")))
    assert found == {"same": 1, "changed": 1, "only_first": 1, "only_second": 1}
