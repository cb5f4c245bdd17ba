"""How two computations of the same report differ. No Django."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

TOLERANCE = 1e-9
ABSENT = "(absent)"


@dataclass(frozen=True)
class Difference:
    """One value that is not the same; `within`: both are numbers, apart by no more than the tolerance."""

    path: str
    old: Any
    new: Any
    within: bool


def find_differences(old: Any, new: Any, path: str = "") -> Iterator[Difference]:
    """Yield every value that differs between two JSON values, with its path, such as "summary[3].mean".

    Two numbers are within the tolerance when they are apart by at most 1e-9, absolute or relative to the larger one.
    """
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*old, *new]):
            here = f"{path}.{key}" if path else f"{key}"
            yield from find_differences(old.get(key, ABSENT), new.get(key, ABSENT), here)
    elif isinstance(old, list) and isinstance(new, list):
        for place in range(max(len(old), len(new))):
            one, other = (rows[place] if place < len(rows) else ABSENT for rows in (old, new))
            yield from find_differences(one, other, f"{path}[{place}]")
    elif type(old) is not type(new) or old != new:
        yield Difference(path, old, new, within=_is_close(old, new))


def _is_close(old: Any, new: Any) -> bool:
    if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in (old, new)):
        return False
    return math.isclose(old, new, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
