"""The tables of the report on scores."""

from __future__ import annotations

from typing import Any

from evaluation.reports.hypotheses import FAMILY, TEST_COLUMNS
from evaluation.reports.kinds import Data, Inputs
from evaluation.reports.naming import Names
from evaluation.reports.scores.paired import RATERS
from evaluation.reports.subgroups import TITLES
from evaluation.reports.tables import Column, Table

Row = dict[str, Any]
SOURCE = Column("condition", "Scored mask")
CASE = Column("case", "Case", case="case_id")
SPREAD = (
    Column("mean", "Mean ± SD", digits=3, spread="sd"),
    Column("median", "Median [IQR]", digits=1, bounds=("q1", "q3")),
    Column("n", "n"),
)
ONE_SCORE = "one per case"


def tables(inputs: Inputs, data: Data) -> list[Table]:
    """Return the tables in the order in which they are read."""
    words = _Words(inputs)
    return [
        _distribution(inputs, data, words),
        _crosstabs(data, words),
        _paired_tests(data, words),
        _agreement(data, words),
        _groups(data, words),
        _group_tests(data, words),
        _failures(inputs, data, words),
        _score_and_dice(data, words),
        _overlap(data, words),
        _ratings(inputs, words),
        _left_out(inputs, words),
    ]


class _Words:
    """The names of conditions, raters and cases."""

    def __init__(self, inputs: Inputs) -> None:
        self.names = Names.of(inputs)
        self.conditions = {one["key"]: one["name"] for one in inputs["conditions"]}

    def side(self, row: Row, side: str) -> str:
        """Return what one side of a pair is called: a condition or a rater."""
        return self.names.raters[row[side]] if row["of"] == RATERS else self.conditions[row[side]]

    def pair(self, row: Row) -> Row:
        """Return the texts that say which pair a row is about."""
        return {
            "condition": self.conditions.get(row["condition"], "") if row["condition"] else "",
            "first": self.side(row, "first"),
            "second": self.side(row, "second"),
        }

    def case(self, case: int) -> Row:
        """Return a case's name and id."""
        return {"case": self.names.cases[case], "case_id": case}


def _levels(data: Data) -> tuple[Column, ...]:
    return tuple(Column(f"n_{level}", f"{level}") for level in data["levels"])


def _counts(row: Row, data: Data) -> Row:
    return {f"n_{level}": count for level, count in zip(data["levels"], row["counts"], strict=True)}


def _distribution(inputs: Inputs, data: Data, words: _Words) -> Table:
    rows = [
        {
            **row,
            **_counts(row, data),
            "condition": words.conditions[row["condition"]],
            "rater": ONE_SCORE if row["rater"] is None else words.names.raters[row["rater"]],
        }
        for row in data["distribution"]
    ]
    good = inputs["parameters"]["acceptable"]
    columns = (
        SOURCE,
        Column("rater", "Scored by"),
        *_levels(data),
        *SPREAD,
        Column("n_acceptable", f"n ≥ {good}"),
        Column("acceptable", f"≥ {good}", unit="%", digits=1),
        Column("n_not_assessed", "Cannot be assessed"),
    )
    note = f"n: scores given. {ONE_SCORE}: {_combined(inputs)}"
    return Table("distribution", "Scores by scored mask and rater", columns, rows, ("condition", "rater"), note)


def _combined(inputs: Inputs) -> str:
    chosen = inputs["parameters"]["scored_by"]
    if not chosen:
        return "the median of the raters of a case, the lower of two middle ones."
    return f"the score of {Names.of(inputs).raters[chosen]}."


def _crosstabs(data: Data, words: _Words) -> Table:
    rows = [
        {
            **words.pair(row),
            "score": level,
            **{f"n_{other}": count for other, count in zip(data["levels"], counts, strict=True)},
            "n": sum(counts),
        }
        for row in data["crosstabs"]
        for level, counts in zip(data["levels"], row["counts"], strict=True)
        if any(counts)
    ]
    columns = (
        SOURCE,
        Column("first", "Row"),
        Column("score", "Score"),
        Column("second", "Column"),
        *_levels(data),
        Column("n", "n"),
    )
    note = (
        "Cases by both scores; a row that no case is in is left out. Scored mask: only where two raters are compared."
    )
    return Table("crosstab", "Paired scores", columns, rows, ("condition", "first", "second", "score"), note)


def _paired_tests(data: Data, words: _Words) -> Table:
    rows = [{**row, **words.pair(row)} for row in data["paired_tests"]]
    columns = (
        SOURCE,
        Column("first", "First"),
        Column("second", "Second"),
        Column("question", "Question"),
        *TEST_COLUMNS,
    )
    note = (
        "Pearson's chi-square on paired scores asks whether they are associated; whether they differ is asked by "
        f"Wilcoxon's and Bowker's tests. {FAMILY}"
    )
    return Table(
        "paired_tests", "Tests on paired scores", columns, rows, ("condition", "first", "second", "test"), note
    )


def _agreement(data: Data, words: _Words) -> Table:
    rows = [
        {
            **row,
            "condition": words.conditions[row["condition"]],
            "raters": "all"
            if row["first"] is None
            else " / ".join(words.names.raters[row[s]] for s in ("first", "second")),
        }
        for row in data["agreement"]
    ]
    columns = (
        SOURCE,
        Column("raters", "Raters"),
        Column("n_raters", "n raters"),
        Column("coefficient", "Coefficient"),
        Column("statistic", "Value [95 % CI]", digits=3, bounds=("low", "high")),
        Column("n", "n cases"),
        Column("note", "Note"),
        Column("remarks", "Remarks", printed=False),
    )
    note = (
        "ICC(C,1), two-way mixed, consistency, single rater, is ICC(3,1); A: absolute agreement, k: mean of the raters."
    )
    return Table("agreement", "Agreement between raters", columns, rows, ("condition", "raters", "coefficient"), note)


def _groups(data: Data, words: _Words) -> Table:
    rows = [
        {
            **row,
            **_counts(row, data),
            "condition": words.conditions[row["condition"]],
            "attribute": TITLES[row["attribute"]],
        }
        for row in data["groups"]
    ]
    columns = (
        SOURCE,
        Column("attribute", "By"),
        Column("group", "Group"),
        *_levels(data),
        *SPREAD,
        Column("n_patients", "n patients"),
    )
    return Table(
        "groups", "Scores by subgroup", columns, rows, ("condition", "attribute", "group"), "One score per case."
    )


def _group_tests(data: Data, words: _Words) -> Table:
    rows = [
        {**row, "condition": words.conditions[row["condition"]], "attribute": TITLES[row["attribute"]]}
        for row in data["group_tests"]
    ]
    columns = (SOURCE, Column("attribute", "By"), Column("compared", "Groups"), *TEST_COLUMNS)
    by = ("condition", "attribute", "compared", "test")
    note = (
        "Cases of which the attribute is not known are left out; ranks are compared from two cases in both groups on. "
        f"{FAMILY}"
    )
    return Table("group_tests", "Tests between subgroups", columns, rows, by, note)


def _failures(inputs: Inputs, data: Data, words: _Words) -> Table:
    failed = sorted((row for row in data["overlap"] if row["failure"]), key=lambda row: row["dice"])
    rows = [{**row, **words.case(row["case"]), "condition": words.conditions[row["condition"]]} for row in failed]
    columns = (CASE, SOURCE, Column("dice", "Dice", digits=3), Column("score", "Score"))
    limit = inputs["parameters"]["failure"]
    return Table("failures", f"Failures: Dice below {limit:g}", columns, rows, ("case", "condition"))


def _score_and_dice(data: Data, words: _Words) -> Table:
    rows = [{**row, "condition": words.conditions[row["condition"]]} for row in data["score_and_dice"]]
    columns = (
        SOURCE,
        Column("test", "Coefficient"),
        Column("statistic", "Value [95 % CI]", digits=3, bounds=("low", "high")),
        Column("p", "p", form="p"),
        Column("n", "n"),
        Column("n_patients", "n patients"),
        Column("note", "Note"),
        Column("remarks", "Remarks", printed=False),
    )
    return Table("score_and_dice", "Score and Dice", columns, rows, ("condition",), "One score per case.")


def _overlap(data: Data, words: _Words) -> Table:
    rows = [
        {**row, **words.case(row["case"]), "condition": words.conditions[row["condition"]]} for row in data["overlap"]
    ]
    columns = (CASE, SOURCE, Column("dice", "Dice", digits=3), Column("score", "Score"))
    note = "Dice is undefined where both masks are empty."
    return Table("overlap", "Scored masks and the reference", columns, rows, ("case", "condition"), note, printed=False)


def _ratings(inputs: Inputs, words: _Words) -> Table:
    rows = [
        {
            **words.case(row["case"]),
            "condition": words.conditions[row["condition"]],
            "rater": words.names.raters[row["rater"]],
            "score": row["score"],
            "not_assessed": row["not_assessed"],
        }
        for row in inputs["ratings"]
    ]
    columns = (
        CASE,
        SOURCE,
        Column("rater", "Rater"),
        Column("score", "Score"),
        Column("not_assessed", "Cannot be assessed"),
    )
    return Table("ratings", "Every score", columns, rows, ("case", "condition", "rater"), printed=False)


def _left_out(inputs: Inputs, words: _Words) -> Table:
    rows = [
        {**words.case(row["case"]), "rater": words.names.raters.get(row["rater"], ""), "reason": row["reason"]}
        for row in inputs["left_out"]
    ]
    columns = (CASE, Column("rater", "Rater"), Column("reason", "Left out, because"))
    note = "Scores, and masks of the reference, that could not be used."
    return Table("left_out", "Left out", columns, rows, ("case", "rater"), note, printed=False)
