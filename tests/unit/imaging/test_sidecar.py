"""BIDS sidecars: technical fields stay, people, places and dates go."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from imaging.errors import ImageError
from imaging.sidecar import read_sidecar, scrub_sidecar

TECHNICAL = {
    "Modality": "MR",
    "MagneticFieldStrength": 3,
    "Manufacturer": "Siemens",
    "ManufacturersModelName": "Prisma_fit",
    "RepetitionTime": 9.0,
    "EchoTime": 0.081,
    "ImageType": ["ORIGINAL", "PRIMARY", "M", "ND"],
    "SliceTiming": [0.0, 0.5, 1.0],
    "SkullStripped": False,
}
IDENTIFYING = {
    "PatientName": "Mueller^Anna",
    "PatientID": "0815",
    "PatientBirthDate": "1983-04-12",
    "PatientSex": "F",
    "PatientAge": "041Y",
    "AcquisitionDateTime": "2021-03-04T12:00:00",
    "AcquisitionTime": "12:00:00",
    "StudyDate": "20210304",
    "InstitutionName": "City Hospital",
    "InstitutionAddress": "Main Street 1",
    "InstitutionalDepartmentName": "Neuroradiology",
    "StationName": "MR7",
    "DeviceSerialNumber": "67089",
    "ReferringPhysicianName": "Dr Who",
    "OperatorsName": "Bo",
    "SeriesInstanceUID": "1.2.3",
    "SeriesDescription": "flair anna mueller",
    "ProtocolName": "anna",
    "ImageComments": "for Anna",
    "SomethingNew": {"nested": "text"},
}


def test_technical_fields_are_kept_and_all_others_shown_as_removed() -> None:
    sidecar = scrub_sidecar(TECHNICAL | IDENTIFYING)
    assert sidecar.kept == TECHNICAL
    assert {entry.where.removeprefix("sidecar field ") for entry in sidecar.removed} == set(IDENTIFYING)
    assert "Mueller^Anna" in {entry.text for entry in sidecar.removed}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("EchoTime", "Anna"),
        ("Manufacturer", "Siemens 12.04.1983"),
        ("Manufacturer", "67089123"),
        ("ImageType", ["ORIGINAL", "Mueller^Anna"]),
        ("Modality", {"a": 1}),
        ("SliceTiming", [0.0] * 5000),
        ("ScanOptions", "x" * 65),
    ],
)
def test_a_technical_field_with_something_else_in_it_is_removed(key: str, value: object) -> None:
    assert scrub_sidecar({key: value}).kept == {}
    assert len(scrub_sidecar({key: value}).removed) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not valid JSON"),
        (b"{", "not valid JSON"),
        (b"\xff\xfe{}", "not valid JSON"),
        (b"[1]", "not a JSON object"),
        (b"[" * 100_000, "not valid JSON"),
        (b'{"a": "' + b"x" * (1 << 20) + b'"}', "larger than 1 MiB"),
    ],
)
def test_bad_sidecars_are_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "sub-01_T1w.json"
    path.write_bytes(content)
    with pytest.raises(ImageError, match=reason):
        read_sidecar(path)


def test_a_sidecar_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "sub-01_T1w.json"
    path.write_text(json.dumps(TECHNICAL | IDENTIFYING), encoding="utf-8")
    assert read_sidecar(path).kept == TECHNICAL
    with pytest.raises(ImageError, match="cannot be read"):
        read_sidecar(tmp_path / "gone.json")
