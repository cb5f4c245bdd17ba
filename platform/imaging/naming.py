"""What a list of file names says: patient, time point, sequence, mask and rater. No file is opened.

Knows the names of BraTS (all years) and BIDS and makes do with plain words and folders. Names that
could identify a person are replaced by a pseudonym. Everything is a suggestion for the preview
table, where a person confirms or corrects it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from imaging.identity import holds_number_or_date, why_identifying
from imaging.name_parts import Parts, Role, folder_rater, read_name
from imaging.volume import Removed

Confidence = Literal["high", "medium", "low"]


@dataclass(frozen=True)
class NamedFile:
    """What one relative path says.

    patient is a pseudonym that identifies nobody ('' when nothing was found); time_label tells
    several exams of a patient apart ('' for one exam) and time_point is the kind of exam when a
    word says so ('pre_op', 'follow_up', …). sequence is 'T1', 'T1c', 'T2', 'FLAIR', 'ADC', 'rCBV',
    'DWI', 'other' or None; of a mask it is the sequence it was drawn on, when named. rater is who
    made a mask, when named. removed lists the texts that are not taken over, notes what a person
    should look at.
    """

    path: str
    role: Role
    patient: str
    time_label: str
    time_point: str | None
    sequence: str | None
    rater: str | None
    confidence: Confidence
    removed: tuple[Removed, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def case_key(self) -> tuple[str, str]:
        """What files of one exam have in common."""
        return self.patient.casefold(), self.time_label.casefold()


@dataclass(frozen=True)
class NamedCase:
    """The files of one exam of one patient."""

    patient: str
    time_label: str
    time_point: str | None
    files: tuple[NamedFile, ...]


def recognise(paths: Sequence[str]) -> tuple[NamedFile, ...]:
    """Return what each relative path (folders with /) says, in the order given."""
    parts = [read_name(path) for path in paths]
    patients = {part.patient.casefold() for part in parts if part.patient and part.role == "series"}
    parts = [_settle_rater(part, patients) for part in parts]
    pseudonyms = _pseudonyms(parts)
    labels = _time_labels(parts)
    named = [_name(part, pseudonyms, labels) for part in parts]
    return tuple(_note_doubles(_join_single_exams(named)))


def group_cases(files: Iterable[NamedFile]) -> tuple[NamedCase, ...]:
    """Return the exams that the images and masks belong to, in the order of their first file."""
    groups: dict[tuple[str, str], list[NamedFile]] = {}
    for file in files:
        if file.role in {"series", "mask", "brain_mask", "sidecar"}:
            groups.setdefault(file.case_key, []).append(file)
    return tuple(
        NamedCase(
            patient=members[0].patient,
            time_label=members[0].time_label,
            time_point=next((m.time_point for m in members if m.time_point), None),
            files=tuple(members),
        )
        for members in groups.values()
    )


def _settle_rater(part: Parts, patients: set[str]) -> Parts:
    """Decide, for a mask named only by its folder, whether its name is a patient or a rater.

    'labels/P01.nii.gz' beside images of P01 is that patient's; 'segmentation/unet.nii.gz' is
    whose folder it lies in, made by 'unet'.
    """
    if part.role != "mask" or not part.named_by_folder:
        return part
    stem = part.patient or part.stem
    owner = next((p for p in sorted(patients, key=len, reverse=True) if stem.casefold().startswith(p)), None)
    if owner is not None:
        rest = stem[len(owner) :].strip("_- .")
        return replace(part, patient=stem[: len(owner)], rater=part.rater or rest or folder_rater(part.path))
    if part.folder_patient:
        return replace(part, patient=part.folder_patient, rater=part.rater or part.stem)
    return replace(part, patient=part.patient or "", rater=part.rater)


def _pseudonyms(parts: Sequence[Parts]) -> dict[str, str]:
    """Return the pseudonym of each patient hint: itself, or a number when it could identify."""
    found: dict[str, str] = {}
    for hint in dict.fromkeys(part.patient for part in parts if part.patient):
        key = hint.casefold()
        if key not in found:
            found[key] = hint if why_identifying(hint) is None else ""
    taken, number = {value.casefold() for value in found.values()}, 0
    for key in [key for key, value in found.items() if not value]:
        number += 1
        while f"patient-{number:03d}" in taken:
            number += 1
        found[key] = f"patient-{number:03d}"
    return found


def _time_labels(parts: Sequence[Parts]) -> dict[tuple[str, str], str]:
    """Return the label of each patient's time hint: itself, or its rank when it holds a date."""
    hints: dict[str, list[str]] = {}
    for part in parts:
        if part.time_hint and part.time_hint not in hints.setdefault(part.patient.casefold(), []):
            hints[part.patient.casefold()].append(part.time_hint)
    labels = {}
    for patient, found in hints.items():
        for rank, hint in enumerate(sorted(found), start=1):
            identifying = why_identifying(hint) is not None
            labels[patient, hint] = f"exam-{rank}" if identifying else hint
    return labels


def _name(part: Parts, pseudonyms: dict[str, str], labels: dict[tuple[str, str], str]) -> NamedFile:
    patient = pseudonyms.get(part.patient.casefold(), "")
    surely = [text for text in (*part.folders, part.stem) if holds_number_or_date(text)]
    texts = [
        Removed.of(f"file or folder name ({reason})", text)
        for text in dict.fromkeys((part.patient, part.time_hint, part.rest, *surely))
        if (reason := why_identifying(text))
    ]
    confidence: Confidence = "low"
    if part.role in {"mask", "sidecar", "brain_mask"} or part.sequence is not None:
        confidence = "high" if part.standard and patient == part.patient else "medium" if patient else "low"
    return NamedFile(
        path=part.path,
        role=part.role,
        patient=patient,
        time_label=labels.get((part.patient.casefold(), part.time_hint), ""),
        time_point=part.time_point,
        sequence=part.sequence,
        rater=part.rater,
        confidence=confidence,
        removed=tuple(texts),
    )


def _join_single_exams(files: list[NamedFile]) -> list[NamedFile]:
    """Give files without a time label the one that their patient has, when there is only one."""
    labels: dict[str, set[str]] = {}
    for file in files:
        if file.time_label:
            labels.setdefault(file.patient.casefold(), set()).add(file.time_label)
    return [
        replace(file, time_label=next(iter(found)))
        if not file.time_label and len(found := labels.get(file.patient.casefold(), set())) == 1
        else file
        for file in files
    ]


def _note_doubles(files: list[NamedFile]) -> list[NamedFile]:
    """Note series of one exam with the same sequence, and masks of one exam by the same rater."""

    def key(file: NamedFile) -> tuple[object, ...]:
        return (*file.case_key, file.role, file.rater if file.role == "mask" else file.sequence)

    counts = Counter(key(file) for file in files if file.role in {"series", "mask"})
    return [
        replace(
            file,
            confidence="low",
            notes=(*file.notes, "Another file of this exam has the same sequence or rater."),
        )
        if counts[key(file)] > 1
        else file
        for file in files
    ]
