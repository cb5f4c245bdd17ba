"""Where the head is in an image."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from imaging.volume import Voxels

Mask: TypeAlias = NDArray[np.bool_]


def background_value(array: Voxels) -> float:
    """Return the commonest value on the faces of the image box: what surrounds the head."""
    faces = [array[[0, -1]].ravel(), array[:, [0, -1]].ravel(), array[:, :, [0, -1]].ravel()]
    values, counts = np.unique(np.concatenate(faces), return_counts=True)
    return float(values[counts.argmax()])


def head_voxels(array: Voxels) -> Mask:
    """Return the voxels brighter than the air around the head (Otsu's threshold).

    A quick mask for windows and slices, without smoothing or filling. An image whose background is
    one constant over a fifth of it is taken as cut out: everything else is head.
    """
    different: Mask = array != background_value(array)
    if np.count_nonzero(different) < 0.8 * array.size:
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
