"""A computed report of any kind as what is shown and what is given out as files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from evaluation.models import Report
from evaluation.reports.document import Front, pdf
from evaluation.reports.figures import draw, to_png
from evaluation.reports.kinds import Data, Figures, Inputs, Kind
from evaluation.reports.tables import Table


@dataclass(frozen=True)
class Shown:
    """The data of a report and what is made of them."""

    data: Data
    methods: str
    tables: list[Table]
    figures: Figures

    def to_json(self) -> dict[str, Any]:
        """Return what the report's row keeps."""
        return {
            "data": self.data,
            "methods": self.methods,
            "tables": [table.to_json() for table in self.tables],
            "figures": self.figures,
        }


def show(kind: Kind, inputs: Inputs, data: Data) -> Shown:
    """Return tables, figures and methods of computed data."""
    return Shown(data, kind.methods(inputs, data), kind.tables(inputs, data), kind.figures(inputs, data))


def files(report: Report, shown: Shown) -> dict[str, bytes]:
    """Return file name → content: PDF, all as JSON, each table as CSV and Parquet, each figure as SVG and PNG."""
    drawn = {name: draw(one) for name, one in shown.figures.items()}
    filled = [table for table in shown.tables if table.rows]
    return {
        "report.pdf": pdf(_front(report, shown), figures=drawn, about=shown.figures, tables=shown.tables),
        "report.json": _whole(report, shown),
        **{f"{table.key}.csv": table.csv() for table in filled},
        **{f"{table.key}.parquet": table.parquet() for table in filled},
        **{f"{name}.svg": content for name, content in drawn.items()},
        **{f"{name}.png": to_png(content) for name, content in drawn.items()},
    }


def _front(report: Report, shown: Shown) -> Front:
    cases = report.inputs["cases"]
    return Front(
        title=report.title,
        study=report.inputs["study"]["name"],
        kind=report.get_kind_display(),
        synthetic=bool(cases) and all(case["synthetic"] for case in cases),
        made_at=f"{report.created_at:%d %B %Y, %H:%M} UTC",
        inputs_sha256=report.inputs_sha256,
        methods=shown.methods,
        choices=report.inputs["choices"],
    )


def _whole(report: Report, shown: Shown) -> bytes:
    whole = {
        "title": report.title,
        "kind": report.kind,
        "inputs_sha256": report.inputs_sha256,
        "inputs": report.inputs,
        **shown.to_json(),
    }
    return json.dumps(whole, indent=1, allow_nan=False).encode()
