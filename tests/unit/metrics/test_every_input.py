"""Every public function of metrics and consensus takes every kind of array and refuses what is none, in clear words."""

from __future__ import annotations

import dataclasses
import inspect
import math
import warnings
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluation import consensus, metrics

SHAPE, SPACING = (9, 8, 7), (0.4, 1.0, 2.5)
Call = Callable[..., Any]


def _draw(seed: int) -> NDArray[np.bool_]:
    mask = np.zeros(SHAPE, bool)
    mask[1:6, 1:6, 1:5] = True
    return np.asarray(mask ^ (np.random.default_rng(seed).random(SHAPE) < 0.08))


P, Q, R, T = MASKS = [_draw(seed) for seed in range(4)]
MAPS = [np.where(mask, np.random.default_rng(9).integers(1, 4, SHAPE), 0).astype(np.uint8) for mask in MASKS]
CHANCE = np.random.default_rng(5).random(SHAPE)
SMALL, BRAIN = np.zeros(SHAPE, bool), np.ones(SHAPE, bool)
SMALL[3:5, 3:5, 2:4] = True


def _pair(function: Call, **options: Any) -> tuple[Call, list[Any]]:
    return lambda one, other: function(one, other, **options), [P, Q]


def _spaced(function: Call, **options: Any) -> tuple[Call, list[Any]]:
    return lambda one, other: function(one, other, SPACING, **options), [P, Q]


def _raters(function: Call, *more: Any) -> tuple[Call, list[Any]]:
    return lambda *masks: function(list(masks), *more), MASKS


def _maps(function: Call, *more: Any) -> tuple[Call, list[Any]]:
    return lambda *maps: function(list(maps), *more), MAPS


OF_MASKS: dict[str, tuple[Call, list[Any]]] = {
    "dice": _pair(metrics.dice),
    "jaccard": _pair(metrics.jaccard),
    "precision": _pair(metrics.precision),
    "recall": _pair(metrics.recall),
    "normalised_dice": _pair(metrics.normalised_dice, occurrence_rate=0.01),
    "lesion_detection": _pair(metrics.lesion_detection),
    "hausdorff95": _spaced(metrics.hausdorff95),
    "surface_dice": _spaced(metrics.surface_dice, tolerance_mm=1.0),
    "average_surface_distance": _spaced(metrics.average_surface_distance),
    "volume_difference": _spaced(metrics.volume_difference),
    "objectwise": _spaced(metrics.objectwise, min_voxels=2),
    "brats_lesionwise": _spaced(metrics.brats_lesionwise),
    "compare": _spaced(metrics.compare),
    "relate": _spaced(metrics.relate),
    "volume_ml": (lambda mask: metrics.volume_ml(mask, SPACING), [P]),
    "rim": (lambda region, other: metrics.rim(region, SPACING, outer_mm=2, exclude=[other]), [SMALL, Q]),
    "relocate_at_random": (
        lambda region, other, brain: metrics.relocate_at_random(region, other, brain, SPACING, seed=1, draws=3),
        [SMALL, Q, BRAIN],
    ),
    "measure_compartments": (
        lambda mask, usable: metrics.measure_compartments(CHANCE, {"one": mask}, usable=usable),
        [P, BRAIN],
    ),
    "map_lesions": (lambda mask: metrics.map_lesions(mask, np.eye(4)), [P]),
    "threshold_curve": (lambda mask: metrics.threshold_curve(CHANCE, mask, SPACING), [P]),
    "pairwise": _raters(metrics.pairwise, SPACING),
    "majority_vote": _raters(consensus.majority_vote),
    "staple": _raters(consensus.staple),
    "staple in a domain": (lambda domain: consensus.staple(MASKS, domain=domain), [BRAIN]),
    "vote_entropy": _raters(consensus.vote_entropy),
    "voxel_fleiss_kappa": _raters(consensus.voxel_fleiss_kappa),
    "count_votes": _raters(consensus.count_votes),
    "leave_one_out_consensus": _raters(consensus.leave_one_out_consensus),
    "leave_one_out_agreement": _raters(consensus.leave_one_out_agreement),
    "leave_one_out_agreement of others": (
        lambda *others: consensus.leave_one_out_agreement(MASKS, others=list(others)),
        [P, R],
    ),
}
OF_MAPS: dict[str, tuple[Call, list[Any]]] = {
    "compare_labels": (lambda one, other: metrics.compare_labels(one, other, SPACING), MAPS[:2]),
    "pairwise_labels": _maps(metrics.pairwise_labels, SPACING),
    "majority_vote_labels": _maps(consensus.majority_vote_labels),
    "staple_labels": _maps(consensus.staple_labels),
    "vote_entropy_labels": _maps(consensus.vote_entropy_labels),
}
OF_NUMBERS = {
    "average_dice",
    "choose_threshold",
    "classify_resections",
    "detection_rate",
    "follow_lesions",
    "is_residual",
    "overlap_shares",
    "volume_bias",
}
"""Functions of volumes, of Dice and of records, whose refusals are below and in test_tracking."""


def _typed(kind: str) -> Callable[[Any], Any]:
    return lambda mask: mask.astype(kind)


KINDS = ("u1", "i1", "u2", ">i2", "i4", "u8", "f2", "f4", ">f4", "f8", "g")
TAKEN: dict[str, Callable[[Any], Any]] = {
    **{f"type {kind}": _typed(kind) for kind in KINDS},
    "Fortran order": np.asfortranarray,
    "Fortran order, float32": lambda mask: np.asfortranarray(mask.astype(np.float32)),
    "every second plane": lambda mask: np.repeat(mask, 2, axis=0)[::2],
    "every second voxel": lambda mask: np.repeat(mask, 2, axis=-1)[..., ::2],
    "backwards": lambda mask: mask[::-1, ::-1].copy()[::-1, ::-1],
    "turned axes": lambda mask: np.ascontiguousarray(mask.transpose(2, 0, 1)).transpose(1, 2, 0),
    "not aligned": lambda mask: np.frombuffer(b"0" + mask.astype("i4").tobytes(), "i4", offset=1).reshape(mask.shape),
    "nested lists": lambda mask: mask.tolist(),
    "masked array with nothing masked": np.ma.masked_array,
}


def _set(value: float, kind: Any = float) -> Callable[[NDArray[Any]], NDArray[Any]]:
    def change(mask: NDArray[Any]) -> NDArray[Any]:
        changed = mask.astype(kind)
        changed[2, 2, 2] = value
        return changed

    return change


REFUSED: dict[str, Callable[[Any], Any]] = {
    "NaN": _set(math.nan),
    "∞": _set(math.inf),
    "half": _set(0.5),
    "almost one": _set(1 + 1e-12),
    "negative": _set(-1, np.int16),
    "negative byte": _set(-1, np.int8),
    "complex": lambda mask: mask.astype(complex),
    "objects": lambda mask: mask.astype(object),
    "text": lambda mask: mask.astype(str),
    "durations": lambda mask: mask.astype("timedelta64[s]"),
    "a number": lambda _: 1,
    "a word": lambda _: "mask",
    "four axes": lambda mask: mask[None],
    "no voxel": lambda mask: mask[:0],
    "rows of unequal length": lambda _: [[[1, 0], [1]]],
    "masked values": lambda mask: np.ma.masked_where(mask, mask),  # type: ignore[no-untyped-call]
}
NO_MASK = {"two": _set(2, np.uint8), "256": _set(256, np.int32), "nearly nothing": _set(1e-300)}


def _fields(found: Any) -> Iterator[Any]:
    """Yield every number and array of a result."""
    if dataclasses.is_dataclass(found):
        stored = [field.name for field in dataclasses.fields(found) if not field.name.startswith("_")]
        made = [name for name, kind in vars(type(found)).items() if isinstance(kind, cached_property)]
        for name in stored + made:
            yield from _fields(getattr(found, name))
    elif isinstance(found, dict):
        yield from _fields(list(found.values()))
    elif isinstance(found, list | tuple):
        for one in found:
            yield from _fields(one)
    elif not isinstance(found, str | slice):
        yield found


def test_no_function_is_left_out() -> None:
    public = {name for room in (metrics, consensus) for name in room.__all__ if inspect.isfunction(getattr(room, name))}
    assert public == {name.split(" ")[0] for name in OF_MASKS | OF_MAPS} | OF_NUMBERS


@pytest.mark.parametrize("name", [*OF_MASKS, *OF_MAPS])
def test_any_type_and_memory_order_gives_the_same_and_is_not_changed(name: str) -> None:
    call, arrays = (OF_MASKS | OF_MAPS)[name]
    expected = list(_fields(call(*arrays)))
    for kind, convert in TAKEN.items():
        given = [convert(array) for array in arrays]
        for one in given:
            if isinstance(one, np.ndarray):
                one.flags.writeable = False
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = list(_fields(call(*given)))
        assert len(found) == len(expected), kind
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12, err_msg=kind)
        for one, array in zip(given, arrays, strict=True):
            np.testing.assert_array_equal(one, array, err_msg=kind)


@pytest.mark.parametrize("name", [*OF_MASKS, *OF_MAPS])
def test_what_is_no_mask_is_refused_at_every_place(name: str) -> None:
    call, arrays = (OF_MASKS | OF_MAPS)[name]
    wrong = REFUSED | (NO_MASK if name in OF_MASKS else {})
    if len(arrays) > 1:
        wrong = wrong | {"another shape": lambda mask: mask[:-1], "one plane": lambda mask: mask[:1]}
    for kind, convert in wrong.items():
        for place in range(len(arrays)):
            given = [*arrays[:place], convert(arrays[place]), *arrays[place + 1 :]]
            with pytest.raises(
                ValueError, match=r"[A-Z].*(mask|map|prediction|reference|region|other|brain|domain|one)"
            ):
                pytest.fail(f"{kind} at place {place} gave {call(*given)}")


WRONG_SPACINGS: dict[str, Any] = {
    "zero": (0, 1, 1),
    "negative": (1, -1, 1),
    "nan": (1, math.nan, 1),
    "∞": (1, math.inf, 1),
    "too short": (1, 1),
    "too long": (1, 1, 1, 1),
    "one number": 1.0,
    "nothing": None,
    "words": ("a", "b", "c"),
    "numbers in words": ("1", "1", "1"),
    "complex": (1j, 1, 1),
    "a set": {1, 2, 3},
    "uneven": ((1,), 1, 1),
}
SPACED: dict[str, Call] = {
    **{
        name: (lambda spacing, name=name: getattr(metrics, name)(P, Q, spacing))
        for name in ("hausdorff95", "average_surface_distance", "volume_difference", "objectwise", "brats_lesionwise")
    },
    "surface_dice": lambda spacing: metrics.surface_dice(P, Q, spacing, tolerance_mm=1),
    "compare": lambda spacing: metrics.compare(P, Q, spacing),
    "relate": lambda spacing: metrics.relate(P, Q, spacing),
    "compare_labels": lambda spacing: metrics.compare_labels(MAPS[0], MAPS[1], spacing),
    "volume_ml": lambda spacing: metrics.volume_ml(P, spacing),
    "rim": lambda spacing: metrics.rim(P, spacing, outer_mm=2),
    "relocate_at_random": lambda spacing: metrics.relocate_at_random(SMALL, Q, BRAIN, spacing, seed=1),
    "pairwise": lambda spacing: metrics.pairwise(MASKS, spacing),
    "pairwise_labels": lambda spacing: metrics.pairwise_labels(MAPS, spacing),
    "threshold_curve": lambda spacing: metrics.threshold_curve(CHANCE, Q, spacing),
}


@pytest.mark.parametrize("name", SPACED)
def test_a_spacing_that_is_none_is_refused_everywhere(name: str) -> None:
    for kind, spacing in WRONG_SPACINGS.items():
        with pytest.raises(ValueError, match="spacing"):
            pytest.fail(f"{kind} gave {SPACED[name](spacing)}")


NUMBERS: dict[str, Call] = {
    "tolerance": lambda value: metrics.surface_dice(P, Q, SPACING, tolerance_mm=value),
    "tolerance of pairs": lambda value: metrics.pairwise(MASKS, SPACING, tolerance_mm=value),
    "tolerance of compare": lambda value: metrics.compare(P, Q, SPACING, tolerance_mm=value),
    "near_mm": lambda value: metrics.relate(P, Q, SPACING, near_mm=value),
    "outer": lambda value: metrics.rim(P, SPACING, outer_mm=value),
    "inner": lambda value: metrics.rim(P, SPACING, outer_mm=3, inner_mm=value),
    "IoU": lambda value: metrics.lesion_detection(P, Q, iou=value),
    "rate": lambda value: metrics.normalised_dice(P, Q, occurrence_rate=value),
    "smallest number": lambda value: metrics.objectwise(P, Q, SPACING, min_voxels=value),
    "draws": lambda value: metrics.relocate_at_random(SMALL, Q, BRAIN, SPACING, seed=1, draws=value),
    "share": lambda value: metrics.follow_lesions([], min_share=value),
    "thresholds": lambda value: metrics.threshold_curve(CHANCE, Q, SPACING, thresholds=[value]),
    "threshold": lambda value: consensus.staple(MASKS, threshold=value),
    "weight": lambda value: consensus.staple(MASKS, confidence_weight=value),
    "iterations": lambda value: consensus.staple(MASKS, max_iterations=value),
    "update": lambda value: consensus.staple_labels(MAPS, smallest_update=value),
    "rounds": lambda value: consensus.staple_labels(MAPS, max_iterations=value),
    "volume": metrics.is_residual,
    "predicted volumes": lambda value: metrics.classify_resections([value], [1.0]),
    "true volumes": lambda value: metrics.volume_bias([1.0], [value]),
    "residual": lambda value: metrics.average_dice([0.5], [1.0], [1.0], threshold_ml=value),
    "smallest ml": lambda value: metrics.detection_rate([0.5], [1.0], [1.0], smallest_ml=value),
    "smallest Dice": lambda value: metrics.detection_rate([0.5], [1.0], [1.0], smallest_dice=value),
    "Dice": lambda value: metrics.detection_rate([value], [1.0], [1.0]),
}


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", [math.nan, math.inf, -1.0, "a", None, 1j])
def test_a_number_out_of_range_is_refused(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=r"[A-Z].* "):
        NUMBERS[name](value)


@pytest.mark.parametrize("name", [name for name, (_, arrays) in (OF_MASKS | OF_MAPS).items() if len(arrays) == 4])
def test_raters_are_one_to_64_arrays(name: str) -> None:
    room = metrics if hasattr(metrics, name) else consensus
    more = [SPACING] if name.startswith("pairwise") else []
    for wrong in ([], [P] * 65, (mask for mask in MASKS), {1: P}, None, "masks", 3, np.ones(3)):
        with pytest.raises(ValueError, match="rater"):
            getattr(room, name)(wrong, *more)


@pytest.mark.parametrize("regions", [{"a": ()}, {"a": (0,)}, {"a": (-1,)}, {"a": (1.5,)}, {"a": ("x",)}])
def test_a_region_is_one_or_more_labels(regions: Any) -> None:
    for call in (
        lambda: metrics.pairwise_labels(MAPS, SPACING, regions=regions),
        lambda: metrics.compare_labels(MAPS[0], MAPS[1], SPACING, regions=regions),
    ):
        with pytest.raises(ValueError, match="region"):
            call()
