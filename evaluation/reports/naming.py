"""Look-ups that tables, figures and text share: names of raters, cases and regions of a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

GROUP_NAMES = {"expert": "Experts", "novice": "Novices", "model": "Models"}
GROUP_COLOURS = {"expert": "#0072B2", "novice": "#E69F00", "model": "#D55E00"}


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
            raters={rater["id"]: rater["name"] for rater in inputs["raters"]},
            groups={rater["id"]: rater["group"] for rater in inputs["raters"]},
            cases={case["id"]: f"{case['patient']} · {case['time_point']}" for case in inputs["cases"]},
            regions={row["key"]: row["name"] for row in [*definition["labels"], *definition["regions"]]},
        )
