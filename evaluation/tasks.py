"""Background work of evaluation: load, compute, keep."""

from cases.models import Segmentation
from cases.schemes import masks_of
from cases.services import add_segmentation, keep_layers, read_layers
from evaluation import services
from evaluation.models import Report
from evaluation.reports import document, figures, inter_rater, tables
from jobs.models import Job
from jobs.registry import handles


@handles("evaluation.report")
def make_report(job: Job) -> None:
    """Compute a report from its frozen inputs; doing it again gives the same."""
    report = Report.objects.select_related("study__scheme").get(pk=job.params["report"])
    if report.finished_at is not None:
        return
    inputs = report.inputs
    data = inter_rater.compute(inputs, lambda case: _masks(report, case), report=job.report)
    _keep_consensus(job, report)
    job.report(94, "Drawing the figures")
    drawn = figures.make_figures(inputs, data)
    job.report(96, "Setting the PDF")
    made_at = f"{report.created_at:%d %B %Y, %H:%M} UTC"
    contents = {
        **tables.csv_files(inputs, data),
        **{f"{name}.svg": figures.render(one, "svg") for name, one in drawn.items()},
        **{f"{name}.png": figures.render(one, "png") for name, one in drawn.items()},
        "report.pdf": document.pdf(
            report.title, inputs, data, drawn, inputs_sha256=report.inputs_sha256, made_at=made_at
        ),
    }
    data["methods"] = document.methods(inputs, data)
    kept = services.store_files({name: content for name, content in contents.items() if content})
    services.keep_report(job, report, data=data, figures=drawn, files=kept)


def _masks(report: Report, case: int) -> inter_rater.CaseMasks:
    rows = services.readings_of(report, case)
    definition = report.inputs["study"]["definition"]
    masks = {row.rater_id: masks_of(definition, read_layers(row)) for row in rows}
    return inter_rater.CaseMasks(masks=masks, voxel_ml=rows[0].grid.voxel_volume_ml)


def _keep_consensus(job: Job, report: Report) -> None:
    """Store the majority vote of every case that at least two people read; the same vote is stored once."""
    rater = services.consensus_rater()
    for case in report.inputs["cases"]:
        people = [row for row in services.readings_of(report, case["id"]) if row.rater.kind == "human"]
        if len(people) < inter_rater.MINIMUM_READERS:
            continue
        job.report(92, "Keeping the consensus")
        layers = inter_rater.majority_layers([read_layers(row) for row in people], tie=report.parameters["tie"])
        kept = keep_layers(series=people[0].series, scheme=people[0].scheme, layers=layers)
        with job.keeping():
            same = Segmentation.objects.filter(case=case["id"], rater=rater, sha256=kept.sha256)
            if not same.exists():
                add_segmentation(kept=kept, rater=rater, source=Segmentation.Source.CONSENSUS)
