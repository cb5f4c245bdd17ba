"""The report's tables as CSV, one file each, with names beside every number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.csv_files import write_csv
from evaluation.reports.naming import Names

Row = dict[str, Any]


def csv_files(inputs: Row, data: Row) -> dict[str, bytes]:
    """Return file name → CSV (UTF-8, comma, full precision; an empty cell is an undefined figure)."""
    names = Names.of(inputs)
    return {
        "readings.csv": write_csv(_readings(data, names)),
        "pairs.csv": write_csv(_pairs(data, names)),
        "summary.csv": write_csv(_summary(data, names)),
        "volumes.csv": write_csv(_volumes(data)),
        "scores.csv": write_csv(_scores(inputs, names)),
    }


def _readings(data: Row, names: Names) -> Iterable[Row]:
    for row in data["readings"]:
        against = {
            f"{metric}_{name}": (row[key] or {}).get(metric)
            for key, name in (("consensus", "to_consensus"), ("others", "to_consensus_of_others"))
            for metric in ("dice", "jaccard")
        }
        yield {
            "case": names.cases[row["case"]],
            "region": row["region"],
            "rater": names.raters[row["rater"]],
            "group": names.groups[row["rater"]],
            "volume_ml": row["volume_ml"],
            **against,
        }


def _pairs(data: Row, names: Names) -> Iterable[Row]:
    for row in data["pairs"]:
        yield {
            "case": names.cases[row["case"]],
            "region": row["region"],
            "first": names.raters[row["first"]],
            "second": names.raters[row["second"]],
            "dice": row["dice"],
            "jaccard": row["jaccard"],
        }


def _summary(data: Row, names: Names) -> Iterable[Row]:
    for row in data["summary"]:
        yield {**row, "rater": names.raters[row["rater"]], "group": names.groups[row["rater"]]}


def _volumes(data: Row) -> Iterable[Row]:
    for row in data["volumes"]:
        yield {key: row.get(key) for key in ("region", "form", "value", "low", "high", "n_cases", "n_raters", "note")}


def _scores(inputs: Row, names: Names) -> Iterable[Row]:
    for row in inputs["ratings"]:
        yield {"case": names.cases[row["case"]], "rater": names.raters[row["rater"]], "score": row["score"]}
