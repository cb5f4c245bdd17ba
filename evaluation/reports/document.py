"""The report as a PDF, set by Typst, and the methods paragraph made from what was really computed."""

from __future__ import annotations

import json
import tempfile
from importlib import resources
from pathlib import Path
from typing import Any

from evaluation.reports.figures import render
from evaluation.reports.naming import GROUP_NAMES, Names

Row = dict[str, Any]
POLICIES = {
    "leave_out": "left out and counted",
    "one": "counted as 1, since both left an absent structure blank",
}
TIES = {"background": "background", "foreground": "the structure"}
WIDTHS = {"agreement": 92, "pairs": 62, "volumes": 100}
"""Per cent of the text's width."""
CAPTIONS = {
    "agreement": "Jaccard of every reading against the consensus of the people but one.",
    "pairs": "Mean Dice of every pair of raters.",
    "volumes": "Volume of every reading, by case; the line spans the raters.",
}


def methods(inputs: Row, data: Row) -> str:
    """Return the methods paragraph."""
    study, parameters = inputs["study"], inputs["parameters"]
    people = [rater for rater in inputs["raters"] if rater["kind"] == "human"]
    models = [rater["name"] for rater in inputs["raters"] if rater["kind"] == "model"]
    experts = sum(rater["group"] == "expert" for rater in people)
    patients = {(case["centre"], case["patient"]) for case in inputs["cases"]}
    readings = sum(row["rater"] in {person["id"] for person in people} for row in inputs["readings"])
    blinded = ", blinded to the source of the start mask" if study["blinded"] else ""
    start = f"the masks of {study['start_mask']}" if study["start_mask"] else "an empty mask"
    parts = [
        f"{_count(len(people), 'rater')} ({_count(experts, 'expert')}, {_count(len(people) - experts, 'novice')}) "
        f"handed in {_count(readings, 'reading')} of {_count(len(inputs['cases']), 'case')} of "
        f"{_count(len(patients), 'patient')} under protocol version {study['protocol_version']}{blinded}; "
        f"of what was asked for, {_count(len(data['missing']), 'reading')} {_is(data['missing'])} not in.",
        f"Readings started from {start}.",
        f"The consensus of a case is the majority vote of all people who read it (more than half of them; a tie is "
        f"{TIES[parameters['tie']]}). The consensus of the others leaves out the person compared with it; "
        f"a model is compared with each consensus of that size in turn and the mean is taken.",
        "Agreement is the Dice coefficient and the Jaccard index of voxels on the grid that was drawn on. "
        f"Where both masks are empty they are undefined and {POLICIES[parameters['both_empty']]}.",
    ]
    if models:
        parts.append(f"{', '.join(models)} is compared like a rater and is in no consensus.")
    if any(row.get("form") for row in data["volumes"]):
        parts.append("Volumes are compared by the intraclass correlation (two-way, McGraw and Wong 1996).")
    if any(row["inside"] is not None for row in data["expert_range"]):
        parts.append(
            "A model is inside the experts' range when its mean leave-one-out Jaccard is at or above the lowest "
            f"expert's; intervals are BCa over patients (10 000 resamples, seed {parameters['seed']})."
        )
    parts.append(f"Computed by Overread {inputs['code_version']} from frozen inputs.")
    return " ".join(parts)


def pdf(title: str, inputs: Row, data: Row, figures: dict[str, Row], *, inputs_sha256: str, made_at: str) -> bytes:
    """Return the report as PDF. Texts reach Typst as data, never as markup."""
    import typst

    facts = {
        "title": title,
        "study": inputs["study"]["name"],
        "synthetic": all(case["synthetic"] for case in inputs["cases"]),
        "made_at": made_at,
        "inputs_sha256": inputs_sha256,
        "methods": methods(inputs, data),
        "figures": [{"file": f"{name}.svg", "caption": CAPTIONS[name], "width": WIDTHS[name]} for name in figures],
        **_tables(inputs, data),
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, specification in figures.items():
            (Path(folder) / f"{name}.svg").write_bytes(render(specification, "svg"))
        (Path(folder) / "facts.json").write_text(json.dumps(facts))
        template = resources.files("evaluation.reports").joinpath("report.typ").read_text()
        (Path(folder) / "report.typ").write_text(template)
        return bytes(typst.compile(str(Path(folder) / "report.typ"), root=folder))


def _tables(inputs: Row, data: Row) -> Row:
    names = Names.of(inputs)
    return {
        "agreement": [
            {
                "region": names.regions[row["region"]],
                "rater": names.raters[row["rater"]],
                "group": GROUP_NAMES[names.groups[row["rater"]]],
                "against": {"consensus": "consensus", "others": "consensus of others"}[row["against"]],
                "metric": row["metric"].capitalize(),
                "mean": f"{_number(row['mean'])} ± {_number(row['sd'])}",
                "median": f"{_number(row['median'])} [{_number(row['q1'])}, {_number(row['q3'])}]",
                "n": str(row["n"]),
                "undefined": str(row["n_undefined"]),
            }
            for row in data["summary"]
        ],
        "volumes": [
            {
                "region": names.regions[row["region"]],
                "form": f"ICC({row['form']})" if row["form"] else "ICC",
                "value": f"{_number(row['value'])} [{_number(row['low'])}, {_number(row['high'])}]"
                if row["form"]
                else row["note"],
                "n": f"{row['n_cases']} cases, {row['n_raters']} raters",
            }
            for row in data["volumes"]
        ],
        "scores": [
            {
                "rater": names.raters[row["rater"]],
                "counts": ", ".join(f"{score}: {count}" for score, count in row["counts"].items()),
                "mean": f"{_number(row['mean'], 2)} ± {_number(row['sd'], 2)}",
                "n": str(row["n"]),
            }
            for row in data["scores"]
        ],
        "range": [
            {
                "region": names.regions[row["region"]],
                "model": names.raters[row["model"]],
                "verdict": _verdict(row),
                "n": f"{row['n_cases']} cases",
            }
            for row in data["expert_range"]
        ],
    }


def _verdict(row: Row) -> str:
    if row["inside"] is None:
        return str(row["note"])
    where = "inside" if row["inside"] else "below"
    return (
        f"{where} the experts' range: {_number(row['difference'])} [{_number(row['low'])}, {_number(row['high'])}] "
        f"to {row['lowest_expert']}, the lowest of {row['experts']}"
    )


def _count(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _is(things: list[Row]) -> str:
    return "is" if len(things) == 1 else "are"


def _number(value: float | None, digits: int = 3) -> str:
    return "–" if value is None else f"{value:.{digits}f}".replace("-", "\u2212")
