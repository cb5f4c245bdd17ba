"""Rubrics: the questions a rater answers about a segmentation, as data, and the rules that score them.

A rubric is a dict that JSON can hold:

    key, name, description   texts
    questions                a list of {key, text, kind, per_sequence, options, shown_if}
        kind                 "choice" (the answer is an option's key), "boolean" or "integer"
        per_sequence         true: the answer is {sequence: value}, one for every sequence
        options              [{key, text, hotkey}]; a boolean has the keys "yes" and "no"
        minimum, maximum     the bounds of an integer, both included
        shown_if             null, or {question, equals}: asked only after that answer
    scoring                  {rule, ...}: see SCORING_RULES
    score_names              {"5": "Excellent", ...}, or empty

Only the scoring rules are code. The answers are what is stored; the score is derived and can be
recomputed. To every rubric one may answer instead that the mask cannot be assessed, with the reason:
{NOT_ASSESSED: "…"} and nothing else. No Django here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from core.errors import DomainError

Rubric: TypeAlias = dict[str, Any]
Answers: TypeAlias = Mapping[str, Any]

KINDS = ("choice", "boolean", "integer")
NOT_ASSESSED = "cannot_be_assessed"
LONGEST_REASON = 500
_POOR_TO_EXCELLENT = {"5": "Excellent", "4": "Very good", "3": "Good", "2": "Fair", "1": "Poor"}
_YES_NO = (("yes", "Yes", "y"), ("no", "No", "n"))


def preset(key: str) -> Rubric:
    """Return a fresh copy of a preset: "tl5", "likert5" or "yes_no".

    Raises DomainError for another key.
    """
    try:
        return PRESETS[key]()
    except KeyError:
        raise DomainError(f"There is no rubric preset {key!r}; choose {', '.join(sorted(PRESETS))}.") from None


def validate(rubric: Rubric, answers: Answers, sequences: Sequence[str]) -> None:
    """Refuse answers that are incomplete or do not fit the rubric.

    sequences are those of the assignment, which a per-sequence question asks about one by one.
    Raises DomainError with a sentence that names the question (and sequence) without an answer,
    with an answer of the wrong kind, or answered though it was not asked.
    """
    if not isinstance(answers, Mapping):
        raise DomainError("The answers are not a list of questions and their answers.")
    if NOT_ASSESSED in answers:
        _check_reason(answers)
        return
    asked = {question["key"]: question for question in rubric["questions"] if _is_asked(question, answers)}
    unasked = sorted(str(key) for key in answers if key not in asked)
    if unasked:
        raise DomainError(f"Answered but not asked: {', '.join(unasked)}.")
    for key, question in asked.items():
        if key not in answers or answers[key] is None:
            raise DomainError(f"Please answer “{question['text']}”")
        if question["per_sequence"]:
            _check_per_sequence(question, answers[key], sequences)
        else:
            _check_value(question, answers[key], "")


def score(rubric: Rubric, answers: Answers) -> int | None:
    """Return the score that the rubric's rule derives from valid answers; None when it has none or assesses nothing.

    Raises DomainError for an unknown rule and when an answer that the rule needs is missing.
    """
    if reason_not_assessed(answers) is not None:
        return None
    scoring = rubric["scoring"]
    rule = SCORING_RULES.get(scoring["rule"])
    if rule is None:
        raise DomainError(f"There is no scoring rule {scoring['rule']!r}; choose {', '.join(sorted(SCORING_RULES))}.")
    try:
        return rule(rubric, answers)
    except (KeyError, ValueError, TypeError):
        raise DomainError("The score cannot be derived: an answer is missing or unknown.") from None


def reason_not_assessed(answers: Answers) -> str | None:
    """Return why the mask could not be assessed, or None when the questions were answered."""
    reason = answers.get(NOT_ASSESSED)
    return reason if isinstance(reason, str) else None


def _check_reason(answers: Answers) -> None:
    reason = reason_not_assessed(answers)
    if reason is None or not reason.strip():
        raise DomainError("Say why the mask cannot be assessed.")
    if len(reason) > LONGEST_REASON:
        raise DomainError(f"The reason why the mask cannot be assessed has {LONGEST_REASON} characters at most.")
    if len(answers) > 1:
        raise DomainError("A mask that cannot be assessed has a reason and no other answers.")


def check_rubric(rubric: Any) -> None:
    """Refuse a rubric that a rater could not answer: for rubrics that a lead wrote or imported.

    Raises DomainError that says what is wrong with it.
    """
    if not isinstance(rubric, dict) or not all(isinstance(rubric.get(part), str) for part in ("key", "name")):
        raise DomainError("A rubric has a key and a name.")
    questions = rubric.get("questions")
    if not isinstance(questions, list) or not questions:
        raise DomainError("A rubric has at least one question.")
    earlier: set[str] = set()
    for question in questions:
        _check_question(question, earlier)
        earlier.add(question["key"])
    scoring = rubric.get("scoring")
    if not isinstance(scoring, dict) or scoring.get("rule") not in SCORING_RULES:
        raise DomainError(f"A rubric names its scoring rule: {', '.join(sorted(SCORING_RULES))}.")
    needed = _NEEDED.get(scoring["rule"], ()) or ((scoring.get("question"),) if scoring["rule"] == "single" else ())
    if not set(needed) <= earlier:
        raise DomainError(f"The scoring rule {scoring['rule']!r} needs the questions {', '.join(map(str, needed))}.")


def _is_asked(question: Mapping[str, Any], answers: Answers) -> bool:
    condition = question.get("shown_if")
    return condition is None or bool(answers.get(condition["question"]) == condition["equals"])


def _check_per_sequence(question: Mapping[str, Any], answer: Any, sequences: Sequence[str]) -> None:
    text = question["text"]
    if not isinstance(answer, Mapping):
        raise DomainError(f"“{text}” is answered for each sequence.")
    for sequence in sequences:
        if answer.get(sequence) is None:
            raise DomainError(f"Please answer “{text}” for {sequence}.")
        _check_value(question, answer[sequence], f" for {sequence}")
    others = sorted(str(name) for name in answer if name not in sequences)
    if others:
        raise DomainError(f"“{text}” was answered for a sequence that was not shown: {', '.join(others)}.")


def _check_value(question: Mapping[str, Any], value: Any, where: str) -> None:
    kind, text = question["kind"], question["text"]
    if kind == "boolean":
        if not isinstance(value, bool):
            raise DomainError(f"“{text}” is answered with yes or no{where}.")
    elif kind == "integer":
        low, high = question["minimum"], question["maximum"]
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise DomainError(f"“{text}” is answered with a whole number from {low} to {high}{where}.")
    elif not isinstance(value, str) or value not in {option["key"] for option in question["options"]}:
        raise DomainError(f"“{text}” has no such option{where}; choose one of those shown.")


def _score_tl5(_: Rubric, answers: Answers) -> int:
    """Two steps and a penalty; the worst sequence decides.

    TL5's own flowchart leaves "no, but nothing missing" open: it is 3 here, and the score is never
    below 1.
    """
    worst = max(_MISSING.index(part) for part in answers["missing"].values())
    points = (5, 4, 3, 3) if _flag(answers["consistent"]) else (3, 3, 2, 1)
    return max(1, points[worst] - int(_flag(answers["penalty"])))


def _score_single(rubric: Rubric, answers: Answers) -> int:
    return int(answers[rubric["scoring"]["question"]])


def _count_yes(rubric: Rubric, answers: Answers) -> int:
    asked = (question for question in rubric["questions"] if question["kind"] == "boolean")
    return sum(int(_flag(answers[question["key"]])) for question in asked if _is_asked(question, answers))


def _flag(answer: Any) -> bool:
    if not isinstance(answer, bool):
        raise TypeError
    return answer


def _check_question(question: Any, earlier: set[str]) -> None:
    if not isinstance(question, dict) or not all(isinstance(question.get(part), str) for part in ("key", "text")):
        raise DomainError("A question has a key and a text.")
    key = question["key"]
    if key == NOT_ASSESSED:
        raise DomainError(f"A question cannot be called {NOT_ASSESSED!r}: that is an answer to every rubric.")
    if key in earlier:
        raise DomainError(f"The question {key!r} is there twice.")
    if question.get("kind") not in KINDS or not isinstance(question.get("per_sequence"), bool):
        raise DomainError(f"The question {key!r} needs a kind ({', '.join(KINDS)}) and per_sequence, true or false.")
    _check_options(question)
    condition = question.get("shown_if")
    if condition is None:
        return
    if not isinstance(condition, dict) or set(condition) != {"question", "equals"}:
        raise DomainError(f"shown_if of the question {key!r} has a question and what it equals.")
    if condition["question"] not in earlier:
        raise DomainError(f"shown_if of the question {key!r} names a question that does not come before it.")


def _check_options(question: Mapping[str, Any]) -> None:
    key, kind = question["key"], question["kind"]
    if kind == "integer":
        low, high = question.get("minimum"), question.get("maximum")
        if type(low) is not int or type(high) is not int or low > high:
            raise DomainError(f"The question {key!r} needs a minimum and a maximum.")
        return
    options = question.get("options")
    whole = isinstance(options, list) and all(
        isinstance(option, dict) and isinstance(option.get("key"), str) and isinstance(option.get("text"), str)
        for option in options
    )
    keys = [option["key"] for option in options or ()] if whole else []
    if len(keys) < 2 or len(set(keys)) != len(keys):
        raise DomainError(f"The question {key!r} needs two options or more, each with its own key and a text.")
    if kind == "boolean" and set(keys) != {"yes", "no"}:
        raise DomainError(f"The options of the question {key!r} are yes and no.")
    hotkeys = [option["hotkey"] for option in options or () if option.get("hotkey")]
    if len(set(hotkeys)) != len(hotkeys):
        raise DomainError(f"Two options of the question {key!r} share a hotkey.")


def _question(
    key: str, text: str, kind: str, options: Sequence[tuple[str, str, str]], *, per_sequence: bool = False
) -> dict[str, Any]:
    return {
        "key": key,
        "text": text,
        "kind": kind,
        "per_sequence": per_sequence,
        "options": [{"key": name, "text": words, "hotkey": hotkey} for name, words, hotkey in options],
        "shown_if": None,
    }


def _tl5() -> Rubric:
    missing = (
        ("complete", "Complete consistency", "1"),
        ("lt_quarter", "Less than a quarter", "2"),
        ("quarter_half", "A quarter to a half", "3"),
        ("gt_half", "More than a half", "4"),
    )
    return {
        "key": "tl5",
        "name": "Five-point quality scale",
        "description": "General consistency, then the missing part on each sequence, then a penalty "
        "(after Wan et al. 2024).",
        "questions": [
            _question(
                "consistent",
                "Is the segmentation, over all sequences, generally consistent with the lesion's morphology?",
                "boolean",
                _YES_NO,
            ),
            _question("missing", "What part of the tumour volume is missing?", "choice", missing, per_sequence=True),
            _question(
                "penalty", "Is normal anatomy or an artefact wrongly included in any sequence?", "boolean", _YES_NO
            ),
        ],
        "scoring": {"rule": "tl5"},
        "score_names": dict(_POOR_TO_EXCELLENT),
    }


def _likert5() -> Rubric:
    options = [(points, f"{points} {name}", points) for points, name in _POOR_TO_EXCELLENT.items()]
    return {
        "key": "likert5",
        "name": "Plain 1–5 scale",
        "description": "One overall judgement.",
        "questions": [_question("quality", "How good is the segmentation?", "choice", options)],
        "scoring": {"rule": "single", "question": "quality"},
        "score_names": dict(_POOR_TO_EXCELLENT),
    }


def _yes_no() -> Rubric:
    texts = {
        "covers_tumour": "Does it cover the whole tumour?",
        "spares_normal": "Does it spare normal anatomy and artefacts?",
        "usable": "Could it be used without correction?",
    }
    return {
        "key": "yes_no",
        "name": "Yes/no list",
        "description": "Three questions and no score.",
        "questions": [_question(key, text, "boolean", _YES_NO) for key, text in texts.items()],
        "scoring": {"rule": "none"},
        "score_names": {},
    }


_MISSING = ("complete", "lt_quarter", "quarter_half", "gt_half")
_NEEDED = {"tl5": ("consistent", "missing", "penalty")}

PRESETS: dict[str, Callable[[], Rubric]] = {"tl5": _tl5, "likert5": _likert5, "yes_no": _yes_no}
"""The presets by key; each call makes a fresh rubric that a lead may change."""

SCORING_RULES: dict[str, Callable[[Rubric, Answers], int | None]] = {
    "tl5": _score_tl5,
    "single": _score_single,
    "count_yes": _count_yes,
    "none": lambda _rubric, _answers: None,
}
"""tl5: the scale of Wan et al. · single: the number of one named question · count_yes · none."""
