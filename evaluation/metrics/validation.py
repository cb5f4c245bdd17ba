"""What the metrics accept, checked in one place and refused with a message that says what to do."""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Mask: TypeAlias = NDArray[np.bool_]
"""A binary mask of one to three axes."""

MAX_AXES = 3
MAX_RATERS = 64
MAX_LABELS = 255


def as_mask(values: ArrayLike, *, name: str = "mask") -> Mask:
    """Return the values as a boolean array that shares memory with them where the type allows it.

    Takes bool, integer or float arrays of one to three axes and at least one voxel that hold only 0 and 1.
    Raises ValueError for anything else, NaN included.
    """
    array = as_array(values, name=name)
    _check_axes(array, name=name)
    if array.dtype == np.bool_:
        return array
    _check_number(array, name=name)
    if array.dtype.itemsize == 1:
        inside = not bool(np.bitwise_or.reduce(array.view(np.uint8), axis=None) & 0xFE)
    else:
        inside = bool(np.all((array == 0) | (array == 1)))
    if not inside:
        raise ValueError(
            f"The {name} holds values other than 0 and 1. Choose one label first, for example with (labels == 4)."
        )
    return array.view(np.bool_) if array.dtype.itemsize == 1 else array.astype(np.bool_)


def as_mask_pair(prediction: ArrayLike, reference: ArrayLike) -> tuple[Mask, Mask]:
    """Return both as boolean masks of one shape. Raises ValueError when they are no masks or differ in shape."""
    first, second = as_mask(prediction, name="prediction"), as_mask(reference, name="reference")
    if first.shape != second.shape:
        raise ValueError(
            f"The prediction has shape {first.shape} and the reference {second.shape}. Put both on one grid first."
        )
    return first, second


def as_spacing(spacing: Sequence[float] | NDArray[np.floating], axes: int) -> tuple[float, ...]:
    """Return the voxel size in mm per array axis. Raises ValueError unless it is finite, positive and complete."""
    values = as_floats(spacing, name="spacing")
    if values.shape != (axes,):
        raise ValueError(f"The spacing needs one number in mm per array axis: {axes}, not shape {values.shape}.")
    if not (np.isfinite(values).all() and (values > 0).all()):
        raise ValueError(f"The spacing must be finite and above 0 mm on every axis, not {values.tolist()}.")
    return tuple(float(value) for value in values)


def as_array(values: ArrayLike, *, name: str) -> NDArray[Any]:
    """Return the values as an array, without a copy where they are one. Raises ValueError for rows of unequal length
    and for values that are masked out, which would count again.
    """
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"The {name} has rows of unequal length.") from None
    if isinstance(values, np.ma.MaskedArray) and np.any(values.mask):
        raise ValueError(f"The {name} is a masked array. Fill its masked values first.")
    return array


def as_floats(values: ArrayLike, *, name: str) -> NDArray[np.float64]:
    """Return numbers as float64. Raises ValueError for text, complex numbers and what is no array of numbers."""
    array = as_array(values, name=name)
    if array.dtype.kind not in "biuf":
        raise ValueError(f"The {name} is made of numbers, not of {array.dtype}.")
    return array.astype(np.float64)


def check_number(value: float, *, name: str, low: float, high: float = math.inf, open_ends: bool = False) -> None:
    """Raise ValueError unless the value is a finite number from low to high, or, with open ends, between them."""
    if not isinstance(value, Real) or not math.isfinite(value):
        raise ValueError(f"The {name} is a finite number, not {value!r}.")
    if not (low < value < high if open_ends else low <= value <= high):
        where = f"between {low:g} and {high:g}" if math.isfinite(high) else f"{low:g} or more"
        raise ValueError(f"The {name} is {where}{', ends left out' if open_ends else ''}, not {value!r}.")


def check_count(value: int, *, name: str) -> None:
    """Raise ValueError unless the value is a whole number of at least one."""
    if not isinstance(value, Integral) or value < 1:
        raise ValueError(f"The {name} is a whole number of 1 or more, not {value!r}.")


def as_rater_masks(masks: ArrayLike | Sequence[ArrayLike], *, at_least: int = 1) -> tuple[Mask, ...]:
    """Return one boolean mask per rater, from an array (rater, x, y, z) or a sequence of masks.

    Raises ValueError when a mask is none, when shapes differ, and outside of at_least to 64 raters.
    """
    found = tuple(as_mask(mask, name=f"mask of rater {number}") for number, mask in enumerate(_split(masks)))
    check_raters(found, at_least=at_least)
    return found


def as_rater_labels(maps: ArrayLike | Sequence[ArrayLike], *, at_least: int = 1) -> tuple[NDArray[np.int64], ...]:
    """Return one label map (x, y, z) of whole numbers ≥ 0 per rater; see as_labels and as_rater_masks."""
    found = tuple(as_labels(one, name=f"label map of rater {number}") for number, one in enumerate(_split(maps)))
    check_raters(found, at_least=at_least)
    return found


def as_labels(values: ArrayLike, *, name: str = "label map") -> NDArray[np.int64]:
    """Return a label map as integers in its own or a wider type, without a copy where possible.

    Raises ValueError for negative, fractional, infinite or NaN labels and for more than three axes.
    """
    array = as_array(values, name=name)
    _check_axes(array, name=name)
    if array.dtype == np.bool_:
        return array.view(np.uint8)
    _check_number(array, name=name)
    if array.dtype.kind == "f":
        if not (np.isfinite(array).all() and (array == np.floor(array)).all()):
            raise ValueError(f"The {name} holds NaN, infinite or fractional labels. Labels are whole numbers.")
        if float(array.max()) > np.iinfo(np.int32).max:
            raise ValueError(f"The {name} holds labels above {np.iinfo(np.int32).max}.")
        array = array.astype(np.int32 if array.min() < 0 else np.uint32)
    if array.dtype.kind == "i" and array.min() < 0:
        raise ValueError(f"The {name} holds negative labels. Labels are 0 for background and above.")
    return array


def check_raters(found: Sequence[NDArray[np.generic]], *, at_least: int) -> None:
    """Raise ValueError unless there are at_least to 64 arrays of one shape."""
    if not at_least <= len(found) <= MAX_RATERS:
        raise ValueError(f"Between {at_least} and {MAX_RATERS} raters are supported, not {len(found)}.")
    shapes = {one.shape for one in found}
    if len(shapes) != 1:
        raise ValueError(f"All raters' masks need one shape, not {sorted(shapes)}. Put them on one grid first.")


def check_choice(value: str, choices: Sequence[str], *, name: str) -> None:
    """Raise ValueError unless the value is one of the choices."""
    if value not in choices:
        raise ValueError(f"Unknown {name} {value!r}. Choose one of: {', '.join(choices)}.")


def _split(masks: ArrayLike | Sequence[ArrayLike]) -> list[ArrayLike]:
    if isinstance(masks, np.ndarray) and masks.ndim < 2:
        raise ValueError("Masks of several raters have shape (rater, x, y, z), or fewer space axes.")
    if not isinstance(masks, Sequence | np.ndarray):
        raise ValueError("Give the raters' masks as one array (rater, x, y, z) or as a sequence of masks.")
    return list(masks)


def _check_axes(array: NDArray[np.generic], *, name: str) -> None:
    if not 1 <= array.ndim <= MAX_AXES:
        raise ValueError(f"The {name} has {array.ndim} axes. One to {MAX_AXES} are supported.")
    if array.size == 0:
        raise ValueError(f"The {name} has no voxel: its shape is {array.shape}.")


def _check_number(array: NDArray[np.generic], *, name: str) -> None:
    if array.dtype.kind not in "iuf":
        raise ValueError(f"The {name} has type {array.dtype}. Use bool, integers or floats.")
