"""What a synthetic head should be like."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum, StrEnum

NOMINAL_BRAIN = (140.0, 176.0, 140.0)
"""mm. Extent of the unscaled brain along (x, y, z), with a little air around it."""

NOMINAL_HEAD = (172.0, 206.0, 150.0)
"""mm. Extent of the unscaled head along (x, y, z); below, every field of view cuts through it."""


class Label(IntEnum):
    """Voxel values of a synthetic label map: the numbers of BraTS 2024 post-treatment.

    Source: de Verdier et al. 2024, arXiv:2405.18368.
    """

    BACKGROUND = 0
    NC = 1
    ED = 2
    ET = 3
    RC = 4


class Sequence(StrEnum):
    """The four sequences of a brain-tumour examination."""

    T1 = "T1"
    T1C = "T1c"
    T2 = "T2"
    FLAIR = "FLAIR"


class Stage(StrEnum):
    """Where in the treatment the head was imaged.

    UNTREATED has its whole tumour. RESIDUAL was operated on: a resection cavity with remaining
    enhancing tumour and oedema. CLEARED was operated on and has the cavity only. HEALTHY has no
    tumour and no cavity.
    """

    UNTREATED = "untreated"
    RESIDUAL = "residual"
    CLEARED = "cleared"
    HEALTHY = "healthy"


@dataclass(frozen=True)
class HeadSpec:
    """The wishes for one synthetic head; everything left open is drawn from the seed.

    shape is in voxels and spacing in mm, both along (x, y, z); z may be as thick as 8 mm, and each
    slice is then the mean over its thickness. foci counts separate tumours. enhancing=False makes a
    tumour without enhancing rim and necrosis, whose whole core is non-enhancing (label NC).
    tumour_radius is the mean radius of the largest core in mm (None: drawn). skull_stripped heads
    are 0 outside the brain; the others show skull, scalp and neck, without a face. noise is the
    standard deviation of each receiver channel and bias the peak deviation of the coil sensitivity,
    both as parts of the brightness of white matter on T1.

    When the field of view is smaller than a head, the head is made smaller so that it fits: lengths
    in mm below are then those of the full-sized head.

    Raises ValueError for a shape, spacing or number that no head can have.
    """

    shape: tuple[int, int, int] = (160, 192, 144)
    spacing: tuple[float, float, float] = (1.0, 1.0, 1.0)
    stage: Stage = Stage.UNTREATED
    foci: int = 1
    enhancing: bool = True
    tumour_radius: float | None = None
    skull_stripped: bool = True
    noise: float = 0.025
    bias: float = 0.15

    def __post_init__(self) -> None:
        if len(self.shape) != 3 or min(self.shape) < 8:
            raise ValueError(f"A synthetic head needs at least 8 voxels along each axis, not {self.shape}.")
        if len(self.spacing) != 3 or not all(0 < length < math.inf for length in self.spacing):
            raise ValueError(f"Spacing is three positive lengths in mm, not {self.spacing}.")
        if not 1 <= self.foci <= 6:
            raise ValueError(f"A synthetic head has 1 to 6 foci, not {self.foci}; for none use Stage.HEALTHY.")
        if self.tumour_radius is not None and not 2 <= self.tumour_radius <= 40:
            raise ValueError(f"The tumour radius is 2 to 40 mm, not {self.tumour_radius}.")
        if not (0 <= self.noise <= 1 and 0 <= self.bias < 1):
            raise ValueError("Noise lies in [0, 1] and bias in [0, 1).")

    @property
    def scale(self) -> float:
        """Size of this head relative to the full-sized one: 1, or less where that would not fit."""
        nominal = NOMINAL_BRAIN if self.skull_stripped else NOMINAL_HEAD
        extents = (n * s for n, s in zip(self.shape, self.spacing, strict=True))
        return min(1.0, *(extent / need for extent, need in zip(extents, nominal, strict=True)))
