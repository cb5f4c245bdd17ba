"""Where pre-operative NEH lies to the enhancing tumour at recurrence (NEH Tables 6 and 7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluation.metrics import SpatialNull, relate, relocate_at_random
from evaluation.reports.exams import by_patient, frame_of, grid_of, summarise_exams
from evaluation.reports.kinds import Load
from evaluation.reports.neh.images import bring_mask, read_images
from evaluation.reports.numbers import number_of, plain
from evaluation.statistics import sign_flip

Row = dict[str, Any]


@dataclass(frozen=True)
class Metric:
    """A spatial metric: the paper's baseline for the sign-flip test, and its benchmark for a close relation.

    larger says whether a larger figure is a closer relation; null names the values of SpatialNull that belong to it.
    """

    key: str
    published_baseline: float
    benchmark: float | None
    larger: bool = True
    null: str = ""


METRICS = (
    Metric("mean_edge_distance", 0.0, 5.0, larger=False, null="mean_edge_distances"),
    Metric("fraction_near_edge", 1.0, 0.30, null="fractions_near_edge"),
    Metric("fraction_inside", 1.0, 0.20, null="fractions_inside"),
    Metric("containment_ml", 1.0, None),
    Metric("containment_share", 1.0, 0.10),
)
NULL_BINS = 40


@dataclass(frozen=True)
class Related:
    """One patient's figures, and the spatial null where it could be drawn."""

    row: Row
    null: SpatialNull | None


def pairs_of(inputs: Row) -> list[tuple[Row, Row]]:
    """Return each patient's pre-operative exam and the later one that the report was asked for, if both were read.

    later: "recurrence" is the first exam with that time point, "last" the patient's last exam.
    """
    parameters = inputs["parameters"]
    read = {(row["case"], row["rater"]) for row in inputs["readings"]}
    found = []
    for exams in by_patient(inputs["cases"]).values():
        before = [case for case in exams if case["time_point_key"] == "pre_op"]
        if not before or (before[0]["id"], parameters["neh_of"]) not in read:
            continue
        after = [case for case in exams[exams.index(before[0]) + 1 :] if (case["id"], parameters["et_of"]) in read]
        if parameters["later"] == "recurrence":
            after = [case for case in after if case["time_point_key"] == "recurrence"][:1]
        if after:
            found.append((before[0], after[-1]))
    return found


def relate_pairs(inputs: Row, load: Load, *, report: Callable[[float, str], None]) -> list[Related]:
    """Return the spatial relation of every pair of exams; report is told the share done and the step."""
    pairs = pairs_of(inputs)
    found = []
    for number, (before, after) in enumerate(pairs):
        report(number / len(pairs), f"Relating recurrence {number + 1} of {len(pairs)} to the tumour before")
        # One stream of draws each: with one seed for all, every patient's NEH would move the same way.
        seed = inputs["parameters"]["seed"] + number
        found.append(_relate(inputs, before, after, load, seed=seed))
    return found


def _relate(inputs: Row, before: Row, after: Row, load: Load, *, seed: int) -> Related:
    parameters = inputs["parameters"]
    own, target = grid_of(inputs, before["id"]), grid_of(inputs, after["id"])
    drawn = load(before["id"]).masks[parameters["neh_of"]]["neh"]
    later = load(after["id"])
    neh, et = bring_mask(drawn, own, target), later.masks[parameters["et_of"]]["et"]
    near = parameters["near_mm"]
    found = relate(neh, et, later.spacing, near_mm=near)
    row: Row = {
        "centre": after["centre"],
        "patient": after["patient"],
        "before": before["id"],
        "after": after["id"],
        "frame": frame_of([own, target]),
        "neh_ml": int(np.count_nonzero(drawn)) * own.voxel_volume_ml,
        "et_ml": int(np.count_nonzero(et)) * target.voxel_volume_ml,
        **dict.fromkeys(metric.key for metric in METRICS),
        **{f"p_{metric.key}": None for metric in METRICS if metric.null},
        **{f"null_{metric.key}": None for metric in METRICS if metric.null},
        "places": None,
        "seed": seed,
        "note": "",
    }
    if found.region_empty or found.other_empty:
        empty = "NEH before surgery" if found.region_empty else "enhancing tumour at recurrence"
        return Related({**row, "note": f"No {empty}: left out."}, None)
    row |= {metric.key: plain(getattr(found, metric.key)) for metric in METRICS}
    brain = read_images(inputs, after["id"], later, load).brain | neh
    null = relocate_at_random(neh, et, brain, later.spacing, seed=seed, draws=parameters["draws"], near_mm=near)
    for metric in METRICS:
        if metric.null:
            row[f"p_{metric.key}"] = getattr(null, f"p_{metric.key}")
            row[f"null_{metric.key}"] = float(np.mean(getattr(null, metric.null)))
    return Related({**row, "places": null.places}, null)


def summarise_metrics(inputs: Row, rows: list[Row]) -> list[Row]:
    """Return mean ± SD of each metric over patients, and how many of them reach its benchmark."""
    found = []
    for metric in METRICS:
        values = [row[metric.key] for row in rows]
        used = [number_of(value) for value in values if value is not None]
        reached = None
        if metric.benchmark is not None:
            reached = sum(_reaches(value, metric.benchmark, larger=metric.larger) for value in used)
        over = summarise_exams(inputs, [(row["after"], row[metric.key]) for row in rows])
        found.append({"metric": metric.key, "benchmark": metric.benchmark, "n_reached": reached, **over})
    return found


def sign_flips(inputs: Row, rows: list[Row]) -> list[Row]:
    """Return the sign-flip test of each metric: against the paper's baseline, and against its benchmark.

    p_one asks whether the mean lies on the side of a closer relation, but for the published test of a distance, which
    asks, as the paper did, whether it is above 0.
    """
    parameters = inputs["parameters"]
    found = []
    for metric in METRICS:
        values = [number_of(row[metric.key]) for row in rows if row[metric.key] is not None]
        tests = [("published", metric.published_baseline, "greater")]
        if metric.benchmark is not None:
            tests.append(("benchmark", metric.benchmark, "greater" if metric.larger else "less"))
        for against, baseline, side in tests:
            row: Row = {"metric": metric.key, "against": against, "baseline": baseline, "alternative": side}
            row |= {"n": len(values), **dict.fromkeys(("mean", "p_one", "p_two", "effect")), "note": ""}
            try:
                test = sign_flip(values, seed=parameters["seed"], baseline=baseline, flips=parameters["flips"])
            except ValueError as error:
                found.append({**row, "note": f"Not computed: {error}"})
                continue
            row |= {"mean": float(np.mean(values)), "p_two": test.p_two_sided, "effect": plain(test.effect_size)}
            row["p_one"] = test.p_greater if side == "greater" else test.p_less
            found.append({**row, "note": " ".join(test.notes)})
    return found


def null_tests(related: list[Related]) -> tuple[list[Row], list[Row]]:
    """Return the spatial null over patients, metric by metric, and its histogram.

    In each draw every patient's NEH lies at one of its random places; the draw's figure is the mean over patients.
    p is one-sided: (1 + draws whose mean is at least as close as the observed mean) / (1 + draws).
    """
    nulls = [one.null for one in related if one.null is not None]
    tests, bars = [], []
    for metric in METRICS if nulls else ():
        if not metric.null:
            continue
        drawn = np.mean([getattr(null, metric.null) for null in nulls], axis=0)
        observed = float(np.mean([getattr(null.observed, metric.key) for null in nulls]))
        closer = drawn >= observed if metric.larger else drawn <= observed
        low, high = np.percentile(drawn, [2.5, 97.5])
        tests.append(
            {
                "metric": metric.key,
                "observed": observed,
                "null_mean": float(drawn.mean()),
                "null_low": float(low),
                "null_high": float(high),
                "p": float((1 + np.count_nonzero(closer)) / (1 + len(drawn))),
                "n": len(nulls),
                "draws": len(drawn),
            }
        )
        bars += _histogram(metric.key, drawn)
    return tests, bars


def _histogram(metric: str, drawn: NDArray[np.float64]) -> list[Row]:
    counts, edges = np.histogram(drawn, bins=NULL_BINS)
    return [
        {"metric": metric, "low": float(low), "high": float(high), "count": int(count)}
        for count, low, high in zip(counts, edges[:-1], edges[1:], strict=True)
    ]


def _reaches(value: float, benchmark: float, *, larger: bool) -> bool:
    return value > benchmark if larger else value <= benchmark
