"""The inter-rater report as a computation: frozen inputs and masks in, data out. No Django.

Case by case, every mask is compared with the reference (when one was chosen), with the majority of all people who read
the case, with the majority of the people but one, and with every other mask. A person is never in the consensus of the
others that they are compared with; a model is compared with each consensus of that size in turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np

from evaluation.consensus import leave_one_out_consensus, majority_vote, voxel_fleiss_kappa
from evaluation.metrics import pairwise
from evaluation.reports.inter_rater.performance import rate_by_staple
from evaluation.reports.inter_rater.summaries import summarise_all
from evaluation.reports.inter_rater.words import METRICS
from evaluation.reports.kinds import Load, Tell
from evaluation.reports.masks import CaseMasks, Mask
from evaluation.reports.numbers import plain

Row = dict[str, Any]
MINIMUM_READERS = 2


@dataclass
class Compared:
    """What is found case by case; undefined figures are None, infinite distances "inf"."""

    cases: list[Row] = field(default_factory=list)
    readings: list[Row] = field(default_factory=list)
    pairs: list[Row] = field(default_factory=list)
    consensus: list[Row] = field(default_factory=list)
    staple: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Roles:
    """Who votes, who is only compared, and who is the reference; by rater id."""

    people: tuple[int, ...]
    models: tuple[int, ...]
    reference: int | None

    @classmethod
    def of(cls, inputs: Row) -> Roles:
        """Read the roles out of frozen inputs."""
        groups = {rater["id"]: rater["group"] for rater in inputs["raters"]}
        return cls(
            people=tuple(one for one, group in groups.items() if group in ("expert", "novice")),
            models=tuple(one for one, group in groups.items() if group == "model"),
            reference=next((one for one, group in groups.items() if group == "reference"), None),
        )


def compute(inputs: Row, load: Load, *, report: Tell) -> Row:
    """Return the report's data from frozen inputs; the same inputs and masks give the same data."""
    roles, compared = Roles.of(inputs), Compared()
    cases = cases_used(inputs)
    for number, case in enumerate(cases):
        report(80 * number / len(cases), f"Comparing the readings of case {number + 1} of {len(cases)}")
        found = load(case)
        compared.cases.append({"case": case, "diagonal_mm": found.diagonal_mm})
        for region in inputs["parameters"]["regions"]:
            _compare(compared, case, region, found, roles=roles, parameters=inputs["parameters"])
    report(80, "Summarising")
    return {
        "cases": compared.cases,
        "readings": compared.readings,
        "pairs": compared.pairs,
        "consensus": compared.consensus,
        "staple": compared.staple,
        **summarise_all(inputs, vars(compared)),
        "missing": _missing(inputs),
    }


def cases_used(inputs: Row) -> list[int]:
    """Return the cases that are compared: all, or by choice those with a mask of every rater of the report."""
    cases = [case["id"] for case in inputs["cases"]]
    if inputs["parameters"]["missing"] == "available":
        return cases
    there = {(row["case"], row["rater"]) for row in inputs["readings"]}
    return [case for case in cases if all((case, rater["id"]) in there for rater in inputs["raters"])]


def _compare(compared: Compared, case: int, region: str, found: CaseMasks, *, roles: Roles, parameters: Row) -> None:
    """Find everything of one region of one case."""
    masks = {rater: found.masks[rater][region] for rater in found.masks}
    readers = [rater for rater in roles.people if rater in masks]
    compared_with = _Comparison(found.spacing, parameters)
    place = {"case": case, "region": region}
    voters = [masks[rater] for rater in readers]
    vote = majority_vote(voters, tie=parameters["tie"]) if len(readers) >= MINIMUM_READERS else None
    named: dict[int | str, Mask] = dict(masks.items())
    if vote is not None:
        named["consensus"] = vote
    every_pair = compared_with.pairs(named)
    compared.pairs += [
        {**place, "first": first, "second": second, **every_pair[first, second]}
        for first, second in combinations(masks, 2)
    ]
    others = _consensus_without_each(readers, voters, tie=parameters["tie"])
    for rater, mask in masks.items():
        row: Row = {**place, "rater": rater, "volume_ml": int(np.count_nonzero(mask)) * found.voxel_ml}
        is_reference = rater == roles.reference
        has_reference = roles.reference in masks and not is_reference
        row["reference"] = _either(every_pair, rater, roles.reference) if has_reference else None
        row["consensus"] = every_pair[rater, "consensus"] if vote is not None and not is_reference else None
        without = [rater] if rater in readers else readers
        row["others"] = [
            {**compared_with.two(mask, others[one]), "volume_ml": int(np.count_nonzero(others[one])) * found.voxel_ml}
            for one in without
            if one in others and not is_reference
        ]
        compared.readings.append(row)
    if vote is not None:
        volume = int(np.count_nonzero(vote)) * found.voxel_ml
        kappa = voxel_fleiss_kappa(voters, domain=parameters["domain"])
        compared.consensus.append(
            {
                **place,
                "readers": len(readers),
                "volume_ml": volume,
                "kappa": plain(kappa.kappa),
                "domain": kappa.domain,
                "domain_voxels": kappa.domain_voxels,
            }
        )
        others_rated = {rater: masks[rater] for rater in masks if rater not in readers}
        compared.staple.append(
            {**place, **rate_by_staple(dict(zip(readers, voters, strict=True)), others_rated, parameters["domain"])}
        )


@dataclass(frozen=True)
class _Comparison:
    """The metrics in the variants that were chosen."""

    spacing: Sequence[float]
    parameters: Row

    def pairs(self, masks: dict[int | str, Mask]) -> dict[tuple[int | str, int | str], Row]:
        """Return every metric of every pair, in the order of the masks."""
        names = list(masks)
        if len(names) < MINIMUM_READERS:
            return {}
        found = pairwise(
            list(masks.values()),
            self.spacing,
            tolerance_mm=self.parameters["tolerance_mm"],
            hausdorff_variant=self.parameters["hausdorff_variant"],
            surface_variant=self.parameters["surface_variant"],
        )
        return {
            (names[i], names[j]): {name: plain(getattr(found, name)[i, j]) for name in METRICS}
            for i, j in combinations(range(len(names)), 2)
        }

    def two(self, first: Mask, second: Mask) -> Row:
        """Return every metric of one pair."""
        return self.pairs({"first": first, "second": second})["first", "second"]


def _either(pairs: dict[tuple[int | str, int | str], Row], first: int, second: int | None) -> Row | None:
    """Return a pair's figures: they are the same in both directions."""
    if second is None:
        return None
    return pairs.get((first, second)) or pairs.get((second, first))


def _consensus_without_each(readers: list[int], voters: list[Mask], *, tie: str) -> dict[int, Mask]:
    """Return, by who is left out, the majority of the other readers; nothing when fewer than two remain."""
    if len(readers) <= MINIMUM_READERS:
        return {}
    return dict(zip(readers, leave_one_out_consensus(voters, tie=tie), strict=True))


def _missing(inputs: Row) -> list[Row]:
    """Return what was asked for and not handed in; a mask that could not be compared was."""
    there = {(row["case"], row["rater"]) for row in [*inputs["readings"], *inputs["left_out"]]}
    return [{"case": case, "rater": rater} for case, rater in inputs["asked"] if (case, rater) not in there]
