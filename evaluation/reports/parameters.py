"""What a person chooses about a report: the definitions from which the API checks and the browser builds its form."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from core.errors import DomainError

if TYPE_CHECKING:
    from studies.models import Study

Chosen = dict[str, Any]


@dataclass(frozen=True)
class Option:
    """One value that can be chosen; `chosen` marks it as part of the default of a choice of several."""

    value: str | int
    label: str
    chosen: bool = False


Options = tuple[Option, ...]


@dataclass(frozen=True)
class Parameter:
    """One choice.

    type: "choice" (one option), "choices" (several), "integer" or "number" (with bounds), "boolean". Options are given,
    or asked of the study. Without a default the first option stands for a choice, and the options that are marked as
    chosen (all, if none is marked) for a choice of several. A choice of several that was left empty is the default,
    unless it `may_be_empty`.
    """

    name: str
    title: str
    type: Literal["choice", "choices", "integer", "number", "boolean"]
    help: str = ""
    default: Any = None
    options: Options | Callable[[Study], Options] = ()
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    may_be_empty: bool = False

    def options_for(self, study: Study) -> Options:
        """Return what can be chosen in this study."""
        return self.options(study) if callable(self.options) else self.options

    def default_for(self, study: Study) -> Any:
        """Return what is taken when nothing is chosen."""
        if self.default is not None:
            return self.default
        options = self.options_for(study)
        if self.type == "choices":
            return [one.value for one in options if one.chosen] or [one.value for one in options]
        return options[0].value if options else None

    def check(self, value: Any, study: Study) -> Any:
        """Return a value that was chosen. Raises DomainError when it cannot be."""
        if self.type == "choices":
            return self._check_several(value, study)
        if self.type == "choice":
            return self._check_option(value, study)
        if self.type == "boolean":
            if not isinstance(value, bool):
                raise DomainError(f"{self.title} ({self.name}) is true or false.")
            return value
        return self._check_number(value)

    def _check_several(self, value: Any, study: Study) -> Any:
        if not isinstance(value, list):
            raise DomainError(f"{self.title} ({self.name}) is a list.")
        chosen = [self._check_option(one, study) for one in value]
        if not chosen and not self.may_be_empty:
            return self.default_for(study)
        return list(dict.fromkeys(chosen))

    def _check_option(self, value: Any, study: Study) -> Any:
        options = self.options_for(study)
        for one in options:
            if type(value) is type(one.value) and value == one.value:
                return value
        known = ", ".join(f"{one.value}" for one in options) or "nothing in this study"
        raise DomainError(f"{self.title} ({self.name}) cannot be {value!r}; there is {known}.")

    def _check_number(self, value: Any) -> Any:
        whole = self.type == "integer"
        wanted = int if whole else (int, float)
        low, high = self.minimum, self.maximum
        good = isinstance(value, wanted) and not isinstance(value, bool) and not math.isnan(value)
        if not good or (low is not None and value < low) or (high is not None and value > high):
            kind = "a whole number" if whole else "a number"
            raise DomainError(f"{self.title} ({self.name}) is {kind} from {low:g} to {high:g}{self._in_unit()}.")
        return value

    def _in_unit(self) -> str:
        return f" {self.unit}" if self.unit else ""


WITHDRAWN = Parameter(
    "withdrawn",
    "Raters who left the study",
    "choice",
    options=(Option("keep", "their readings are kept"), Option("leave_out", "left out")),
)
MISSING = Parameter(
    "missing",
    "Missing masks",
    "choice",
    "Which cases are compared when not everybody has a mask of all of them.",
    options=(
        Option("available", "every mask that is there"),
        Option("complete", "only cases with a mask of everybody"),
    ),
)


def policy_words(chosen: Chosen) -> str:
    """Return what was chosen about missing masks and people who left; reports of before these choices have none."""
    parts = []
    if chosen.get("missing") == "complete":
        parts.append("Only cases with a mask of everybody are compared.")
    if chosen.get("withdrawn") == "leave_out":
        parts.append("Readings of people who left the study are left out.")
    return " ".join(parts)


def complete(parameters: tuple[Parameter, ...], study: Study, wanted: Chosen) -> Chosen:
    """Return every parameter with the value that was chosen, or its default. Raises DomainError."""
    unknown = sorted(set(wanted) - {one.name for one in parameters})
    if unknown:
        raise DomainError(f"This kind of report has no parameter {', '.join(unknown)}.")
    return {
        one.name: one.check(wanted[one.name], study) if one.name in wanted else one.default_for(study)
        for one in parameters
    }


def describe(parameters: tuple[Parameter, ...], study: Study, chosen: Chosen) -> list[dict[str, str]]:
    """Return what was chosen in words, as title and value, for those who read the report."""
    return [{"title": one.title, "value": _words(one, study, chosen[one.name])} for one in parameters]


def _words(parameter: Parameter, study: Study, value: Any) -> str:
    if parameter.type == "boolean":
        return "yes" if value else "no"
    labels = {one.value: one.label for one in parameter.options_for(study)}
    values = value if isinstance(value, list) else [value]
    return ", ".join(f"{labels.get(one, one)} {parameter.unit}".strip() for one in values) or "none"
