"""Whether scores differ between groups of cases (TL5 Table 3)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import Any

from evaluation.reports.exams import summarise_exams
from evaluation.reports.hypotheses import correct, run_test
from evaluation.reports.kinds import Inputs
from evaluation.reports.subgroups import divide, known, patient_of
from evaluation.statistics import chi_square, fisher_exact, mann_whitney

Row = dict[str, Any]


def compare_groups(inputs: Inputs, scores: dict[tuple[str, int], int], levels: list[int]) -> dict[str, list[Row]]:
    """Return the scores of each group, and the tests between groups, of every condition and chosen attribute.

    One score per case. An attribute that puts all scored cases in one group is left out.
    """
    patients = {case["id"]: patient_of(case) for case in inputs["cases"]}
    groups: list[Row] = []
    tests: list[Row] = []
    for condition in inputs["conditions"]:
        own = {case: score for (of, case), score in scores.items() if of == condition["key"]}
        for attribute in inputs["parameters"]["groups"]:
            divided = divide([case for case in inputs["cases"] if case["id"] in own], attribute)
            if len(divided) < 2:
                continue
            place = {"condition": condition["key"], "attribute": attribute}
            for name, cases in divided.items():
                values = [own[case] for case in cases]
                groups.append(
                    {
                        **place,
                        "group": name,
                        "counts": [values.count(level) for level in levels],
                        "n_patients": len({patients[case] for case in cases}),
                        **summarise_exams(inputs, [(case, float(own[case])) for case in cases]),
                    }
                )
            found = {name: [own[case] for case in cases] for name, cases in known(divided).items()}
            if len(found) > 1:
                tests += [{**place, **row} for row in _tests(found, levels, seed=inputs["parameters"]["seed"])]
    return {"groups": groups, "group_tests": correct(tests)}


def _tests(found: dict[str, list[int]], levels: list[int], *, seed: int) -> Iterable[Row]:
    """All groups by chi-square, and by Fisher's test where an expected count is small; every two by their ranks."""
    table = [[values.count(level) for level in levels] for values in found.values()]
    everyone = " / ".join(found)
    yield {
        "compared": everyone,
        **run_test("Pearson's chi-square", chi_square, table),
    }
    if _has_small_expected(table):
        yield {"compared": everyone, **run_test("Fisher's exact", fisher_exact, table, seed=seed)}
    for first, second in combinations([name for name, values in found.items() if len(values) > 1], 2):
        ranks = run_test("Mann–Whitney U", mann_whitney, found[first], found[second])
        yield {"compared": f"{first} / {second}", **ranks}


def _has_small_expected(table: list[list[int]]) -> bool:
    try:
        return chi_square(table).small_expected > 0
    except ValueError:
        return False
