"""The NEH report as a computation: frozen inputs, masks and images in, tables out. No Django.

Methods' masks are compared with each other, which says how far they agree and not which of them is right. Then each
method's compartments are held against what did not make them: the images' intensities, the perfusion, and where
enhancing tumour was found at recurrence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from evaluation.reports.kinds import Load
from evaluation.reports.neh import agreement, intensities, perfusion, recurrence
from evaluation.reports.neh.images import read_images

Row = dict[str, Any]


def measured_cases(inputs: Row) -> set[int]:
    """Return the exams whose intensities and perfusion are measured."""
    every = inputs["parameters"]["exams"] == "all"
    return {case["id"] for case in inputs["cases"] if every or case["time_point_key"] == "pre_op"}


def find_gaps(inputs: Row, bright: list[Row], perfused: list[Row], spatial: list[Row]) -> Iterable[Row]:
    """Return which parts of the report the study has nothing for, and why."""
    asked = "pre-operative exam" if inputs["parameters"]["exams"] == "pre_op" else "exam"
    if len(inputs["methods"]) < 2:
        yield {"part": "Agreement", "reason": "There are masks by one method alone."}
    there = {row["sequence"] for row in bright}
    lacking = [sequence for sequence in intensities.SEQUENCES if sequence not in there]
    if lacking:
        yield {"part": "Intensity", "reason": f"No {asked} with masks has {', '.join(lacking)}."}
    if not perfused:
        yield {"part": "rCBV", "reason": f"No {asked} with masks has an rCBV series."}
    if not spatial:
        later = "exam marked as recurrence" if inputs["parameters"]["later"] == "recurrence" else "later exam"
        reason = f"No patient has NEH masks of a pre-operative exam and masks of a {later}."
        yield {"part": "Recurrence", "reason": reason}


def compute(inputs: Row, load: Load, *, report: Callable[[float, str], None]) -> Row:
    """Return the report's data from frozen inputs.

    load gives masks by case and images by series; report is told the percentage done and the step. The same inputs,
    masks and images give the same data.
    """
    compared: list[Row] = []
    bright: list[Row] = []
    perfused: list[Row] = []
    chosen = measured_cases(inputs)
    for number, case in enumerate(inputs["cases"]):
        report(50 * number / len(inputs["cases"]), f"Measuring exam {number + 1} of {len(inputs['cases'])}")
        found = load(case["id"])
        compared += agreement.compare(inputs, case["id"], found)
        if case["id"] in chosen:
            images = read_images(inputs, case["id"], found, load)
            bright += intensities.measure(inputs, case["id"], found, images)
            perfused += perfusion.measure(inputs, case["id"], found, images)
    related = recurrence.relate_pairs(inputs, load, report=lambda share, step: report(50 + 40 * share, step))
    report(92, "Testing")
    spatial = [one.row for one in related]
    tested, differences = perfusion.tests(inputs, perfused)
    null, bars = recurrence.null_tests(related)
    return {
        "gaps": list(find_gaps(inputs, bright, perfused, spatial)),
        "agreement": compared,
        "agreement_summary": agreement.summarise_pairs(inputs, compared),
        "intensities": bright,
        "intensity_summary": intensities.summarise_means(inputs, bright),
        "intensity_models": intensities.fit_models(inputs, bright),
        "perfusion": perfused,
        "perfusion_summary": perfusion.summarise_means(inputs, perfused),
        "perfusion_tests": tested,
        "perfusion_differences": differences,
        "spatial": spatial,
        "spatial_summary": recurrence.summarise_metrics(inputs, spatial),
        "sign_flips": recurrence.sign_flips(inputs, spatial),
        "null": null,
        "null_histogram": bars,
    }
