"""Tumours, their oedema, and what an operation leaves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imaging.phantom.fields import Field, NoiseLattice, Point, Points, inside, tube
from imaging.phantom.spec import HeadSpec, Stage


@dataclass(frozen=True)
class Focus:
    """One tumour. Lengths in mm of the full-sized head.

    core is the mean radius of the enhancing tumour with its necrosis, rim the thickness of its
    enhancing wall, oedema how far the oedema reaches, push how far tissue is displaced.
    """

    centre: Point
    core: float
    stretch: Point
    rim: float
    oedema: float
    push: float
    rough: NoiseLattice
    spread: NoiseLattice


@dataclass(frozen=True)
class Lesion:
    """The parts in [0, 1] of each voxel that belong to the labels of one examination."""

    nc: Field
    ed: Field
    et: Field
    rc: Field


def draw_foci(spec: HeadSpec, rng: np.random.Generator) -> list[Focus]:
    """Return the tumours of one head, the largest first; none for a healthy head."""
    if spec.stage is Stage.HEALTHY:
        return []
    operated = spec.stage is not Stage.UNTREATED
    largest = spec.tumour_radius or float(rng.uniform(14 if operated else 9, 22))
    foci: list[Focus] = []
    while len(foci) < spec.foci:
        core = largest if not foci else largest * float(rng.uniform(0.3, 0.65))
        centre = _draw_centre(core, [focus.centre for focus in foci], rng)
        foci.append(_draw_focus(centre, core, first=not foci, enhancing=spec.enhancing, rng=rng))
    return foci


def _draw_focus(centre: Point, core: float, *, first: bool, enhancing: bool, rng: np.random.Generator) -> Focus:
    stretch = tuple(float(value) for value in rng.uniform(0.78, 1.28, 3))
    return Focus(
        centre=centre,
        core=core,
        stretch=(stretch[0], stretch[1], stretch[2]),
        rim=float(rng.uniform(2.0, 5.5)),
        oedema=float(rng.uniform(4, 17) if enhancing else rng.uniform(0, 7)) * (1 if first else 0.5),
        push=float(rng.uniform(0.15, 0.4)) * core,
        rough=NoiseLattice.make(50, 0.9 * core + 4, rng),
        spread=NoiseLattice.make(90, 26, rng),
    )


def _draw_centre(core: float, taken: list[Point], rng: np.random.Generator) -> Point:
    """Return a place in the white matter of the hemispheres, away from the other foci."""
    best: Point = (0.0, 0.0, 0.0)
    widest = -np.inf
    for _ in range(4):
        side = rng.choice([-1.0, 1.0])
        direction = rng.standard_normal(3)
        direction /= np.linalg.norm(direction)
        reach = rng.uniform(0.35, 0.72)
        x = side * max(abs(direction[0]) * 66 * reach, 0.55 * core + 12)
        point = (float(x), float(direction[1] * 85 * reach), float(direction[2] * 50 * reach + 14))
        apart = min((float(np.linalg.norm(np.subtract(point, other))) for other in taken), default=np.inf)
        if apart > widest:
            best, widest = point, apart
        if not taken:
            break
    return best


def displace(points: Points, foci: list[Focus]) -> Points:
    """Return where the tissue now at the points would be had the tumours not pushed it away."""
    for focus in foci:
        offsets = [axis - np.float32(c) for axis, c in zip(points.axes, focus.centre, strict=True)]
        radius = np.sqrt(sum(o**2 for o in offsets)) + 1e-3
        reach = 2.2 * focus.core
        shift = focus.push * np.exp(-((radius / reach) ** 2)) * (radius / (radius + 0.5 * focus.core))
        x, y, z = (axis - o / radius * shift for axis, o in zip(points.axes, offsets, strict=True))
        points = Points(x.astype(np.float32), y.astype(np.float32), z.astype(np.float32))
    return points


def grow(points: Points, foci: list[Focus], *, spec: HeadSpec, hull: Field, barrier: Field, width: float) -> Lesion:
    """Return the lesion of all foci.

    hull is the signed distance to the brain's envelope; barrier says in [0, 1] how much a voxel
    holds oedema off: 1 in fluid, less in cortex, 0 in white matter. width is the voxel size in mm.
    """
    empty = np.zeros_like(hull)
    lesion = Lesion(empty, empty, empty, empty)
    for order, focus in enumerate(foci):
        operated = order == 0 and spec.stage in (Stage.RESIDUAL, Stage.CLEARED)
        part = (
            _resect(points, focus, hull=hull, barrier=barrier, spec=spec, width=width)
            if operated
            else _untouched(points, focus, hull=hull, barrier=barrier, spec=spec, width=width)
        )
        if spec.stage is Stage.CLEARED and not operated:
            continue
        lesion = _overlay(lesion, part)
    return lesion


def _overlay(below: Lesion, above: Lesion) -> Lesion:
    """Return both lesions; core and cavity win over oedema, the later focus over the earlier."""
    solid = above.nc + above.et + above.rc
    nc, et, rc = (
        old * (1 - solid) + new for old, new in ((below.nc, above.nc), (below.et, above.et), (below.rc, above.rc))
    )
    ed = np.maximum(below.ed, above.ed)
    ed = np.minimum(ed, 1 - nc - et - rc)
    return Lesion(nc=nc, ed=np.maximum(ed, 0), et=et, rc=rc)


def _core_distance(points: Points, focus: Focus) -> tuple[Field, Field]:
    """Return the signed distance to the focus's core, and the roughness it was drawn with."""
    local = Points(*(a - np.float32(c) for a, c in zip(points.axes, focus.centre, strict=True)))
    rough = focus.rough.at(local)
    scaled = [axis / np.float32(s) for axis, s in zip(local.axes, focus.stretch, strict=True)]
    radius = np.sqrt(sum(axis**2 for axis in scaled))
    return (radius - focus.core * (1 + 0.2 * rough)).astype(np.float32), rough


def _oedema(points: Points, focus: Focus, core: Field, barrier: Field, width: float) -> Field:
    """Return the oedema: fingers along the white matter that spare cortex and fluid."""
    reach = focus.oedema * (1 + 0.8 * np.tanh(focus.spread.at(points)))
    return inside(core - np.maximum(reach, 0.5) + 14 * barrier, 1.5 * width) * (1 - np.clip(barrier, 0, 1) ** 3)


def _untouched(points: Points, focus: Focus, *, hull: Field, barrier: Field, spec: HeadSpec, width: float) -> Lesion:
    distance, rough = _core_distance(points, focus)
    brain = inside(hull + 1.0, width)
    core = inside(distance, width) * brain
    oedema = _oedema(points, focus, distance, barrier, width) * brain * (1 - core)
    if not spec.enhancing:
        return Lesion(nc=core, ed=oedema, et=np.zeros_like(core), rc=np.zeros_like(core))
    thick = focus.rim * (1 + 0.55 * np.tanh(focus.spread.at(points)) - 0.3 * rough)
    necrosis = inside(distance + np.maximum(thick, 0.8), width) * brain
    return Lesion(nc=necrosis, ed=oedema, et=core - necrosis, rc=np.zeros_like(core))


def _resect(points: Points, focus: Focus, *, hull: Field, barrier: Field, spec: HeadSpec, width: float) -> Lesion:
    """Return the cavity with its corridor to the surface and, unless cleared, what was left behind."""
    distance, rough = _core_distance(points, focus)
    outward = np.asarray(focus.centre) / (np.linalg.norm(focus.centre) + 1e-6)
    mouth = np.asarray(focus.centre) + outward * 90
    corridor = tube(
        points, [focus.centre, (float(mouth[0]), float(mouth[1]), float(mouth[2]))], [0.35 * focus.core] * 2
    )
    cavity_distance = np.minimum(distance + 0.1 * focus.core, corridor + 2 * rough)
    brain = inside(hull + 1.0, width)
    cavity = inside(cavity_distance, width) * brain
    if spec.stage is Stage.CLEARED:
        nothing = np.zeros_like(cavity)
        return Lesion(nc=nothing, ed=nothing, et=nothing, rc=cavity)
    oedema = _oedema(points, focus, distance, barrier, width) * brain * (1 - cavity)
    remnant = inside(distance - focus.rim, width) * inside((0.3 - focus.spread.at(points)) * 8, width)
    remnant = remnant * brain * (1 - cavity)
    pocket = inside(np.abs(distance - 0.4 * focus.rim) - 0.2 * focus.rim, width) * inside(6 * rough, width)
    necrosis = pocket * remnant
    return Lesion(nc=necrosis, ed=np.minimum(oedema, 1 - cavity - remnant), et=remnant - necrosis, rc=cavity)
