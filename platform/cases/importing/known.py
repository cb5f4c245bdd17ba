"""What of an import is stored already, told without giving away cases that the importer may not see."""

from __future__ import annotations

from collections.abc import Iterable

from cases.importing.rows import Row
from cases.models import Case, Import, SeriesFile

Exam = tuple[str, str, int]


def already_stored_exams(delivery: Import, exams: Iterable[Exam]) -> dict[Exam, str]:
    """Return, for each exam that the centre already has, the problem to show."""
    wanted = set(exams)
    cases = Case.objects.present().filter(
        patient__centre=delivery.centre, patient__pseudonym__in={patient for patient, _, _ in wanted}
    )
    seen = set(Case.objects.visible_to(delivery.owner).filter(pk__in=cases).values_list("pk", flat=True))
    problems = {}
    for case in cases.select_related("patient"):
        exam = (case.patient.pseudonym, case.time_point, case.follow_up_number)
        if exam in wanted:
            which = f"as case {case.pk} ({case})" if case.pk in seen else "in a case that you may not see"
            problems[exam] = (
                f"This patient's exam at this time point is already stored {which}. "
                "Choose another time point or pseudonym, or leave it out."
            )
    return problems


def already_stored_files(delivery: Import, rows: Iterable[Row]) -> dict[str, str]:
    """Return row id → problem for images whose file is the original of a case of the importer's centre."""
    rows = list(rows)
    files = (
        SeriesFile.objects.filter(
            stored__in={row.sha256 for row in rows},
            position=0,
            series__case__withdrawn_at__isnull=True,
            series__case__patient__centre=delivery.centre,
        )
        .select_related("series__case__patient")
        .order_by("pk")
    )
    seen = set(
        Case.objects.visible_to(delivery.owner)
        .filter(pk__in=[file.series.case_id for file in files])
        .values_list("pk", flat=True)
    )
    problems: dict[str, str] = {}
    for file in sorted(files, key=lambda one: one.series.case_id in seen):  # a case that may be named wins
        case = file.series.case
        which = f"{file.series.sequence} of case {case.pk} ({case})" if case.pk in seen else "a case you may not see"
        for row in rows:
            if row.sha256 == file.stored_id:
                problems[row.id] = f"This file is already stored at this centre: {which}. Leave it out."
    return problems
