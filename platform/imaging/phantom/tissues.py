"""Which part of each voxel is which tissue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import generate_binary_structure, label

from imaging.grid import Grid
from imaging.phantom.anatomy import CORTEX, Brain, Build, build_brain, build_coverings
from imaging.phantom.fields import Field, Points, ellipsoid, inside, smooth_noise
from imaging.phantom.lesions import Lesion, displace, draw_foci, grow
from imaging.phantom.spec import HeadSpec, Label

THICKEST_SUBSLICE = 1.6
"""mm. Thicker slices are the mean of subslices at most this thick."""

SPECK = 8
"""voxels. Smaller separate parts of a lesion are partial-volume specks at the edge of its oedema."""


class Tissue(StrEnum):
    """The kinds of tissue with a brightness of their own."""

    FLUID = "fluid"
    GREY = "grey matter"
    WHITE = "white matter"
    NUCLEI = "deep nuclei"
    CAPS = "periventricular caps"
    NC = "necrotic or non-enhancing core"
    ED = "oedema"
    ET = "enhancing tumour"
    RC = "resection cavity"
    BONE = "bone"
    MARROW = "marrow"
    FAT = "scalp fat"
    MUSCLE = "muscle and skin"
    SINUS = "venous sinus"
    PLEXUS = "choroid plexus"


@dataclass(frozen=True)
class TissueMap:
    """A head before it is imaged: the part in [0, 1] of each voxel [x, y, z] that each tissue fills.

    labels holds the values of `Label` (uint8) where the lesion fills more than half of the voxel,
    brain the voxels within the brain's envelope. spec and seed made it.
    """

    parts: Mapping[Tissue, Field]
    labels: NDArray[np.uint8]
    brain: NDArray[np.bool_]
    grid: Grid
    spec: HeadSpec
    seed: int


def make_tissues(spec: HeadSpec, seed: int) -> TissueMap:
    """Return the tissues of one head. The same spec and seed give the same head."""
    anatomy_rng, lesion_rng = (np.random.default_rng([seed, stream]) for stream in (1, 2))
    subslices = max(1, int(np.ceil(spec.spacing[2] / spec.scale / THICKEST_SUBSLICE - 1e-6)))
    axes = _axes(spec, subslices)
    width = float(np.mean([axis[1] - axis[0] for axis in axes]))
    here = Points(*np.meshgrid(*axes, indexing="ij"))
    foci = draw_foci(spec, lesion_rng)
    origin = _warp(displace(here, foci), axes, anatomy_rng)
    build = Build.draw(anatomy_rng)
    brain = build_brain(origin, build)
    fluid = _fluid(brain, width)
    barrier = np.clip(fluid + 0.75 * inside(brain.pial - 4.5, width), 0, 1)
    lesion = grow(here, foci, spec=spec, hull=brain.hull, barrier=barrier, width=width)
    parts = _fill(brain, lesion, fluid, points=origin, width=width)
    _add_coverings(parts, build, brain, points=origin, spec=spec, width=width)
    parts = {tissue: _mean_of_subslices(part, subslices) for tissue, part in parts.items()}
    hull = _mean_of_subslices(inside(brain.hull - 0.8, width), subslices)
    return TissueMap(
        parts=parts,
        labels=_labels(parts),
        brain=hull >= 0.5,
        grid=grid_of(spec),
        spec=spec,
        seed=seed,
    )


def grid_of(spec: HeadSpec) -> Grid:
    """Return the grid of a head: RAS+ axes with the middle of the volume at 0 mm."""
    affine = np.diag([*spec.spacing, 1.0])
    affine[:3, 3] = [-(n - 1) / 2 * s for n, s in zip(spec.shape, spec.spacing, strict=True)]
    return Grid(spec.shape, affine)


def _axes(spec: HeadSpec, subslices: int) -> list[Field]:
    """Return the positions along x, y and z in mm of the full-sized head."""
    extent = spec.shape[2] * spec.spacing[2] / spec.scale
    # A stripped brain lies in the middle; of a whole head the vertex is kept and the neck cut.
    shift = 1.0 if spec.skull_stripped else 84.0 - extent / 2
    counts = (spec.shape[0], spec.shape[1], spec.shape[2] * subslices)
    steps = (spec.spacing[0], spec.spacing[1], spec.spacing[2] / subslices)
    axes = [
        ((np.arange(n) - (n - 1) / 2) * step / spec.scale).astype(np.float32)
        for n, step in zip(counts, steps, strict=True)
    ]
    axes[2] += np.float32(shift)
    return axes


def _warp(points: Points, axes: list[Field], rng: np.random.Generator) -> Points:
    """Give the head its own size and form, and tilt it a little."""
    size = rng.uniform([0.98, 0.98, 0.98], [1.08, 1.08, 1.07])  # divides: the head becomes smaller
    angles = np.deg2rad(rng.uniform(-5, 5, 3))
    x, y, z = (axis * np.float32(s) for axis, s in zip(points.axes, size, strict=True))
    x, y = x * np.cos(angles[0]) - y * np.sin(angles[0]), x * np.sin(angles[0]) + y * np.cos(angles[0])
    y, z = y * np.cos(angles[1]) - z * np.sin(angles[1]), y * np.sin(angles[1]) + z * np.cos(angles[1])
    x, z = x * np.cos(angles[2]) - z * np.sin(angles[2]), x * np.sin(angles[2]) + z * np.cos(angles[2])
    moved = [
        axis + np.float32(1.3) * smooth_noise(axes, 45, rng) + np.float32(0.4) * smooth_noise(axes, 18, rng)
        for axis in (x, y, z)
    ]
    return Points(*(axis.astype(np.float32) for axis in moved))


def _fluid(brain: Brain, width: float) -> Field:
    """Return the part of each voxel that is cerebrospinal fluid."""
    return np.maximum(inside(brain.pial, width), inside(brain.ventricles, width))


def _fill(brain: Brain, lesion: Lesion, fluid: Field, *, points: Points, width: float) -> dict[Tissue, Field]:
    """Return the tissues within the brain's envelope; what covers more comes first."""
    cortex = inside(brain.pial - CORTEX, width)
    cortex = np.where(brain.stem < 0, 0.25 * cortex, cortex).astype(np.float32)
    plexus_spots = np.minimum(
        ellipsoid(points, (22, -34, 7), (3.5, 5, 3)), ellipsoid(points, (-22, -34, 7), (3.5, 5, 3))
    )
    horns = np.clip((np.abs(points.y) - 12) / 20, 0, 1)
    caps = inside(brain.ventricles - 3, 3 * width) * horns * 0.6
    parts = {Tissue.RC: lesion.rc, Tissue.NC: lesion.nc, Tissue.ET: lesion.et, Tissue.ED: lesion.ed}
    rest = np.clip(1 - sum(parts.values()), 0, 1)
    for tissue, part in (
        (Tissue.PLEXUS, inside(plexus_spots, width) * inside(brain.ventricles, width)),
        (Tissue.FLUID, fluid),
        (Tissue.NUCLEI, inside(brain.nuclei, 2 * width)),
        (Tissue.GREY, cortex),
        (Tissue.CAPS, caps),
    ):
        parts[tissue] = rest * part
        rest = rest - parts[tissue]
    parts[Tissue.WHITE] = rest
    return parts


def _add_coverings(
    parts: dict[Tissue, Field], build: Build, brain: Brain, *, points: Points, spec: HeadSpec, width: float
) -> None:
    """Limit the parts to the brain's envelope and add what lies around it."""
    envelope = inside(brain.hull - (0.8 if spec.skull_stripped else 0.0), width)
    for tissue, part in parts.items():
        parts[tissue] = part * envelope
    if spec.skull_stripped:
        return
    cover = build_coverings(points, brain.hull, build, width)
    rest = (1 - envelope) * cover.head
    bone = rest * cover.skull
    parts[Tissue.SINUS] = rest * cover.sinus * (1 - cover.skull)
    parts[Tissue.MARROW] = bone * cover.diploe
    parts[Tissue.BONE] = bone - parts[Tissue.MARROW]
    rest = rest - bone - parts[Tissue.SINUS]
    between = inside(brain.hull - build.gap - 0.3, width) * rest
    parts[Tissue.FLUID] = parts[Tissue.FLUID] + between
    rest = rest - between
    parts[Tissue.FAT] = rest * cover.fat
    parts[Tissue.MUSCLE] = rest - parts[Tissue.FAT]


def _mean_of_subslices(part: Field, subslices: int) -> Field:
    if subslices == 1:
        return part
    nx, ny, nz = part.shape
    slabs = part.reshape(nx, ny, nz // subslices, subslices)
    return np.asarray(slabs.mean(axis=3, dtype=np.float32), dtype=np.float32)


def _labels(parts: Mapping[Tissue, Field]) -> NDArray[np.uint8]:
    """Return the label that fills the most of each voxel that is lesion for more than half.

    Specks of fewer than SPECK voxels, which no rater would draw, stay background.
    """
    order = (
        (Tissue.NC, Label.NC),
        (Tissue.ED, Label.ED),
        (Tissue.ET, Label.ET),
        (Tissue.RC, Label.RC),
    )
    stacked = np.stack([parts[tissue] for tissue, _ in order])
    values = np.array([label for _, label in order], dtype=np.uint8)
    lesion = stacked.sum(axis=0) > 0.5
    components, _ = label(lesion, generate_binary_structure(3, 3))
    lesion &= np.bincount(components.ravel())[components] >= SPECK
    return np.where(lesion, values[stacked.argmax(axis=0)], 0).astype(np.uint8)
