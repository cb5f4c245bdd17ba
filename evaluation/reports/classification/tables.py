"""The tables of the report on classification."""

from __future__ import annotations

from typing import Any

from evaluation.reports.classification.computing import OVERLAPS, RATES
from evaluation.reports.hypotheses import FAMILY, TEST_COLUMNS
from evaluation.reports.kinds import Data, Inputs
from evaluation.reports.measuring import DISTANCE
from evaluation.reports.naming import Names
from evaluation.reports.subgroups import ALL, TITLES
from evaluation.reports.tables import Column, Table, summary_columns

Row = dict[str, Any]
RATER = Column("rater", "Segmented by")
CASE = Column("case", "Case", case="case_id")
NAMES = {
    "sensitivity": "Sensitivity (recall)",
    "specificity": "Specificity",
    "balanced_accuracy": "Balanced accuracy",
    "precision": "Precision",
    "f1": "F1",
    "over_positives": "DSC-P",
    "over_found_volumes": "DSC-TP, by volume",
    "over_found_overlaps": "DSC-TP, with overlap",
    DISTANCE: "HD95 (mm), by volume",
}
GROUPS = (
    "DSC-P: Dice over cases with residual tumour in the reference, a miss counting 0. DSC-TP: over those of them that "
    "were called residual tumour by volume; “with overlap” only those with a Dice above 0. "
)


def tables(inputs: Inputs, data: Data) -> list[Table]:
    """Return the tables in the order in which they are read."""
    names = Names.of(inputs)
    return [
        _outcomes(inputs, data, names),
        _rates(data, names),
        _overlap(inputs, data, names),
        _pooled(inputs, data, names),
        _tests(data, names),
        _folds(inputs, data, names),
        _cases(inputs, data, names),
    ]


def _of_all(rows: list[Row], names: Names) -> list[Row]:
    return [{**row, "rater": names.raters[row["rater"]]} for row in rows if row["fold"] == ALL]


def _outcomes(inputs: Inputs, data: Data, names: Names) -> Table:
    columns = (
        RATER,
        Column("n", "n"),
        Column("n_patients", "n patients"),
        Column("n_tp", "TP"),
        Column("n_fn", "FN"),
        Column("n_fp", "FP"),
        Column("n_tn", "TN"),
    )
    note = (
        f"Positive: residual tumour, at least {inputs['parameters']['threshold_ml']:g} ml, on both sides; negative: "
        "gross total resection."
    )
    return Table("outcomes", "Outcomes", columns, _of_all(data["rates"], names), ("rater",), note)


def _rates(data: Data, names: Names) -> Table:
    columns = (RATER, *_rate_columns())
    note = (
        "In per cent with 95 % intervals: Wilson's for shares (BCa over patients where some have several cases), BCa "
        "for balanced accuracy and F1; without an interval where some resample leaves the figure undefined."
    )
    return Table("classification", "Classification", columns, _of_all(data["rates"], names), ("rater",), note)


def _rate_columns() -> tuple[Column, ...]:
    return tuple(Column(name, NAMES[name], digits=2, bounds=(f"{name}_low", f"{name}_high")) for name in RATES)


def _overlap(inputs: Inputs, data: Data, names: Names) -> Table:
    rows = [{**row, "metric": NAMES[row["metric"]]} for row in _of_all(data["overlap"], names)]
    columns = (RATER, Column("metric", "Metric"), *summary_columns(), Column("n_infinite", "Infinite"))
    note = f"{GROUPS}HD95 {inputs['parameters']['hausdorff']}. Intervals of the mean: BCa over patients."
    return Table("overlap", "Overlap of residual tumour", columns, rows, ("rater", "metric"), note)


def _pooled(inputs: Inputs, data: Data, names: Names) -> Table:
    rows = [
        {**row, "rater": names.raters[row["rater"]], "metric": NAMES[row["metric"]], "unit": _unit(row["metric"])}
        for row in data["pooled"]
    ]
    columns = (
        RATER,
        Column("metric", "Metric"),
        Column("mean", "Mean ± SD", digits=2, spread="sd"),
        Column("unit", "Unit"),
        Column("n", "n cases"),
        Column("n_folds", "Folds"),
        Column("n_undefined", "Folds undefined"),
    )
    by = TITLES.get(inputs["parameters"]["folds"], "")
    note = f"Folds: {by.lower()}. Mean weighted by fold size; SD of the pooled sample." if by else ""
    return Table("pooled", "Pooled over folds", columns, rows, ("rater", "metric"), note)


def _unit(metric: str) -> str:
    return "%" if metric in RATES else ""


def _tests(data: Data, names: Names) -> Table:
    rows = [
        {**row, "first": names.raters[row["first"]], "second": names.raters[row["second"]]} for row in data["tests"]
    ]
    columns = (
        Column("first", "First"),
        Column("second", "Second"),
        Column("metric", "Compared"),
        Column("n_cases", "n cases"),
        *TEST_COLUMNS,
    )
    note = f"Over the cases that both have a mask of, from two on. {FAMILY}"
    return Table("tests", "Tests between models and raters", columns, rows, ("first", "second", "metric"), note)


def _folds(inputs: Inputs, data: Data, names: Names) -> Table:
    means = {
        (row["rater"], row["fold"], row["metric"]): row["mean"] for row in data["overlap"] if row["metric"] in OVERLAPS
    }
    rows = [
        {
            **row,
            "rater": names.raters[row["rater"]],
            **{name: means.get((row["rater"], row["fold"], name)) for name in OVERLAPS},
        }
        for row in data["rates"]
        if row["fold"] != ALL
    ]
    columns = (
        RATER,
        Column("fold", "Fold"),
        Column("n", "n"),
        Column("n_tp", "TP"),
        Column("n_fn", "FN"),
        Column("n_fp", "FP"),
        Column("n_tn", "TN"),
        *_rate_columns(),
        *(Column(name, NAMES[name], digits=3) for name in OVERLAPS),
    )
    return Table("folds", "Every fold", columns, rows, ("rater", "fold"), printed=False)


def _cases(inputs: Inputs, data: Data, names: Names) -> Table:
    rows = [
        {
            **row,
            "case": names.cases[row["case"]],
            "case_id": row["case"],
            "rater": names.raters[row["rater"]],
            "reference": "residual tumour" if row["residual"] else "GTR",
            "found": "residual tumour" if row["called"] else "GTR",
        }
        for row in data["cases"]
    ]
    columns = (
        CASE,
        RATER,
        Column("fold", "Fold"),
        Column("reference_ml", "Reference", unit="ml", digits=3),
        Column("prediction_ml", "Mask", unit="ml", digits=3),
        Column("reference", "Reference says"),
        Column("found", "Mask says"),
        Column("dice", "Dice", digits=3),
        Column(DISTANCE, "HD95", unit="mm", digits=2),
    )
    note = f"HD95 {inputs['parameters']['hausdorff']}, before any policy."
    return Table("cases", "Every case", columns, rows, ("case", "rater"), note, printed=False)
