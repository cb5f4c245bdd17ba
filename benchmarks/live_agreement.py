"""How long after a submission the figures are there: python -m benchmarks.live_agreement [--folder FOLDER].

Eight raters hand in a tumour at 240×240×155 voxels, one after another, in a database of its own in memory. Measured
are the pipeline's look at what is due with the comparison as the worker does it, and the answer that the page asks for.
The broker adds its delays: two messages, each taken within a tenth of a second by an idle worker.
"""

from __future__ import annotations

import argparse
import logging
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.evaluation.masks import load_masks

SHAPE = (240, 240, 155)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "overread-benchmark")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    masks = load_masks("tumour", folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    import django

    django.setup()
    from django.db import connection

    connection.creation.create_test_db(verbosity=0)
    logging.disable(logging.INFO)
    measure(masks)


def measure(masks: Any) -> None:
    """Hand the masks in one by one and print a row for each."""
    from cases.models import Series
    from cases.services import keep_layers
    from evaluation.agreement.standing import figures_of, standing_of
    from studies.models import Assignment
    from tests import factories as make
    from workflow import steps

    study = make.StudyFactory.create(start_rater=None, scheme=make.preset_scheme("brats-2018"))
    case = make.PreparedCaseFactory.create()
    Series.objects.filter(case=case).update(shape=list(SHAPE), affine=np.eye(4).tolist())
    series = Series.objects.get(case=case, sequence="T1c")
    print("| people | regions | due and compared s | answer s | together s |", "|" + " --- |" * 5, sep="\n")
    for number, mask in enumerate(masks):
        member = make.MembershipFactory.create(study=study)
        layers = np.asfortranarray(np.where(np.roll(mask, 12, axis=0) & mask, 4, 2 * mask).astype(np.uint8))
        kept = keep_layers(series=series, scheme=study.scheme, layers=layers[None])
        reading = make.SegmentationFactory.create(
            case=case, series=series, scheme=study.scheme, rater=member.rater, source="submission", kept=kept
        )
        asked = make.AssignmentFactory.create(study=study, case=case, rater=member.rater)
        Assignment.objects.filter(pk=asked.pk).update(
            state="submitted", submission=reading, submitted_at=study.started_at
        )
        marks = [time.perf_counter()]
        steps.advance()  # jobs are done at once here, in this process
        marks.append(time.perf_counter())
        shown = figures_of(standing_of(study))
        marks.append(time.perf_counter())
        assert len(shown["readings"]) == number + 1
        parts = np.diff(marks)
        cells = [str(number + 1), str(len(shown["regions"])), *(f"{part:.2f}" for part in (*parts, parts.sum()))]
        print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
