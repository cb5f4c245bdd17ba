"""The figures of the report on classification."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from evaluation.reports.classification.computing import RATES
from evaluation.reports.classification.tables import NAMES
from evaluation.reports.figures import OKABE_ITO, WIDTH, Chart, finish
from evaluation.reports.kinds import Data, Figures, Inputs
from evaluation.reports.naming import Names
from evaluation.reports.subgroups import ALL

Row = dict[str, Any]
OUTCOMES = {
    (True, True): "true positive",
    (True, False): "missed",
    (False, True): "false positive",
    (False, False): "true negative",
}
OUTCOME_COLOURS = ("#0072B2", "#D55E00", "#E69F00", "#999999")


def figures(inputs: Inputs, data: Data) -> Figures:
    """Return the figures that have something to show."""
    names = Names.of(inputs)
    drawn: Figures = {}
    if data["cases"]:
        drawn["volumes"] = finish(
            _volumes(inputs, data, names),
            title="Volumes and the threshold",
            caption="Volume of every mask against the reference's; the lines are the threshold between gross total "
            "resection and residual tumour. Volumes below a tenth of it stand at its foot.",
            width=72,
        )
    if any(row[name] is not None for row in data["rates"] for name in RATES):
        drawn["rates"] = finish(
            _rates(data, names),
            title="Classification",
            caption="Each rate with its 95 % interval, in per cent.",
            width=90,
        )
    return drawn


def _volumes(inputs: Inputs, data: Data, names: Names) -> Chart:
    threshold = inputs["parameters"]["threshold_ml"]
    floor = threshold / 10
    rows = [
        {
            "Segmented by": names.raters[row["rater"]],
            "Case": names.cases[row["case"]],
            "case_id": row["case"],
            "Reference (ml)": row["reference_ml"],
            "Mask (ml)": row["prediction_ml"],
            "x": max(row["reference_ml"], floor),
            "y": max(row["prediction_ml"], floor),
            "Outcome": OUTCOMES[row["residual"], row["called"]],
        }
        for row in data["cases"]
    ]
    scale = alt.Scale(type="log", nice=False, padding=8)
    axis = alt.Axis(grid=False, values=[0.01, 0.1, 1, 10, 100, 1000])
    points = (
        alt.Chart(pd.DataFrame(rows))
        .mark_point(filled=True, size=60, opacity=0.85)
        .encode(
            x=alt.X("x:Q", scale=scale, axis=axis, title="reference volume (ml)"),
            y=alt.Y("y:Q", scale=scale, axis=axis, title="volume of the mask (ml)"),
            color=alt.Color(
                "Outcome:N", title=None, scale=alt.Scale(domain=list(OUTCOMES.values()), range=list(OUTCOME_COLOURS))
            ),
            shape=alt.Shape("Segmented by:N", title=None),
            tooltip=[
                "Case",
                "Segmented by",
                alt.Tooltip("Reference \\(ml\\):Q", format=".3f"),
                alt.Tooltip("Mask \\(ml\\):Q", format=".3f"),
                "Outcome",
            ],
        )
    )
    limit = alt.Chart(pd.DataFrame({"limit": [threshold]})).mark_rule(strokeDash=[4, 4], color="#777")
    return alt.layer(limit.encode(x="limit:Q"), limit.encode(y="limit:Q"), points).properties(width=340, height=340)


def _rates(data: Data, names: Names) -> Chart:
    rows = [
        {
            "Segmented by": names.raters[row["rater"]],
            "Rate": NAMES[name],
            "value": row[name],
            "low": row[f"{name}_low"],
            "high": row[f"{name}_high"],
        }
        for row in data["rates"]
        if row["fold"] == ALL
        for name in RATES
        if row[name] is not None
    ]
    raters = list(dict.fromkeys(row["Segmented by"] for row in rows))
    base = alt.Chart(pd.DataFrame(rows)).encode(
        y=alt.Y("Rate:N", sort=[NAMES[name] for name in RATES], title=None, axis=alt.Axis(labelLimit=200)),
        yOffset=alt.YOffset("Segmented by:N", sort=raters),
        color=alt.Color("Segmented by:N", title=None, sort=raters, scale=alt.Scale(range=list(OKABE_ITO))),
    )
    scale = alt.Scale(domain=[0, 100])
    spans = base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", scale=scale), x2="high:Q")
    dots = base.mark_point(filled=True, size=55).encode(
        x=alt.X("value:Q", scale=scale, title="per cent"),
        tooltip=["Segmented by", "Rate", alt.Tooltip("value:Q", format=".2f")],
    )
    step = alt.Step(max(9, 26 // len(raters)), **{"for": "offset"})
    return alt.layer(spans, dots).properties(width=WIDTH - 160, height=step)
