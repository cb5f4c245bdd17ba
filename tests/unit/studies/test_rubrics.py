"""The five-point scale in every combination, the other presets, and what a rubric refuses."""

from __future__ import annotations

import copy
import itertools
import json
from typing import Any

import pytest

from core.errors import DomainError
from studies.rubrics import NOT_ASSESSED, PRESETS, check_rubric, preset, reason_not_assessed, score, validate

SEQUENCES = ("t1c", "adc", "flair")
PARTS = ("complete", "lt_quarter", "quarter_half", "gt_half")

# Each cell written out from the published two-step scale: (consistent, worst part) → score.
PUBLISHED = {
    (True, "complete"): 5,
    (True, "lt_quarter"): 4,
    (True, "quarter_half"): 3,
    (True, "gt_half"): 3,
    (False, "complete"): 3,
    (False, "lt_quarter"): 3,
    (False, "quarter_half"): 2,
    (False, "gt_half"): 1,
}


def answer(consistent: bool, parts: tuple[str, ...], penalty: bool = False) -> dict[str, Any]:
    return {"consistent": consistent, "missing": dict(zip(SEQUENCES, parts, strict=True)), "penalty": penalty}


@pytest.mark.parametrize("penalty", [False, True])
@pytest.mark.parametrize(("consistent", "worst"), PUBLISHED)
def test_every_combination_of_answers_gets_the_score_of_its_worst_sequence(
    consistent: bool, worst: str, penalty: bool
) -> None:
    rubric = preset("tl5")
    below = PARTS[: PARTS.index(worst) + 1]
    tried = [parts for parts in itertools.product(below, repeat=3) if worst in parts]
    for parts in tried:
        given = answer(consistent, parts, penalty)
        validate(rubric, given, SEQUENCES)
        assert score(rubric, given) == max(1, PUBLISHED[consistent, worst] - penalty)
    assert len(tried) == (PARTS.index(worst) + 1) ** 3 - PARTS.index(worst) ** 3


@pytest.mark.parametrize(
    ("consistent", "parts", "expected"),
    [
        (True, ("complete", "complete", "complete"), 5),  # TL5 Fig. 3, deep learning
        (False, ("complete", "lt_quarter", "lt_quarter"), 3),  # TL5 Fig. 3, manual
        (False, ("quarter_half", "complete", "complete"), 2),  # TL5 Fig. 4, deep learning
        (True, ("complete", "lt_quarter", "complete"), 4),  # TL5 Fig. 4, manual
    ],
)
def test_the_worked_cases_of_the_paper_get_their_published_score(
    consistent: bool, parts: tuple[str, ...], expected: int
) -> None:
    assert score(preset("tl5"), answer(consistent, parts)) == expected


def test_the_penalty_counts_once_and_never_leads_below_one() -> None:
    rubric = preset("tl5")
    assert score(rubric, answer(True, ("complete",) * 3, True)) == 4
    assert score(rubric, answer(False, ("gt_half",) * 3, True)) == 1


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"consistent": None}, "generally consistent"),
        ({"penalty": None}, "wrongly included"),
        ({"missing": None}, "What part of the tumour"),
        ({"missing": {"t1c": "complete", "adc": "complete"}}, "for flair"),
        ({"missing": {"t1c": "complete", "adc": None, "flair": "complete"}}, "for adc"),
        ({"missing": dict.fromkeys((*SEQUENCES, "t2"), "complete")}, "not shown: t2"),
        ({"missing": dict.fromkeys(SEQUENCES, "some")}, "no such option for t1c"),
        ({"missing": {sequence: ["complete"] for sequence in SEQUENCES}}, "no such option"),
        ({"missing": "complete"}, "for each sequence"),
        ({"consistent": "yes"}, "yes or no"),
        ({"consistent": 1}, "yes or no"),
        ({"extra": True}, "not asked: extra"),
    ],
)
def test_a_missing_or_wrong_answer_is_named(change: dict[str, Any], named: str) -> None:
    given = {**answer(True, ("complete",) * 3), **change}
    with pytest.raises(DomainError, match=named):
        validate(preset("tl5"), given, SEQUENCES)


def test_an_absent_answer_is_named() -> None:
    given = answer(True, ("complete",) * 3)
    del given["penalty"]
    with pytest.raises(DomainError, match="wrongly included"):
        validate(preset("tl5"), given, SEQUENCES)
    with pytest.raises(DomainError, match="missing or unknown"):
        score(preset("tl5"), given)


@pytest.mark.parametrize("points", [1, 2, 3, 4, 5])
def test_the_plain_scale_scores_what_was_chosen(points: int) -> None:
    rubric = preset("likert5")
    validate(rubric, {"quality": str(points)}, SEQUENCES)
    assert score(rubric, {"quality": str(points)}) == points


def test_the_plain_scale_refuses_other_points() -> None:
    for wrong in ("0", "6", 3):
        with pytest.raises(DomainError):
            validate(preset("likert5"), {"quality": wrong}, SEQUENCES)


def test_a_yes_no_list_has_no_score_unless_it_counts() -> None:
    rubric = preset("yes_no")
    given = {"covers_tumour": True, "spares_normal": False, "usable": True}
    validate(rubric, given, SEQUENCES)
    assert score(rubric, given) is None
    assert score({**rubric, "scoring": {"rule": "count_yes"}}, given) == 2


def test_a_question_is_asked_only_after_the_answer_it_depends_on() -> None:
    rubric = preset("yes_no")
    rubric["questions"][2]["shown_if"] = {"question": "covers_tumour", "equals": True}
    check_rubric(rubric)
    validate(rubric, {"covers_tumour": False, "spares_normal": True}, ())
    with pytest.raises(DomainError, match="without correction"):
        validate(rubric, {"covers_tumour": True, "spares_normal": True}, ())
    with pytest.raises(DomainError, match="not asked: usable"):
        validate(rubric, {"covers_tumour": False, "spares_normal": True, "usable": True}, ())


def test_an_integer_stays_within_its_bounds() -> None:
    question = {"key": "n", "text": "How many?", "kind": "integer", "per_sequence": False, "minimum": 0, "maximum": 10}
    rubric = {
        "key": "count",
        "name": "Count",
        "questions": [question],
        "scoring": {"rule": "single", "question": "n"},
    }
    check_rubric(rubric)
    validate(rubric, {"n": 10}, ())
    assert score(rubric, {"n": 10}) == 10
    for wrong in (11, -1, True, 2.5, "3"):
        with pytest.raises(DomainError, match="from 0 to 10"):
            validate(rubric, {"n": wrong}, ())


@pytest.mark.parametrize("key", sorted(PRESETS))
def test_a_preset_is_sound_json_and_a_fresh_copy(key: str) -> None:
    rubric = preset(key)
    check_rubric(rubric)
    assert json.loads(json.dumps(rubric)) == rubric
    rubric["questions"].clear()
    assert preset(key)["questions"]


def test_unknown_names_are_refused() -> None:
    with pytest.raises(DomainError, match="likert5, tl5, yes_no"):
        preset("tl6")
    with pytest.raises(DomainError, match="no scoring rule"):
        score({**preset("tl5"), "scoring": {"rule": "eval"}}, {})


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ((), [], "key and a name"),
        (("name",), None, "key and a name"),
        (("questions",), [], "at least one question"),
        (("questions", 0), {"key": "a"}, "key and a text"),
        (("questions", 1, "key"), "consistent", "twice"),
        (("questions", 0, "kind"), "text", "needs a kind"),
        (("questions", 0, "per_sequence"), None, "per_sequence"),
        (("questions", 1, "options"), None, "two options"),
        (("questions", 1, "options", 1, "key"), "complete", "own key"),
        (("questions", 1, "options", 1, "hotkey"), "1", "share a hotkey"),
        (("questions", 0, "options", 0, "key"), "ja", "yes and no"),
        (("questions", 0, "kind"), "integer", "minimum and a maximum"),
        (("questions", 0, "shown_if"), {"question": "penalty", "equals": True}, "before it"),
        (("questions", 2, "shown_if"), "consistent", "what it equals"),
        (("scoring",), {"rule": "eval"}, "scoring rule"),
        (("scoring",), {"rule": "single", "question": "other"}, "needs the questions"),
        (("questions", 2, "key"), "fault", "needs the questions"),
    ],
)
def test_a_rubric_that_cannot_be_answered_is_refused(path: tuple[Any, ...], value: Any, reason: str) -> None:
    rubric: Any = copy.deepcopy(preset("tl5"))
    if not path:
        rubric = value
    else:
        place = rubric
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
    with pytest.raises(DomainError, match=reason):
        check_rubric(rubric)


@pytest.mark.parametrize("key", sorted(PRESETS))
def test_every_rubric_may_be_answered_by_a_reason_why_nothing_can_be_assessed(key: str) -> None:
    answers = {NOT_ASSESSED: "The lesion lies outside the field of view."}
    validate(preset(key), answers, SEQUENCES)
    assert score(preset(key), answers) is None
    assert reason_not_assessed(answers) == answers[NOT_ASSESSED]


@pytest.mark.parametrize(
    "answers",
    [
        {NOT_ASSESSED: ""},
        {NOT_ASSESSED: "  "},
        {NOT_ASSESSED: True},
        {NOT_ASSESSED: "x" * 501},
        {NOT_ASSESSED: "Motion.", "quality": "4"},
    ],
)
def test_what_cannot_be_assessed_needs_a_reason_and_nothing_else(answers: dict[str, Any]) -> None:
    with pytest.raises(DomainError):
        validate(preset("likert5"), answers, SEQUENCES)


def test_no_question_takes_the_name_of_that_answer() -> None:
    rubric = preset("yes_no")
    rubric["questions"][0]["key"] = NOT_ASSESSED
    with pytest.raises(DomainError, match="cannot be called"):
        check_rubric(rubric)
