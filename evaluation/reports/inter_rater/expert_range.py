"""Whether each model is inside the experts' range. No Django."""

from __future__ import annotations

from typing import Any

import numpy as np

from evaluation.reports.numbers import number_of, plain
from evaluation.statistics import model_inside_expert_range

Row = dict[str, Any]
Patients = dict[int, tuple[str, str]]
Figures = dict[tuple[int, int], float]


def expert_range(inputs: Row, settled: list[Row], patients: Patients, drawn: Row) -> Row:
    """Return the statement for each model and region, and each model's difference to each expert.

    Over the cases that all people read and that have the model's mask, by the Jaccard against the consensus of the
    others; cases where one of these is undefined are left out for all. One figure per patient, the mean over their
    cases: the bootstrap draws patients.
    """
    people = [rater["id"] for rater in inputs["raters"] if rater["group"] in ("expert", "novice")]
    experts = [rater["id"] for rater in inputs["raters"] if rater["group"] == "expert"]
    models = [rater["id"] for rater in inputs["raters"] if rater["group"] == "model"]
    found: Row = {"expert_range": [], "expert_differences": []}
    for region in inputs["parameters"]["regions"]:
        rows = [row for row in settled if row["region"] == region and row["settled"]["others"]]
        figures = {(row["case"], row["rater"]): number_of(row["settled"]["others"]["jaccard"]) for row in rows}
        for model in models:
            needed = [*people, model]
            cases = [case["id"] for case in inputs["cases"] if _is_whole(figures, case["id"], needed)]
            base = {"region": region, "model": model, "n_cases": len(cases)}
            own = _by_patient(cases, patients, figures, model)
            readings = {f"{expert}": _by_patient(cases, patients, figures, expert) for expert in experts}
            statement, differences = _state(base, own, readings, drawn)
            found["expert_range"].append(statement)
            found["expert_differences"] += differences
    return found


def _is_whole(figures: Figures, case: int, raters: list[int]) -> bool:
    return all(np.isfinite(figures.get((case, rater), np.nan)) for rater in raters)


def _state(base: Row, own: list[float], experts: dict[str, list[float]], drawn: Row) -> tuple[Row, list[Row]]:
    """Return the statement about one model and its differences; experts by their id as text."""
    try:
        found = model_inside_expert_range(own, experts, **drawn)
    except ValueError as error:
        nothing = dict.fromkeys(("difference", "low", "high", "model_mean", "lowest_mean", "lowest_expert"))
        counts = {"n_patients": len(own), "experts": len(experts)}
        return {**base, "inside": None, **nothing, **counts, "note": f"Not computed: {error}"}, []
    means = dict(found.expert_means)
    statement = {
        **base,
        "inside": bool(found.inside),
        "difference": plain(found.statistic),
        "low": plain(found.interval.low) if found.interval else None,
        "high": plain(found.interval.high) if found.interval else None,
        "model_mean": plain(found.model_mean),
        "lowest_mean": plain(means[found.lowest_expert]),
        "lowest_expert": int(found.lowest_expert),
        "n_patients": found.n,
        "experts": len(found.expert_means),
        "note": " ".join(found.notes),
    }
    differences = [
        {
            "region": base["region"],
            "model": base["model"],
            "expert": int(one.second),
            "difference": plain(one.difference),
            "low": plain(one.interval.low) if one.interval else None,
            "high": plain(one.interval.high) if one.interval else None,
            "n_patients": found.n,
        }
        for one in found.comparisons
    ]
    return statement, differences


def _by_patient(cases: list[int], patients: Patients, figures: Figures, rater: int) -> list[float]:
    grouped: dict[Any, list[float]] = {}
    for case in cases:
        grouped.setdefault(patients[case], []).append(figures[case, rater])
    return [float(np.mean(values)) for values in grouped.values()]
