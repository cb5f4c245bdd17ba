"""BIDS JSON sidecars: what is technical is kept, everything else is dropped and shown as removed.

An allow-list: a field that nobody has looked at is not taken over. Source of the names: Brain
Imaging Data Structure (BIDS) specification, https://bids-specification.readthedocs.io, and the
fields that dcm2niix writes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, cast

from imaging.errors import ImageError
from imaging.volume import Removed

Value: TypeAlias = bool | int | float | str | list[float] | list[str]

LARGEST_FILE = 1 << 20
MOST_VALUES = 4096
_NUMERIC = """
    MagneticFieldStrength ImagingFrequency RepetitionTime RepetitionTimeExcitation EchoTime EchoTime1
    EchoTime2 InversionTime FlipAngle SliceThickness SpacingBetweenSlices PixelBandwidth EchoTrainLength
    EchoNumber NumberOfAverages PercentPhaseFOV PercentSampling PhaseEncodingSteps AcquisitionMatrixPE
    ReconMatrixPE ParallelReductionFactorInPlane MultibandAccelerationFactor DwellTime BaseResolution
    TotalReadoutTime EffectiveEchoSpacing SAR NumberOfVolumesDiscardedByScanner DiffusionBValue
    SliceTiming ImageOrientationPatientDICOM EchoSpacing ShimSetting
"""
_WORDS = """
    Modality Manufacturer ManufacturersModelName MRAcquisitionType ScanningSequence SequenceVariant
    ScanOptions ImageType BodyPartExamined PatientPosition PhaseEncodingDirection PhaseEncodingAxis
    ParallelAcquisitionTechnique MatrixCoilMode CoilCombinationMethod PulseSequenceType ContrastBolusIngredient
    ContrastBolusAgent InPlanePhaseEncodingDirectionDICOM ConversionSoftware SliceEncodingDirection
    NonlinearGradientCorrection PartialFourier SpoilingState SkullStripped
"""
NUMERIC_FIELDS = frozenset(_NUMERIC.split())
WORD_FIELDS = frozenset(_WORDS.split())
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_+*()./ -]{0,63}")
_DATE_OR_NUMBER = re.compile(r"\d{5,}|\d{1,4}[-./]\d{1,2}[-./]\d{1,4}")


@dataclass(frozen=True)
class Sidecar:
    """The technical fields of a sidecar, and what was dropped from it."""

    kept: dict[str, Value]
    removed: tuple[Removed, ...]


def read_sidecar(path: Path) -> Sidecar:
    """Read a JSON sidecar. Raises ImageError when it is no JSON object or larger than 1 MiB."""
    name = path.name
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise ImageError(name, "it cannot be read", "Allow reading and try again.") from error
    if len(content) > LARGEST_FILE:
        raise ImageError(name, "the sidecar is larger than 1 MiB", "Leave it out.")
    try:
        fields = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ImageError(name, "the sidecar is not valid JSON", "Leave it out or mend it.") from None
    if not isinstance(fields, dict):
        raise ImageError(name, "the sidecar is not a JSON object", "Leave it out or mend it.")
    return scrub_sidecar(fields)


def scrub_sidecar(fields: dict[str, object]) -> Sidecar:
    """Return the technical fields whose values are what they should be, and the rest as removed."""
    kept: dict[str, Value] = {}
    removed: list[Removed] = []
    for key, value in fields.items():
        if _is_technical(key, value):
            kept[key] = cast(Value, value)
        else:
            removed.append(Removed.of(f"sidecar field {key[:60]}", _shown(value)))
    return Sidecar(kept, tuple(removed))


def _is_technical(key: str, value: object) -> bool:
    values = value if isinstance(value, list) else [value]
    if len(values) > MOST_VALUES:
        return False
    if key in NUMERIC_FIELDS:
        return all(isinstance(item, int | float) for item in values)
    if key in WORD_FIELDS:
        return all(_is_number_or_word(item) for item in values)
    return False


def _is_number_or_word(value: object) -> bool:
    """Whether a value is a number or a short word without a date or a long number in it."""
    if isinstance(value, int | float):
        return True
    return isinstance(value, str) and _WORD.fullmatch(value) is not None and _DATE_OR_NUMBER.search(value) is None


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)[:200]
