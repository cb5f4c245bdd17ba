"""The worker's reading of an import: unpack, read, recognise, check, and show the preview."""

from __future__ import annotations

import logging
import shutil
from dataclasses import asdict, replace
from pathlib import Path

from cases.importing.attempts import falling_back
from cases.importing.checking import check_rows
from cases.importing.gathering import Gathered, Problem, gather, without_name
from cases.importing.reading import Labels, read_row, read_technical, sidecar_of
from cases.importing.recognising import exams_of, suggest, tell_apart
from cases.importing.rows import Row, as_json
from cases.importing.staging import folder_of, make_folder, remove_files
from cases.models import Import
from imaging.errors import ImageError
from imaging.naming import NamedFile, recognise
from jobs.models import Job

logger = logging.getLogger(__name__)
State = Import.State
NOTHING_FOUND = "None of the files can be imported. What is wrong with each is listed below."
UNPACKED = 10
"""Per cent of the work that unpacking is taken for."""


def parse(job: Job) -> None:
    """Fill the preview of an import. Nothing is left of a delivery in which nothing can be imported."""
    failed = Import.objects.filter(pk=job.params["delivery"], state=State.FAILED, files_removed_at__isnull=True)
    failed.update(state=State.PARSING)  # somebody tries the failed job again
    delivery = Import.objects.select_related("centre", "scheme", "owner").get(pk=job.params["delivery"])
    if delivery.state != State.PARSING:
        return
    with falling_back(job, delivery, to=State.FAILED):
        rows, problems = _read(delivery, job)
        rows = check_rows(delivery, tell_apart(rows))
        with job.keeping():
            reading = Import.objects.filter(pk=delivery.pk, state=State.PARSING)
            reading.update(
                state=State.PREVIEW if rows else State.FAILED,
                rows=as_json(rows),
                problems=[asdict(problem) for problem in problems],
                error="" if rows else NOTHING_FOUND,
            )
    if not rows:
        remove_files(delivery)


def _read(delivery: Import, job: Job) -> tuple[list[Row], list[Problem]]:
    root = folder_of(delivery)
    for former in root.glob("work*"):
        shutil.rmtree(former, ignore_errors=True)
    work = make_folder(root / f"work{job.attempt}")
    files, problems = gather(delivery, work, lambda done, step: job.report(done * UNPACKED / 100, step))
    reader = _Reader(root, files)
    for number, (gathered, named) in enumerate(reader.queue):
        job.report(UNPACKED + (100 - UNPACKED) * number / len(files), f"Reading file {number + 1} of {len(files)}")
        reader.read(gathered, named)
    return reader.rows, [*problems, *reader.problems, *reader.lonely_sidecars()]


class _Reader:
    """Reads the files of one import; headers first, so that it knows which data files belong to one."""

    def __init__(self, root: Path, files: list[Gathered]) -> None:
        named = recognise([one.shown for one in files])
        pairs = list(zip(files, named, strict=True))
        self.root = root
        self.exams = exams_of([one for one in named if one.role not in {"data", "other"}])
        self.sidecars = [one for one, name in pairs if name.role == "sidecar"]
        self.queue = sorted(
            (pair for pair in pairs if pair[1].role != "sidecar"), key=lambda pair: pair[1].role == "data"
        )
        self.rows: list[Row] = []
        self.problems: list[Problem] = []
        self._used: set[Path] = set()

    def read(self, gathered: Gathered, named: NamedFile) -> None:
        """Add a row for the file, or a problem; nothing for a data file whose header was read."""
        if gathered.path in self._used:
            return
        try:
            row, labels = read_row(gathered, number=len(self.rows) + 1, root=self.root)
        except ImageError as error:
            self._refuse(gathered, without_name(error))
        except MemoryError:
            self._refuse(gathered, "It needs more memory than the server has. Crop or resample it.")
        except Exception:
            logger.exception("A staged file could not be read.")
            self._refuse(gathered, "The platform could not read it. Ask the administrator, who can see the details.")
        else:
            self._used |= {self.root / source.path for source in row.sources}
            self.rows.append(self._complete(row, gathered, named, labels))

    def lonely_sidecars(self) -> list[Problem]:
        """Return a problem for each JSON file that belongs to no image."""
        lonely = [one for one in self.sidecars if one.path not in self._used]
        return [Problem(one.shown, "It describes no image of this import, and was left out.") for one in lonely]

    def _refuse(self, gathered: Gathered, reason: str) -> None:
        self.problems.append(Problem(gathered.shown, reason))

    def _complete(self, row: Row, gathered: Gathered, named: NamedFile, labels: Labels) -> Row:
        row = suggest(row, named, labels, self.exams.get(named.case_key, ("unknown", 0)))
        sidecar = sidecar_of(gathered, self.sidecars)
        if sidecar is None:
            return row
        self._used.add(sidecar.path)
        try:
            technical, removed = read_technical(sidecar)
        except ImageError as error:
            self._refuse(sidecar, without_name(error))
            return row
        return replace(row, technical=technical, removed=(*row.removed, *removed))
