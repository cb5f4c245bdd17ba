"""What the figures of all kinds share: colours, size, one panel per region, links to cases, SVG and PNG.

A mark whose datum has a `case_id` opens that case in the browser.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import altair as alt

from evaluation.reports.naming import GROUP_COLOURS, GROUP_NAMES

Row = dict[str, Any]
Chart = Any
"""A layered or faceted Altair chart: its own types do not tell them apart."""
WIDTH = 560
OKABE_ITO = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#999999", "#000000")
"""Colours that colour-blind people can tell apart, for raters and groups beyond experts, novices and models."""
FONT = "DejaVu Sans, Helvetica, Arial, sans-serif"


def finish(chart: Chart, *, title: str, caption: str, width: int = 100) -> Row:
    """Return the Vega-Lite specification of a figure, the same for screen and paper.

    title and caption travel in `usermeta`. On paper all figures have one scale; width is the most that one may take,
    in per cent of the text's width.
    """
    styled = chart.configure(font=FONT).configure_view(stroke=None).properties(description=caption)
    return {**styled.to_dict(), "usermeta": {"title": title, "caption": caption, "width": width}}


def draw(specification: Row) -> bytes:
    """Return a figure as SVG."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(specification)).encode()


def to_png(svg: bytes) -> bytes:
    """Return a drawn figure as PNG (300 dpi on paper)."""
    import vl_convert

    return bytes(vl_convert.svg_to_png(svg.decode(), scale=3))


def group_colour(present: Iterable[str] = ("expert", "novice", "model")) -> alt.Color:
    """Return the colours of the groups of raters that are present: the same in every figure."""
    wanted = set(present)
    groups = [group for group in GROUP_NAMES if group in wanted]
    scale = alt.Scale(domain=[GROUP_NAMES[key] for key in groups], range=[GROUP_COLOURS[key] for key in groups])
    return alt.Color("Group:N", scale=scale, title=None)


def per_region(chart: Chart, rows: list[Row], *, columns: int = 1) -> Chart:
    """Draw one panel for each Region of the rows where there are several, so many beside each other."""
    if len({row["Region"] for row in rows}) == 1:
        return chart
    header = alt.Header(labelAnchor="start", labelFontWeight="bold")
    order = list(dict.fromkeys(row["Region"] for row in rows))
    return chart.facet(facet=alt.Facet("Region:N", sort=order, title=None, header=header), columns=columns)
