"""The tables of the report on lesions."""

from __future__ import annotations

from typing import Any

from evaluation.reports.naming import Names
from evaluation.reports.numbers import write
from evaluation.reports.tables import Column, Table, summary_columns

Row = dict[str, Any]
METRICS = {
    "dice": "Dice",
    "ndsc": "nDSC",
    "f1": "F1",
    "tpr": "TPR",
    "fdr": "FDR",
    "brats_dice": "BraTS 2023 Dice",
    "brats_hausdorff95": "BraTS 2023 HD95 (mm)",
}
BRATS_METRICS = {"brats_dice": "Dice", "brats_hausdorff95": "HD95 (mm)"}
PRINTED_METRICS = ("dice", "ndsc", "f1", "tpr", "fdr")
SUBSETS = {"all": "all exams", "first": "first exams"}
REGION, METHOD, METRIC = Column("region", "Label"), Column("rater", "Method"), Column("metric", "Metric")
SUBSET = Column("subset", "Exams")
CASE = Column("case", "Exam", case="case_id")
PATIENT, RATER = Column("patient", "Patient"), Column("rater", "By")
LESION = Column("lesion", "Lesion", digits=0)


def tables(inputs: Row, data: Row) -> list[Table]:
    """Return the tables in the order in which they are read."""
    names = Names.of(inputs)
    return [
        _results(data, names),
        _tests(data, names),
        _correlations(data, names),
        _tracks(inputs, data, names),
        _brats(data, names),
        _frames(inputs, data, names),
        _rates(inputs, data, names),
        _left_out(inputs, names),
        _summary(data, names),
        _images(data, names),
        _lesions(data, names),
        _sightings(data, names),
    ]


def _named(row: Row, names: Names) -> Row:
    """Return a row with names in the place of ids and keys; the case's id stays beside its name."""
    found = dict(row)
    if "region" in row:
        found["region"] = names.regions[row["region"]]
    if "rater" in row:
        found["rater"] = names.raters[row["rater"]]
    if "subset" in row:
        found["subset"] = SUBSETS[row["subset"]]
    if "metric" in row:
        found["metric"] = METRICS[row["metric"]]
    if "case" in row:
        found |= {"case": names.cases[row["case"]], "case_id": row["case"]}
    return found


def _results(data: Row, names: Names) -> Table:
    """The form of RESEG's tables: one row per label, method and set of exams."""
    found: dict[tuple[Any, ...], Row] = {}
    for row in data["summary"]:
        if row["metric"] not in PRINTED_METRICS:
            continue
        place = (row["region"], row["rater"], row["subset"])
        named = _named(row, names)
        base = {key: named[key] for key in ("region", "rater", "subset", "n_left_out", "n_false")}
        base["n"] = row["n"] + row["n_undefined"] + row["n_infinite"]
        figures = {row["metric"]: row["mean"], f"{row['metric']}_sd": row["sd"]}
        found[place] = found.get(place, base) | figures
        if row["metric"] == "fdr":
            found[place]["n_unmarked"] = row["n_undefined"]
    columns = (
        REGION,
        METHOD,
        SUBSET,
        *(Column(key, METRICS[key], digits=2, spread=f"{key}_sd") for key in PRINTED_METRICS),
        Column("n", "n"),
        Column("n_unmarked", "no FDR"),
        Column("n_left_out", "left out"),
        Column("n_false", "marked"),
    )
    note = (
        "Mean ± SD over n exams. No FDR: exams in which the method marked nothing. Left out: exams without a true "
        "lesion of the label; marked: those of them in which the method marked something. First exams: each "
        "patient's first one with the reference."
    )
    rows = list(found.values())
    return Table("results", "Methods against the reference", columns, rows, ("region", "rater", "subset"), note)


def _summary(data: Row, names: Names) -> Table:
    rows = [_named(row, names) for row in data["summary"] if row["metric"] in PRINTED_METRICS]
    columns = (REGION, METHOD, SUBSET, METRIC, *summary_columns())
    by = ("region", "rater", "subset", "metric")
    return Table("summary", "Methods against the reference, in full", columns, rows, by, printed=False)


def _brats(data: Row, names: Names) -> Table:
    rows = [
        {**_named(row, names), "metric": BRATS_METRICS[row["metric"]]}
        for row in data["summary"]
        if row["metric"] in BRATS_METRICS and row["subset"] == "all"
    ]
    columns = (REGION, METHOD, METRIC, *summary_columns(), Column("n_left_out", "left out"))
    note = "The challenge's own rules: missed and false lesions count with Dice 0 and 374 mm."
    return Table("brats", "Lesion-wise metric of BraTS 2023", columns, rows, ("region", "rater", "metric"), note)


def _tests(data: Row, names: Names) -> Table:
    rows = [
        {**_named(row, names), "rater": names.raters[row["method"]], "baseline": names.raters[row["baseline"]]}
        for row in data["tests"]
    ]
    columns = (
        REGION,
        METRIC,
        METHOD,
        Column("baseline", "Better than"),
        Column("difference", "Difference ± SD", digits=3, spread="sd"),
        Column("t", "t", digits=2),
        Column("p_t", "p (t)", form="p"),
        Column("holm_t", "Holm", form="p"),
        Column("p_wilcoxon", "p (W)", form="p"),
        Column("holm_wilcoxon", "Holm", form="p"),
        Column("effect", "d_z", digits=2),
        Column("n", "exams"),
        Column("n_patients", "patients"),
    )
    note = (
        "t: paired t test; W: Wilcoxon's signed-rank test; both one-tailed: better is higher, for FDR lower. Holm: "
        "adjusted for all tests of the column. Exams of one patient are taken as independent, as in the paper. –: "
        "fewer than two exams, or not one difference."
    )
    return Table("tests", "Tests between methods", columns, rows, ("region", "metric", "rater"), note)


def _correlations(data: Row, names: Names) -> Table:
    rows = [_named(row, names) for row in data["correlations"]]
    columns = (
        REGION,
        METHOD,
        SUBSET,
        METRIC,
        Column("rho", "Spearman's ρ [95 % CI]", digits=3, bounds=("low", "high")),
        Column("p", "p", form="p"),
        Column("n", "n lesions"),
        Column("n_missed", "missed"),
        Column("note", "Note"),
    )
    note = "Volume of true lesions with each one's Dice and nDSC; a missed lesion has 0."
    return Table(
        "correlations", "Lesion volume and quality", columns, rows, ("region", "rater", "subset", "metric"), note
    )


def _tracks(inputs: Row, data: Row, names: Names) -> Table:
    volumes: dict[tuple[Any, ...], list[str]] = {}
    for row in data["sightings"]:
        volumes.setdefault(_key(row), []).append(_volume_text(row))
    rows = [
        {
            **_named(row, names),
            "came": _event(row["came"], row["came_from"]),
            "became": _event(row["became"], row["became_other"]),
            "volumes": ", ".join(volumes[_key(row)]),
            "case_id": row["last_case"],
        }
        for row in data["tracks"]
    ]
    columns = (
        Column("patient", "Patient", case="case_id"),
        RATER,
        LESION,
        Column("came", "First seen as"),
        Column("volumes", "Volume by exam (ml)"),
        Column("change_ml", "Change", unit="ml", digits=3),
        Column("change_percent", "Change", unit="%", digits=0),
        Column("became", "Last"),
        Column("n_seen", "n seen"),
    )
    region = names.regions[inputs["parameters"]["followed"]]
    note = (
        f"{region}. d: day of the exam; # its number where days are unknown. Numbers of lesions belong to this report."
    )
    return Table("tracks", "Lesions from exam to exam", columns, rows, ("centre", "patient", "rater", "lesion"), note)


def _key(row: Row) -> tuple[Any, ...]:
    return row["centre"], row["patient"], row["rater"], row["lesion"]


def _volume_text(row: Row) -> str:
    when = f"#{row['exam']}" if row["day"] is None else f"d{row['day']}"
    return f"{when}: {_event(row['event'], row['other']) if row['volume_ml'] is None else write(row['volume_ml'], 3)}"


def _event(event: str | None, other: int | None) -> str | None:
    """Return what happened, with the lesion that it happened with."""
    if event is None or other is None:
        return event
    return f"{event} {'from' if event == 'split' else 'with'} {other}"


def _frames(inputs: Row, data: Row, names: Names) -> Table:
    rows = [{**_named(row, names), "days": "known" if row["days"] else "unknown"} for row in data["followed"]]
    columns = (
        PATIENT,
        RATER,
        Column("n_exams", "n exams"),
        Column("n_small", "too small"),
        Column("frame", "How the exams came together"),
        Column("days", "Days"),
    )
    note = (
        "No registration is made: the exams of a patient are taken to lie in one frame. Too small: parts below "
        f"{inputs['parameters']['least_ml']:g} ml, summed over the exams; they are not followed."
    )
    return Table("frames", "Patients followed", columns, rows, ("centre", "patient", "rater"), note)


def _rates(inputs: Row, data: Row, names: Names) -> Table:
    sizes = sorted({row["voxels"] for row in data["images"]})
    shown = f"{sizes[0]} to {sizes[-1]}" if len(sizes) > 1 else ", ".join(str(size) for size in sizes)
    rows = [{**_named(row, names), "voxels": shown} for row in data["occurrence_rates"]]
    columns = (
        REGION,
        Column("occurrence_rate", "Occurrence rate r", digits=6),
        Column("voxels", "Voxels of an image N"),
    )
    note = "nDSC depends on both: it can be compared between sets only where they are equal."
    return Table("occurrence_rates", "What the normalised Dice was computed with", columns, rows, ("region",), note)


def _left_out(inputs: Row, names: Names) -> Table:
    known = {rater["id"]: rater["name"] for rater in inputs["raters"]}
    rows = [
        {
            "case": names.cases.get(row["case"], f"case {row['case']}"),
            "case_id": row["case"],
            "rater": known.get(row["rater"], f"rater {row['rater']}"),
            "reason": row["reason"],
        }
        for row in inputs["left_out"]
    ]
    columns = (CASE, METHOD, Column("reason", "Why"))
    return Table("left_out", "Masks that could not be used", columns, rows, ("case", "rater"), printed=False)


def _images(data: Row, names: Names) -> Table:
    rows = [_named(row, names) for row in data["images"]]
    columns = (
        CASE,
        REGION,
        METHOD,
        Column("reference_ml", "Reference", unit="ml", digits=3),
        Column("prediction_ml", "Method", unit="ml", digits=3),
        *(Column(key, METRICS[key], digits=3) for key in METRICS),
        Column("tp", "TP lesions", digits=0),
        Column("fp", "FP", digits=0),
        Column("fn", "FN", digits=0),
        Column("voxels", "N", digits=0),
        Column("occurrence_rate", "r", digits=6),
    )
    return Table("images", "Every exam", columns, rows, ("case", "region", "rater"), printed=False)


def _lesions(data: Row, names: Names) -> Table:
    rows = [_named(row, names) for row in data["lesions"]]
    columns = (
        CASE,
        REGION,
        METHOD,
        LESION,
        Column("volume_ml", "Volume", unit="ml", digits=3),
        Column("found", "Found"),
        Column("iou", "IoU", digits=3),
        Column("dice", "Dice", digits=3),
        Column("ndsc", "nDSC", digits=3),
    )
    by = ("case", "region", "rater", "lesion")
    return Table("lesions", "Every true lesion", columns, rows, by, printed=False)


def _sightings(data: Row, names: Names) -> Table:
    rows = [{**_named(row, names), "event": _event(row["event"], row["other"])} for row in data["sightings"]]
    columns = (
        PATIENT,
        RATER,
        LESION,
        CASE,
        Column("day", "Day", digits=0),
        Column("event", "What happened"),
        Column("volume_ml", "Volume", unit="ml", digits=3),
        Column("change_ml", "Change", unit="ml", digits=3),
        Column("change_percent", "Change", unit="%", digits=1),
    )
    by = ("centre", "patient", "rater", "lesion", "case")
    return Table("sightings", "Every lesion at every exam", columns, rows, by, printed=False)
