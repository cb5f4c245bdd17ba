"""The figures of the report on lesions."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from evaluation.reports.figures import WIDTH, Chart, finish, per_region
from evaluation.reports.kinds import Figures
from evaluation.reports.lesions.tables import METRICS, PRINTED_METRICS
from evaluation.reports.naming import Names

Row = dict[str, Any]
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#56B4E9", "#000000", "#F0E442")
"""Okabe and Ito's colours."""
SMALLEST_ML = 1e-3
"""Where the axis of volumes begins."""
DECADES = alt.Axis(values=[10.0**power for power in range(-3, 4)], format="~g")
MOST_PATIENTS = 12


def figures(inputs: Row, data: Row) -> Figures:
    """Return name → Vega-Lite specification; a figure without a single value is left out."""
    names = Names.of(inputs)
    reference = names.raters[inputs["parameters"]["reference"]]
    drawn = {
        "over_time": (
            _over_time(inputs, data, names),
            "Lesions over time",
            f"Volume of every lesion by {reference} (axis: square root); hollow: vanished. Colours tell lesions apart "
            f"and repeat after {len(COLOURS)}. At most {MOST_PATIENTS} patients are drawn.",
            100,
        ),
        "exams": (
            _exams(inputs, data, names),
            "Methods against the reference",
            "One point per exam with a true lesion of the label.",
            100,
        ),
        "size": (
            _size(inputs, data, names),
            "Lesion volume and quality",
            "One point per true lesion; a missed lesion has 0.",
            100,
        ),
    }
    return {
        name: finish(chart, title=title, caption=caption, width=width)
        for name, (chart, title, caption, width) in drawn.items()
        if chart is not None
    }


def _over_time(inputs: Row, data: Row, names: Names) -> Chart | None:
    reference = inputs["parameters"]["reference"]
    rows = [row for row in data["sightings"] if row["rater"] == reference and row["volume_ml"] is not None]
    patients = list(dict.fromkeys((row["centre"], row["patient"]) for row in rows))[:MOST_PATIENTS]
    days = all(row["day"] is not None for row in rows)
    shown = [
        {
            "Patient": row["patient"] if len({centre for centre, _ in patients}) == 1 else "/".join(_who(row)),
            "Lesion": f"{row['lesion']}",
            "When": row["day"] if days else row["exam"],
            "Volume": row["volume_ml"],
            "State": "gone" if row["volume_ml"] == 0 else "seen",
            "Event": row["event"],
            "Exam": names.cases[row["case"]],
            "case_id": row["case"],
        }
        for row in rows
        if _who(row) in patients
    ]
    if not shown:
        return None
    axis = alt.Axis(tickMinStep=1)
    lesions = _numbers(shown)
    legend = alt.Legend(title="Lesion") if len(lesions) <= len(COLOURS) else None
    colours = alt.Scale(domain=lesions, range=[COLOURS[place % len(COLOURS)] for place in range(len(lesions))])
    base = alt.Chart(pd.DataFrame(shown)).encode(
        x=alt.X("When:Q", title="Day" if days else "Exam", axis=axis, scale=alt.Scale(padding=12)),
        y=alt.Y("Volume:Q", title="Volume (ml)", scale=alt.Scale(type="sqrt"), axis=alt.Axis(tickCount=5)),
        color=alt.Color("Lesion:N", scale=colours, legend=legend),
    )
    lines = base.mark_line(strokeWidth=1.5, opacity=0.7).encode(order="When:Q")
    points = base.mark_point(size=60, strokeWidth=1.5).encode(
        fill=alt.condition(
            alt.datum.State == "seen",
            alt.Fill("Lesion:N", scale=colours, legend=None),
            alt.value("white"),
        ),
        tooltip=["Patient", "Lesion", "Exam", "Event", alt.Tooltip("Volume:Q", format=".3f", title="Volume (ml)")],
    )
    layers = alt.layer(lines, points)
    if len(patients) == 1:
        return layers.properties(width=WIDTH, height=220, title=shown[0]["Patient"])
    header = alt.Header(labelAnchor="start", labelFontWeight="bold")
    panel = layers.properties(width=WIDTH / 3 - 30, height=130)
    return panel.facet(facet=alt.Facet("Patient:N", title=None, header=header), columns=3).resolve_scale(
        x="independent", y="independent"
    )


def _who(row: Row) -> tuple[str, str]:
    return row["centre"], row["patient"]


def _numbers(rows: list[Row]) -> list[str]:
    return sorted({row["Lesion"] for row in rows}, key=int)


def _exams(inputs: Row, data: Row, names: Names) -> Chart | None:
    rows = [
        {
            "Method": names.raters[row["rater"]],
            "Metric": METRICS[metric],
            "Value": row[metric],
            "Region": names.regions[row["region"]],
            "Exam": names.cases[row["case"]],
            "case_id": row["case"],
        }
        for row in data["images"]
        for metric in PRINTED_METRICS
        if not row["reference_empty"] and row[metric] is not None
    ]
    if not rows:
        return None
    order = [names.raters[rater] for rater in inputs["methods"]]
    base = alt.Chart(pd.DataFrame(rows)).encode(
        x=alt.X("Metric:N", sort=[METRICS[key] for key in PRINTED_METRICS], title=None, axis=alt.Axis(labelAngle=0)),
        xOffset=alt.XOffset("Method:N", sort=order),
        y=alt.Y("Value:Q", scale=alt.Scale(domain=[0, 1]), title=None),
        color=alt.Color("Method:N", sort=order, scale=alt.Scale(range=list(COLOURS)), title=None),
    )
    boxes = base.mark_boxplot(size=14, opacity=0.35, outliers=False)
    points = base.mark_circle(size=34, opacity=0.85).encode(
        tooltip=["Method", "Exam", "Metric", alt.Tooltip("Value:Q", format=".3f")]
    )
    return per_region(alt.layer(boxes, points).properties(width=WIDTH, height=200), rows)


def _size(inputs: Row, data: Row, names: Names) -> Chart | None:
    rows = [
        {
            "Method": names.raters[row["rater"]],
            "Volume": max(row["volume_ml"], SMALLEST_ML),
            "Metric": METRICS[metric],
            "Value": row[metric],
            "Region": names.regions[row["region"]],
            "Panel": f"{METRICS[metric]} · {names.regions[row['region']]}",
            "Exam": names.cases[row["case"]],
            "case_id": row["case"],
        }
        for row in data["lesions"]
        for metric in ("dice", "ndsc")
        if row[metric] is not None
    ]
    if not rows:
        return None
    order = [names.raters[rater] for rater in inputs["methods"]]
    chart = (
        alt.Chart(pd.DataFrame(rows))
        .mark_circle(size=44, opacity=0.75)
        .encode(
            x=alt.X("Volume:Q", scale=alt.Scale(type="log"), title="Volume of the true lesion (ml)", axis=DECADES),
            y=alt.Y("Value:Q", scale=alt.Scale(domain=[0, 1]), title=None),
            color=alt.Color("Method:N", sort=order, scale=alt.Scale(range=list(COLOURS)), title=None),
            tooltip=[
                "Method",
                "Exam",
                "Region",
                alt.Tooltip("Volume:Q", format=".3f", title="Volume (ml)"),
                "Metric",
                alt.Tooltip("Value:Q", format=".3f"),
            ],
        )
        .properties(width=WIDTH / 2 - 40, height=180)
    )
    header = alt.Header(labelAnchor="start", labelFontWeight="bold", labelLimit=255, labelFontSize=9)
    panels = [
        f"{METRICS[key]} · {names.regions[one]}" for one in inputs["parameters"]["regions"] for key in ("dice", "ndsc")
    ]
    drawn = {row["Panel"] for row in rows}
    return chart.facet(
        facet=alt.Facet("Panel:N", sort=[one for one in panels if one in drawn], title=None, header=header), columns=2
    )
