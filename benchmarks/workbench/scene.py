"""The data to measure on: full-size synthetic cases in a running study, made by the platform's own services.

Run by the benchmark in a process of its own, on an empty data folder: python -m benchmarks.workbench.scene CASES.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from cases.models import Case, LabelScheme
    from people.models import Rater

SHAPE = (240, 240, 155)
"""The grid of the BraTS challenges, 1 mm."""
STUDY = "Workbench benchmark"
SKILL = 0.9


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    import django

    django.setup()
    make_scene(int(sys.argv[1]))


def make_scene(count: int) -> None:
    """Import cases of four sequences, give each a start mask by a simulated reader, and start the study."""
    from django.core.management import call_command

    from cases.models import LabelScheme
    from config.demo.accounts import make_accounts
    from people.models import Rater
    from studies.models import Membership
    from studies.services import planning, running

    call_command("migrate", verbosity=0)
    users = make_accounts()
    scheme = LabelScheme.objects.get(key="brats-2024", version=1)
    reader = Rater.objects.create(kind=Rater.Kind.HUMAN, name="Simulated reader")
    cases = [
        import_case(number, lead=users["lead"].email, scheme=scheme, reader=reader) for number in range(1, count + 1)
    ]
    study = planning.create_study(name=STUDY, scheme=scheme, by=users["lead"], start_rater=reader, seed=1)
    planning.add_cases(study=study, cases=cases, by=users["lead"])
    planning.add_member(
        study=study, user=users["expert1"], role=Membership.Role.RATER, by=users["lead"], expertise="expert", years=10
    )
    running.start(study=study, by=users["lead"])
    work_off()


def import_case(number: int, *, lead: str, scheme: LabelScheme, reader: Rater) -> Case:
    """Make one synthetic head, import its sequences as a person would, and add the reader's mask."""
    from django.core.management import call_command

    from cases.models import Case, Segmentation
    from cases.services import add_segmentation, keep_layers
    from imaging.grid import to_canonical
    from imaging.phantom import HeadSpec, make_head, simulate_reader
    from imaging.writing import write_nifti

    head = make_head(HeadSpec(SHAPE, (1.0, 1.0, 1.0)), 900 + number)
    patient = f"BENCH-{number:02}"
    with tempfile.TemporaryDirectory() as folder:
        for sequence, image in head.images.items():
            top = float(np.percentile(image, 99.9))
            whole = np.rint(image * (1000 / top)).astype(np.int16)
            write_nifti(whole, head.grid, Path(folder) / f"{patient}_{sequence}.nii.gz")
        words = (folder, "--yes", "--synthetic", "--patient", patient, "--as", lead)
        call_command("import_cases", *words, verbosity=0, stdout=sys.stderr)
    work_off()
    case = Case.objects.get(patient__pseudonym=patient)
    drawn, _ = to_canonical(simulate_reader(head.labels, head.grid.spacing, number, SKILL), head.grid)
    assert case.reference is not None
    kept = keep_layers(series=case.reference, scheme=scheme, layers=drawn[np.newaxis])
    add_segmentation(kept=kept, rater=reader, source=Segmentation.Source.IMPORT)
    return case


def work_off() -> None:
    """Do here what workers would do."""
    from jobs.models import Job
    from jobs.tasks import run

    while (job := Job.objects.filter(status=Job.Status.QUEUED).order_by("created_at").first()) is not None:
        run(str(job.pk))


if __name__ == "__main__":
    main()
