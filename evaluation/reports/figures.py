"""The report's figures: one Vega-Lite specification each, for the browser and for paper."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from evaluation.reports.naming import GROUP_COLOURS, GROUP_NAMES, Names

Row = dict[str, Any]
Chart = Any
"""A layered or faceted Altair chart: its own types do not tell them apart."""
WIDTH = 560


def make_figures(inputs: Row, data: Row) -> dict[str, Row]:
    """Return name → Vega-Lite specification; a figure without a single value is left out."""
    names = Names.of(inputs)
    drawn = {
        "agreement": _agreement(inputs, data, names),
        "pairs": _pairs(data, names),
        "volumes": _volumes(data, names),
    }
    return {name: _styled(chart).to_dict() for name, chart in drawn.items() if chart is not None}


def render(specification: Row, kind: str) -> bytes:
    """Return a figure as SVG or PNG (300 dpi on paper)."""
    import vl_convert

    if kind == "svg":
        return str(vl_convert.vegalite_to_svg(specification)).encode()
    return bytes(vl_convert.vegalite_to_png(specification, scale=3))


def _agreement(inputs: Row, data: Row, names: Names) -> Chart | None:
    """Jaccard of every rater and model against the consensus of the people but one, grouped (EPMR Fig. 4)."""
    rows = [
        {
            "Rater": names.raters[row["rater"]],
            "Group": GROUP_NAMES[names.groups[row["rater"]]],
            "Jaccard": row["others"]["jaccard"],
            "Case": names.cases[row["case"]],
            "Region": names.regions[row["region"]],
            "case": row["case"],
        }
        for row in data["readings"]
        if row["others"] is not None and row["others"]["jaccard"] is not None
    ]
    if not rows:
        return None
    order = [names.raters[rater["id"]] for rater in inputs["raters"]]
    base = alt.Chart(pd.DataFrame(rows)).encode(
        x=alt.X("Rater:N", sort=order, title=None, axis=alt.Axis(labelAngle=0, labelLimit=120)),
        color=_group_colour(),
    )
    scale = alt.Scale(domain=[0, 1])
    y = alt.Y("Jaccard:Q", scale=scale, title="Jaccard to the consensus of the others")
    boxes = base.mark_boxplot(size=26, opacity=0.35, outliers=False).encode(y=y)
    points = base.mark_circle(size=46, opacity=0.9).encode(
        y=y, tooltip=["Rater", "Case", alt.Tooltip("Jaccard:Q", format=".3f")]
    )
    return _per_region(alt.layer(boxes, points).properties(width=WIDTH, height=260), rows)


def _pairs(data: Row, names: Names) -> Chart | None:
    """Mean Dice of every pair."""
    rows = []
    for row in data["matrix"]:
        if row["dice"] is None:
            continue
        one, other = names.raters[row["first"]], names.raters[row["second"]]
        for first, second in ((one, other), (other, one)):
            rows.append(
                {
                    "First": first,
                    "Second": second,
                    "Dice": row["dice"],
                    "n": row["n"],
                    "Region": names.regions[row["region"]],
                }
            )
    if not rows:
        return None
    order = list(names.raters.values())
    base = alt.Chart(pd.DataFrame(rows)).encode(
        x=alt.X("First:N", sort=order, title=None, axis=alt.Axis(labelAngle=-35)),
        y=alt.Y("Second:N", sort=order, title=None),
    )
    squares = base.mark_rect().encode(
        color=alt.Color("Dice:Q", scale=alt.Scale(scheme="blues", domain=[0, 1]), title="mean Dice"),
        tooltip=["First", "Second", alt.Tooltip("Dice:Q", format=".3f"), "n"],
    )
    numbers = base.mark_text(fontSize=12).encode(
        text=alt.Text("Dice:Q", format=".2f"),
        color=alt.condition(alt.datum.Dice > 0.6, alt.value("white"), alt.value("black")),
    )
    side = 64 * max(3, len(order))
    return _per_region(alt.layer(squares, numbers).properties(width=side, height=side), rows)


def _volumes(data: Row, names: Names) -> Chart | None:
    """Volume of every reading, case by case."""
    rows = [
        {
            "Case": names.cases[row["case"]],
            "Rater": names.raters[row["rater"]],
            "Group": GROUP_NAMES[names.groups[row["rater"]]],
            "Volume (ml)": row["volume_ml"],
            "Region": names.regions[row["region"]],
        }
        for row in data["readings"]
    ]
    if not rows:
        return None
    cases = len({row["Case"] for row in rows})
    base = alt.Chart(pd.DataFrame(rows)).encode(y=alt.Y("Case:N", title=None, axis=alt.Axis(labelLimit=220)))
    span = base.mark_rule(color="#999").encode(x="min(Volume \\(ml\\)):Q", x2="max(Volume \\(ml\\)):Q")
    points = base.mark_point(size=70, filled=True, opacity=0.9).encode(
        x=alt.X("Volume \\(ml\\):Q", title="Volume (ml)"),
        color=_group_colour(),
        shape=alt.Shape("Rater:N", title="Rater"),
        tooltip=["Case", "Rater", alt.Tooltip("Volume \\(ml\\):Q", format=".2f")],
    )
    return _per_region(alt.layer(span, points).properties(width=WIDTH, height=28 * cases + 20), rows)


def _styled(chart: Chart) -> Chart:
    """Set the type and take the frame away: the same figure on screen and on paper."""
    return chart.configure(font="DejaVu Sans, Helvetica, Arial, sans-serif").configure_view(stroke=None)


def _group_colour() -> alt.Color:
    groups = list(GROUP_NAMES)
    scale = alt.Scale(domain=[GROUP_NAMES[key] for key in groups], range=[GROUP_COLOURS[key] for key in groups])
    return alt.Color("Group:N", scale=scale, title=None)


def _per_region(chart: Any, rows: list[Row]) -> Chart:
    """Draw one panel per region, below each other, where there are several."""
    if len({row["Region"] for row in rows}) == 1:
        return chart
    return chart.facet(row=alt.Row("Region:N", title=None, header=alt.Header(labelAngle=0, labelAlign="left")))
