"""Parameters are checked as they are defined; tables say the same in every form."""

import csv
import io
import math
from typing import Any

import pytest
from pyarrow import parquet

from core.errors import DomainError
from evaluation.reports.numbers import number_of, plain, summarise, write, write_p
from evaluation.reports.parameters import Option, Parameter, complete, describe
from evaluation.reports.tables import Column, Table, summary_columns

NO_STUDY: Any = None
PARAMETERS = (
    Parameter("tie", "Tie", "choice", options=(Option("background", "background"), Option("foreground", "structure"))),
    Parameter("regions", "Regions", "choices", options=(Option("et", "ET", chosen=True), Option("wt", "WT"))),
    Parameter("models", "Models", "choices", options=(Option(3, "net"),), may_be_empty=True),
    Parameter("tolerance", "Tolerance", "number", default=2.0, minimum=0, maximum=20, unit="mm"),
    Parameter("seed", "Seed", "integer", default=7, minimum=0, maximum=100),
    Parameter("with_models", "With models", "boolean", default=True),
)


def test_what_was_not_chosen_is_the_default() -> None:
    chosen = complete(PARAMETERS, NO_STUDY, {"regions": [], "models": []})
    assert chosen == {
        "tie": "background",
        "regions": ["et"],
        "models": [],
        "tolerance": 2.0,
        "seed": 7,
        "with_models": True,
    }


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"colour": "red"}, "no parameter colour"),
        ({"tie": "coin"}, "there is background, foreground"),
        ({"regions": "et"}, "is a list"),
        ({"regions": ["spleen"]}, "there is et, wt"),
        ({"models": ["3"]}, "there is 3"),
        ({"tolerance": -1}, "from 0 to 20 mm"),
        ({"tolerance": math.nan}, "from 0 to 20 mm"),
        ({"tolerance": True}, "from 0 to 20 mm"),
        ({"seed": 1.5}, "a whole number"),
        ({"with_models": 1}, "true or false"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(wanted: dict[str, Any], said: str) -> None:
    with pytest.raises(DomainError, match=said):
        complete(PARAMETERS, NO_STUDY, wanted)


def test_what_was_chosen_is_said_in_words() -> None:
    chosen = complete(PARAMETERS, NO_STUDY, {"tie": "foreground", "models": []})
    said = {row["title"]: row["value"] for row in describe(PARAMETERS, NO_STUDY, chosen)}
    assert said == {
        "Tie": "structure",
        "Regions": "ET",
        "Models": "none",
        "Tolerance": "2.0 mm",
        "Seed": "7",
        "With models": "yes",
    }


def test_undefined_and_infinite_figures_are_counted_and_enter_nothing() -> None:
    found = summarise([1.0, 2.0, None, "inf", 3.0])
    assert (found["n"], found["n_undefined"], found["n_infinite"]) == (3, 1, 1)
    assert (found["mean"], found["sd"], found["median"]) == (2.0, 1.0, 2.0)
    assert summarise([])["mean"] is None
    assert summarise([None])["n_undefined"] == 1


@pytest.mark.parametrize("value", [0.0, -1.5, math.inf, -math.inf, math.nan])
def test_json_gives_every_number_back(value: float) -> None:
    assert number_of(plain(value)) == pytest.approx(value, nan_ok=True)


def test_figures_are_written_for_people() -> None:
    assert [write(None), write("inf"), write(-0.5, 2), write(3, None), write(value=True)] == [
        "–",
        "∞",
        "−0.50",
        "3",
        "yes",
    ]
    assert [write(-0.004, 2), write(-0.006, 2), write(0.0, 1)] == ["0.00", "−0.01", "0.0"]
    assert [write_p(0.0), write_p(0.0412), write_p(None)] == ["< 0.001", "0.041", "–"]


def _table() -> Table:
    rows = [
        {"rater": "=Eva", "case_id": 4, "distance": "inf", **summarise([0.5, 0.7])},
        {"rater": "Erik", "case_id": 5, "distance": 2, **summarise([None])},
        {"rater": "Nora", "case_id": 6, "distance": 1.5, **summarise([0.25])},
    ]
    columns = (Column("rater", "Rater", case="case_id"), Column("distance", "HD95", unit="mm", digits=1))
    return Table("agreement", "Agreement", (*columns, *summary_columns()), rows, by=("rater",))


def test_a_cell_is_read_with_its_spread_and_bounds() -> None:
    table = _table()
    cells = [[column.text(row) for column in table.columns] for row in table.rows]
    assert cells[0][1:3] == ["∞", "0.600\u00a0±\u00a00.141"]
    assert cells[0][4] == "0.600 [0.550, 0.650]"
    assert cells[1][2:7] == ["–", "–", "–", "0", "1"]


def test_csv_and_parquet_hold_every_value_in_full() -> None:
    table = _table()
    lines = list(csv.DictReader(io.StringIO(table.csv().decode())))
    assert lines[0]["rater"] == "'=Eva"
    assert float(lines[0]["sd"]) == table.rows[0]["sd"]
    assert [line["distance"] for line in lines] == ["inf", "2", "1.5"]
    read = parquet.read_table(io.BytesIO(table.parquet()))
    assert read.column("distance").to_pylist() == [math.inf, 2.0, 1.5]
    assert read.column("mean").to_pylist() == [table.rows[0]["mean"], None, 0.25]
    assert read.schema.field("distance").metadata == {b"title": b"HD95", b"unit": b"mm"}
    assert table.to_json()["rows"][1]["mean"] is None
