"""The tables of the NEH report."""

from __future__ import annotations

from typing import Any

from evaluation.reports.naming import Names
from evaluation.reports.neh.wording import AGREEMENT, COMPARTMENTS, FAMILIES, PLACES, SPATIAL, TESTS
from evaluation.reports.tables import Column, Table, summary_columns

Row = dict[str, Any]
REGION, METHOD, SEQUENCE = Column("region", "Region"), Column("rater", "Method"), Column("sequence", "Sequence")
COMPARTMENT, WHERE, METRIC = Column("compartment", "Label"), Column("where", "Where"), Column("metric", "Metric")
CASE, NOTE = Column("case", "Exam", case="case_id"), Column("note", "Note")
P, HOLM = Column("p", "p", form="p"), Column("holm", "Holm", form="p")
WORDS = {"compartment": COMPARTMENTS, "family": FAMILIES}


def tables(inputs: Row, data: Row) -> list[Table]:
    """Return the tables in the order of the paper, then those that list every exam."""
    names = Names.of(inputs)
    return [
        *([_gaps(data)] if data["gaps"] else []),
        _agreement(inputs, data, names),
        _intensity(inputs, data, names),
        _models(data, names),
        _perfusion(data, names),
        _perfusion_tests(data, names),
        _differences(data, names),
        _spatial_summary(data),
        _sign_flips(data),
        _null(data),
        _spatial(data, names),
        _left_out(inputs, names),
        _agreement_full(data, names),
        *_measured(data, names),
        _compared(data, names),
    ]


def _named(row: Row, names: Names) -> Row:
    """Return a row with names in the place of ids and keys; the case's id stays beside its name."""
    found = dict(row)
    if "region" in row:
        found["region"] = names.regions[row["region"]]
    for key in ("rater", "first", "second"):
        if key in row:
            found[key] = names.raters[row[key]]
    for key, words in WORDS.items():
        if key in row:
            found[key] = words[row[key]]
    if "place" in row:
        found["where"] = PLACES[row["place"]]
    if "case" in row:
        found |= {"case": names.cases[row["case"]], "case_id": row["case"]}
    return found


def _gaps(data: Row) -> Table:
    columns = (Column("part", "Part"), Column("reason", "Why it is not in this report"))
    return Table("gaps", "What this report could not compute", columns, data["gaps"], ("part",))


def _agreement(inputs: Row, data: Row, names: Names) -> Table:
    """The form of the paper's Tables 1 and 2: one row per region and pair."""
    found: dict[tuple[Any, ...], Row] = {}
    for row in data["agreement_summary"]:
        place = (row["region"], row["first"], row["second"])
        named = _named(row, names)
        base = {key: named[key] for key in ("region", "first", "second")}
        base |= {"n_both_empty": row["n_undefined"], "n": row["n"] + row["n_infinite"]}
        figures = {row["metric"]: row["mean"], f"{row['metric']}_sd": row["sd"]}
        found[place] = found.get(place, base) | figures
        if row["metric"] == "hausdorff95":
            found[place]["n_one_empty"] = row["n_infinite"]
    columns = (
        REGION,
        Column("first", "Method"),
        Column("second", "and"),
        *(Column(key, title, digits=2, spread=f"{key}_sd") for key, title in AGREEMENT.items()),
        Column("n", "n exams"),
        Column("n_both_empty", "both empty"),
        Column("n_one_empty", "one empty"),
    )
    note = (
        "Agreement between methods, mean ± SD: neither of them is the truth. HD95: directed; surface Dice: surfel, "
        f"τ = {inputs['parameters']['tolerance_mm']:g} mm. Both masks empty: undefined, left out; one empty: overlap "
        "0, HD95 infinite and left out."
    )
    return Table(
        "agreement", "Agreement between methods", columns, list(found.values()), ("region", "first", "second"), note
    )


def _agreement_full(data: Row, names: Names) -> Table:
    rows = [{**_named(row, names), "metric": AGREEMENT[row["metric"]]} for row in data["agreement_summary"]]
    columns = (REGION, Column("first", "Method"), Column("second", "and"), METRIC, *summary_columns())
    by = ("region", "first", "second", "metric")
    return Table("agreement_full", "Agreement between methods, in full", columns, rows, by, printed=False)


def _intensity(inputs: Row, data: Row, names: Names) -> Table:
    rows = [_named(row, names) for row in data["intensity_summary"]]
    stored = inputs["parameters"]["scale"] == "stored"
    columns = (SEQUENCE, METHOD, COMPARTMENT, *summary_columns(digits=1 if stored else 2))
    unit = "the unit stored" if inputs["parameters"]["scale"] == "stored" else "SD from the brain's mean"
    note = f"Mean of each exam's compartment, over exams, in {unit}. Undefined: exams without the label."
    by = ("sequence", "rater", "compartment")
    return Table("intensity", "Intensity of oedema and hypercellular tumour", columns, rows, by, note)


def _models(data: Row, names: Names) -> Table:
    rows = [_named(row, names) for row in data["intensity_models"]]
    columns = (
        SEQUENCE,
        METHOD,
        Column("difference", "NEH − ED [95 % CI]", digits=2, bounds=("low", "high")),
        Column("chi_square", "χ²", digits=2),
        P,
        HOLM,
        Column("effect", "marginal R²", digits=3),
        Column("n", "n patients"),
        Column("n_values", "values", digits=0),
        NOTE,
    )
    note = "Linear mixed model per sequence, patient as random effect; p by likelihood ratio."
    return Table("intensity_models", "Do NEH and ED differ in intensity?", columns, rows, ("sequence", "rater"), note)


def _perfusion(data: Row, names: Names) -> Table:
    rows = [_named(row, names) for row in data["perfusion_summary"]]
    columns = (METHOD, WHERE, *summary_columns(digits=2))
    note = "Mean of each exam, over exams, in the unit stored, without vessels. Rims: outside of ET, without NC."
    return Table("perfusion", "rCBV by compartment and rim", columns, rows, ("rater", "where"), note)


def _perfusion_tests(data: Row, names: Names) -> Table:
    rows = [{**_named(row, names), "test": TESTS[row["kind"]]} for row in data["perfusion_tests"]]
    columns = (
        METHOD,
        Column("family", "Among"),
        Column("test", "Test"),
        Column("statistic_name", "Statistic"),
        Column("statistic", "Value", digits=2),
        P,
        Column("effect", "Effect", digits=3),
        Column("effect_name", "is"),
        Column("n", "n"),
        Column("unit", "of"),
        NOTE,
    )
    note = "The analysis of variance, as published, takes a patient's values as independent; the mixed model does not."
    return Table("perfusion_tests", "Does rCBV differ?", columns, rows, ("rater", "family", "test"), note)


def _differences(data: Row, names: Names) -> Table:
    rows = [_named(row, names) for row in data["perfusion_differences"]]
    columns = (
        METHOD,
        Column("family", "Among"),
        WHERE,
        Column("difference", "Minus NEH [95 % CI]", digits=2, bounds=("low", "high")),
        P,
        HOLM,
        Column("n", "n patients"),
    )
    note = "By the mixed model. Holm: adjusted for all rows."
    return Table("perfusion_differences", "rCBV against NEH", columns, rows, ("rater", "family", "where"), note)


def _spatial_summary(data: Row) -> Table:
    rows = [
        {**row, "metric": SPATIAL[row["metric"]], "benchmark": _benchmark(row)}
        for row in data["spatial_summary"]
        if data["spatial"]
    ]
    columns = (METRIC, *summary_columns(), Column("benchmark", "Benchmark"), Column("n_reached", "reached"))
    note = "NEH before surgery to ET at recurrence, per patient. Undefined: one of them is empty. In mm, ml and shares."
    return Table("spatial_summary", "NEH before surgery and the recurrence", columns, rows, ("metric",), note)


def _benchmark(row: Row) -> str | None:
    if row["benchmark"] is None:
        return None
    if row["metric"] == "mean_edge_distance":
        return f"up to {row['benchmark']:g} mm"
    return f"above {row['benchmark']:g}"


def _sign_flips(data: Row) -> Table:
    against = {"published": "as published", "benchmark": "its benchmark"}
    sides = {"greater": "above", "less": "below"}
    rows = [
        {
            **row,
            "metric": SPATIAL[row["metric"]],
            "against": against[row["against"]],
            "alternative": sides[row["alternative"]],
        }
        for row in data["sign_flips"]
        if data["spatial"]
    ]
    columns = (
        METRIC,
        Column("against", "Against"),
        Column("baseline", "Baseline", digits=2),
        Column("mean", "Mean", digits=3),
        Column("alternative", "One-sided"),
        Column("p_one", "p one-sided", form="p"),
        Column("p_two", "p two-sided", form="p"),
        Column("n", "n patients"),
        NOTE,
    )
    note = (
        "As published (0 for the distance, 1 otherwise), a distance is always above its baseline and a share never "
        "above. Against its benchmark a metric can fall on either side."
    )
    return Table("sign_flips", "Sign-flip permutation", columns, rows, ("metric", "against"), note)


def _null(data: Row) -> Table:
    rows = [{**row, "metric": SPATIAL[row["metric"]]} for row in data["null"]]
    columns = (
        METRIC,
        Column("observed", "Observed mean", digits=3),
        Column("null_mean", "Null mean [95 % range]", digits=3, bounds=("null_low", "null_high")),
        Column("p", "p one-sided", form="p"),
        Column("n", "n patients"),
        Column("draws", "draws", digits=0),
    )
    note = "In each draw every patient's NEH lies at a random place inside their brain. Small p: closer than chance."
    return Table("null", "Spatial null", columns, rows, ("metric",), note)


def _spatial(data: Row, names: Names) -> Table:
    rows = [
        {
            **row,
            "before": names.cases[row["before"]],
            "before_id": row["before"],
            "after": names.cases[row["after"]],
            "after_id": row["after"],
        }
        for row in data["spatial"]
    ]
    columns = (
        Column("before", "Before", case="before_id"),
        Column("after", "Recurrence", case="after_id"),
        Column("frame", "How they came together"),
        Column("neh_ml", "NEH", unit="ml", digits=2),
        Column("et_ml", "ET", unit="ml", digits=2),
        *(Column(key, title, digits=3) for key, title in SPATIAL.items()),
        *(
            column
            for key in ("mean_edge_distance", "fraction_near_edge", "fraction_inside")
            for column in (
                Column(f"null_{key}", f"{SPATIAL[key]}, null mean", digits=3),
                Column(f"p_{key}", "p", form="p"),
            )
        ),
        Column("places", "places", digits=0),
        Column("seed", "Seed", digits=0),
        NOTE,
    )
    return Table("spatial", "Every patient with a recurrence", columns, rows, ("before", "after"), printed=False)


def _left_out(inputs: Row, names: Names) -> Table:
    rows = [
        {
            "case": names.cases.get(row["case"], f"case {row['case']}"),
            "case_id": row["case"],
            "rater": names.raters.get(row["rater"], f"rater {row['rater']}"),
            "reason": row["reason"],
        }
        for row in inputs["left_out"]
    ]
    columns = (CASE, METHOD, Column("reason", "Why"))
    return Table("left_out", "Masks that could not be used", columns, rows, ("case", "rater"), printed=False)


def _measured(data: Row, names: Names) -> list[Table]:
    figures = (
        Column("mean", "Mean", digits=3, spread="sd"),
        Column("voxels", "voxels", digits=0),
        Column("unusable", "left out", digits=0),
    )
    bright = [_named(row, names) for row in data["intensities"]]
    perfused = [_named(row, names) for row in data["perfusion"]]
    by = ("case", "rater", "sequence", "compartment")
    return [
        Table(
            "intensities",
            "Intensity of every exam",
            (CASE, METHOD, SEQUENCE, COMPARTMENT, *figures),
            bright,
            by,
            printed=False,
        ),
        Table(
            "rcbv",
            "rCBV of every exam",
            (CASE, METHOD, WHERE, *figures),
            perfused,
            ("case", "rater", "where"),
            printed=False,
        ),
    ]


def _compared(data: Row, names: Names) -> Table:
    rows = [_named(row, names) for row in data["agreement"]]
    columns = (
        CASE,
        REGION,
        Column("first", "Method"),
        Column("second", "and"),
        *(Column(key, title, digits=3) for key, title in AGREEMENT.items()),
        Column("first_ml", "Volume of the first", unit="ml", digits=3),
        Column("second_ml", "of the second", unit="ml", digits=3),
    )
    by = ("case", "region", "first", "second")
    return Table("exams", "Agreement of every exam", columns, rows, by, printed=False)
