"""The NEH report: each figure by hand or by an independent library, and what happens when something is not there."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
import SimpleITK as sitk
import statsmodels.formula.api as smf
from scipy import stats
from sklearn.metrics import f1_score
from surface_distance import compute_surface_dice_at_tolerance, compute_surface_distances

from evaluation.reports.masks import CaseMasks
from evaluation.reports.neh.computing import compute
from evaluation.reports.neh.images import read_images
from evaluation.reports.neh.recurrence import pairs_of
from imaging.grid import Grid
from imaging.resampling import resample
from tests.unit.reports.neh_phantom import GRID, SPACING, World, make_world

Row = dict[str, Any]


def run(world: World) -> Row:
    data = compute(world.inputs, world, report=lambda *_: None)
    json.dumps(data, allow_nan=False)
    return data


def chosen(rows: list[Row], **values: Any) -> list[Row]:
    return [row for row in rows if all(row[key] == value for key, value in values.items())]


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(5)


@pytest.fixture(scope="module")
def data(world: World) -> Row:
    return run(world)


def test_methods_are_compared_with_each_other(world: World, data: Row) -> None:
    (row,) = chosen(data["agreement"], case=3, region="neh")
    first, second = (world.masks[3].masks[rater]["neh"] for rater in (1, 2))
    assert row["dice"] == pytest.approx(f1_score(first.ravel(), second.ravel()), abs=1e-12)
    surfaces = compute_surface_distances(first, second, SPACING)
    assert row["surface_dice"] == pytest.approx(compute_surface_dice_at_tolerance(surfaces, 2.0), abs=1e-12)
    assert row["first_ml"] == pytest.approx(first.sum() * 0.008)
    (mean,) = chosen(data["agreement_summary"], region="neh", metric="dice")
    values = [one["dice"] for one in chosen(data["agreement"], region="neh")]
    assert (mean["n"], mean["mean"], mean["sd"]) == (
        10,
        pytest.approx(np.mean(values)),
        pytest.approx(np.std(values, ddof=1)),
    )


def test_intensities_are_means_of_pre_operative_labels(world: World, data: Row) -> None:
    assert {row["case"] for row in data["intensities"]} == {1, 3, 5, 7, 9}
    series = next(row["id"] for row in world.inputs["series"] if (row["case"], row["sequence"]) == (5, "T1c"))
    inside = world.images_by_id[series][0][world.masks[5].masks[2]["ed"]]
    (row,) = chosen(data["intensities"], case=5, rater=2, sequence="T1c", compartment="ed")
    assert (row["mean"], row["voxels"]) == (pytest.approx(inside.astype(float).mean(), rel=1e-12), inside.size)


def test_the_mixed_models_are_those_of_statsmodels_and_recover_the_phantom(data: Row) -> None:
    import pandas as pd

    for sequence, made in (("FLAIR", 348 - 375), ("T1c", 405 - 368), ("T1", 317 - 341)):
        (row,) = chosen(data["intensity_models"], rater=1, sequence=sequence)
        assert row["difference"] == pytest.approx(made, abs=1)
        assert row["low"] < row["difference"] < row["high"]
        assert row["p"] <= row["holm"] < 0.01
        frame = pd.DataFrame(chosen(data["intensities"], rater=1, sequence=sequence))
        fitted = smf.mixedlm("mean ~ C(compartment, Treatment('ed'))", frame, groups=frame["case"]).fit()
        assert row["difference"] == pytest.approx(fitted.fe_params.iloc[1], rel=1e-4)
    (same,) = chosen(data["intensity_models"], rater=1, sequence="T2")
    assert same["p"] > 0.05


def test_rims_are_those_of_simpleitks_distance_map(world: World, data: Row) -> None:
    masks, images = world.masks[1].masks[1], read_images(world.inputs, 1, world.masks[1], world)
    image = sitk.GetImageFromArray(masks["et"].T.astype(np.uint8))
    image.SetSpacing(SPACING)
    distance = sitk.GetArrayFromImage(
        sitk.SignedMaurerDistanceMap(image, squaredDistance=False, useImageSpacing=True, insideIsPositive=False)
    ).T
    rcbv = images.by_sequence["rCBV"].astype(float)
    around = images.brain & ~masks["et"]
    vessels = around & (rcbv > np.percentile(rcbv[around], 99.5))
    for reach in (2, 4, 6):
        rim = (distance > 0) & (distance <= reach + 1e-4) & around & ~masks["nc"] & ~vessels
        for place, where in ((f"rim_{reach}", rim), (f"rim_{reach}_without_neh", rim & ~masks["neh"])):
            (row,) = chosen(data["perfusion"], case=1, rater=1, place=place)
            assert (row["mean"], row["voxels"]) == (pytest.approx(rcbv[where].mean(), rel=1e-12), where.sum())
    assert not [row for row in data["perfusion"] if row["rater"] == 2 and row["place"].startswith("rim")]


def test_perfusion_is_tested_by_anova_as_published_and_by_the_mixed_model(data: Row) -> None:
    groups = [
        [row["mean"] for row in chosen(data["perfusion"], rater=1, place=place)] for place in ("et", "neh", "ed", "nc")
    ]
    (test,) = chosen(data["perfusion_tests"], rater=1, family="compartments", kind="anova")
    found = stats.f_oneway(*groups)
    assert (test["statistic"], test["p"]) == (pytest.approx(found.statistic), pytest.approx(found.pvalue))
    differences = {row["place"]: row for row in chosen(data["perfusion_differences"], rater=1, family="compartments")}
    assert differences["et"]["difference"] > 0 > differences["ed"]["difference"]
    rims = chosen(data["perfusion_differences"], rater=1, family="rims_without_neh")
    assert len(rims) == 3
    assert all(row["difference"] < 0 and row["holm"] < 0.01 for row in rims)


def test_without_vessels_to_leave_out_all_voxels_count() -> None:
    found = run(make_world(1, recurrences=False, vessel_percentile=100))
    assert all(row["unusable"] == 0 for row in found["perfusion"])
    one = run(make_world(1, recurrences=False, vessel_percentile=99))
    assert sum(row["unusable"] for row in one["perfusion"]) > 0
    (et,) = chosen(one["perfusion"], rater=1, place="et")
    assert et["unusable"] == 0


def test_nothing_of_the_recurrence_is_measured_as_before_surgery_unless_asked() -> None:
    found = run(make_world(2, exams="all"))
    assert {row["case"] for row in found["perfusion"]} == {1, 2, 3, 4}


def test_the_spatial_metrics_are_those_of_simpleitks_distance_map(world: World, data: Row) -> None:
    (row,) = chosen(data["spatial"], patient="P2")
    neh, et = world.masks[5].masks[1]["neh"], world.masks[6].masks[2]["et"]
    image = sitk.GetImageFromArray(et.T.astype(np.uint8))
    image.SetSpacing(SPACING)
    inside = sitk.BinaryErode(image, (1, 1, 1), sitk.sitkCross)
    edge = sitk.And(image, sitk.Not(inside))
    away = np.abs(
        sitk.GetArrayFromImage(sitk.SignedMaurerDistanceMap(edge, squaredDistance=False, useImageSpacing=True)).T
    )
    away[sitk.GetArrayFromImage(edge).T > 0] = 0
    assert row["mean_edge_distance"] == pytest.approx(away[neh].mean(), rel=1e-5)
    assert row["fraction_near_edge"] == pytest.approx(np.mean(away[neh] <= 5 + 1e-4))
    both = (neh & et).sum()
    assert row["fraction_inside"] == both / neh.sum()
    assert row["containment_share"] == both / min(neh.sum(), et.sum())
    assert row["containment_ml"] == pytest.approx(both * 0.008)
    assert row["frame"] == "one grid"


def test_sign_flips_against_the_published_baseline_and_against_the_benchmark(data: Row) -> None:
    values = [row["fraction_near_edge"] for row in data["spatial"]]
    (published,) = chosen(data["sign_flips"], metric="fraction_near_edge", against="published")
    (benchmark,) = chosen(data["sign_flips"], metric="fraction_near_edge", against="benchmark")
    assert (published["baseline"], benchmark["baseline"]) == (1.0, 0.30)
    assert published["p_one"] == 1  # a share is never above 1
    signs = np.array(list(np.ndindex(*(2,) * 5))) * 2 - 1
    exact = np.mean((signs @ (np.array(values) - 0.3)) >= np.sum(values) - 1.5 - 1e-12)
    assert benchmark["p_one"] == pytest.approx(exact, abs=0.03)
    (distance,) = chosen(data["sign_flips"], metric="mean_edge_distance", against="benchmark")
    assert (distance["baseline"], distance["alternative"]) == (5.0, "less")


def test_the_spatial_null_knows_that_the_recurrence_lies_at_the_neh(data: Row) -> None:
    for row in data["null"]:
        assert row["p"] == 1 / 201
        assert (row["n"], row["draws"]) == (5, 200)
    distance = next(row for row in data["null"] if row["metric"] == "mean_edge_distance")
    assert distance["observed"] < distance["null_low"] < distance["null_mean"]
    bars = chosen(data["null_histogram"], metric="mean_edge_distance")
    assert sum(row["count"] for row in bars) == 200
    assert len({row["seed"] for row in data["spatial"]}) == 5


def test_a_recurrence_on_the_other_side_is_not_closer_than_chance() -> None:
    away = make_world(4, seed=3)
    for case in (2, 4, 6, 8):
        et = np.zeros(GRID.shape, bool)
        et[6:10, 20:28, 18:24] = True
        away.masks[case].masks[2]["et"] = et
    (row,) = chosen(run(away)["null"], metric="mean_edge_distance")
    assert row["p"] > 0.05


def test_the_same_inputs_give_the_same_data(world: World, data: Row) -> None:
    assert run(world) == data


def test_exams_of_different_grids_are_brought_together_by_their_headers() -> None:
    world = make_world(1)
    finer = Grid((60, 64, 52), np.array([[1.6, 0, 0, 1], [0, 1.6, 0, 2], [0, 0, 1.7, 1], [0, 0, 0, 1]]))
    later = world.masks[2]
    moved = {
        rater: {key: resample(mask, GRID, finer, order=0) > 0 for key, mask in masks.items()}
        for rater, masks in later.masks.items()
    }
    world.masks[2] = CaseMasks(masks=moved, spacing=finer.spacing)
    world.inputs["grids"]["2"] = finer.to_json()
    (apart,) = run(world)["spatial"]
    (same,) = run(make_world(1))["spatial"]
    assert apart["frame"].startswith("grids differ")
    assert apart["neh_ml"] == same["neh_ml"]
    assert apart["mean_edge_distance"] == pytest.approx(same["mean_edge_distance"], abs=0.5)
    assert apart["fraction_inside"] == pytest.approx(same["fraction_inside"], abs=0.05)


def test_an_empty_neh_or_no_enhancing_recurrence_is_left_out_with_a_reason() -> None:
    world = make_world(4)
    world.masks[1].masks[1]["neh"] = np.zeros(GRID.shape, bool)
    world.masks[4].masks[2]["et"] = np.zeros(GRID.shape, bool)
    found = run(world)
    notes = [row["note"] for row in found["spatial"]]
    assert notes[0].startswith("No NEH before surgery")
    assert notes[1].startswith("No enhancing tumour at recurrence")
    (mean,) = chosen(found["spatial_summary"], metric="fraction_inside")
    assert (mean["n"], mean["n_undefined"]) == (2, 2)
    (empty,) = chosen(found["perfusion"], case=1, rater=1, place="neh")
    assert (empty["mean"], empty["voxels"]) == (None, 0)
    (flair,) = chosen(found["intensity_summary"], rater=1, sequence="FLAIR", compartment="neh")
    assert (flair["n"], flair["n_undefined"]) == (3, 1)


def test_what_the_study_does_not_have_is_named() -> None:
    world = make_world(2, recurrences=False, rcbv=False)
    world.inputs["methods"] = [1]
    found = run(world)
    assert {row["part"] for row in found["gaps"]} == {"Agreement", "rCBV", "Recurrence"}
    assert found["perfusion"] == found["spatial"] == found["null"] == []
    assert all(row["n"] == 0 for row in found["sign_flips"])
    assert run(make_world(2))["gaps"] == []


def test_one_patient_has_figures_and_no_tests() -> None:
    found = run(make_world(1))
    assert len(found["spatial"]) == 1
    assert all(row["p"] is None and row["note"].startswith("Not computed") for row in found["intensity_models"])
    assert all(row["p_one"] is None for row in found["sign_flips"])
    assert len(found["null"]) == 3


def test_an_image_outside_of_its_field_of_view_counts_as_unusable() -> None:
    world = make_world(1, recurrences=False)
    series = next(row["id"] for row in world.inputs["series"] if row["sequence"] == "rCBV")
    image, grid = world.images_by_id[series]
    world.images_by_id[series] = (image[:22], Grid((22, *grid.shape[1:]), grid.affine))
    (whole,) = chosen(run(world)["perfusion"], rater=1, place="et")
    assert whole["unusable"] > 0
    assert math.isfinite(whole["mean"])


def test_intensities_can_be_in_units_of_the_brain() -> None:
    world = make_world(1, recurrences=False, scale="brain_z")
    images = read_images(world.inputs, 1, world.masks[1], world)
    flair, brain = images.by_sequence["FLAIR"].astype(float), images.brain
    (row,) = chosen(run(world)["intensities"], rater=1, sequence="FLAIR", compartment="ed")
    expected = (flair[world.masks[1].masks[1]["ed"]].mean() - flair[brain].mean()) / flair[brain].std()
    assert row["mean"] == pytest.approx(expected, rel=1e-6)


def test_the_recurrence_is_the_first_of_that_name_or_the_last_exam() -> None:
    world = make_world(1)
    cases = world.inputs["cases"]
    cases.append({**cases[1], "id": 3, "time_point_key": "follow_up", "follow_up_number": 1})
    world.inputs["readings"] += [{"case": 3, "rater": 2}]
    assert [(before["id"], after["id"]) for before, after in pairs_of(world.inputs)] == [(1, 2)]
    world.inputs["parameters"]["later"] = "last"
    assert [(before["id"], after["id"]) for before, after in pairs_of(world.inputs)] == [(1, 3)]
    world.inputs["readings"] = [row for row in world.inputs["readings"] if row["case"] == 1]
    assert pairs_of(world.inputs) == []
