"""Both reports as they are shown: rows that can be told apart, figures that draw and lead to their cases, words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from evaluation.reports import figures as drawing
from evaluation.reports.lesions import computing as lesions
from evaluation.reports.lesions import figures as lesion_figures
from evaluation.reports.lesions import methods as lesion_methods
from evaluation.reports.lesions import tables as lesion_tables
from evaluation.reports.neh import computing as neh
from evaluation.reports.neh import figures as neh_figures
from evaluation.reports.neh import methods as neh_methods
from evaluation.reports.neh import tables as neh_tables
from tests.unit.reports.lesion_world import FAR, LEFT, RIGHT, exam, inputs_of, labels, read
from tests.unit.reports.neh_phantom import make_world

Row = dict[str, Any]
Shown = tuple[list[Any], dict[str, Row], str]
KEYS = ("et", "ed", "nc", "neh", "lesion", "tc", "wt")


def complete(inputs: Row, raters: int) -> Row:
    """Add what the framework and the database add: names of raters, labels, the study."""
    names = [{"id": number, "name": f"Rater {number}", "group": "model"} for number in range(1, raters + 1)]
    definition = {"labels": [{"key": key, "name": key.upper()} for key in KEYS], "regions": []}
    return {**inputs, "raters": names, "left_out": [], "study": {"definition": definition}, "code_version": "0"}


@pytest.fixture(scope="module")
def of_lesions() -> Shown:
    cases = [exam(1, "P", 0), exam(2, "P", 90, number=1), exam(3, "Q", 0), exam(4, "Q", 60, number=2)]
    inputs = complete(inputs_of(cases), 3)
    masks = {
        1: read(labels(LEFT, RIGHT), labels(LEFT), labels(LEFT, RIGHT)),
        2: read(labels(LEFT), labels(LEFT, FAR), labels()),
        3: read(labels(RIGHT, FAR), labels(RIGHT), labels(FAR)),
        4: read(labels(), labels(RIGHT), labels()),
    }
    data = lesions.compute(inputs, masks.__getitem__, report=lambda *_: None)
    parts = lesion_tables.tables(inputs, data), lesion_figures.figures(inputs, data)
    return (*parts, lesion_methods.methods(inputs, data))


@pytest.fixture(scope="module")
def of_neh() -> Shown:
    world = make_world(3, draws=50, flips=50)
    inputs = complete(world.inputs, 2)
    data = neh.compute(inputs, world, report=lambda *_: None)
    return neh_tables.tables(inputs, data), neh_figures.figures(inputs, data), neh_methods.methods(inputs, data)


@pytest.mark.parametrize("kind", ["of_lesions", "of_neh"])
def test_the_rows_of_every_table_are_told_apart_and_every_column_has_a_value(
    kind: str, request: pytest.FixtureRequest
) -> None:
    tables, _, _ = request.getfixturevalue(kind)
    assert len({table.key for table in tables}) == len(tables)
    for table in tables:
        named = [tuple(row[key] for key in table.by) for row in table.rows]
        assert len(set(named)) == len(named), table.key
        missing = {key for row in table.rows for key in table.keys if key not in row}
        assert missing == set(), table.key
        json.dumps(table.to_json(), allow_nan=False)
        assert table.parquet()


@pytest.mark.parametrize(("kind", "expected"), [("of_lesions", 3), ("of_neh", 4)])
def test_the_figures_draw_and_their_points_lead_to_cases(
    kind: str, expected: int, request: pytest.FixtureRequest
) -> None:
    _, figures, _ = request.getfixturevalue(kind)
    assert len(figures) == expected
    for name, specification in figures.items():
        assert drawing.draw(specification).startswith(b"<svg"), name
        data = [row for rows in specification["datasets"].values() for row in rows]
        assert name == "null" or all(row["case_id"] for row in data)


def test_the_words_say_what_was_done(of_lesions: Shown, of_neh: Shown) -> None:
    assert "Rater 2, Rater 3 were compared with Rater 1 on 4 exams of 2 patients." in of_lesions[2]
    assert "no registration was made" in of_lesions[2]
    assert "Masks by Rater 1 and Rater 2 of 6 exams of 3 patients" in of_neh[2]
    assert "In 3 patients the pre-operative NEH of Rater 1 was held against the ET of Rater 2" in of_neh[2]


def test_the_lesions_of_two_patients_are_told_in_one_row_each(of_lesions: Shown) -> None:
    (table,) = [table for table in of_lesions[0] if table.key == "tracks"]
    (right,) = [row for row in table.rows if (row["patient"], row["rater"], row["lesion"]) == ("P", "Rater 1", 2)]
    assert right["volumes"] == "d0: 0.288, d90: 0.000"
    assert (right["became"], right["case_id"]) == ("vanished", 2)
    (exams,) = [table for table in of_lesions[0] if table.key == "sightings"]
    assert {row["case"] for row in exams.rows} >= {"P · follow_up", "P · follow_up 1", "Q · follow_up 2"}
