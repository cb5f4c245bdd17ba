"""Where the head and the brain are, and whether a face can be seen. Approximate, without a network.

Good enough for windows, thumbnails, warnings and to leave air out of a threshold; not a brain
extraction to publish with.
"""

from __future__ import annotations

from typing import TypeAlias

import cc3d
import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray
from scipy import ndimage

from imaging.grid import Grid, to_canonical
from imaging.volume import Voxels

Mask: TypeAlias = NDArray[np.bool_]

CUT_OUT_BACKGROUND = 0.2
"""Part of the image that one constant must fill for everything else to be tissue."""
LARGEST_BRAIN_ML = 2200.0
"""ml; adult brains reach about 1800 ml, whole heads begin well above."""
TOUCHING = 0.1
"""Part of the image's faces that a cut-out brain may touch; a neck touches more."""
SCALP_MM = (6.0, 8.0, 10.0, 12.0)
"""mm eroded to break the bridges (vessels, nerves, eye muscles) between brain and scalp; the next
is tried when what is left is too large to be a brain."""
USUAL_BRAIN_ML = 1600.0
"""ml; brains with their ventricles are rarely larger."""
WORKING_MM = 2.0
"""mm; masks are made on a grid about this coarse."""
FOREHEAD_MM = (45.0, 75.0)
"""mm below the top of an adult head."""
FACE_MM = (90.0, 125.0)
"""mm below the top of an adult head: eyes and nose."""
FACE_HALF_WIDTH_MM = 45.0
FACE_DEPTH_MM = 30.0
"""mm behind the foremost point of the forehead."""
FACE_SIGNAL = 0.05
"""Part of the face's box that holds any signal: 0.07 to 0.25 in whole heads, 0.02 at most after a cut."""


def background_value(array: Voxels) -> float:
    """Return the commonest value on the faces of the image box: what surrounds the head."""
    values, counts = np.unique(_faces(array), return_counts=True)
    return float(values[counts.argmax()])


def head_voxels(array: Voxels) -> Mask:
    """Return the voxels brighter than the air around the head (Otsu's threshold).

    A quick mask for windows and slices, without smoothing or filling. An image whose background is
    one constant over a fifth of it is taken as cut out: everything else is head.
    """
    different: Mask = array != background_value(array)
    if np.count_nonzero(different) < (1 - CUT_OUT_BACKGROUND) * array.size:
        return different
    return array > otsu_threshold(array)


def otsu_threshold(array: Voxels) -> float:
    """Return Otsu's threshold between dark and bright voxels of an image, outliers clipped.

    Source: Otsu, IEEE Trans. Syst. Man Cybern. 9(1), 1979, doi:10.1109/TSMC.1979.4310076.
    """
    low, high = np.percentile(array, (0.5, 99.5))
    if high <= low:
        return float(low)
    clipped = np.clip(array, low, high).astype(np.float32)
    task = sitk.OtsuThresholdImageFilter()
    task.SetNumberOfHistogramBins(256)
    task.Execute(sitk.GetImageFromArray(clipped.ravel(order="K")[None, :]))
    return float(task.GetThreshold())


def is_skull_stripped(array: Voxels, grid: Grid) -> bool:
    """Whether only a brain is left on an exactly constant background.

    Three signs together: a constant fills a fifth of the image, what is left hardly touches the
    faces of the image (a neck does), and it is not larger than a brain.
    """
    tissue: Mask = array != background_value(array)
    count = np.count_nonzero(tissue)
    return bool(
        0 < count < (1 - CUT_OUT_BACKGROUND) * array.size
        and _faces(tissue).mean() < TOUCHING
        and count * grid.voxel_volume_ml < LARGEST_BRAIN_ML
    )


def head_mask(array: Voxels, grid: Grid) -> Mask:
    """Return the filled head (or, skull-stripped, the brain): tissue, without holes and specks.

    Empty for an image of one value.
    """
    if array.min() == array.max():
        return np.zeros(array.shape, dtype=np.bool_)
    if is_skull_stripped(array, grid):
        return _fill(array != background_value(array))
    steps = _steps(grid)
    small = _smooth(array[steps], grid)
    tissue = small > otsu_threshold(small) / 2
    tissue = _largest(_opened(tissue, _coarse_spacing(grid), radius=3.0))
    return _enlarge(_fill(tissue), steps, array.shape)


def brain_mask(array: Voxels, grid: Grid) -> Mask:
    """Return an approximate brain mask of a T1, T1c, T2 or FLAIR head.

    Skull-stripped: everything that is not background, filled. A full head: tissue above Otsu's
    threshold, eroded until scalp and brain come apart at the dark skull, the largest part that
    is left, grown back and filled. Empty when nothing is found.
    """
    if is_skull_stripped(array, grid):
        return head_mask(array, grid)
    steps, spacing = _steps(grid), _coarse_spacing(grid)
    small = _smooth(array[steps], grid)
    depth = _distance(head_mask(array, grid)[steps], spacing)
    bright = small > otsu_threshold(small) * 0.8
    voxel_ml = float(np.prod(spacing)) / 1000
    brain = np.zeros(small.shape, dtype=np.bool_)
    for width in SCALP_MM:
        inside = depth > width
        core = _largest(_distance(bright & inside, spacing) > width)
        if not core.any():
            break
        grown = _distance(~core, spacing) <= width + max(spacing) / 2
        brain = _fill(_closed(grown & inside, spacing, radius=6.0) & inside)
        if np.count_nonzero(brain) * voxel_ml < USUAL_BRAIN_ML:
            break
    return _enlarge(brain, steps, array.shape)


def has_face(array: Voxels, grid: Grid) -> bool:
    """Whether a person could be recognised from the image: a full head with eyes and nose in it.

    A warning's heuristic, not a proof; in doubt the answer is yes. Looks into the box where eyes
    and nose are: 90 to 125 mm below the top of the head, 90 mm wide, from the foremost point of
    the forehead 30 mm back. Defacing programs fill it with one constant. No face: a skull-stripped
    image, one that ends above the eyes, or a box of which less than 5 % is brighter than air.
    """
    if is_skull_stripped(array, grid):
        return False
    head, turned = to_canonical(head_mask(array, grid), grid)
    levels = np.flatnonzero(head.any(axis=(0, 1)))
    if levels.size == 0:
        return False
    depth = (levels[-1] - np.arange(head.shape[2])) * turned.spacing[2]
    brow = (depth >= FOREHEAD_MM[0]) & (depth <= FOREHEAD_MM[1])
    forehead = head & brow
    face = (depth >= FACE_MM[0]) & (depth <= FACE_MM[1])
    if not forehead.any() or not face.any():
        return False
    columns = np.abs(_positions(head, turned, axis=0)) <= FACE_HALF_WIDTH_MM
    front = np.flatnonzero(forehead[columns].any(axis=(0, 2))).max(initial=0)
    behind = (front - np.arange(head.shape[1])) * turned.spacing[1]
    rows = (behind >= 0) & (behind < FACE_DEPTH_MM)
    image, _ = to_canonical(array, grid)
    box = image[np.ix_(columns, rows, face)]
    return bool(box.size and np.mean(box > _brightest_air(image)) >= FACE_SIGNAL)


def _brightest_air(image: Voxels) -> float:
    """Return how bright air gets (99.5th percentile) in the four upper corners of a RAS+ image."""
    across, along, up = (max(1, length // part) for length, part in zip(image.shape, (10, 10, 4), strict=True))
    top = image[:, :, -up:]
    corners = [top[x, y] for x in (slice(across), slice(-across, None)) for y in (slice(along), slice(-along, None))]
    return float(np.percentile(np.concatenate([corner.ravel() for corner in corners]), 99.5))


def _positions(head: Mask, grid: Grid, *, axis: int) -> NDArray[np.float64]:
    """Return the distance in mm of each plane across an axis from the middle of the head."""
    others = tuple(other for other in range(3) if other != axis)
    filled = np.flatnonzero(head.any(axis=others))
    positions: NDArray[np.float64] = (np.arange(head.shape[axis]) - filled.mean()) * grid.spacing[axis]
    return positions


def _faces(array: Voxels) -> Voxels:
    ends = (array[[0, -1]], array[:, [0, -1]], array[:, :, [0, -1]])
    return np.concatenate([end.ravel() for end in ends])


def _steps(grid: Grid) -> tuple[slice, slice, slice]:
    x, y, z = (slice(None, None, max(1, round(WORKING_MM / length))) for length in grid.spacing)
    return x, y, z


def _coarse_spacing(grid: Grid) -> tuple[float, float, float]:
    x, y, z = (float(length * step.step) for length, step in zip(grid.spacing, _steps(grid), strict=True))
    return x, y, z


def _smooth(small: Voxels, grid: Grid) -> Voxels:
    sigmas = [1.0 / length for length in _coarse_spacing(grid)]
    smooth: Voxels = ndimage.gaussian_filter(small.astype(np.float32), sigmas)
    return smooth


def _distance(mask: Mask, spacing: tuple[float, float, float]) -> Voxels:
    """Return the distance in mm of each voxel of the mask to the nearest voxel outside it.

    The border of the image does not count as outside.
    """
    if mask.all():
        return np.full(mask.shape, np.inf)
    distance: Voxels = ndimage.distance_transform_edt(mask, sampling=spacing)
    return distance


def _opened(mask: Mask, spacing: tuple[float, float, float], *, radius: float) -> Mask:
    kept = _distance(mask, spacing) > radius
    opened: Mask = _distance(~kept, spacing) <= radius
    return opened & mask


def _closed(mask: Mask, spacing: tuple[float, float, float], *, radius: float) -> Mask:
    grown = _distance(~mask, spacing) <= radius
    closed: Mask = _distance(grown, spacing) > radius
    return closed | mask


def _largest(mask: Mask) -> Mask:
    largest: Mask = cc3d.largest_k(mask, k=1, connectivity=6) > 0
    return largest


def _fill(mask: Mask) -> Mask:
    """Fill holes in space and, since heads are cut open below, in each slice along each axis."""
    filled: Mask = ndimage.binary_fill_holes(mask)
    for axis in range(3):
        for index in range(mask.shape[axis]):
            at = (slice(None),) * axis + (index,)
            filled[at] = ndimage.binary_fill_holes(filled[at])
    return filled


def _enlarge(small: Mask, steps: tuple[slice, slice, slice], shape: tuple[int, ...]) -> Mask:
    """Return a mask made on every n-th voxel at full size; each voxel takes its nearest one."""
    indices = [
        np.minimum((np.arange(length) + step.step // 2) // step.step, kept - 1)
        for length, step, kept in zip(shape, steps, small.shape, strict=True)
    ]
    enlarged: Mask = small[np.ix_(*indices)]
    return enlarged
