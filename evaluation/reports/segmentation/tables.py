"""The tables of the report on segmentation by subgroup."""

from __future__ import annotations

from typing import Any

from evaluation.reports.hypotheses import FAMILY, TEST_COLUMNS
from evaluation.reports.kinds import Data, Inputs
from evaluation.reports.measuring import DISTANCE, OVERLAPS
from evaluation.reports.naming import Names
from evaluation.reports.segmentation.computing import OBJECTS
from evaluation.reports.subgroups import TITLES
from evaluation.reports.tables import Column, Table, summary_columns

Row = dict[str, Any]
REGION, RATER, GROUP = Column("region", "Region"), Column("rater", "Segmented by"), Column("group", "Subgroup")
BY = ("region", "attribute", "group", "rater")
CASE = Column("case", "Case", case="case_id")
METRIC_NAMES = {
    "object_dice": "Dice, object-wise",
    "object_recall": "Recall, object-wise",
    "object_precision": "Precision, object-wise",
    "object_f1": "F1 of objects",
    f"object_{DISTANCE}": "HD95, object-wise (mm)",
    "dice": "Dice",
    "jaccard": "Jaccard",
    "recall": "Recall",
    "precision": "Precision",
    DISTANCE: "HD95 (mm)",
}
OVER = {"found": "found cases", "positives": "positive cases, missed ones included", "all": "all cases not excluded"}
BCA = "Intervals are BCa over patients. Medians, and the intervals of all figures, are in the files."
INTERVALS = "Intervals are 95 %: of shares Wilson's, or BCa over patients where some have several cases."


def tables(inputs: Inputs, data: Data) -> list[Table]:
    """Return the tables in the order in which they are read."""
    names = Names.of(inputs)
    return [
        _detection(inputs, data, names),
        _objects(inputs, data, names),
        _voxels(inputs, data, names),
        _bias(data, names),
        _correlation(data, names),
        _rater_tests(inputs, data, names),
        _group_tests(inputs, data, names),
        _performance(data, names),
        _cases(inputs, data, names),
    ]


def _place(row: Row, names: Names) -> Row:
    """Return the texts that say which region, subgroup and rater a row is about."""
    return {
        "region": names.regions[row["region"]],
        "attribute": TITLES.get(row["attribute"], ""),
        "group": row["group"],
        "rater": names.raters[row["rater"]],
    }


def _detection(inputs: Inputs, data: Data, names: Names) -> Table:
    rows = [{**row, **_place(row, names)} for row in data["detection"]]
    columns = (
        REGION,
        GROUP,
        RATER,
        Column("n_cases", "n"),
        Column("n_excluded", "Excluded"),
        Column("n_positives", "Positive"),
        Column("n_found", "Found"),
        Column("rate", "Detection rate", unit="%", digits=1, bounds=("rate_low", "rate_high")),
        Column("n_negatives", "Negative"),
        Column("n_false_positives", "False positives"),
        Column("false_rate", "Rate", unit="%", digits=1, bounds=("false_low", "false_high")),
        Column("n_called_positive", "Called positive", printed=False),
    )
    smallest = inputs["parameters"]["smallest_ml"]
    note = (
        f"Positive: reference of at least {smallest:g} ml; negative: empty reference; excluded: in between. Found: a "
        f"mask of at least {smallest:g} ml with a Dice of at least 0.1 %. {INTERVALS}"
    )
    return Table("detection", "Detection", columns, rows, BY, note)


def _objects(inputs: Inputs, data: Data, names: Names) -> Table:
    chosen = inputs["parameters"]
    how = f"pairing {chosen['pairing']}, objects of at least {chosen['min_voxels']} voxels, HD95 pooled"
    note = f"Mean ± SD over {OVER[chosen['over']]}; {how}. {BCA}"
    return Table("objects", "Object-wise performance", _beside(OBJECTS), _means(data, names, OBJECTS), BY, note)


def _voxels(inputs: Inputs, data: Data, names: Names) -> Table:
    metrics, chosen = (*OVERLAPS, DISTANCE), inputs["parameters"]
    note = f"Mean ± SD over {OVER[chosen['over']]}; HD95 {chosen['hausdorff']}. {BCA}"
    return Table("voxels", "Voxel-wise performance", _beside(metrics), _means(data, names, metrics), BY, note)


def _beside(metrics: tuple[str, ...]) -> tuple[Column, ...]:
    """Return the columns of several metrics beside each other, as the papers print them."""
    figures = (
        Column(metric, METRIC_NAMES[metric].split(",")[0], digits=3, spread=f"sd_{metric}") for metric in metrics[1:-1]
    )
    dice, distance = metrics[0], metrics[-1]
    return (
        REGION,
        GROUP,
        RATER,
        Column(dice, "Dice [95 % CI]", digits=3, spread=f"sd_{dice}", bounds=("low", "high")),
        *figures,
        Column("n", "n"),
        Column("n_undefined", "Undefined"),
        Column(distance, "HD95", unit="mm", digits=2, spread=f"sd_{distance}"),
        Column("n_distance", "n"),
    )


def _means(data: Data, names: Names, metrics: tuple[str, ...]) -> list[Row]:
    """Return a row per region, subgroup and rater with a case; n, undefined and interval are those of the Dice."""
    rows: dict[tuple[Any, ...], Row] = {}
    for row in data["performance"]:
        if row["metric"] not in metrics:
            continue
        found = rows.setdefault(tuple(row[key] for key in BY), _place(row, names))
        found |= {row["metric"]: row["mean"], f"sd_{row['metric']}": row["sd"]}
        if row["metric"] == metrics[0]:
            found |= {key: row[key] for key in ("n", "n_undefined", "low", "high")}
        if row["metric"] == metrics[-1]:
            found["n_distance"] = row["n"]
    return [row for row in rows.values() if row["n"] or row["n_undefined"] or row["n_distance"]]


def _performance(data: Data, names: Names) -> Table:
    columns = (
        REGION,
        Column("attribute", "By"),
        GROUP,
        RATER,
        Column("metric", "Metric"),
        *summary_columns(),
        Column("n_infinite", "Infinite"),
        Column("interval", "Interval"),
    )
    rows = [{**row, **_place(row, names), "metric": METRIC_NAMES[row["metric"]]} for row in data["performance"]]
    return Table("performance", "All figures", columns, rows, (*BY, "metric"), printed=False)


def _bias(data: Data, names: Names) -> Table:
    rows = [{**row, **_place(row, names)} for row in data["volume_bias"] if row["n_found"]]
    columns = (
        REGION,
        GROUP,
        RATER,
        Column("n_found", "Found"),
        Column("n_over", "Over"),
        Column("over_ml", "by median [IQR]", unit="ml", digits=2, bounds=("over_q1", "over_q3")),
        Column("n_under", "Under"),
        Column("under_ml", "by median [IQR]", unit="ml", digits=2, bounds=("under_q1", "under_q3")),
        Column("n_equal", "Equal"),
    )
    note = "Found cases whose mask is larger, smaller than and equal to the reference in volume."
    return Table("volume_bias", "Over- and under-segmentation", columns, rows, BY, note)


def _correlation(data: Data, names: Names) -> Table:
    rows = [{**row, **_place(row, names)} for row in data["volume_and_dice"]]
    columns = (
        REGION,
        GROUP,
        RATER,
        Column("statistic", "Spearman's rho [95 % CI]", digits=3, bounds=("low", "high")),
        Column("p", "p", form="p"),
        Column("n", "n"),
        Column("n_patients", "n patients"),
        Column("note", "Note"),
        Column("remarks", "Remarks", printed=False),
    )
    note = (
        "From four cases on: reference volume and voxel-wise Dice over positive cases, missed ones included; cases "
        "count as independent."
    )
    return Table("volume_and_dice", "Volume and Dice", columns, rows, BY, note)


def _rater_tests(inputs: Inputs, data: Data, names: Names) -> Table:
    rows = [
        {
            **row,
            "region": names.regions[row["region"]],
            "first": names.raters[row["first"]],
            "second": names.raters[row["second"]],
        }
        for row in data["rater_tests"]
    ]
    columns = (
        REGION,
        Column("first", "First"),
        Column("second", "Second"),
        Column("mean_first", "Mean of first", digits=3),
        Column("mean_second", "Mean of second", digits=3),
        Column("n_cases", "n cases"),
        *TEST_COLUMNS,
    )
    note = (
        f"{_tested(inputs)}, paired by patient: the mean of a patient's positive cases, a missed one with 0. {FAMILY}"
    )
    by = ("region", "first", "second")
    return Table("rater_tests", "Tests between models and raters", columns, rows, by, note)


def _group_tests(inputs: Inputs, data: Data, names: Names) -> Table:
    rows = [
        {
            **row,
            "region": names.regions[row["region"]],
            "rater": names.raters[row["rater"]],
            "attribute": TITLES[row["attribute"]],
        }
        for row in data["group_tests"]
    ]
    columns = (
        REGION,
        RATER,
        Column("attribute", "By"),
        Column("first", "First"),
        Column("second", "Second"),
        Column("median_first", "Median of first", digits=3),
        Column("median_second", "Median of second", digits=3),
        *TEST_COLUMNS,
    )
    by = ("region", "rater", "attribute", "first", "second")
    note = (
        f"{_tested(inputs)}; a patient is the mean of their positive cases, a missed one with 0. Subgroups of two "
        f"patients or more. {FAMILY}"
    )
    return Table("group_tests", "Tests between subgroups", columns, rows, by, note)


def _tested(inputs: Inputs) -> str:
    return METRIC_NAMES[inputs["parameters"]["tested"]]


def _cases(inputs: Inputs, data: Data, names: Names) -> Table:
    rows = [
        {
            **row,
            "case": names.cases[row["case"]],
            "case_id": row["case"],
            "region": names.regions[row["region"]],
            "rater": names.raters[row["rater"]],
        }
        for row in data["cases"]
    ]
    figures = tuple(
        Column(key, name.removesuffix(" (mm)"), unit="mm" if "(mm)" in name else "", digits=3)
        for key, name in METRIC_NAMES.items()
    )
    columns = (
        CASE,
        REGION,
        RATER,
        Column("state", "State"),
        Column("reference_ml", "Reference", unit="ml", digits=2),
        Column("prediction_ml", "Mask", unit="ml", digits=2),
        *figures,
        Column("n_reference_objects", "Objects of the reference"),
        Column("n_objects", "Objects"),
    )
    note = f"Before any policy: undefined and infinite figures as they are. HD95 {inputs['parameters']['hausdorff']}."
    return Table("cases", "Every case", columns, rows, ("case", "region", "rater"), note, printed=False)
