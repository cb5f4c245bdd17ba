"""Look-ups that tables, figures and text share: names of raters, cases and regions of a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

GROUP_NAMES = {"expert": "Experts", "novice": "Novices", "model": "Models", "reference": "Reference"}
GROUP_COLOURS = {"expert": "#0072B2", "novice": "#E69F00", "model": "#D55E00", "reference": "#000000"}


@dataclass(frozen=True)
class Names:
    """Names by id, from frozen inputs."""

    raters: dict[int, str]
    groups: dict[int, str]
    cases: dict[int, str]
    regions: dict[str, str]

    @classmethod
    def of(cls, inputs: dict[str, Any]) -> Names:
        """Read the names out of frozen inputs."""
        definition = inputs["study"]["definition"]
        return cls(
            raters={rater["id"]: rater["name"] for rater in [*inputs.get("asked_raters", []), *inputs["raters"]]},
            groups={rater["id"]: rater["group"] for rater in inputs["raters"]},
            cases={case["id"]: _name(case) for case in [*inputs.get("asked_cases", []), *inputs["cases"]]},
            regions={row["key"]: row["name"] for row in [*definition["labels"], *definition["regions"]]},
        )


def name_of_consensus(study: int) -> str:
    """Return what a study's majority vote is called: of the same cases other people vote in another study."""
    return f"Majority vote, study {study}"


def _name(case: dict[str, Any]) -> str:
    """Return patient and time point; a patient's follow-ups are told apart by their number."""
    number = case.get("follow_up_number")
    return f"{case['patient']} · {case['time_point']}{f' {number}' if number else ''}"
