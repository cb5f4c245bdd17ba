"""The healthy head: brain with folds, ventricles, deep nuclei, skull, scalp and neck.

Positions are mm of the full-sized head, x to the right, y to the front, z up; the origin lies
between the thalami. The shapes follow the proportions of an adult head; they are an illustration
of anatomy, not an atlas.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imaging.phantom.fields import Field, NoiseLattice, Points, ellipsoid, inside, nearest, smooth_union, tube

CORTEX = 2.8
"""mm. Thickness of the cortical grey matter (2.5 to 3 mm in adults)."""


@dataclass(frozen=True)
class Build:
    """The individual traits of one head, all drawn from its seed."""

    ventricles: float
    sulci: float
    fold_depth: float
    gap: float
    skull: float
    scalp: float
    asymmetry: float
    folds: NoiseLattice
    wobble: NoiseLattice

    @classmethod
    def draw(cls, rng: np.random.Generator) -> Build:
        """Return random traits within the range of healthy adults."""
        return cls(
            ventricles=rng.uniform(0.65, 1.35),
            sulci=rng.uniform(0.3, 1.1),
            fold_depth=rng.uniform(11, 18),
            gap=rng.uniform(1.5, 4),
            skull=rng.uniform(5, 7),
            scalp=rng.uniform(4, 6.5),
            asymmetry=rng.uniform(-1.5, 1.5),
            folds=NoiseLattice.make(100, rng.uniform(12.5, 15), rng),
            wobble=NoiseLattice.make(100, 45, rng),
        )


@dataclass(frozen=True)
class Brain:
    """Signed distances (mm) from which the tissues of the brain are told apart.

    hull is the brain's envelope, pial the depth below the nearest surface with cortex on it
    (positive inside, negative in a sulcus), cerebellum and stem the two other parts.
    """

    hull: Field
    pial: Field
    cerebellum: Field
    stem: Field
    ventricles: Field
    nuclei: Field


def build_brain(points: Points, build: Build) -> Brain:
    """Return the distances that describe the brain at the points."""
    cerebrum = _cerebrum(points)
    cerebellum = smooth_union(
        ellipsoid(points, (22, -50, -42), (30, 29, 21)), ellipsoid(points, (-22, -50, -42), (30, 29, 21)), 6
    )
    stem = tube(points, [(0, -14, -8), (0, -18, -34), (0, -30, -90)], [12, 13, 7])
    hull = smooth_union(smooth_union(cerebrum, cerebellum, 8), stem, 8)
    pial = np.maximum(_cortex_depth(points, cerebrum, build), _folia_depth(points, cerebellum))
    return Brain(
        hull=hull,
        pial=np.maximum(pial, -stem),
        cerebellum=cerebellum,
        stem=stem,
        ventricles=_ventricles(points, build),
        nuclei=_nuclei(points),
    )


def _cerebrum(points: Points) -> Field:
    """Return the envelope of the two hemispheres with their temporal lobes."""
    dome = ellipsoid(points, (0, 0, 2), (66, 85, 64))
    base = -(points.z + 24) + 0.06 * np.abs(points.x) - 0.0022 * np.clip(points.y + 5, -80, 0) ** 2
    vault = np.maximum(dome, base.astype(np.float32))
    lobes = np.minimum(ellipsoid(points, (42, 8, -22), (22, 42, 22)), ellipsoid(points, (-42, 8, -22), (22, 42, 22)))
    return smooth_union(vault, lobes, 10)


def _cortex_depth(points: Points, cerebrum: Field, build: Build) -> Field:
    """Return the depth below the cerebral surface, which dives into sulci and fissures."""
    depth = -cerebrum
    radius = np.sqrt((points.x / 66) ** 2 + (points.y / 85) ** 2 + ((points.z - 2) / 64) ** 2) + 1e-3
    # Folds hardly change with depth: ask the noise near the surface, above the point.
    lift = ((0.9 / radius) ** 0.8).astype(np.float32)
    above = Points(points.x * lift, points.y * lift, points.z * lift)
    noise = build.folds.at(above)
    slope = _steepness(noise, above)
    sheets = np.abs(noise) / (slope + 0.035) - build.sulci
    limit = build.fold_depth * (1 + 0.35 * build.wobble.at(points))
    sulci = sheets + np.maximum(depth - limit, 0) + 80 * np.maximum(0.6 - radius, 0)
    midline = np.abs(points.x + build.asymmetry + 1.5 * build.wobble.at(points)) - 0.9
    callosum = np.sqrt((points.y / 40) ** 2 + ((points.z - 4) / 24) ** 2)
    falx = midline + np.maximum(1 - callosum, 0) * 40
    lateral = np.abs(points.z + 5 - 0.22 * (points.y - 5)) - 0.8
    sylvian = lateral + np.maximum(33 - np.abs(points.x), 0) + np.maximum(np.abs(points.y - 8) - 32, 0)
    return nearest(depth, sulci, falx, sylvian)


def _steepness(noise: Field, points: Points) -> Field:
    """Return the size of the noise's gradient per mm of the direction in which it was asked."""
    square = np.zeros_like(noise)
    for axis, position in enumerate(points.axes):
        step = np.gradient(position, axis=axis)
        square += (np.gradient(noise, axis=axis) / np.where(np.abs(step) < 1e-3, 1e-3, step)) ** 2
    return np.asarray(np.sqrt(square), dtype=np.float32)


def _folia_depth(points: Points, cerebellum: Field) -> Field:
    """Return the depth below the leaves of the cerebellum."""
    bend = points.z + 0.012 * (points.y + 50) ** 2 + 0.006 * points.x**2
    leaves = np.abs(((bend / 6.5) % 1) - 0.5) * 6.5 - 0.2
    return nearest(-cerebellum, leaves + np.maximum(-cerebellum - 9, 0))


def _ventricles(points: Points, build: Build) -> Field:
    """Return the distance to lateral, third and fourth ventricles."""
    size = build.ventricles
    body = [(12, 36, 0), (8.5, 22, 9), (9, 0, 17), (14, -22, 16), (23, -37, 7), (22, -56, 2)]
    horn = [(23, -37, 7), (32, -24, -9), (31, 2, -19)]
    lateral = np.full_like(points.x, np.inf)
    for side, stretch in ((1, 1 + 0.06 * build.asymmetry), (-1, 1 - 0.06 * build.asymmetry)):
        mirrored = Points(points.x * side, points.y, points.z)
        widths = np.array([3.2, 5.6, 5.4, 5.6, 6.8, 3.0]) * size * stretch
        np.minimum(lateral, tube(mirrored, body, widths.tolist()), out=lateral)
        widths = np.array([5.5, 2.4, 1.6]) * size * stretch
        np.minimum(lateral, tube(mirrored, horn, widths.tolist()), out=lateral)
    lateral = np.maximum(lateral, 1.0 - np.abs(points.x))  # the septum between the two sides
    third = ellipsoid(points, (0, -4, -3), (1.9 * size, 14, 9))
    fourth = ellipsoid(points, (0, -36, -36), (6 * size, 4.5 * size, 8))
    return nearest(lateral, third, fourth)


def _nuclei(points: Points) -> Field:
    """Return the distance to thalamus, lentiform nucleus and head of the caudate of both sides."""
    mirrored = Points(np.abs(points.x), points.y, points.z)
    return nearest(
        ellipsoid(mirrored, (10.5, -11, 3), (7.5, 14, 9)),
        ellipsoid(mirrored, (25, 5, -1), (6, 16, 10)),
        ellipsoid(mirrored, (16.5, 22, 4), (4.5, 9, 9)),
    )


@dataclass(frozen=True)
class Coverings:
    """The parts in [0, 1] of each voxel that lie in the tissues outside the brain."""

    head: Field
    skull: Field
    diploe: Field
    fat: Field
    sinus: Field


def build_coverings(points: Points, hull: Field, build: Build, width: float) -> Coverings:
    """Return meninges' sinus, skull, scalp and neck around a brain; the face is cut away.

    width is the voxel size in mm.
    """
    ball = ellipsoid(points, (0, 0, 0), (66, 85, 66))
    outside = smooth_union(hull, smooth_union(ball, hull, 25), 12) - build.gap
    soft = build.wobble.at(points)
    bone = outside - build.skull * (1 + 0.12 * soft)
    neck = tube(points, [(0, -22, -60), (0, -34, -190)], [58, 56])
    jaw = ellipsoid(points, (0, 38, -58), (56, 52, 52))
    head = smooth_union(bone - build.scalp * (1 + 0.1 * soft), smooth_union(neck, jaw, 20), 15)
    # Everything in front of a slanting plane from the forehead to the throat is removed: no face.
    face = (points.y - 94) * 0.70 - (points.z + 12) * 0.71
    head = np.maximum(head, np.where(points.z < 30, face, -50)).astype(np.float32)
    middle = np.abs(outside - 0.5 * build.skull) - 0.22 * build.skull
    sinus = np.maximum(np.abs(points.x) - 4, np.abs(outside + 1) - 2.5)
    sinus = np.maximum(sinus, -10 - points.z + 0 * points.y)
    return Coverings(
        head=inside(head, width),
        skull=inside(np.maximum(bone, -outside), width),
        diploe=inside(middle, width),
        fat=inside(np.abs(head + 0.5 * build.scalp) - 0.34 * build.scalp, width),
        sinus=inside(sinus, width),
    )
