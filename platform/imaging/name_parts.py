"""Take one relative path apart: the words of its name and folders."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from imaging.reading import IMAGE_SUFFIXES
from imaging.words import (
    BRAIN_MASK_WORDS,
    CONTRAST_WORDS,
    GENERIC_FOLDERS,
    MASK_FOLDERS,
    MASK_WORDS,
    NUMBERED_TIME_WORDS,
    PROCESSING_WORDS,
    RATER_WORDS,
    SEQUENCE_OF,
    TIME_POINT_OF,
)

Role = Literal["series", "mask", "brain_mask", "sidecar", "data", "other"]

DATA_SUFFIXES = (".raw", ".zraw", ".raw.gz", ".img")
_SUFFIXES = sorted((*IMAGE_SUFFIXES, ".json", *DATA_SUFFIXES), key=len, reverse=True)
_BIDS = re.compile(r"sub-(?P<sub>[A-Za-z0-9]+)(?P<rest>(?:_[a-z]+-[A-Za-z0-9+]+)*)_(?P<suffix>[A-Za-z0-9]+)")
_BRATS = re.compile(
    r"(?P<patient>BraTS-[A-Za-z]+(?:-[A-Za-z]+)?-\d{3,6})-(?P<time>\d{3})(?:[-_](?P<word>[A-Za-z0-9]+))?", re.IGNORECASE
)
_BRATS_OLD = re.compile(r"brats[-_]?\d{0,4}[-_]", re.IGNORECASE)
_RATER = re.compile(rf"(?P<kind>{'|'.join(RATER_WORDS)})[-_ ]?(?P<number>\d+|[A-Za-z](?![A-Za-z]))?", re.IGNORECASE)
_NUMBERED = re.compile(rf"(?:{'|'.join(NUMBERED_TIME_WORDS)})[-_]?\d+", re.IGNORECASE)
_LENGTH = re.compile(r"\d+mm(iso)?")
_WORD = re.compile(r"[^_\-. ]+")


@dataclass(frozen=True)
class Parts:
    """What one path says by itself. Empty texts mean: nothing found."""

    path: str
    stem: str
    folders: tuple[str, ...]
    role: Role
    patient: str = ""
    folder_patient: str = ""
    rest: str = ""
    time_hint: str = ""
    time_point: str | None = None
    sequence: str | None = None
    rater: str | None = None
    standard: bool = False
    named_by_folder: bool = False


def read_name(path: str) -> Parts:
    """Take a relative path (folders with /) apart."""
    *folders, name = [part for part in path.split("/") if part]
    suffix = next((s for s in _SUFFIXES if name.lower().endswith(s)), "")
    stem = name[: len(name) - len(suffix)]
    role: Role = "series"
    if not suffix:
        role = "other"
    elif suffix == ".json":
        role = "sidecar"
    elif suffix in DATA_SUFFIXES:
        role = "data"
    bids, brats = _BIDS.fullmatch(stem), _BRATS.match(stem)
    if bids:
        return _bids(path, stem, tuple(folders), role, bids)
    if brats:
        word = (brats["word"] or "").lower()
        return Parts(
            path=path,
            stem=stem,
            folders=tuple(folders),
            role="mask" if role == "series" and word in MASK_WORDS else role,
            patient=brats["patient"],
            time_hint=brats["time"],
            sequence=SEQUENCE_OF.get(word),
            rater=folder_rater(path),
            standard=True,
        )
    return _plain(path, stem, tuple(folders), role)


def folder_rater(path: str) -> str | None:
    """Return the rater that a folder or file name states in so many words, like 'rater2'."""
    for part in reversed(path.split("/")):
        found = _RATER.search(part)
        if found and (found["number"] or found.end() == len(part)):
            return found.group().lower()
    return None


def _bids(path: str, stem: str, folders: tuple[str, ...], role: Role, found: re.Match[str]) -> Parts:
    entities = dict(part.split("-", 1) for part in found["rest"].split("_") if part)
    suffix = found["suffix"].lower()
    sequence = SEQUENCE_OF.get(suffix)
    if sequence == "T1" and "ce" in entities:
        sequence = "T1c"
    if role == "series" and (suffix in MASK_WORDS or "label" in entities):
        role = "brain_mask" if "brain" in entities.get("desc", "").lower() else "mask"
    session = entities.get("ses", "")
    return Parts(
        path=path,
        stem=stem,
        folders=folders,
        role=role,
        patient=f"sub-{found['sub']}",
        time_hint=session,
        time_point=TIME_POINT_OF.get(session.lower().rstrip("0123456789")),
        sequence=sequence,
        rater=folder_rater(path),
        standard=True,
    )


@dataclass(frozen=True)
class _Word:
    """One word of a name, where it starts and what it means."""

    text: str
    start: int
    meaning: Literal["sequence", "contrast", "mask", "brain_mask", "rater", "time", "processing", ""]


def _words(stem: str) -> list[_Word]:
    return [_Word(m.group().lower(), m.start(), _meaning(m.group().lower())) for m in _WORD.finditer(stem)]


def _meaning(  # noqa: PLR0911  # a table of meanings reads best as one
    word: str,
) -> Literal["sequence", "contrast", "mask", "brain_mask", "rater", "time", "processing", ""]:
    if word in SEQUENCE_OF:
        return "sequence"
    if word in CONTRAST_WORDS:
        return "contrast"
    if word in BRAIN_MASK_WORDS:
        return "brain_mask"
    if word in MASK_WORDS:
        return "mask"
    if _RATER.fullmatch(word):
        return "rater"
    if word in TIME_POINT_OF or _NUMBERED.fullmatch(word):
        return "time"
    return "processing" if word in PROCESSING_WORDS or _LENGTH.fullmatch(word) else ""


def _plain(path: str, stem: str, folders: tuple[str, ...], role: Role) -> Parts:
    """Read a name that follows no standard."""
    words = _words(stem)
    meanings = {word.meaning for word in words}
    in_mask_folder = bool(folders) and any(part in folders[-1].lower() for part in MASK_FOLDERS)
    named_by_folder = in_mask_folder and not meanings & {"mask", "sequence"}
    if role == "series" and _is_brain_mask(words):
        role = "brain_mask"
    elif role == "series" and ("mask" in meanings or named_by_folder):
        role = "mask"
    time_hint, time_point = _time(words, folders)
    own, folder, rest = _patient(stem, words), _folder_patient(folders), _rest(stem, words)
    rater = folder_rater(path)
    return Parts(
        path=path,
        stem=stem,
        folders=folders,
        role=role,
        patient=own or folder or rest,
        folder_patient=folder,
        rest=rest,
        time_hint=time_hint,
        time_point=time_point,
        sequence=_sequence(words),
        rater=rater,
        standard=bool(_BRATS_OLD.match(stem)),
        named_by_folder=named_by_folder,
    )


def _is_brain_mask(words: list[_Word]) -> bool:
    texts = [word.text for word in words]
    return any(word.meaning == "brain_mask" for word in words) or any(
        pair in {("brain", "mask"), ("bet", "mask"), ("head", "mask")} for pair in pairwise(texts)
    )


def _sequence(words: list[_Word]) -> str | None:
    """Return the sequence that the words name; 'T2 FLAIR' is FLAIR, 'T1 post Gd' is T1c."""
    found = [SEQUENCE_OF[word.text] for word in words if word.meaning == "sequence"]
    if not found:
        return None
    for stronger in ("FLAIR", "T1c", "ADC", "rCBV"):
        if stronger in found:
            return stronger
    if found[0] == "T1" and any(word.meaning == "contrast" for word in words):
        return "T1c"
    return found[0]


def _time(words: list[_Word], folders: tuple[str, ...]) -> tuple[str, str | None]:
    """Return the time hint and, when a word says so, the time point; the name before its folders."""
    for word in words:
        if word.meaning == "time":
            return word.text, TIME_POINT_OF.get(word.text.rstrip("0123456789-_"))
    for folder in reversed(folders):
        plain = re.sub(r"[-_ ]", "", folder.lower())
        if plain in TIME_POINT_OF or _NUMBERED.fullmatch(plain):
            return plain, TIME_POINT_OF.get(plain.rstrip("0123456789"))
        if folder.lower().startswith("ses-"):
            return folder[4:], None
    return "", None


def _patient(stem: str, words: list[_Word]) -> str:
    """Return what stands before the first word with a meaning, without words of processing."""
    first = next((word for word in words if word.meaning and word.meaning != "processing"), None)
    if first is None:
        return re.sub(r"_0\d\d\d$", "", stem)  # nnU-Net numbers its channels _0000, _0001
    before = stem[: first.start].strip("_-. ")
    kept = [word for word in _words(before) if word.meaning != "processing"]
    return before[: kept[-1].start + len(kept[-1].text)] if kept else ""


def _rest(stem: str, words: list[_Word]) -> str:
    """Return the words without a meaning."""
    rest = [word for word in words if not word.meaning]
    return "_".join(stem[word.start : word.start + len(word.text)] for word in rest)


def _folder_patient(folders: tuple[str, ...]) -> str:
    """Return the innermost folder that could name a patient."""
    for folder in reversed(folders):
        plain = folder.lower()
        words = _words(folder)
        generic = all(word.meaning or word.text in GENERIC_FOLDERS or word.text.isdecimal() for word in words) or any(
            part in plain for part in MASK_FOLDERS
        )
        if not generic and not plain.startswith("ses-") and folder_rater(folder) is None:
            return folder
    return ""
