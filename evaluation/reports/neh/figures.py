"""The figures of the NEH report."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from cases.schemes import COLOURS
from evaluation.reports.figures import WIDTH, Chart, finish
from evaluation.reports.kinds import Figures
from evaluation.reports.naming import Names
from evaluation.reports.neh.intensities import SEQUENCES
from evaluation.reports.neh.wording import COMPARTMENTS, PLACES, SPATIAL

Row = dict[str, Any]
RIM = "#7f7f7f"


def figures(inputs: Row, data: Row) -> Figures:
    """Return name → Vega-Lite specification; a figure without a single value is left out."""
    names = Names.of(inputs)
    drawn = {
        "intensity": (
            _intensity(inputs, data, names),
            "Intensity of ED and NEH",
            "One point per exam: the mean inside the label.",
            100,
        ),
        "perfusion": (
            _perfusion(data, names),
            "rCBV by compartment and rim",
            "One point per exam: the mean inside the compartment or rim.",
            100,
        ),
        "recurrence": (
            _recurrence(data, names),
            "NEH before surgery and the recurrence",
            "Per patient: distance of NEH to the edge of the recurrent ET (point); its mean at random places (tick).",
            90,
        ),
        "null": (
            _null(data),
            "Spatial null",
            "Means over patients with every NEH at a random place (bars), and the observed mean (line).",
            100,
        ),
    }
    return {
        name: finish(chart, title=title, caption=caption, width=width)
        for name, (chart, title, caption, width) in drawn.items()
        if chart is not None
    }


def _intensity(inputs: Row, data: Row, names: Names) -> Chart | None:
    rows = [
        {
            "Sequence": row["sequence"],
            "Method": names.raters[row["rater"]],
            "Label": COMPARTMENTS[row["compartment"]],
            "Mean": row["mean"],
            "Exam": names.cases[row["case"]],
            "case_id": row["case"],
        }
        for row in data["intensities"]
        if row["mean"] is not None
    ]
    if not rows:
        return None
    unit = "Mean (unit stored)" if inputs["parameters"]["scale"] == "stored" else "Mean (SD of the brain)"
    shown = [COMPARTMENTS[key] for key in ("ed", "neh")]
    limit = (WIDTH / 2 - 40) / len({row["Method"] for row in rows}) - 4
    scale = alt.Scale(domain=shown, range=[COLOURS["ed"], COLOURS["neh"]])
    base = alt.Chart(pd.DataFrame(rows)).encode(
        x=alt.X(
            "Method:N", title=None, axis=alt.Axis(labelAngle=0, labelLimit=limit, labelExpr="split(datum.label, ' ')")
        ),
        xOffset=alt.XOffset("Label:N", sort=shown),
        y=alt.Y("Mean:Q", title=unit, scale=alt.Scale(zero=False)),
        color=alt.Color("Label:N", scale=scale, sort=shown, title=None),
    )
    boxes = base.mark_boxplot(size=16, opacity=0.35, outliers=False)
    points = base.mark_circle(size=34, opacity=0.85).encode(
        tooltip=["Method", "Exam", "Sequence", "Label", alt.Tooltip("Mean:Q", format=".4g")]
    )
    panel = alt.layer(boxes, points).properties(width=WIDTH / 2 - 40, height=150)
    there = [sequence for sequence in SEQUENCES if any(row["Sequence"] == sequence for row in rows)]
    header = alt.Header(labelAnchor="start", labelFontWeight="bold")
    facet = alt.Facet("Sequence:N", sort=there, title=None, header=header)
    return panel.facet(facet=facet, columns=2).resolve_scale(y="independent")


def _perfusion(data: Row, names: Names) -> Chart | None:
    rows = [
        {
            "Where": PLACES[row["place"]],
            "Method": names.raters[row["rater"]],
            "rCBV": row["mean"],
            "Exam": names.cases[row["case"]],
            "case_id": row["case"],
        }
        for row in data["perfusion"]
        if row["mean"] is not None
    ]
    if not rows:
        return None
    order = [place for place in PLACES.values() if any(row["Where"] == place for row in rows)]
    colours = {name: COLOURS[key] for key, name in COMPARTMENTS.items()}
    scale = alt.Scale(domain=order, range=[colours.get(place, RIM) for place in order])
    base = alt.Chart(pd.DataFrame(rows)).encode(
        y=alt.Y("Where:N", sort=order, title=None, axis=alt.Axis(labelLimit=180)),
        x=alt.X("rCBV:Q", title="Mean rCBV (unit stored)"),
        color=alt.Color("Where:N", scale=scale, legend=None),
    )
    boxes = base.mark_boxplot(size=12, opacity=0.35, outliers=False)
    points = base.mark_circle(size=30, opacity=0.85).encode(
        tooltip=["Method", "Exam", "Where", alt.Tooltip("rCBV:Q", format=".4g")]
    )
    header = alt.Header(labelAnchor="start", labelFontWeight="bold")
    panel = alt.layer(boxes, points).properties(width=WIDTH - 60, height=alt.Step(19))
    return panel.facet(facet=alt.Facet("Method:N", title=None, header=header), columns=1).resolve_scale(y="independent")


def _recurrence(data: Row, names: Names) -> Chart | None:
    rows = [
        {
            "Patient": row["patient"],
            "Observed": row["mean_edge_distance"],
            "Null": row["null_mean_edge_distance"],
            "Inside": row["fraction_inside"],
            "Exam": names.cases[row["after"]],
            "case_id": row["after"],
        }
        for row in data["spatial"]
        if row["mean_edge_distance"] is not None
    ]
    if not rows:
        return None
    base = alt.Chart(pd.DataFrame(rows)).encode(y=alt.Y("Patient:N", title=None))
    apart = alt.X("Observed:Q", title="MeanEdgeDistance (mm)", scale=alt.Scale(zero=True))
    span = base.mark_rule(color="#bbb").encode(x=apart, x2="Null:Q")
    null = base.mark_tick(color="#555", thickness=2).encode(x="Null:Q")
    points = base.mark_circle(size=60, color=COLOURS["neh"], opacity=1).encode(
        x=apart,
        tooltip=[
            "Patient",
            "Exam",
            alt.Tooltip("Observed:Q", format=".2f", title="MeanEdgeDistance (mm)"),
            alt.Tooltip("Null:Q", format=".2f", title="at random places"),
            alt.Tooltip("Inside:Q", format=".2f", title="FractionInside"),
        ],
    )
    return alt.layer(span, null, points).properties(width=WIDTH - 60, height=alt.Step(18))


def _null(data: Row) -> Chart | None:
    if not data["null"]:
        return None
    panels = []
    for test in data["null"]:
        bars = [row for row in data["null_histogram"] if row["metric"] == test["metric"]]
        title = SPATIAL[test["metric"]]
        drawn = (
            alt.Chart(pd.DataFrame(bars))
            .mark_bar(color="#bbb")
            .encode(
                x=alt.X("low:Q", bin="binned", title=title),
                x2="high:Q",
                y=alt.Y("count:Q", title="draws"),
            )
        )
        observed = (
            alt.Chart(pd.DataFrame([test]))
            .mark_rule(color=COLOURS["et"], strokeWidth=2)
            .encode(x="observed:Q", tooltip=[alt.Tooltip("observed:Q", format=".3f"), alt.Tooltip("p:Q", format=".4f")])
        )
        panels.append(alt.layer(drawn, observed).properties(width=WIDTH / 3 - 30, height=140))
    return alt.hconcat(*panels)
