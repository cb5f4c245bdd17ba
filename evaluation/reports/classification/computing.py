"""The report on classification as a computation: frozen inputs and masks in, tables out. No Django.

A case is residual tumour (positive) from a smallest volume on and a gross total resection (GTR) below it, by the
volume of the reference and, in the same way, by that of each model's or rater's mask (EPMR).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluation.metrics import Classification, classify_resections
from evaluation.reports.classification.differences import compare_raters
from evaluation.reports.intervals import interval_of, mean_interval, share_interval
from evaluation.reports.kinds import Data, Inputs, Load, Tell
from evaluation.reports.measuring import DISTANCE, measure, pairs_of, with_policy
from evaluation.reports.numbers import number_of, plain, summarise
from evaluation.reports.subgroups import ALL, group_of, patient_of
from evaluation.statistics import PooledEstimate, pool_fold_summaries, pool_folds

Row = dict[str, Any]
Table = NDArray[np.float64]
RATES = ("sensitivity", "specificity", "balanced_accuracy", "precision", "f1")
OVERLAPS = ("over_positives", "over_found_volumes", "over_found_overlaps")
"""DSC-P and the two readings of DSC-TP."""


def compute(inputs: Inputs, load: Load, *, report: Tell) -> Data:
    """Return the report's data from frozen inputs.

    load gives the masks of a case by rater; report is told the percentage done. The same inputs and masks give the
    same data.
    """
    cases = list(_measured(inputs, load, lambda percent, step: report(0.8 * percent, step)))
    data: Data = {"cases": cases, "rates": [], "overlap": [], "pooled": []}
    for number, rater in enumerate(inputs["raters"]):
        report(80 + 15 * number / len(inputs["raters"]), "Resampling patients")
        rows = [row for row in cases if row["rater"] == rater["id"]]
        if not rows:
            continue
        folds = _by_fold(rows) if inputs["parameters"]["folds"] else {}
        for fold, members in {ALL: rows, **folds}.items():
            place = {"rater": rater["id"], "fold": fold}
            data["rates"].append({**place, **_rates(inputs, members)})
            data["overlap"] += [{**place, **row} for row in _overlaps(inputs, members)]
        data["pooled"] += [{"rater": rater["id"], **row} for row in _pooled(inputs, folds)]
    data["tests"] = compare_raters(inputs, cases)
    return data


def _measured(inputs: Inputs, load: Load, report: Tell) -> Iterable[Row]:
    chosen = inputs["parameters"]
    region, threshold = chosen["region"], chosen["threshold_ml"]
    for pair in pairs_of(inputs, load, report):
        row = measure(pair.masks[region], pair.reference[region], pair.spacing, hausdorff=chosen["hausdorff"])
        table = classify_resections([row["prediction_ml"]], [row["reference_ml"]], threshold_ml=threshold)
        yield {
            "case": pair.case["id"],
            "patient": patient_of(pair.case),
            "rater": pair.rater,
            "fold": group_of(pair.case, chosen["folds"]) if chosen["folds"] else "",
            **row,
            "residual": bool(table.tp + table.fn),
            "called": bool(table.tp + table.fp),
        }


def _by_fold(rows: list[Row]) -> dict[str, list[Row]]:
    folds: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: str(row["fold"])):
        folds.setdefault(row["fold"], []).append(row)
    return folds


def count_outcomes(rows: list[Row]) -> Classification:
    """Return the two-by-two table of rows; positive is residual tumour."""
    return _table(np.array([[row["residual"], row["called"]] for row in rows], np.float64))


def _table(outcomes: Table) -> Classification:
    """Return the two-by-two table of outcomes (case, [residual, called])."""
    true, called = outcomes[:, 0] > 0, outcomes[:, 1] > 0
    return Classification(
        tp=int(np.sum(true & called)),
        fn=int(np.sum(true & ~called)),
        fp=int(np.sum(~true & called)),
        tn=int(np.sum(~true & ~called)),
    )


def _rates(inputs: Inputs, rows: list[Row]) -> Row:
    found = count_outcomes(rows)
    result: Row = {
        "n": len(rows),
        "n_patients": len({row["patient"] for row in rows}),
        **{f"n_{name}": getattr(found, name) for name in ("tp", "fn", "fp", "tn")},
    }
    for name in RATES:
        interval = _rate_interval(inputs, rows, name)
        result |= {
            name: _per_cent(plain(getattr(found, name))),
            f"{name}_low": _per_cent(interval["low"]),
            f"{name}_high": _per_cent(interval["high"]),
            f"{name}_interval": interval["interval"],
        }
    return result


def _rate_interval(inputs: Inputs, rows: list[Row], name: str) -> Row:
    """Sensitivity, specificity and precision are shares; balanced accuracy and F1 are not, and are bootstrapped."""
    chosen = inputs["parameters"]
    settings = {"seed": chosen["seed"], "resamples": chosen["resamples"]}
    shares: dict[str, tuple[Callable[[Row], bool], Callable[[Row], bool]]] = {
        "sensitivity": (lambda row: row["residual"], lambda row: row["called"]),
        "specificity": (lambda row: not row["residual"], lambda row: not row["called"]),
        "precision": (lambda row: row["called"], lambda row: row["residual"]),
    }
    if name in shares:
        of, hit = shares[name]
        used = [row for row in rows if of(row)]
        return share_interval([hit(row) for row in used], [row["patient"] for row in used], **settings)
    outcomes = np.array([[row["residual"], row["called"]] for row in rows], np.float64)
    return interval_of(
        outcomes, [row["patient"] for row in rows], lambda drawn: getattr(_table(drawn), name), **settings
    )


def _overlaps(inputs: Inputs, rows: list[Row]) -> Iterable[Row]:
    """DSC-P and DSC-TP with their intervals, and HD95 over the true positives by volume."""
    chosen = inputs["parameters"]
    settings = {"seed": chosen["seed"], "resamples": chosen["resamples"]}
    for name, members in groups_of_dice(rows).items():
        values = [number_of(row["dice"]) for row in members]
        interval = mean_interval(values, [row["patient"] for row in members], **settings)
        yield {"metric": name, **summarise(values), **interval}
    found = [(with_policy(row, DISTANCE, chosen), row["patient"]) for row in rows if row["residual"] and row["called"]]
    finite = [(value, patient) for value, patient in found if isinstance(value, int | float)]
    interval = mean_interval([value for value, _ in finite], [patient for _, patient in finite], **settings)
    yield {"metric": DISTANCE, **summarise([value for value, _ in found]), **interval}


def groups_of_dice(rows: list[Row]) -> dict[str, list[Row]]:
    """Return the rows that DSC-P and both DSC-TP go over."""
    positive = [row for row in rows if row["residual"]]
    found = [row for row in positive if row["called"]]
    return {
        "over_positives": positive,
        "over_found_volumes": found,
        "over_found_overlaps": [row for row in found if number_of(row["dice"]) > 0],
    }


def _pooled(inputs: Inputs, folds: dict[str, list[Row]]) -> Iterable[Row]:
    """Estimates over folds: the mean weighted by fold size, the SD of the pooled sample (EPMR)."""
    if len(folds) < 2:
        return
    for name in RATES:
        defined = {
            fold: value
            for fold, rows in folds.items()
            if not math.isnan(value := 100 * float(getattr(count_outcomes(rows), name)))
        }
        sizes = [len(folds[fold]) for fold in defined]
        yield {"metric": name, **_estimate(len(folds), sizes, list(defined.values()))}
    for name in OVERLAPS:
        samples = [[number_of(row["dice"]) for row in groups_of_dice(rows)[name]] for rows in folds.values()]
        filled = [sample for sample in samples if sample]
        if len(filled) > 1:
            yield {"metric": name, "n_undefined": len(samples) - len(filled), **_plain(pool_folds(filled))}


def _estimate(folds: int, sizes: list[int], values: list[float]) -> Row:
    """Return the pooled estimate of one figure per fold; a fold where it is undefined is left out and counted."""
    undefined = folds - len(values)
    if len(values) < 2:
        return {"mean": None, "sd": None, "n": sum(sizes), "n_folds": len(values), "n_undefined": undefined}
    return {"n_undefined": undefined, **_plain(pool_fold_summaries(values, [0.0] * len(values), sizes))}


def _plain(found: PooledEstimate) -> Row:
    return {"mean": plain(found.mean), "sd": plain(found.standard_deviation), "n": found.n, "n_folds": found.folds}


def _per_cent(share: Any) -> float | None:
    return None if share is None else 100 * float(share)
