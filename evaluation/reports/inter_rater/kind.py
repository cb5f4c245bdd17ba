"""The inter-rater report as a kind: its choices, and what it freezes."""

from __future__ import annotations

from typing import Any

from core.errors import DomainError
from evaluation.reports import freezing
from evaluation.reports.inter_rater import computing, consensus, figures, methods, tables
from evaluation.reports.kinds import Kind
from evaluation.reports.parameters import Chosen, Option, Parameter
from studies.models import Study


def _options(**labels: str) -> tuple[Option, ...]:
    return tuple(Option(value, label) for value, label in labels.items())


PARAMETERS = (
    Parameter("regions", "Regions", "choices", "What is compared.", options=freezing.region_options),
    Parameter(
        "reference",
        "Reference",
        "choice",
        "Imported masks that everybody is compared with, besides the consensus.",
        options=freezing.reference_options,
    ),
    Parameter(
        "models",
        "Models among the raters",
        "choices",
        "Compared like raters, and in no consensus.",
        options=freezing.model_options,
        may_be_empty=True,
    ),
    Parameter(
        "missing",
        "Missing readings",
        "choice",
        "Which cases are compared when not everybody has read all of them.",
        options=_options(available="every reading that is there", complete="only cases with a mask of every rater"),
    ),
    Parameter(
        "withdrawn",
        "Raters who left the study",
        "choice",
        options=_options(keep="their readings are kept", leave_out="left out"),
    ),
    Parameter(
        "both_empty",
        "Both masks empty",
        "choice",
        "Overlap and distance are undefined where neither mask has a voxel.",
        options=_options(leave_out="left out and counted", one="perfect agreement (1; 0 mm)"),
    ),
    Parameter(
        "infinite",
        "One mask empty: distance",
        "choice",
        "The distance to an empty mask is infinite; overlap is 0.",
        options=_options(leave_out="left out and counted", diagonal="the image's diagonal", fixed="374 mm"),
    ),
    Parameter(
        "hausdorff_variant",
        "HD95",
        "choice",
        options=_options(
            directed="directed: the larger of the two directions' percentiles",
            pooled="pooled: percentile of both directions together",
            surfel="surfel: weighted by the area of surface elements",
        ),
    ),
    Parameter(
        "surface_variant",
        "Surface Dice",
        "choice",
        options=_options(surfel="surfel: by area of surface elements", voxel="voxel: by number of surface voxels"),
    ),
    Parameter("tolerance_mm", "Tolerance of the surface Dice", "number", default=2.0, minimum=0, maximum=50, unit="mm"),
    Parameter(
        "tie",
        "A tie in the consensus is",
        "choice",
        "When exactly half of the people marked a voxel.",
        options=_options(background="background", foreground="the structure"),
    ),
    Parameter(
        "domain",
        "Domain of STAPLE and Fleiss' kappa",
        "choice",
        "Both depend on how much background is counted.",
        options=_options(field="the whole image", box="the smallest box around all votes", union="voxels with a vote"),
    ),
    Parameter("resamples", "Resamples of the bootstrap", "integer", default=10_000, minimum=1000, maximum=100_000),
    Parameter("seed", "Seed of the bootstrap", "integer", default=20260101, minimum=0, maximum=2**31 - 1),
)
MINIMUM_RATERS = 2
TOO_FEW = "Needs readings of at least two raters: wait until they are in."


def missing(study: Study) -> str:
    """Return why agreement cannot be computed now, or nothing."""
    raters = {row.rater_id for row in freezing.submissions(study, withdrawn=True)}
    return "" if len(raters) >= MINIMUM_RATERS else TOO_FEW


def freeze(study: Study, parameters: Chosen) -> dict[str, Any]:
    """Return every person's newest submission and the chosen models' and reference's masks of the same cases.

    Raises DomainError when fewer than two people are left, or no case has a mask of everybody where that is asked.
    """
    submitted = freezing.submissions(study, withdrawn=parameters["withdrawn"] == "keep")
    read, left_out = freezing.on_the_grid(submitted)
    if len({row.rater_id for row in read}) < MINIMUM_RATERS:
        raise DomainError(f"A report on agreement cannot be made. {TOO_FEW}")
    cases = {row.case_id: row.case for row in read}
    wanted = [*parameters["models"], *([parameters["reference"]] if parameters["reference"] else [])]
    masks, unusable = freezing.masks_by(wanted, cases=cases.values(), regions=parameters["regions"])
    groups = {row.rater: "reference" if row.rater_id == parameters["reference"] else "model" for row in masks}
    inputs = {
        "raters": [
            *freezing.people(study, {row.rater_id for row in read}),
            *(freezing.rater_facts(rater, group=group) for rater, group in groups.items()),
        ],
        "cases": [freezing.case_facts(case) for case in cases.values()],
        "readings": [
            *(freezing.reading(row.submission) for row in read if row.submission is not None),
            *(freezing.reading(row) for row in masks),
        ],
        "left_out": left_out + unusable,
        "ratings": freezing.ratings(read),
        **freezing.asked(study, withdrawn=parameters["withdrawn"] == "keep"),
    }
    if not computing.cases_used({**inputs, "parameters": parameters}):
        raise DomainError("No case has a mask of every rater. Compare every reading that is there instead.")
    return inputs


INTER_RATER = Kind(
    key="inter_rater",
    title="Agreement between raters",
    description="Every rater and model against the reference, the consensus and each other: overlap and volumes.",
    parameters=PARAMETERS,
    missing=missing,
    freeze=freeze,
    compute=computing.compute,
    tables=tables.tables,
    figures=figures.figures,
    methods=methods.methods,
    keep=consensus.keep_consensus,
)
