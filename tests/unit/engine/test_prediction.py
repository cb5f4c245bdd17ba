"""The sliding window: probabilities where they belong, honest progress, and a stop that stops."""

from __future__ import annotations

import numpy as np
import pytest

from imaging.grid import Grid
from inference.engine.prediction import Cancelled, count_windows, segment
from tests.unit.engine.builders import Brighter, brain_with_lesion, small_recipe

AFFINES = {
    "RAS": np.diag([1.5, 1.5, 2.5, 1]),
    "LPS": np.diag([-1.5, -1.5, 2.5, 1]),
    "permuted": np.array([[0, 0, -2.5, 20], [1.5, 0, 0, -5], [0, 1.5, 0, 7], [0, 0, 0, 1]]),
}


@pytest.mark.parametrize("name", AFFINES)
@pytest.mark.parametrize("mirror", [False, True])
def test_probabilities_come_back_on_the_input_grid(name: str, mirror: bool) -> None:
    grid = Grid((40, 44, 26), AFFINES[name])
    image, lesion = brain_with_lesion(grid.shape, grid)
    probability = segment([image], grid, small_recipe(mirror=mirror), Brighter(2.0))
    assert probability.shape == (1, *grid.shape)
    assert probability.dtype == np.float32
    found = probability[0] >= 0.5
    assert 2 * (found & lesion).sum() / (found.sum() + lesion.sum()) > 0.85


def test_progress_counts_every_window_and_ends_at_a_hundred() -> None:
    grid = Grid((40, 40, 40), np.diag([1.0, 1.0, 1.0, 1]))
    image, _ = brain_with_lesion(grid.shape, grid)
    recipe = small_recipe(mirror=True)
    seen: list[int] = []
    segment([image], grid, recipe, Brighter(2.0), report=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 100
    assert len(seen) % 2 == 0


def test_number_of_windows_is_known_beforehand() -> None:
    recipe = small_recipe(patch=(16, 16, 16), overlap=0.5)
    assert count_windows((16, 10, 3), recipe) == 1
    assert count_windows((17, 16, 16), recipe) == 2
    assert count_windows((32, 32, 16), recipe) == 9


def test_progress_has_as_many_reports_as_there_are_windows() -> None:
    grid = Grid((50, 40, 44), np.diag([2.0, 2.0, 2.0, 1]))
    image = np.random.default_rng(0).random(grid.shape).astype(np.float32) + 1
    seen: list[int] = []
    segment([image], grid, small_recipe(), Brighter(2.0), report=seen.append)
    assert len(seen) >= 100 or seen[0] == round(100 / len(seen))
    assert seen[-1] == 100


def test_cancelling_stops_before_the_next_window() -> None:
    grid = Grid((40, 40, 40), np.diag([2.0, 2.0, 2.0, 1]))
    image, _ = brain_with_lesion(grid.shape, grid)
    seen: list[int] = []
    with pytest.raises(Cancelled):
        segment([image], grid, small_recipe(), Brighter(2.0), report=seen.append, cancelled=lambda: len(seen) >= 3)
    assert len(seen) == 3
