"""Two scores of the same case: their crosstab, whether they are associated, and whether they differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from evaluation.reports.hypotheses import correct, run_test
from evaluation.reports.kinds import Inputs
from evaluation.statistics import bowker, chi_square, cross_tabulate, wilcoxon

Row = dict[str, Any]
ASSOCIATION = "Are the two scores associated?"
DIFFERENCE = "Is one score higher?"
SYMMETRY = "Do as many cases move one way as the other?"
SOURCES, RATERS = "two sources", "two raters"


@dataclass(frozen=True)
class Pairs:
    """Crosstabs (rows: the first's levels, columns: the second's) and the tests on them."""

    crosstabs: list[Row]
    tests: list[Row]


@dataclass(frozen=True)
class _Pair:
    """Two scores, case by case: of two conditions, or of two raters in one condition."""

    of: str
    condition: str | None
    first: str | int
    second: str | int
    scores: list[tuple[int, int]]

    @property
    def place(self) -> Row:
        """What tells the pair apart."""
        return {"of": self.of, "condition": self.condition, "first": self.first, "second": self.second}


def compare_pairs(inputs: Inputs, scores: dict[tuple[str, int], int], levels: list[int]) -> Pairs:
    """Return crosstabs and tests of every two conditions (one score per case) and of every two raters."""
    found = [pair for pair in [*_conditions(inputs, scores), *_raters(inputs)] if pair.scores]
    tables = [(pair, cross_tabulate(*_columns(pair), categories=levels)) for pair in found]
    crosstabs = [{**pair.place, "n": len(pair.scores), "counts": table.tolist()} for pair, table in tables]
    zeros = inputs["parameters"]["zeros"]
    tests: list[Row] = []
    for pair, table in tables:
        first, second = _columns(pair)
        asked = (
            (DIFFERENCE, run_test("Wilcoxon signed-rank", wilcoxon, first, second, zeros=zeros)),
            (SYMMETRY, run_test("Bowker's symmetry", bowker, table)),
            (ASSOCIATION, run_test("Pearson's chi-square", chi_square, table)),
        )
        tests += [{**pair.place, "question": question, **row} for question, row in asked]
    return Pairs(crosstabs, correct(tests))


def _columns(pair: _Pair) -> tuple[list[int], list[int]]:
    return [first for first, _ in pair.scores], [second for _, second in pair.scores]


def _conditions(inputs: Inputs, scores: dict[tuple[str, int], int]) -> Iterable[_Pair]:
    for first, second in combinations([condition["key"] for condition in inputs["conditions"]], 2):
        cases = [case for of, case in scores if of == first and (second, case) in scores]
        both = [(scores[first, case], scores[second, case]) for case in cases]
        yield _Pair(SOURCES, None, first, second, both)


def _raters(inputs: Inputs) -> Iterable[_Pair]:
    for condition in inputs["conditions"]:
        given = scores_by_rater(inputs, condition["key"])
        for first, second in combinations(given, 2):
            cases = sorted(set(given[first]) & set(given[second]))
            both = [(given[first][case], given[second][case]) for case in cases]
            yield _Pair(RATERS, condition["key"], first, second, both)


def scores_by_rater(inputs: Inputs, condition: str) -> dict[int, dict[int, int]]:
    """Return rater → case → score of one condition, raters in the order of the inputs."""
    given: dict[int, dict[int, int]] = {}
    for rater in inputs["raters"]:
        rows = {
            row["case"]: row["score"]
            for row in inputs["ratings"]
            if row["rater"] == rater["id"] and row["condition"] == condition and row["score"] is not None
        }
        if rows:
            given[rater["id"]] = rows
    return given
