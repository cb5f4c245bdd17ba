"""The figures of the report on scores."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from evaluation.reports.figures import OKABE_ITO, WIDTH, Chart, finish
from evaluation.reports.kinds import Data, Figures, Inputs
from evaluation.reports.naming import Names
from evaluation.reports.scores.paired import SOURCES

Row = dict[str, Any]
SCALE = ("#D55E00", "#E69F00", "#F0E442", "#56B4E9", "#0072B2")
"""From poor to excellent, told apart by colour-blind people."""


def figures(inputs: Inputs, data: Data) -> Figures:
    """Return the figures that have something to show."""
    names = {one["key"]: one["name"] for one in inputs["conditions"]}
    drawn: Figures = {}
    spread = _distribution(inputs, data, names)
    if spread is not None:
        drawn["distribution"] = finish(
            spread, title="Scores", caption="Share of each score, by scored mask and rater; numbers are cases."
        )
    pairs = [row for row in data["crosstabs"] if row["of"] == SOURCES] or data["crosstabs"]
    if pairs:
        drawn["crosstab"] = finish(
            _crosstab(inputs, pairs[0], data["levels"], names),
            title="Paired scores",
            caption=_pair_caption(inputs, pairs[0], names, len(pairs)),
            width=50,
        )
    points = [row for row in data["overlap"] if row["score"] is not None and row["dice"] is not None]
    if points:
        drawn["score_and_dice"] = finish(
            _score_and_dice(inputs, points, data["levels"], names),
            title="Score and Dice",
            caption="Dice of every scored mask to the reference, by its score; each point is a case.",
        )
    return drawn


def _distribution(inputs: Inputs, data: Data, names: dict[str, str]) -> Chart | None:
    raters, levels = Names.of(inputs).raters, data["levels"]
    rows: list[Row] = []
    for row in data["distribution"]:
        by = "one per case" if row["rater"] is None else raters[row["rater"]]
        for level, count in zip(levels, row["counts"], strict=True):
            if count:
                rows.append({"Scored mask": names[row["condition"]], "Scored by": by, "Score": level, "Cases": count})
    if not rows:
        return None
    base = alt.Chart(pd.DataFrame(rows)).encode(
        y=alt.Y("Scored by:N", title=None, sort=None, axis=alt.Axis(labelLimit=180)),
        x=alt.X("Cases:Q", stack="normalize", title="share of scores", axis=alt.Axis(format="%")),
        order=alt.Order("Score:O"),
    )
    bars = base.mark_bar(size=18).encode(
        color=alt.Color("Score:O", scale=_colours(levels)), tooltip=["Scored mask", "Scored by", "Score", "Cases"]
    )
    numbers = base.mark_text(align="right", dx=-4, fontSize=10).encode(text="Cases:Q", detail="Score:O")
    chart = alt.layer(bars, numbers).properties(width=WIDTH, height=alt.Step(26))
    if len({row["Scored mask"] for row in rows}) == 1:
        return chart
    header = alt.Header(labelAnchor="start", labelFontWeight="bold")
    return chart.facet(facet=alt.Facet("Scored mask:N", title=None, header=header), columns=1)


def _colours(levels: list[int]) -> alt.Scale:
    """Colour a five-point scale from poor to excellent; another one from light to dark."""
    if len(levels) == len(SCALE):
        return alt.Scale(domain=levels, range=list(SCALE))
    return alt.Scale(domain=levels, scheme="blues")


def _crosstab(inputs: Inputs, pair: Row, levels: list[int], names: dict[str, str]) -> Chart:
    rows = [
        {"first": one, "second": other, "Cases": count}
        for one, counts in zip(levels, pair["counts"], strict=True)
        for other, count in zip(levels, counts, strict=True)
    ]
    first, second = _sides(inputs, pair, names)
    base = alt.Chart(pd.DataFrame(rows)).encode(
        y=alt.Y("first:O", title=first, sort="descending"),
        x=alt.X("second:O", title=second, axis=alt.Axis(labelAngle=0)),
    )
    squares = base.mark_rect().encode(color=alt.Color("Cases:Q", scale=alt.Scale(scheme="blues"), title="cases"))
    half = max(row["Cases"] for row in rows) / 2
    numbers = base.mark_text(fontSize=13).encode(
        text="Cases:Q", color=alt.condition(alt.datum.Cases > half, alt.value("white"), alt.value("black"))
    )
    return alt.layer(squares, numbers).properties(width=48 * len(levels), height=48 * len(levels))


def _sides(inputs: Inputs, pair: Row, names: dict[str, str]) -> tuple[str, str]:
    if pair["of"] == SOURCES:
        return names[pair["first"]], names[pair["second"]]
    raters = Names.of(inputs).raters
    return raters[pair["first"]], raters[pair["second"]]


def _pair_caption(inputs: Inputs, pair: Row, names: dict[str, str], pairs: int) -> str:
    first, second = _sides(inputs, pair, names)
    more = f" The other {pairs - 1} pairs are in the table." if pairs > 1 else ""
    return f"Cases by the scores of {first} (rows) and {second} (columns).{more}"


def _score_and_dice(inputs: Inputs, points: list[Row], levels: list[int], names: dict[str, str]) -> Chart:
    cases = Names.of(inputs).cases
    rows = [
        {
            "Scored mask": names[row["condition"]],
            "Score": row["score"],
            "Dice": row["dice"],
            "Case": cases[row["case"]],
            "case_id": row["case"],
        }
        for row in points
    ]
    jitter = alt.Chart(pd.DataFrame(rows)).transform_calculate(place="0.35 + 0.3 * (datum.case_id * 7919 % 100) / 100")
    limit = inputs["parameters"]["failure"]
    dots = jitter.mark_circle(size=52, opacity=0.85).encode(
        x=alt.X("Score:O", scale=alt.Scale(domain=levels), axis=alt.Axis(labelAngle=0)),
        xOffset=alt.XOffset("place:Q", scale=alt.Scale(domain=[0, 1])),
        y=alt.Y("Dice:Q", scale=alt.Scale(domain=[0, 1]), title="Dice"),
        color=alt.Color("Scored mask:N", title=None, scale=alt.Scale(range=list(OKABE_ITO))),
        tooltip=["Case", "Scored mask", "Score", alt.Tooltip("Dice:Q", format=".3f")],
    )
    line = alt.Chart(pd.DataFrame({"limit": [limit]})).mark_rule(strokeDash=[4, 4], color="#777")
    return alt.layer(line.encode(y=alt.Y("limit:Q", title="Dice")), dots).properties(width=WIDTH, height=260)
