"""The tables of the inter-rater report."""

from __future__ import annotations

from typing import Any

from evaluation.reports.inter_rater.words import AGAINST, metric_names
from evaluation.reports.naming import GROUP_NAMES, Names
from evaluation.reports.tables import Column, Table, summary_columns

Row = dict[str, Any]
REGION, RATER, GROUP = Column("region", "Region"), Column("rater", "Rater"), Column("group", "Group")
CASE = Column("case", "Case", case="case_id")
AGAINST_COLUMN, METRIC = Column("against", "Against"), Column("metric", "Metric")
COUNTS = "n: cases used; undefined: both masks empty; infinite: one mask empty, after the report's policies."
INTERVAL = "95 % CI: BCa bootstrap over patients."
VERDICTS = {True: "inside", False: "below", None: "not computed"}


def tables(inputs: Row, data: Row) -> list[Table]:
    """Return the tables in the order in which they are read."""
    made = _Tables(inputs, data)
    return [
        made.jaccard(),
        made.overview(),
        made.groups(),
        made.expert_range(),
        made.expert_differences(),
        made.matrix(),
        made.volumes(),
        made.bland_altman(),
        made.performance(),
        made.kappa(),
        made.scores(),
        made.other_metrics(),
        made.other_metrics_of_groups(),
        made.missing(),
        made.left_out(),
        made.readings(),
        made.pairs(),
        made.staple(),
    ]


class _Tables:
    """Each method makes one table out of the data's rows."""

    def __init__(self, inputs: Row, data: Row) -> None:
        self._inputs, self._data, self._names = inputs, data, Names.of(inputs)
        self._metrics = metric_names(inputs["parameters"])

    def jaccard(self) -> Table:
        rows = [{**row, **self._place(row)} for row in self._data["summary"] if row["metric"] == "jaccard"]
        columns = (REGION, RATER, GROUP, AGAINST_COLUMN, *_counted())
        note = f"{COUNTS} {INTERVAL}"
        return Table("raters", "Jaccard of each rater", columns, rows, ("region", "rater", "against"), note)

    def overview(self) -> Table:
        """The other metrics beside each other: mean ± SD with the number of cases behind each."""
        found: dict[tuple[Any, ...], Row] = {}
        for row in self._data["summary"]:
            place = found.setdefault((row["region"], row["rater"], row["against"]), self._place(row))
            place |= {f"{row['metric']}_{key}": row[key] for key in ("mean", "sd", "n")}
        figures = tuple(
            column
            for metric, name in self._others()
            for column in (
                Column(f"{metric}_mean", name, digits=2 if metric == "hausdorff95" else 3, spread=f"{metric}_sd"),
                Column(f"{metric}_n", "n", digits=0),
            )
        )
        columns = (REGION, RATER, AGAINST_COLUMN, *figures)
        by = ("region", "rater", "against")
        return Table("overview", "Other metrics of each rater", columns, list(found.values()), by, "Mean ± SD.")

    def groups(self) -> Table:
        rows = [self._of_group(row) for row in self._data["groups"] if row["metric"] == "jaccard"]
        columns = (REGION, GROUP, Column("raters", "Raters", digits=0), AGAINST_COLUMN, *_counted())
        note = f"n: readings used, of all raters of the group. {INTERVAL}"
        return Table("groups", "Jaccard of each group", columns, rows, ("region", "group", "against"), note)

    def other_metrics(self) -> Table:
        rows = [{**row, **self._place(row)} for row in self._data["summary"] if row["metric"] != "jaccard"]
        columns = (REGION, RATER, GROUP, AGAINST_COLUMN, METRIC, *_counted())
        by = ("region", "rater", "against", "metric")
        note = f"{COUNTS} {INTERVAL}"
        return Table("other_metrics", "Other metrics of each rater, in full", columns, rows, by, note, printed=False)

    def other_metrics_of_groups(self) -> Table:
        rows = [self._of_group(row) for row in self._data["groups"] if row["metric"] != "jaccard"]
        columns = (REGION, GROUP, Column("raters", "Raters", digits=0), AGAINST_COLUMN, METRIC, *_counted())
        by = ("region", "group", "against", "metric")
        return Table(
            "other_metrics_of_groups", "Other metrics of each group", columns, rows, by, INTERVAL, printed=False
        )

    def expert_range(self) -> Table:
        rows = [
            {
                **row,
                "region": self._names.regions[row["region"]],
                "model": self._names.raters[row["model"]],
                "lowest_expert": self._names.raters.get(row["lowest_expert"]),
                "verdict": VERDICTS[row["inside"]],
            }
            for row in self._data["expert_range"]
        ]
        columns = (
            REGION,
            Column("model", "Model"),
            Column("verdict", "Experts' range"),
            Column("model_mean", "Model's mean", digits=3),
            Column("lowest_expert", "Lowest expert"),
            Column("lowest_mean", "Their mean", digits=3),
            Column("difference", "Difference [95 % CI]", digits=3, bounds=("low", "high")),
            Column("n_patients", "Patients"),
            Column("n_cases", "Cases"),
            *((Column("note", "Note"),) if any(row["inside"] is None for row in rows) else ()),
        )
        note = (
            "Jaccard to the consensus of the others, consensuses of equal size. Inside: at or above the lowest "
            "expert's mean. BCa bootstrap over patients; an interval, not a test."
        )
        return Table("expert_range", "Models and the experts' range", columns, rows, ("region", "model"), note)

    def expert_differences(self) -> Table:
        rows = [
            {
                **row,
                "region": self._names.regions[row["region"]],
                "model": self._names.raters[row["model"]],
                "expert": self._names.raters[row["expert"]],
            }
            for row in self._data["expert_differences"]
        ]
        columns = (
            REGION,
            Column("model", "Model"),
            Column("expert", "Expert"),
            Column("difference", "Model − expert [95 % CI]", digits=3, bounds=("low", "high")),
            Column("n_patients", "Patients"),
        )
        note = "Difference of the mean Jaccard to the consensus of the others."
        return Table("expert_differences", "Models and each expert", columns, rows, ("region", "model", "expert"), note)

    def matrix(self) -> Table:
        rows = [
            {
                **row,
                "region": self._names.regions[row["region"]],
                "first": self._names.raters[row["first"]],
                "second": self._names.raters[row["second"]],
                "metric": self._metrics[row["metric"]],
            }
            for row in self._data["matrix"]
        ]
        columns = (
            REGION,
            Column("first", "First"),
            Column("second", "Second"),
            METRIC,
            Column("mean", "Mean ± SD", digits=3, spread="sd"),
            Column("n", "n"),
            Column("n_undefined", "Undefined"),
            Column("n_infinite", "Infinite"),
        )
        by = ("region", "first", "second", "metric")
        return Table("matrix", "Every pair of raters", columns, rows, by, COUNTS, printed=False)

    def volumes(self) -> Table:
        rows = [
            {
                **row,
                "region": self._names.regions[row["region"]],
                "form": f"ICC({row['form']})" if row["form"] else "ICC",
            }
            for row in self._data["volumes"]
        ]
        columns = (
            REGION,
            Column("form", "Coefficient"),
            Column("value", "Value [95 % CI]", digits=3, bounds=("low", "high")),
            Column("n_cases", "Cases"),
            Column("n_raters", "Raters"),
            *((Column("note", "Note"),) if any(row["note"] for row in rows) else ()),
        )
        note = "Two-way; A: absolute agreement, C: consistency; 1: one rater, k: the mean of all. Volumes in ml."
        return Table("icc", "Intraclass correlation of volumes", columns, rows, ("region", "form"), note)

    def bland_altman(self) -> Table:
        named: dict[Any, str] = {**self._names.raters, **GROUP_NAMES, "consensus": "consensus of the others"}
        rows = [
            {
                **row,
                "region": self._names.regions[row["region"]],
                "first": named[row["first"]],
                "second": named[row["second"]],
            }
            for row in self._data["bland_altman"]
        ]
        columns = (
            REGION,
            Column("first", "First"),
            Column("second", "Second"),
            Column("bias", "Bias [95 % CI]", unit="ml", digits=2, bounds=("low", "high")),
            Column("sd", "SD", unit="ml", digits=2),
            Column("lower", "Lower limit [95 % CI]", unit="ml", digits=2, bounds=("lower_low", "lower_high")),
            Column("upper", "Upper limit [95 % CI]", unit="ml", digits=2, bounds=("upper_low", "upper_high")),
            Column("slope_p", "p of slope", form="p"),
            Column("n", "n"),
            *((Column("note", "Note"),) if any(row["note"] for row in rows) else ()),
        )
        note = (
            "Bland–Altman; bias: first − second; limits: bias ± 1.96 SD, exact intervals; groups by the mean of their "
            "raters; p of slope: difference against mean."
        )
        return Table(
            "bland_altman", "Limits of agreement of volumes", columns, rows, ("region", "first", "second"), note
        )

    def performance(self) -> Table:
        rows = [{**row, **self._place(row)} for row in self._data["performance"]]
        columns = (
            REGION,
            RATER,
            GROUP,
            Column("sensitivity_mean", "Sensitivity", digits=3, spread="sensitivity_sd"),
            Column("sensitivity_n", "n", digits=0),
            Column("specificity_mean", "Specificity", digits=5, spread="specificity_sd"),
            Column("specificity_n", "n", digits=0),
        )
        note = f"Mean ± SD over cases. STAPLE of the people over {self._domain()}; models rated by its probabilities."
        return Table("performance", "Performance by STAPLE", columns, rows, ("region", "rater"), note)

    def kappa(self) -> Table:
        rows = [{**row, "region": self._names.regions[row["region"]]} for row in self._data["kappa"]]
        note = f"Of all people who read a case, on voxels of {self._domain()}, case by case. {INTERVAL}"
        return Table("kappa", "Fleiss' kappa of voxels", (REGION, *summary_columns()), rows, ("region",), note)

    def scores(self) -> Table:
        rows = [
            {
                **row,
                **self._rater(row["rater"]),
                "counts": ", ".join(f"{score}: {n}" for score, n in row["counts"].items()),
            }
            for row in self._data["scores"]
        ]
        columns = (RATER, GROUP, Column("counts", "Score: times given"), *summary_columns(digits=2))
        return Table(
            "scores", "Scores of the start masks", columns, rows, ("rater",), "95 % CI: BCa bootstrap over patients."
        )

    def missing(self) -> Table:
        rows = [{**self._case(row), "rater": self._names.raters[row["rater"]]} for row in self._data["missing"]]
        note = "Asked for, and not handed in when the readings were frozen."
        return Table("missing", "Readings that are not in", (CASE, RATER), rows, ("case", "rater"), note, printed=False)

    def left_out(self) -> Table:
        rows = [
            {**self._case(row), "rater": self._names.raters.get(row["rater"], ""), "reason": row["reason"]}
            for row in self._inputs["left_out"]
        ]
        columns = (CASE, RATER, Column("reason", "Left out, because"))
        return Table("left_out", "Masks that could not be compared", columns, rows, ("case", "rater"), printed=False)

    def readings(self) -> Table:
        rows = [
            {
                **self._case(row),
                **self._place(row),
                "volume_ml": row["volume_ml"],
                **{
                    f"{metric}_{key}": (row[key] or {}).get(metric)
                    for key in self._directly()
                    for metric in self._metrics
                },
                **{f"{metric}_others": _only(row["others"], metric) for metric in self._metrics},
            }
            for row in self._data["readings"]
        ]
        figures = tuple(
            Column(f"{metric}_{key}", f"{name}, {AGAINST[key]}", digits=3)
            for key in (*self._directly(), "others")
            for metric, name in self._metrics.items()
        )
        columns = (CASE, REGION, RATER, GROUP, Column("volume_ml", "Volume", unit="ml", digits=2), *figures)
        note = (
            "As measured, before any policy. A model is compared with each consensus that leaves one person out: the "
            "mean is shown, and nothing where one of them is undefined or infinite."
        )
        return Table("readings", "Every reading", columns, rows, ("case", "region", "rater"), note, printed=False)

    def pairs(self) -> Table:
        rows = [
            {
                **row,
                **self._case(row),
                "region": self._names.regions[row["region"]],
                "first": self._names.raters[row["first"]],
                "second": self._names.raters[row["second"]],
            }
            for row in self._data["pairs"]
        ]
        figures = tuple(Column(metric, name, digits=3) for metric, name in self._metrics.items())
        columns = (CASE, REGION, Column("first", "First"), Column("second", "Second"), *figures)
        by = ("case", "region", "first", "second")
        return Table("pairs", "Every pair in every case", columns, rows, by, "As measured.", printed=False)

    def staple(self) -> Table:
        rows = [
            {
                **self._case(row),
                **self._place({**row, "rater": one["rater"]}),
                **{key: row[key] for key in ("domain", "domain_voxels", "prior", "iterations", "converged", "voxels")},
                "sensitivity": one["sensitivity"],
                "specificity": one["specificity"],
            }
            for row in self._data["staple"]
            for one in row["raters"]
        ]
        columns = (
            CASE,
            REGION,
            RATER,
            GROUP,
            Column("sensitivity", "Sensitivity", digits=4),
            Column("specificity", "Specificity", digits=6),
            Column("iterations", "Iterations", digits=0),
            Column("converged", "Converged"),
            Column("prior", "Prior", digits=6),
            Column("domain", "Domain"),
            Column("domain_voxels", "Voxels of the domain", digits=0),
            Column("voxels", "Voxels of the estimate", digits=0),
        )
        return Table("staple", "STAPLE in every case", columns, rows, ("case", "region", "rater"), printed=False)

    def _others(self) -> list[tuple[str, str]]:
        return [(metric, name) for metric, name in self._metrics.items() if metric != "jaccard"]

    def _of_group(self, row: Row) -> Row:
        return {**row, **self._place(row), "group": GROUP_NAMES[row["group"]]}

    def _rater(self, rater: int) -> Row:
        return {"rater": self._names.raters[rater], "group": GROUP_NAMES[self._names.groups[rater]]}

    def _place(self, row: Row) -> Row:
        """Return the names of whatever a row is about."""
        found: Row = {"region": self._names.regions[row["region"]]}
        if "rater" in row:
            found |= self._rater(row["rater"])
        if "against" in row:
            found |= {"against": AGAINST[row["against"]], "metric": self._metrics[row["metric"]]}
        return found

    def _case(self, row: Row) -> Row:
        return {"case": self._names.cases[row["case"]], "case_id": row["case"]}

    def _directly(self) -> tuple[str, ...]:
        return ("reference", "consensus") if self._inputs["parameters"]["reference"] else ("consensus",)

    def _domain(self) -> str:
        domains = {"field": "the whole image", "box": "the box around all votes", "union": "the voxels with a vote"}
        return domains[self._inputs["parameters"]["domain"]]


def _counted() -> tuple[Column, ...]:
    return (*summary_columns(), Column("n_infinite", "Infinite"))


def _only(rows: list[Row], metric: str) -> float | None:
    """Return the mean over the comparisons of one mask where all of them are numbers."""
    values = [row[metric] for row in rows]
    numbers = [value for value in values if isinstance(value, int | float)]
    return sum(numbers) / len(numbers) if numbers and len(numbers) == len(values) else None
