"""A report of each kind on real cases, at full size, as far as the data allow.

`OVERREAD_REPORTS_FOLDER=folder` keeps the files of every report there, to be looked at; they hold no image.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from core import storage
from evaluation import services
from evaluation.models import Report
from jobs.models import Job
from jobs.tasks import run
from studies.models import Study
from tests.integration.evaluation import real_studies

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.real_data,
    pytest.mark.full_size,
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


def make(study: Study, kind: str, **parameters: Any) -> dict[str, Any]:
    """Return the data of a finished report; its files are kept where somebody wants to look at them."""
    report = services.request_report(
        study=study, by=study.created_by, kind=kind, title=f"{study.name}: {kind}", parameters=parameters
    )
    assert report.job is not None
    run(str(report.job.pk))
    job = Job.objects.get(pk=report.job.pk)
    assert job.status == Job.Status.SUCCEEDED, job.detail
    done = Report.objects.get(pk=report.pk)
    files = {one.name: storage.read(one.stored_id) for one in done.files.all()}
    assert files["report.pdf"].startswith(b"%PDF")
    _keep(kind, files)
    assert done.data is not None
    return {**done.data, "tables": {table["key"]: table["rows"] for table in done.tables}}


def _keep(kind: str, files: dict[str, bytes]) -> None:
    chosen = os.environ.get("OVERREAD_REPORTS_FOLDER", "")
    if chosen:
        folder = Path(chosen) / kind
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)


def test_four_kinds_on_real_gliomas_that_simulated_people_read(real_data: Path) -> None:
    study, reference, model = real_studies.glioma_study(real_data)
    against = {"reference": reference.pk}
    agreement = make(study, "inter_rater", regions=["wt", "et"], models=[model.pk], resamples=1000, **against)
    means = {
        row["rater"]: row["mean"]
        for row in agreement["tables"]["raters"]
        if (row["region"], row["against"]) == ("Whole tumour (WT)", "reference")
    }
    assert 0.7 < means["Simulated novice D"] < means["Simulated expert A"] < 1

    performance = make(study, "segmentation", regions=["wt"], resamples=500, **against)
    assert {row["n_positives"] for row in performance["tables"]["detection"] if row["group"] == "all cases"} == {4}

    classes = make(study, "classification", region="et", cases="all", resamples=500, **against)
    assert len(classes["tables"]["outcomes"]) == 5

    scores = make(study, "scores", region="wt", resamples=200, **against)
    (crosstab,) = [row for row in scores["crosstabs"] if row["of"] == "two sources"]
    assert crosstab["n"] == 4


def test_lesions_over_time_on_real_lesions(real_data: Path) -> None:
    study, reference = real_studies.lesion_study(real_data)
    data = make(study, "lesions", reference=reference.pk, regions=["lesion", "ed"], followed="lesion")
    became = {row["became"] for row in data["tracks"] if row["rater"] == reference.pk}
    assert {"vanished"} <= became, became


def test_hypercellular_tumour_on_real_gliomas(real_data: Path) -> None:
    study, _ = real_studies.neh_study(real_data)
    data = make(study, "neh", flips=500, draws=100)
    assert [row["part"] for row in data["gaps"]] == ["rCBV"]
    assert len(data["spatial"]) == 1
