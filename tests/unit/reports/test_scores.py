"""The report on scores: TL5's published counts come out of its own tables; agreement and subgroups against peers."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pingouin
import pytest
from scipy import stats
from sklearn.metrics import cohen_kappa_score

from evaluation.reports.scores import computing, figures, methods, tables
from tests.unit.reports.synthetic import MODEL, REFERENCE, Masks, case, inputs, rater, silent

Row = dict[str, Any]
READER = 9
LEARNING, MANUAL = f"{MODEL}/main", f"{REFERENCE}/main"
PAIRED = [[0, 1, 5, 0], [0, 23, 17, 2], [2, 15, 13, 7], [0, 3, 7, 2]]
"""TL5 Table 2: rows deep learning 2 to 5, columns manual 2 to 5."""
UNIFOCAL, MULTIFOCAL = [3, 31, 30, 10], [3, 11, 7, 2]
NEW, RECURRENT = [0, 5, 8, 3], [6, 37, 29, 9]
"""TL5 Table 3, deep learning: scores 2 to 5."""
PARAMETERS = {
    "scored_by": 0,
    "groups": ["multifocal", "recurrent"],
    "acceptable": 3,
    "zeros": "drop",
    "reference": 0,
    "region": "t",
    "failure": 0.3,
}
SCALE = {
    "name": "Five-point quality scale",
    "names": {"5": "Excellent", "4": "Very good", "3": "Good", "2": "Fair", "1": "Poor"},
}


def score(number: int, condition: str, value: int | None, by: int = READER, **more: Any) -> Row:
    return {"case": number, "rater": by, "condition": condition, "score": value, "not_assessed": value is None, **more}


def conditions(*keys: str) -> list[Row]:
    names = {LEARNING: "Deep learning", MANUAL: "Manual"}
    return [{"key": key, "name": names[key], "source": int(key.split("/")[0]), "arm": "main"} for key in keys]


def frozen(cases: list[Row], ratings: list[Row], *keys: str, **parameters: Any) -> Row:
    readers = sorted({row["rater"] for row in ratings})
    people = [rater(one, f"Reader {one}", kind="human", group="expert") for one in readers]
    return inputs(
        cases,
        [*people, rater(MODEL, "Deep learning"), rater(REFERENCE, "Manual", kind="human", group="human")],
        {**PARAMETERS, **parameters},
        conditions=conditions(*keys),
        ratings=ratings,
        scale=SCALE,
    )


def published() -> Row:
    """Return TL5's 97 cases: both scores as in Table 2, foci and recurrence as in Table 3."""
    pairs = [pair for i, j in product(range(4), range(4)) for pair in [(i + 2, j + 2)] * PAIRED[i][j]]
    facts: dict[int, list[Row]] = {}
    for level, (one, many, new, again) in enumerate(zip(UNIFOCAL, MULTIFOCAL, NEW, RECURRENT, strict=True), start=2):
        foci, times = ["no"] * one + ["yes"] * many, ["no"] * new + ["yes"] * again
        facts[level] = [{"multifocal": f, "recurrent": r} for f, r in zip(foci, times, strict=True)]
    cases = [case(number, **facts[first].pop()) for number, (first, _) in enumerate(pairs)]
    both = [(n, (LEARNING, a), (MANUAL, b)) for n, (a, b) in enumerate(pairs)]
    return frozen(cases, [score(n, key, value) for n, *two in both for key, value in two], LEARNING, MANUAL)


def table(made: list[Any], key: str) -> list[Row]:
    return next(one.rows for one in made if one.key == key)


@pytest.fixture(scope="module")
def tl5() -> tuple[Row, Row, list[Any]]:
    given = published()
    data = computing.compute(given, Masks({}), report=silent)
    return given, data, tables.tables(given, data)


def test_the_published_association_of_tl5_table_2(tl5: tuple[Row, Row, list[Any]]) -> None:
    rows = [row for row in table(tl5[2], "paired_tests") if "chi-square" in row["test"]]
    assert [round(row["p"], 3) for row in rows] == [0.107]
    assert rows[0]["question"] == "Are the two scores associated?"
    assert rows[0]["n"] == 97


def test_the_published_crosstab_and_means_of_tl5_table_2(tl5: tuple[Row, Row, list[Any]]) -> None:
    rows = table(tl5[2], "crosstab")
    assert [[row[f"n_{level}"] for level in (2, 3, 4, 5)] for row in rows] == PAIRED
    assert [row["score"] for row in rows] == [2, 3, 4, 5]
    spread = {row["condition"]: row for row in table(tl5[2], "distribution") if row["rater"] == "one per case"}
    found = {name: (round(row["mean"], 3), round(row["sd"], 3)) for name, row in spread.items()}
    assert found == {"Deep learning": (3.567, 0.789), "Manual": (3.639, 0.710)}
    assert {name: round(row["acceptable"], 1) for name, row in spread.items()} == {
        "Deep learning": 93.8,
        "Manual": 97.9,
    }


def test_the_published_subgroups_of_tl5_table_3(tl5: tuple[Row, Row, list[Any]]) -> None:
    rows = {
        row["attribute"]: row
        for row in table(tl5[2], "group_tests")
        if row["condition"] == "Deep learning" and "chi-square" in row["test"]
    }
    assert {name: round(row["p"], 3) for name, row in rows.items()} == {"Foci": 0.357, "Recurrence": 0.367}
    groups = {row["group"]: row for row in table(tl5[2], "groups") if row["condition"] == "Deep learning"}
    assert [groups["unifocal"][f"n_{level}"] for level in range(1, 6)] == [0, *UNIFOCAL]
    assert [groups["recurrent"][f"n_{level}"] for level in range(1, 6)] == [0, *RECURRENT]


def test_the_tests_that_answer_the_question_equal_scipy_and_a_written_out_sum(tl5: tuple[Row, Row, list[Any]]) -> None:
    pairs = [(i + 2, j + 2) for i, j in product(range(4), range(4)) for _ in range(PAIRED[i][j])]
    first, second = np.array(pairs).T
    by_test = {row["question"]: row for row in tl5[1]["paired_tests"]}
    peer = stats.wilcoxon(first, second, zero_method="wilcox", method="asymptotic")
    assert by_test["Is one score higher?"]["p"] == pytest.approx(float(peer.pvalue), abs=1e-12)
    assert by_test["Is one score higher?"]["n"] == 97 - int((first == second).sum())
    counts = np.array(PAIRED, float)
    moved = [(i, j) for i in range(4) for j in range(i) if counts[i, j] + counts[j, i]]
    chi = sum((counts[i, j] - counts[j, i]) ** 2 / (counts[i, j] + counts[j, i]) for i, j in moved)
    symmetry = by_test["Do as many cases move one way as the other?"]
    assert symmetry["statistic"] == pytest.approx(chi)
    assert symmetry["p"] == pytest.approx(float(stats.chi2.sf(chi, len(moved))), abs=1e-12)


def test_holm_corrects_over_all_tests_of_a_table(tl5: tuple[Row, Row, list[Any]]) -> None:
    rows = [row for row in tl5[1]["group_tests"] if row["p"] is not None]
    ordered = sorted(rows, key=lambda row: row["p"])
    running = 0.0
    for place, row in enumerate(ordered):
        running = max(running, min(1.0, (len(rows) - place) * row["p"]))
        assert row["p_holm"] == pytest.approx(running, abs=1e-12)


def test_every_part_of_the_report_can_be_written(tl5: tuple[Row, Row, list[Any]]) -> None:
    given, data, made = tl5
    json.dumps([data, [one.to_json() for one in made]], allow_nan=False)
    assert set(figures.figures(given, data)) == {"distribution", "crosstab"}
    text = methods.methods(given, data)
    assert "97 cases of 97 patients" in text
    assert "and not whether they differ" in text


def two_readers() -> Row:
    rng = np.random.default_rng(3)
    first = rng.integers(1, 6, 30)
    second = np.clip(first + rng.integers(-1, 2, 30), 1, 5)
    ratings = [
        score(number, LEARNING, int(value), by)
        for by, values in ((READER, first), (READER + 1, second))
        for number, value in enumerate(values)
    ]
    return frozen([case(number) for number in range(30)], ratings, LEARNING)


def test_agreement_of_raters_equals_pingouin_and_scikit_learn() -> None:
    given = two_readers()
    rows = {row["coefficient"]: row for row in computing.compute(given, Masks({}), report=silent)["agreement"]}
    frame = pd.DataFrame(
        [{"case": row["case"], "rater": row["rater"], "score": row["score"]} for row in given["ratings"]]
    )
    peer = pingouin.intraclass_corr(frame, targets="case", raters="rater", ratings="score").set_index("Type")
    for mine, theirs in (("C,1", ("ICC3", "ICC(C,1)")), ("A,1", ("ICC2", "ICC(A,1)")), ("C,k", ("ICC3k", "ICC(C,k)"))):
        value = next(peer.loc[name, "ICC"] for name in theirs if name in peer.index)
        assert rows[f"ICC({mine})"]["statistic"] == pytest.approx(float(value), abs=1e-9)
    values = [[row["score"] for row in given["ratings"] if row["rater"] == by] for by in (READER, READER + 1)]
    for weights in ("linear", "quadratic"):
        expected = cohen_kappa_score(*values, weights=weights, labels=[1, 2, 3, 4, 5])
        assert rows[f"Cohen's kappa, {weights} weights"]["statistic"] == pytest.approx(expected, abs=1e-12)
    assert rows["ICC(C,1)"]["low"] < rows["ICC(C,1)"]["statistic"] < rows["ICC(C,1)"]["high"]


def test_a_case_has_the_lower_median_of_its_raters_or_the_score_of_one() -> None:
    ratings = [score(0, LEARNING, 2, 11), score(0, LEARNING, 5, 12), score(1, LEARNING, 4, 12)]
    given = frozen([case(0), case(1)], ratings, LEARNING)
    assert computing.one_per_case(given) == {(LEARNING, 0): 2, (LEARNING, 1): 4}
    alone = frozen([case(0), case(1)], ratings, LEARNING, scored_by=12)
    assert computing.one_per_case(alone) == {(LEARNING, 0): 5, (LEARNING, 1): 4}


def test_what_cannot_be_assessed_is_counted_and_has_no_score() -> None:
    ratings = [score(0, LEARNING, 3), score(1, LEARNING, None), score(2, LEARNING, 5)]
    given = frozen([case(0), case(1), case(2)], ratings, LEARNING)
    data = computing.compute(given, Masks({}), report=silent)
    for row in data["distribution"]:
        assert (row["n"], row["n_cases"], row["n_not_assessed"], row["mean"]) == (2, 3, 1, 4.0)
    assert "1 mask could not be assessed" in methods.methods(given, data)


def test_failures_are_cases_whose_dice_is_below_the_limit() -> None:
    block = np.zeros((8, 8, 8), bool)
    block[2:6, 2:6, 2:6] = True
    apart = np.roll(block, 4, axis=0)
    empty = np.zeros_like(block)
    masks = Masks(
        {0: {REFERENCE: block, MODEL: block}, 1: {REFERENCE: block, MODEL: apart}, 2: {REFERENCE: empty, MODEL: empty}}
    )
    cases = [case(0), case(1), case(2)]
    given = frozen(cases, [score(n, LEARNING, 5 - n) for n in range(3)], LEARNING, reference=REFERENCE)
    given["readings"] = [{"case": n, "rater": who} for n in range(3) for who in (REFERENCE, MODEL)]
    data = computing.compute(given, masks, report=silent)
    made = tables.tables(given, data)
    assert [(row["case_id"], row["dice"], row["score"]) for row in table(made, "failures")] == [(1, 0.0, 4)]
    assert [row["dice"] for row in table(made, "overlap")] == [1.0, 0.0, None]
    assert "score_and_dice" in figures.figures(given, data)


def test_the_reference_is_not_compared_with_itself() -> None:
    block = np.ones((4, 4, 4), bool)
    given = frozen([case(0)], [score(0, MANUAL, 4), score(0, LEARNING, 4)], LEARNING, MANUAL, reference=REFERENCE)
    given["readings"] = [{"case": 0, "rater": who} for who in (REFERENCE, MODEL)]
    data = computing.compute(given, Masks({0: {REFERENCE: block, MODEL: block}}), report=silent)
    assert [row["condition"] for row in data["overlap"]] == [LEARNING]
