"""The figures of the report on segmentation by subgroup."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from evaluation.reports.figures import OKABE_ITO, WIDTH, Chart, finish, per_region
from evaluation.reports.kinds import Data, Figures, Inputs
from evaluation.reports.naming import Names
from evaluation.reports.segmentation.computing import FOUND, MISSED
from evaluation.reports.subgroups import divide, group_of

Row = dict[str, Any]
SMALLEST_ON_AXIS_ML = 0.01
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-left", "triangle-right")


def figures(inputs: Inputs, data: Data) -> Figures:
    """Return the figures that have something to show."""
    names = Names.of(inputs)
    drawn: Figures = {}
    points = [row for row in data["cases"] if row["state"] in (FOUND, MISSED)]
    if points:
        drawn["volume_and_dice"] = finish(
            _volume_and_dice(inputs, points, names),
            title="Volume and Dice",
            caption="Object-wise Dice of every positive case, missed ones included, against the reference's volume "
            "(logarithmic).",
        )
    means = [row for row in data["performance"] if row["metric"] == "object_dice" and row["mean"] is not None]
    if means:
        drawn["subgroups"] = finish(
            _subgroups(means, names),
            title="Dice by subgroup",
            caption="Mean object-wise Dice with its 95 % interval (BCa over patients; none below three).",
        )
    return drawn


def _volume_and_dice(inputs: Inputs, points: list[Row], names: Names) -> Chart:
    chosen = inputs["parameters"]["groups"]
    attribute = next((key for key in chosen if len(divide(inputs["cases"], key)) > 1), None)
    groups = {case["id"]: group_of(case, attribute) if attribute else "" for case in inputs["cases"]}
    rows = [
        {
            "Segmented by": names.raters[row["rater"]],
            "Group": groups[row["case"]],
            "Region": names.regions[row["region"]],
            "Case": names.cases[row["case"]],
            "case_id": row["case"],
            "Volume": max(row["reference_ml"], SMALLEST_ON_AXIS_ML),
            "Dice": row["object_dice"] if row["object_dice"] is not None else 0.0,
            "State": row["state"],
        }
        for row in points
    ]
    base = alt.Chart(pd.DataFrame(rows)).mark_point(filled=True, size=52, opacity=0.8)
    colour = "Group:N" if attribute else "Segmented by:N"
    marks = base.encode(
        x=alt.X("Volume:Q", scale=alt.Scale(type="log", nice=False, padding=12), title="reference volume (ml)"),
        y=alt.Y("Dice:Q", scale=alt.Scale(domain=[0, 1]), title="object-wise Dice"),
        color=alt.Color(colour, title=None, scale=alt.Scale(range=list(OKABE_ITO)), legend=alt.Legend(columns=1)),
        shape=alt.Shape("Segmented by:N", title=None, scale=alt.Scale(range=list(SHAPES))),
        tooltip=[
            "Case",
            "Segmented by",
            alt.Tooltip("Volume:Q", format=".2f", title="reference (ml)"),
            alt.Tooltip("Dice:Q", format=".3f"),
            "State",
        ],
    )
    return per_region(marks.properties(width=WIDTH, height=280), rows)


def _subgroups(means: list[Row], names: Names) -> Chart:
    rows = [
        {
            "Subgroup": row["group"],
            "Segmented by": names.raters[row["rater"]],
            "Region": names.regions[row["region"]],
            "Dice": row["mean"],
            "low": row["low"],
            "high": row["high"],
            "n": row["n"],
        }
        for row in means
    ]
    raters = list(dict.fromkeys(row["Segmented by"] for row in rows))
    base = alt.Chart(pd.DataFrame(rows)).encode(
        y=alt.Y(
            "Subgroup:N",
            sort=list(dict.fromkeys(row["Subgroup"] for row in rows)),
            title=None,
            axis=alt.Axis(labelLimit=240),
        ),
        yOffset=alt.YOffset("Segmented by:N", sort=raters),
        color=alt.Color("Segmented by:N", title=None, sort=raters, scale=alt.Scale(range=list(OKABE_ITO))),
    )
    scale = alt.Scale(domain=[0, 1])
    spans = base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", scale=scale), x2="high:Q")
    dots = base.mark_point(filled=True, size=50).encode(
        x=alt.X("Dice:Q", scale=scale, title="mean object-wise Dice"),
        tooltip=["Subgroup", "Segmented by", alt.Tooltip("Dice:Q", format=".3f"), "n"],
    )
    step = alt.Step(max(9, 26 // len(raters)), **{"for": "offset"})
    return per_region(alt.layer(spans, dots).properties(width=WIDTH - 160, height=step), rows)
