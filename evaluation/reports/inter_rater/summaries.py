"""The summaries of the inter-rater report: over cases, by rater and by group. No Django."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import Any

from evaluation.reports.exams import summarise_exams
from evaluation.reports.inter_rater.expert_range import Patients, expert_range
from evaluation.reports.inter_rater.policies import Policies, Value
from evaluation.reports.inter_rater.volumes import compare_volumes, volume_icc
from evaluation.reports.inter_rater.words import AGAINST, GROUPS, METRICS
from evaluation.reports.numbers import summarise, summarise_patients

Row = dict[str, Any]


def summarise_all(inputs: Row, compared: dict[str, list[Row]]) -> Row:
    """Return every summary of what was found case by case."""
    parameters = inputs["parameters"]
    policies = Policies(inputs, compared["cases"])
    patients = {case["id"]: (case["centre"], case["patient"]) for case in inputs["cases"]}
    drawn = {"seed": parameters["seed"], "resamples": parameters["resamples"]}
    settled = [
        {**row, "settled": {against: _settle(row, against, policies) for against in AGAINST}}
        for row in compared["readings"]
    ]
    return {
        "summary": list(_by_rater(inputs, settled, patients, drawn)),
        "groups": list(_by_group(inputs, settled, patients, drawn)),
        "matrix": list(_matrix(inputs, compared["pairs"], policies)),
        "kappa": list(_kappa(inputs, compared["consensus"], patients, drawn)),
        "performance": list(_performance(inputs, compared["staple"])),
        "volumes": list(volume_icc(inputs, compared["readings"])),
        "bland_altman": list(compare_volumes(inputs, compared["readings"])),
        **expert_range(inputs, settled, patients, drawn),
        "scores": list(_scores(inputs)),
    }


def _settle(row: Row, against: str, policies: Policies) -> dict[str, Value] | None:
    """Return the figures of a reading against the reference or a consensus after the policies; None: not compared."""
    found = row[against]
    if not found:
        return None
    rows = found if isinstance(found, list) else [found]
    return {metric: policies.settle_mean(rows, metric, row["case"]) for metric in METRICS}


def _described(rows: list[Row], against: str, patients: Patients, drawn: Row) -> Iterable[Row]:
    for metric in METRICS:
        used = [(row["settled"][against][metric], patients[row["case"]]) for row in rows if row["settled"][against]]
        values, people = [value for value, _ in used], [one for _, one in used]
        yield {"against": against, "metric": metric, **summarise_patients(values, people, **drawn)}


def _by_rater(inputs: Row, settled: list[Row], patients: Patients, drawn: Row) -> Iterable[Row]:
    for region in inputs["parameters"]["regions"]:
        for rater in inputs["raters"]:
            rows = [row for row in settled if row["region"] == region and row["rater"] == rater["id"]]
            for against in AGAINST:
                if rater["group"] == "reference" or not any(row["settled"][against] for row in rows):
                    continue
                for found in _described(rows, against, patients, drawn):
                    yield {"region": region, "rater": rater["id"], **found}


def _by_group(inputs: Row, settled: list[Row], patients: Patients, drawn: Row) -> Iterable[Row]:
    """Describe the readings of each group of raters together: whole patients are drawn, with all their readings."""
    groups = {rater["id"]: rater["group"] for rater in inputs["raters"]}
    for region in inputs["parameters"]["regions"]:
        for group in GROUPS:
            rows = [row for row in settled if row["region"] == region and groups[row["rater"]] == group]
            for against in AGAINST:
                if any(row["settled"][against] for row in rows):
                    raters = len({row["rater"] for row in rows})
                    for found in _described(rows, against, patients, drawn):
                        yield {"region": region, "group": group, "raters": raters, **found}


def _matrix(inputs: Row, pairs: list[Row], policies: Policies) -> Iterable[Row]:
    """Return the mean of every metric for every pair of raters, over the cases that both read."""
    found: dict[tuple[str, frozenset[int]], list[Row]] = {}
    for row in pairs:
        found.setdefault((row["region"], frozenset((row["first"], row["second"]))), []).append(row)
    for region in inputs["parameters"]["regions"]:
        for first, second in combinations([rater["id"] for rater in inputs["raters"]], 2):
            rows = found.get((region, frozenset((first, second))), [])
            for metric in METRICS:
                values = [policies.settle(row[metric], metric, row["case"]) for row in rows]
                described = summarise(values)
                yield {
                    "region": region,
                    "first": first,
                    "second": second,
                    "metric": metric,
                    **{key: described[key] for key in ("mean", "sd", "n", "n_undefined", "n_infinite")},
                }


def _kappa(inputs: Row, consensus: list[Row], patients: Patients, drawn: Row) -> Iterable[Row]:
    for region in inputs["parameters"]["regions"]:
        rows = [row for row in consensus if row["region"] == region]
        if rows:
            people = [patients[row["case"]] for row in rows]
            found = summarise_patients([row["kappa"] for row in rows], people, **drawn)
            yield {"region": region, "domain": inputs["parameters"]["domain"], **found}


def _performance(inputs: Row, staple: list[Row]) -> Iterable[Row]:
    """Return STAPLE's sensitivity and specificity of every rater over the cases."""
    for region in inputs["parameters"]["regions"]:
        cases = [row for row in staple if row["region"] == region]
        for rater in inputs["raters"]:
            rated = [one for row in cases for one in row["raters"] if one["rater"] == rater["id"]]
            if rated:
                sensitivity = summarise([one["sensitivity"] for one in rated])
                specificity = summarise([one["specificity"] for one in rated])
                yield {
                    "region": region,
                    "rater": rater["id"],
                    **{f"sensitivity_{key}": sensitivity[key] for key in ("mean", "sd", "n", "n_undefined")},
                    **{f"specificity_{key}": specificity[key] for key in ("mean", "sd", "n", "n_undefined")},
                }


def _scores(inputs: Row) -> Iterable[Row]:
    for rater in inputs["raters"]:
        ratings = [row for row in inputs["ratings"] if row["rater"] == rater["id"]]
        scored = [(row["case"], float(row["score"])) for row in ratings if row["score"] is not None]
        given = [int(score) for _, score in scored]
        unassessed = sum(bool(row["not_assessed"]) for row in ratings)
        if given or unassessed:
            counts = {str(value): given.count(value) for value in sorted(set(given))}
            counts |= {"cannot be assessed": unassessed} if unassessed else {}
            yield {"rater": rater["id"], "counts": counts, **summarise_exams(inputs, scored)}
