"""What the methods accept: finite numbers of the right shape, and enough of them.

Every refusal is a ValueError that names the argument, says what is wrong and what is needed.
Nothing is dropped or filled in here: what takes the place of an undefined value is the caller's
policy, decided before the test.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluation.statistics.results import Alternative

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]

_LARGEST_COUNT = 2**53
_AXES = {1: "one axis (one value per subject)", 2: "two axes (rows, columns)"}


def read_numbers(values: ArrayLike, name: str, *, axes: int = 1) -> Floats:
    """Return a float64 copy of finite numbers with that many axes.

    Raises ValueError for text, complex numbers, ragged rows, another number of axes, NaN and ∞.
    """
    numbers = convert(values, name)
    if numbers.ndim != axes:
        raise ValueError(f"{name} has shape {numbers.shape}; it needs {_AXES[axes]}.")
    bad = np.argwhere(~np.isfinite(numbers))
    if len(bad):
        place = ", ".join(str(int(index)) for index in bad[0])
        value = numbers[tuple(bad[0])]
        raise ValueError(
            f"{name} holds {len(bad)} undefined or infinite value(s), the first ({value}) at position {place}; "
            "leave out or replace them by a stated policy first."
        )
    return numbers


def read_sample(values: ArrayLike, name: str, *, minimum: int, test: str) -> Floats:
    """Return one value per subject. Raises ValueError below the test's minimum n."""
    sample = read_numbers(values, name)
    require_minimum(len(sample), minimum, f"values in {name}", test)
    return sample


def read_pairs(
    first: ArrayLike, second: ArrayLike, *, minimum: int, test: str, names: tuple[str, str] = ("first", "second")
) -> tuple[Floats, Floats]:
    """Return two samples of which the values with equal index belong together."""
    one, other = read_numbers(first, names[0]), read_numbers(second, names[1])
    if len(one) != len(other):
        raise ValueError(
            f"{names[0]} has {len(one)} values and {names[1]} {len(other)}; paired values come in equal number."
        )
    require_minimum(len(one), minimum, "pairs", test)
    return one, other


def read_ratings(ratings: ArrayLike, *, subjects: int, test: str) -> Floats:
    """Return a full table (subject, rater) of at least that many subjects and two raters."""
    table = read_numbers(ratings, "ratings", axes=2)
    require_minimum(table.shape[0], subjects, "subjects (rows)", test)
    require_minimum(table.shape[1], 2, "raters (columns)", test)
    return table


def read_counts(counts: ArrayLike, name: str, *, axes: int = 2) -> Integers:
    """Return whole, non-negative numbers as int64.

    Raises ValueError for fractions, negative numbers and counts above 2**53, which float64 would
    round without a word.
    """
    numbers = read_numbers(counts, name, axes=axes)
    if np.any(numbers < 0):
        raise ValueError(f"{name} holds a negative number; counts are 0 or more.")
    if np.any(numbers != np.floor(numbers)):
        raise ValueError(f"{name} holds a fraction; counts are whole numbers, not shares or percentages.")
    if numbers.size and numbers.max() > _LARGEST_COUNT:
        raise ValueError(f"{name} holds a count above 2**53, more than float64 counts exactly.")
    return numbers.astype(np.int64)


def read_groups(groups: Mapping[str, ArrayLike], *, minimum: int, test: str) -> dict[str, Floats]:
    """Return the samples of at least two named groups, each with at least that many values."""
    require_minimum(len(groups), 2, "groups", test)
    return {name: read_sample(values, f"group {name!r}", minimum=minimum, test=test) for name, values in groups.items()}


def read_labels(labels: Sequence[object] | NDArray[np.generic], name: str) -> list[object]:
    """Return one category per subject. Raises ValueError for a missing one (None or NaN)."""
    if isinstance(labels, np.ma.MaskedArray) and np.any(labels.mask):
        raise ValueError(f"{name} is a masked array, and its masked values would count again. Leave them out first.")
    array = np.asarray(labels, dtype=object)
    if array.ndim != 1:
        raise ValueError(f"{name} has shape {array.shape}; it needs {_AXES[1]}.")
    items = [item.item() if isinstance(item, np.generic) else item for item in array.tolist()]
    for position, item in enumerate(items):
        if item is None or (isinstance(item, float) and math.isnan(item)):
            raise ValueError(f"{name} has no category at position {position}; leave that subject out first.")
    return items


def require_minimum(found: int, minimum: int, what: str, test: str) -> None:
    """Raise ValueError when a test has too few of something."""
    if found < minimum:
        raise ValueError(f"{test} needs at least {minimum} {what}; {found} given.")


def require_level(level: float) -> None:
    """Raise ValueError unless the confidence level lies between 0 and 1."""
    if not 0 < level < 1:
        raise ValueError(f"A confidence level lies between 0 and 1, such as 0.95; {level} given.")


def require_alternative(alternative: str) -> None:
    """Raise ValueError for a hypothesis other than two-sided, greater and less."""
    if alternative not in get_args(Alternative):
        raise ValueError(f"alternative is 'two-sided', 'greater' or 'less'; {alternative!r} given.")


def require_choice(value: str, choices: tuple[str, ...], name: str) -> None:
    """Raise ValueError unless the value is one of the named choices."""
    if value not in choices:
        raise ValueError(f"{name} is one of {', '.join(choices)}; {value!r} given.")


def is_constant(values: Floats, *, scale: float | None = None) -> bool:
    """Whether all values are equal, up to the rounding of float64.

    scale is the size of the numbers that the values were computed from, by default their own:
    differences of measurements near 100 may leave 1e-14 instead of 0, and a t statistic of that
    noise would be a large number without a meaning.
    """
    largest = float(np.max(np.abs(values), initial=0.0)) if scale is None else scale
    return float(np.ptp(values)) <= float(8 * np.finfo(np.float64).eps) * largest


def convert(values: ArrayLike, name: str) -> Floats:
    """Return a float64 copy in C order, NaN and ∞ kept. Raises ValueError for what is no array of numbers."""
    if isinstance(values, np.ma.MaskedArray) and np.any(values.mask):
        raise ValueError(f"{name} is a masked array, and its masked values would count again. Leave them out first.")
    try:
        array = np.asarray(values)
        if array.dtype.kind in "OUSMmVT":
            array = _convert_objects(array)
        if array.dtype.kind == "c":
            raise TypeError
        return cast(Floats, np.array(array, dtype=np.float64, order="C"))
    except (TypeError, ValueError):
        raise ValueError(f"{name} is not an array of numbers with rows of equal length.") from None


def _convert_objects(array: NDArray[np.generic]) -> Floats:
    """Take Python numbers and None (as NaN); refuse text, even text that looks like a number."""
    if array.dtype.kind != "O" or any(isinstance(item, str | bytes) for item in array.ravel().tolist()):
        raise TypeError
    return array.astype(np.float64)
