"""Which lesion of one exam is which of the next: identity over time by overlap in physical space."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluation.metrics.components import label_components
from evaluation.metrics.overlap import MM3_PER_ML
from evaluation.metrics.validation import as_floats, as_mask, check_number

Event = Literal["first exam", "new", "persists", "split", "reappeared", "merged", "vanished", "absent"]
HELD: tuple[Event, ...] = ("first exam", "new", "persists", "split", "reappeared")
"""The events of an exam in which the lesion has a component of its own."""


@dataclass(frozen=True)
class LesionMap:
    """The lesions of one exam, numbered from 1 by their centres along x, y, z.

    voxels (n, 3) are the indices of all lesion voxels on a grid of the given shape, numbers (n,) the lesion of each;
    affine (4×4) leads from an index to mm. volumes_ml has one value per lesion.
    """

    voxels: NDArray[np.int64]
    numbers: NDArray[np.int64]
    volumes_ml: NDArray[np.float64]
    shape: tuple[int, int, int]
    affine: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.volumes_ml)

    def without_small(self, least_ml: float) -> LesionMap:
        """Return the lesions of at least so many ml, numbered anew in the same order."""
        kept = self.volumes_ml >= least_ml
        numbers = np.concatenate([[0], np.cumsum(kept) * kept])[self.numbers]
        there = numbers > 0
        return replace(self, voxels=self.voxels[there], numbers=numbers[there], volumes_ml=self.volumes_ml[kept])


def map_lesions(mask: ArrayLike, affine: ArrayLike, *, connectivity: int = 26) -> LesionMap:
    """Return the connected components of a mask (x, y, z); affine (4×4) leads from voxel index to mm.

    Raises ValueError unless the mask has three axes and 0 and 1 only, for an affine that has no inverse, and for a
    connectivity other than 6, 18 and 26.
    """
    own = as_mask(mask)
    matrix = as_floats(affine, name="affine")
    if own.ndim != 3:
        raise ValueError(f"Lesions are followed in space: the mask has {own.ndim} axes instead of 3.")
    if matrix.shape != (4, 4) or not np.isfinite(matrix).all() or np.linalg.det(matrix[:3, :3]) == 0:
        raise ValueError("The affine is a 4×4 matrix of finite numbers that has an inverse.")
    x, y, z = own.shape
    found = label_components(own, connectivity=connectivity)
    voxels = np.argwhere(own).astype(np.int64)
    voxel_ml = abs(float(np.linalg.det(matrix[:3, :3]))) / MM3_PER_ML
    return LesionMap(
        voxels=voxels,
        numbers=found.labels[tuple(voxels.T)].astype(np.int64),
        volumes_ml=np.asarray(found.sizes * voxel_ml, np.float64),
        shape=(x, y, z),
        affine=matrix,
    )


def overlap_shares(first: LesionMap, second: LesionMap) -> NDArray[np.float64]:
    """Return the overlap of the lesions of two exams as a share of the smaller one, (first, second), in [0, 1].

    Both exams are taken to lie in one frame: a voxel belongs to the voxel of the other grid that holds its centre.
    Where the grids differ, this is asked in both directions and the larger volume counts, so that a lesion smaller
    than a voxel of the coarser grid is not lost.
    """
    shared = np.maximum(_shared_ml(first, second), _shared_ml(second, first).T)
    smaller = np.minimum(first.volumes_ml[:, None], second.volumes_ml[None, :])
    return np.asarray(np.minimum(1.0, shared / smaller), np.float64)


@dataclass(frozen=True)
class Sighting:
    """A lesion at one exam: its component there (0: none), its volume in ml, and what happened.

    volume_ml is 0 when it is gone, and nan when it was absorbed by another lesion: other names that one, or the
    lesion that it split off from (0: none).
    """

    event: Event
    component: int = 0
    volume_ml: float = 0.0
    other: int = 0


@dataclass
class Track:
    """One lesion of a patient over all exams; sightings begin with exam number `first` (from 0)."""

    number: int
    first: int
    sightings: list[Sighting] = field(default_factory=list)

    def at(self, exam: int) -> Sighting | None:
        """Return what is known of the lesion at an exam; None before it was first seen."""
        return self.sightings[exam - self.first] if exam >= self.first else None

    @property
    def last_held(self) -> int:
        """The newest exam at which the lesion had a component of its own."""
        held = [place for place, sighting in enumerate(self.sightings) if sighting.event in HELD]
        return self.first + held[-1]


def follow_lesions(exams: Sequence[LesionMap], *, min_share: float = 0.1) -> tuple[Track, ...]:
    """Return the lesions of one patient over exams in the order of time.

    Two lesions of consecutive exams can be one when they overlap by more than min_share of the smaller. From the
    largest such overlap in ml down, one lesion continues one other. A lesion that is left over and overlaps a
    continued one has split from it; an earlier lesion that is left over and overlaps one that others continue has
    merged with it; without any overlap a lesion is new, or has vanished. A lesion that vanished or merged has its
    number back when it is found again where it last was. No registration is made: the exams are taken to lie in one
    frame.

    Raises ValueError unless 0 ≤ min_share < 1.
    """
    check_number(min_share, name="share of the smaller lesion min_share", low=0, high=1)
    if min_share == 1:
        raise ValueError("No share is above 1: min_share lies below it.")
    tracks: list[Track] = []
    for place, exam in enumerate(exams):
        if place == 0:
            tracks = [_begin(number, 0, exam, number, "first exam") for number in range(1, len(exam) + 1)]
            continue
        _continue(tracks, exams, place, min_share=min_share)
    return tuple(tracks)


def _continue(tracks: list[Track], exams: Sequence[LesionMap], place: int, *, min_share: float) -> None:
    """Give every lesion of one more exam a number, and every known lesion a sighting there."""
    exam = exams[place]
    live = [track for track in tracks if track.last_held == place - 1]
    dormant = [track for track in tracks if track.last_held < place - 1]
    links = _link(live, exams, exam, min_share=min_share)
    own, holders = _assign(links, taken={})
    returned, holders = _assign(_link(dormant, exams, exam, min_share=min_share), taken=holders)
    for track in live + dormant:
        component = own.get(track.number) or returned.get(track.number)
        if component:
            event: Event = "persists" if track.number in own else "reappeared"
            track.sightings.append(Sighting(event, component, float(exam.volumes_ml[component - 1])))
        else:
            track.sightings.append(_lose(track, links, holders))
    tracks += _begin_left_over(exam, links, own, holders, place=place, number=len(tracks) + 1)


def _lose(track: Track, links: list[_Link], holders: dict[int, int]) -> Sighting:
    """Return what became of a lesion without a component: it merged with another, vanished, or is still gone."""
    met = [link for link in links if link.track == track.number]
    if met:
        return Sighting("merged", volume_ml=math.nan, other=holders[met[0].component])
    last = track.sightings[-1]
    if last.event in HELD:
        return Sighting("vanished")
    return last if last.event == "merged" else Sighting("absent")


def _begin_left_over(
    exam: LesionMap, links: list[_Link], own: dict[int, int], holders: dict[int, int], *, place: int, number: int
) -> list[Track]:
    """Return new lesions for the components without a number: split off where they overlap a known lesion."""
    begun: list[Track] = []
    for component in range(1, len(exam) + 1):
        if component in holders:
            continue
        met = [link.track for link in links if link.component == component and link.track in own]
        event: Event = "split" if met else "new"
        begun.append(_begin(number + len(begun), place, exam, component, event, other=met[0] if met else 0))
    return begun


@dataclass(frozen=True, order=True)
class _Link:
    """An overlap, sorted from the largest down, then by number and component."""

    minus_ml: float
    track: int
    component: int


def _link(tracks: list[Track], exams: Sequence[LesionMap], exam: LesionMap, *, min_share: float) -> list[_Link]:
    """Return the overlaps above min_share of lesions, where each was last seen, with an exam's components."""
    found = []
    for seen in sorted({track.last_held for track in tracks}):
        shares = overlap_shares(exams[seen], exam)
        for track in tracks:
            sighting = track.at(seen)
            if track.last_held != seen or sighting is None:
                continue
            row = shares[sighting.component - 1]
            for component in (np.flatnonzero(row > min_share) + 1).tolist():
                size = min(sighting.volume_ml, float(exam.volumes_ml[component - 1]))
                found.append(_Link(-float(row[component - 1]) * size, track.number, component))
    return sorted(found)


def _assign(links: list[_Link], *, taken: dict[int, int]) -> tuple[dict[int, int], dict[int, int]]:
    """Return track → component, one to one from the largest overlap down, and component → track with those taken."""
    own: dict[int, int] = {}
    holders = dict(taken)
    for link in links:
        if link.track not in own and link.component not in holders:
            own[link.track] = link.component
            holders[link.component] = link.track
    return own, holders


def _begin(number: int, place: int, exam: LesionMap, component: int, event: Event, *, other: int = 0) -> Track:
    sighting = Sighting(event, component, float(exam.volumes_ml[component - 1]), other)
    return Track(number, place, [sighting])


def _shared_ml(first: LesionMap, second: LesionMap) -> NDArray[np.float64]:
    """Return the volume in ml of second's voxels whose centres lie in lesions of first, (first, second)."""
    shared = np.zeros((len(first), len(second)))
    if not shared.size:
        return shared
    to_first = np.linalg.solve(first.affine, second.affine)
    places = np.rint(second.voxels @ to_first[:3, :3].T + to_first[:3, 3]).astype(np.int64)
    inside = np.all((places >= 0) & (places < first.shape), axis=1)
    known = np.ravel_multi_index(tuple(first.voxels.T), first.shape)  # ascending: argwhere goes in this order
    wanted = np.ravel_multi_index(tuple(places[inside].T), first.shape)
    spot = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    hit = known[spot] == wanted
    voxel_ml = abs(float(np.linalg.det(second.affine[:3, :3]))) / MM3_PER_ML
    np.add.at(shared, (first.numbers[spot[hit]] - 1, second.numbers[inside][hit] - 1), voxel_ml)
    return shared
