"""What becomes of each lesion of a patient from exam to exam."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from evaluation.metrics.tracking import HELD, LesionMap, Track, follow_lesions, map_lesions
from evaluation.reports.exams import Patient, by_patient, frame_of, grid_of, have_days
from evaluation.reports.masks import CaseMasks

Row = dict[str, Any]


class Followed:
    """The lesions of the followed region, gathered exam by exam for the reference and every method."""

    def __init__(self, inputs: Row) -> None:
        self._inputs = inputs
        self._maps: dict[tuple[int, int], LesionMap] = {}
        self._small: dict[tuple[int, int], int] = {}

    def add(self, case: int, found: CaseMasks) -> None:
        """Take the lesions of an exam by everybody who marked it."""
        parameters = self._inputs["parameters"]
        affine = grid_of(self._inputs, case).affine
        for rater, masks in found.masks.items():
            mask = masks[parameters["followed"]]
            lesions = map_lesions(mask, affine, connectivity=parameters["connectivity"])
            kept = lesions.without_small(parameters["least_ml"])
            self._maps[case, rater] = kept
            self._small[case, rater] = len(lesions) - len(kept)

    def data(self) -> Row:
        """Return every lesion at every exam, one row per lesion, and how each patient's exams come together."""
        patients, tracks, sightings = [], [], []
        for patient, cases in by_patient(self._inputs["cases"]).items():
            for rater in [self._inputs["parameters"]["reference"], *self._inputs["methods"]]:
                exams = [case for case in cases if (case["id"], rater) in self._maps]
                if len(exams) < 2:
                    continue
                patients.append(self._patient(patient, rater, exams))
                for track in self._follow(rater, exams):
                    rows = list(_sightings(patient, rater, track, exams))
                    sightings += rows
                    tracks.append(_track(patient, rater, track, rows))
        return {"followed": patients, "tracks": tracks, "sightings": sightings}

    def _follow(self, rater: int, exams: list[Row]) -> tuple[Track, ...]:
        maps = [self._maps[case["id"], rater] for case in exams]
        return follow_lesions(maps, min_share=self._inputs["parameters"]["min_share"])

    def _patient(self, patient: Patient, rater: int, exams: list[Row]) -> Row:
        return {
            **_who(patient, rater),
            "n_exams": len(exams),
            "n_small": sum(self._small[case["id"], rater] for case in exams),
            "frame": frame_of([grid_of(self._inputs, case["id"]) for case in exams]),
            "days": have_days(exams),
        }


def _who(patient: Patient, rater: int) -> Row:
    return {"centre": patient[0], "patient": patient[1], "rater": rater}


def _sightings(patient: Patient, rater: int, track: Track, exams: list[Row]) -> Iterable[Row]:
    """Return a lesion at every exam since it was first seen, with the change since it was last measured."""
    last: float | None = None
    for place, sighting in enumerate(track.sightings, start=track.first):
        volume = None if math.isnan(sighting.volume_ml) else sighting.volume_ml
        change = volume - last if volume is not None and last is not None else None
        yield {
            **_who(patient, rater),
            "lesion": track.number,
            "exam": place + 1,
            "case": exams[place]["id"],
            "day": exams[place]["day_offset"],
            "event": sighting.event,
            "other": sighting.other or None,
            "volume_ml": volume,
            "change_ml": change,
            "change_percent": 100 * (volume / last - 1) if volume is not None and last else None,
        }
        last = volume if volume is not None else last


def _track(patient: Patient, rater: int, track: Track, rows: list[Row]) -> Row:
    """Return a lesion in one row: how it came, how it was last seen, and its volumes."""
    measured = [row["volume_ml"] for row in rows if row["volume_ml"] is not None]
    first, last = measured[0], measured[-1]
    return {
        **_who(patient, rater),
        "lesion": track.number,
        "came": rows[0]["event"],
        "came_from": rows[0]["other"],
        "became": rows[-1]["event"] if len(rows) > 1 else None,
        "became_other": rows[-1]["other"] if len(rows) > 1 else None,
        "n_seen": sum(row["event"] in HELD for row in rows),
        "first_exam": rows[0]["exam"],
        "first_case": rows[0]["case"],
        "last_case": rows[-1]["case"],
        "first_ml": first,
        "last_ml": last,
        "largest_ml": max(measured),
        "change_ml": last - first if len(rows) > 1 else None,
        "change_percent": 100 * (last / first - 1) if len(rows) > 1 else None,
    }
