"""The figures of the inter-rater report."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from evaluation.reports.figures import WIDTH, Chart, finish, group_colour, per_region
from evaluation.reports.inter_rater.policies import Policies
from evaluation.reports.inter_rater.volumes import against_consensus
from evaluation.reports.kinds import Figures
from evaluation.reports.naming import GROUP_NAMES, Names

Row = dict[str, Any]
MOST_PANELS = 4
"""So many raters have their panels in one row."""
LONG_LABELS = 5
"""With more raters than this their names are set at a slant."""


def figures(inputs: Row, data: Row) -> Figures:
    """Return name → Vega-Lite specification; a figure without a single value is left out."""
    made = _Figures(inputs, data)
    drawn = {
        "agreement": (
            made.agreement("others"),
            "Agreement with the others",
            "Jaccard of every reading against the consensus of the other people; each point is a case.",
        ),
        "reference": (
            made.agreement("reference"),
            "Agreement with the reference",
            f"Jaccard of every reading against the reference ({made.reference_name}); each point is a case.",
        ),
        "pairs": (made.pairs(), "Pairs of raters", "Mean Jaccard of every pair, over the cases that both have."),
        "bland_altman": (
            made.bland_altman(),
            "Volumes against the consensus",
            "Difference of each rater's volume to the consensus of the others, against their mean; lines: bias and "
            f"95 % limits of agreement. {made.first_region}.",
        ),
        "volumes": (made.volumes(), "Volumes", "Volume of every mask, by case and region; the line spans the raters."),
    }
    return {
        name: finish(chart, title=title, caption=caption)
        for name, (chart, title, caption) in drawn.items()
        if chart is not None
    }


class _Figures:
    """Each method draws one figure out of the data's rows, or nothing."""

    def __init__(self, inputs: Row, data: Row) -> None:
        self._inputs, self._data, self._names = inputs, data, Names.of(inputs)
        self._policies = Policies(inputs, data["cases"])
        self._order = [rater["name"] for rater in inputs["raters"]]
        self._regions = inputs["parameters"]["regions"]
        self._columns = {1: 1, 2: 2, 4: 2}.get(len(self._regions), 3)

    @property
    def reference_name(self) -> str:
        """The reference's name, or nothing."""
        reference = self._inputs["parameters"]["reference"]
        return self._names.raters.get(reference, "")

    @property
    def first_region(self) -> str:
        """The region that stands for all where one figure shows one region."""
        return self._names.regions[self._regions[0]]

    def agreement(self, against: str) -> Chart | None:
        """Draw Jaccard by rater, coloured by group (EPMR Fig. 4)."""
        rows = [
            {**self._point(row), "Jaccard": value}
            for row in self._data["readings"]
            if (value := self._jaccard(row, against)) is not None
        ]
        if not rows:
            return None
        present = {row["Rater"] for row in rows}
        order = [name for name in self._order if name in present]
        base = alt.Chart(pd.DataFrame(rows)).encode(
            x=alt.X("Rater:N", sort=order, title=None, axis=_rater_axis(order)), color=self._colour(rows)
        )
        y = alt.Y("Jaccard:Q", scale=alt.Scale(domain=[0, 1]), title="Jaccard")
        boxes = base.mark_boxplot(size=22 if self._columns == 1 else 12, opacity=0.35, outliers=False).encode(y=y)
        points = base.mark_circle(size=40, opacity=0.9, cursor="pointer").encode(
            y=y, tooltip=["Rater", "Case", "Region", alt.Tooltip("Jaccard:Q", format=".3f")]
        )
        width = (WIDTH - 20 * (self._columns - 1)) / self._columns
        panel = alt.layer(boxes, points).properties(width=width, height=230 if self._columns == 1 else 180)
        return per_region(panel, rows, columns=self._columns)

    def pairs(self) -> Chart | None:
        """Draw the mean Jaccard of every pair as a heat map."""
        rows = []
        for row in self._data["matrix"]:
            if row["mean"] is None or row["metric"] != "jaccard":
                continue
            one, other = self._names.raters[row["first"]], self._names.raters[row["second"]]
            shared = {"Jaccard": row["mean"], "n": row["n"], "Region": self._names.regions[row["region"]]}
            rows += [{"First": a, "Second": b, **shared} for a, b in ((one, other), (other, one))]
        if not rows:
            return None
        present = {row["First"] for row in rows}
        order = [name for name in self._order if name in present]
        base = alt.Chart(pd.DataFrame(rows)).encode(
            x=alt.X("First:N", sort=order, title=None, axis=alt.Axis(labelAngle=-35, labelLimit=110)),
            y=alt.Y("Second:N", sort=order, title=None, axis=alt.Axis(labelLimit=110)),
        )
        squares = base.mark_rect().encode(
            color=alt.Color("Jaccard:Q", scale=alt.Scale(scheme="blues", domain=[0, 1]), title="mean Jaccard"),
            tooltip=["First", "Second", "Region", alt.Tooltip("Jaccard:Q", format=".3f"), "n"],
        )
        numbers = base.mark_text(fontSize=10 if self._columns < 3 else 8).encode(
            text=alt.Text("Jaccard:Q", format=".2f"),
            color=alt.condition(alt.datum.Jaccard > 0.6, alt.value("white"), alt.value("black")),
        )
        side = min(46 * max(4, len(order)), {1: 420, 2: 230, 3: 175}[self._columns])
        panel = alt.layer(squares, numbers).properties(width=side, height=side)
        return per_region(panel, rows, columns=self._columns)

    def bland_altman(self) -> Chart | None:
        """Draw difference against mean of the volumes, a panel per rater, for the first region."""
        region = self._regions[0]
        points, lines = [], []
        for row in self._data["readings"]:
            pair = against_consensus(row) if row["region"] == region else None
            if pair is not None:
                own, other = pair
                points.append({**self._point(row), "Mean (ml)": (own + other) / 2, "Difference (ml)": own - other})
        for row in self._data["bland_altman"]:
            if row["region"] == region and row["second"] == "consensus" and row["bias"] is not None:
                rater = self._names.raters[row["first"]]
                lines += [
                    {"Rater": rater, "Line": name, "Difference (ml)": row[key]}
                    for key, name in (("bias", "bias"), ("lower", "limit"), ("upper", "limit"))
                ]
        if not points or not lines:
            return None
        table = pd.DataFrame([*points, *lines])
        y = alt.Y("Difference \\(ml\\):Q", title="Rater − consensus (ml)")
        base = alt.Chart(table)
        dots = (
            base.transform_filter("isValid(datum['Mean (ml)'])")
            .mark_circle(size=40, opacity=0.9, cursor="pointer")
            .encode(
                x=alt.X("Mean \\(ml\\):Q", title="Mean of both (ml)"),
                y=y,
                color=self._colour(points),
                tooltip=["Rater", "Case", alt.Tooltip("Difference \\(ml\\):Q", format=".2f")],
            )
        )
        rules = (
            base.transform_filter("isValid(datum['Line'])")
            .mark_rule(color="#555")
            .encode(y=y, strokeDash=alt.StrokeDash("Line:N", title=None, scale=alt.Scale(range=[[1, 0], [4, 3]])))
        )
        order = [name for name in self._order if any(row["Rater"] == name for row in points)]
        header = alt.Header(labelAnchor="start", labelFontWeight="bold", labelLimit=160)
        columns = min(len(order), MOST_PANELS)
        panel = alt.layer(rules, dots).properties(width=(WIDTH - 20 * columns) / columns, height=130)
        return panel.facet(facet=alt.Facet("Rater:N", sort=order, title=None, header=header), columns=columns)

    def volumes(self) -> Chart | None:
        """Draw the volume of every mask, case by case; every region has its own axis."""
        rows = [{**self._point(row), "Volume (ml)": row["volume_ml"]} for row in self._data["readings"]]
        if not rows:
            return None
        cases = len({row["Case"] for row in rows})
        base = alt.Chart(pd.DataFrame(rows)).encode(
            y=alt.Y("Case:N", title=None, axis=alt.Axis(labelLimit=190, labelOverlap=True))
        )
        span = base.mark_rule(color="#999").encode(x="min(Volume \\(ml\\)):Q", x2="max(Volume \\(ml\\)):Q")
        points = base.mark_point(size=60, filled=True, opacity=0.9, cursor="pointer").encode(
            x=alt.X("Volume \\(ml\\):Q", title="Volume (ml)", axis=alt.Axis(tickCount=5)),
            color=self._colour(rows),
            shape=alt.Shape("Rater:N", title="Rater", sort=self._order),
            tooltip=["Case", "Rater", alt.Tooltip("Volume \\(ml\\):Q", format=".2f")],
        )
        columns = min(2, len(self._regions))
        tallest = 700 / -(-len(self._regions) // columns)
        panel = alt.layer(span, points).properties(
            width=(WIDTH - 90) / columns, height=max(90, min(22 * cases, tallest))
        )
        chart = per_region(panel, rows, columns=columns)
        return chart.resolve_scale(x="independent") if len(self._regions) > 1 else chart

    def _point(self, row: Row) -> Row:
        return {
            "Rater": self._names.raters[row["rater"]],
            "Group": GROUP_NAMES[self._names.groups[row["rater"]]],
            "Case": self._names.cases[row["case"]],
            "Region": self._names.regions[row["region"]],
            "case_id": row["case"],
        }

    def _colour(self, rows: list[Row]) -> alt.Color:
        drawn = {row["Group"] for row in rows}
        return group_colour(key for key, name in GROUP_NAMES.items() if name in drawn)

    def _jaccard(self, row: Row, against: str) -> float | None:
        """Return a reading's Jaccard after the policies, as the summaries use it."""
        found = row[against]
        if not found:
            return None
        rows = found if isinstance(found, list) else [found]
        value = self._policies.settle_mean(rows, "jaccard", row["case"])
        return None if value is None else float(value)


def _rater_axis(names: list[str]) -> alt.Axis:
    slanted = len(names) > LONG_LABELS or max(map(len, names)) > 14
    return alt.Axis(labelAngle=-30 if slanted else 0, labelLimit=130)
