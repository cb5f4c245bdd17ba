"""A linear mixed model: the effect of a label on a measurement, patient as random effect.

Sources: Laird, Ware, Biometrics 38(4), 1982, doi:10.2307/2529876; Nakagawa, Schielzeth, Methods Ecol
Evol 4(2), 2013, doi:10.1111/j.2041-210x.2012.00261.x (R² of the fixed effects).
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from statsmodels.regression.mixed_linear_model import MixedLM

from evaluation.statistics.results import Comparison, Interval, Result
from evaluation.statistics.samples import Floats, is_constant, read_labels, read_numbers, require_level, require_minimum

MINIMUM_PATIENTS = 3
MINIMUM_LABELS = 2
_TEST = "Linear mixed effects model"


@dataclass(frozen=True, kw_only=True)
class MixedEffectsResult(Result):
    """The label's effect: a likelihood-ratio test, and every label against the reference.

    comparisons are REML estimates (label − reference) with Wald z p-values and intervals, not adjusted
    for their number; variances are those between and within patients (REML).
    """

    observations: int
    degrees_of_freedom: int
    reference: str
    reference_mean: float
    comparisons: tuple[Comparison, ...]
    variance_between: float
    variance_within: float
    log_likelihood: float


def linear_mixed_effects(
    values: ArrayLike,
    *,
    labels: Sequence[object] | NDArray[np.generic],
    patients: Sequence[object] | NDArray[np.generic],
    reference: str | None = None,
    level: float = 0.95,
) -> MixedEffectsResult:
    """Return the effect of labels on values, with a random intercept for every patient.

    One value per row, such as the mean FLAIR intensity of one label in one patient; rows of a patient
    share its id. p compares the models with and without labels (likelihood ratio, both by maximum
    likelihood); it is a large-sample test and too small with few patients. The effect size is
    Nakagawa and Schielzeth's marginal R². reference is the label to compare with, by default the first
    in sorted order. A variance between patients of 0 is a valid answer, and is noted.

    Needs three patients, two labels, one patient with two values and more values than labels and patients
    can explain exactly. Raises ValueError otherwise, for undefined values and when the fit does not converge.
    """
    require_level(level)
    numbers, names, groups = _read(values, labels, patients)
    order = _order_labels(names, reference)
    design = np.array([[1.0, *(float(name == label) for label in order[1:])] for name in names])
    _check_size(numbers, design, groups)
    centre, unit = float(numbers.mean()), float(numbers.std())
    scaled = (numbers - centre) / unit  # the optimiser sees the same problem in any unit
    null, full = (_fit(scaled, columns, groups, reml=False) for columns in (design[:, :1], design))
    final = _fit(scaled, design, groups, reml=True)
    ratio = max(0.0, 2 * (float(full.llf) - float(null.llf)))
    between, within = unit**2 * float(final.cov_re[0, 0]), unit**2 * float(final.scale)
    explained = unit**2 * float(np.var(design @ np.asarray(final.fe_params)))
    return MixedEffectsResult(
        test=f"{_TEST} (random intercept), likelihood-ratio test of the labels",
        statistic=ratio,
        statistic_name="chi-square",
        p=float(stats.chi2.sf(ratio, len(order) - 1)),
        n=len(set(groups)),
        unit="patients",
        effect_size=explained / (explained + between + within),
        effect_name="marginal R²",
        notes=("The variance between patients is estimated as 0.",) if between <= 1e-8 * within else (),
        observations=len(numbers),
        degrees_of_freedom=len(order) - 1,
        reference=order[0],
        reference_mean=centre + unit * float(final.fe_params[0]),
        comparisons=_compare(final, order, unit=unit, level=level),
        variance_between=between,
        variance_within=within,
        log_likelihood=float(full.llf) - len(numbers) * math.log(unit),
    )


def _read(values: ArrayLike, labels: Any, patients: Any) -> tuple[Floats, list[str], list[str]]:
    numbers = read_numbers(values, "values")
    names = [str(item) for item in read_labels(labels, "labels")]
    groups = [str(item) for item in read_labels(patients, "patients")]
    if not len(numbers) == len(names) == len(groups):
        raise ValueError(
            f"values, labels and patients have {len(numbers)}, {len(names)} and {len(groups)} entries; "
            "they come in equal number."
        )
    return numbers, names, groups


def _order_labels(names: list[str], reference: str | None) -> list[str]:
    order = sorted(set(names))
    require_minimum(len(order), MINIMUM_LABELS, "labels", _TEST)
    if reference is None:
        return order
    if reference not in order:
        raise ValueError(f"The reference {reference!r} is not among the labels: {', '.join(order)}.")
    return [reference, *(name for name in order if name != reference)]


def _check_size(numbers: Floats, design: Floats, groups: list[str]) -> None:
    patients = len(set(groups))
    require_minimum(patients, MINIMUM_PATIENTS, "patients", _TEST)
    if patients == len(groups):
        raise ValueError(f"{_TEST} needs a patient with two values or more; with one each, use `anova`.")
    dummies = np.array([[float(group == other) for other in sorted(set(groups))] for group in groups])
    everything = np.hstack([design, dummies])
    rank = int(np.linalg.matrix_rank(everything))
    left = numbers - everything @ np.linalg.lstsq(everything, numbers, rcond=None)[0]
    scale = float(np.max(np.abs(numbers), initial=0.0))
    if rank >= len(numbers) or is_constant(left, scale=scale):
        raise ValueError(f"{_TEST}: labels and patients explain the values exactly; no residual variance is left.")


def _fit(numbers: Floats, design: Floats, groups: list[str], *, reml: bool) -> Any:
    model = MixedLM(numbers, design, groups=np.asarray(groups))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = model.fit(reml=reml, method=["bfgs", "lbfgs", "powell"])
    if not result.converged or not math.isfinite(float(result.llf)):
        raise ValueError(f"{_TEST}: the fit did not converge; look for outliers or too few values per patient.")
    return result


def _compare(fitted: Any, order: list[str], *, unit: float, level: float) -> tuple[Comparison, ...]:
    z = float(stats.norm.ppf((1 + level) / 2))
    errors = np.sqrt(np.diag(np.asarray(fitted.cov_params()))[: len(order)])
    found = []
    for index, label in enumerate(order[1:], start=1):
        difference, error = unit * float(fitted.fe_params[index]), unit * float(errors[index])
        interval = Interval(
            difference - z * error, difference + z * error, level, "difference of means", "Wald z, REML"
        )
        p = float(2 * stats.norm.sf(abs(difference) / error))
        found.append(Comparison(label, order[0], difference, p, interval))
    return tuple(found)
