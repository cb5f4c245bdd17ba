"""The simulated rater: near the truth, never on it, and worse with less skill."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from imaging.phantom import HeadSpec, Label, Stage, make_head, simulate_reader
from imaging.phantom.reader import Labels

SPACING = (2.4, 2.8, 2.6)


@pytest.fixture(scope="module")
def truth() -> Labels:
    return make_head(HeadSpec(shape=(60, 64, 56), spacing=SPACING, tumour_radius=13.0), 21).labels


def dice(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> float:
    return float(2 * (first & second).sum() / (first.sum() + second.sum()))


def test_reading_is_reproducible_and_differs_by_seed(truth: Labels) -> None:
    reading = simulate_reader(truth, SPACING, 1, 0.7)
    assert np.array_equal(reading, simulate_reader(truth, SPACING, 1, 0.7))
    assert not np.array_equal(reading, simulate_reader(truth, SPACING, 2, 0.7))
    assert reading.dtype == np.uint8
    assert reading.shape == truth.shape


def test_readings_agree_with_the_truth_as_human_raters_do(truth: Labels) -> None:
    for skill in (0.2, 0.6, 0.95):
        scores = [dice(simulate_reader(truth, SPACING, s, skill) > 0, truth > 0) for s in range(6)]
        assert min(scores) > 0.75
        assert np.mean(scores) < 0.985


def test_experts_agree_better_than_novices(truth: Labels) -> None:
    def mean(skill: float) -> float:
        return float(np.mean([dice(simulate_reader(truth, SPACING, s, skill) > 0, truth > 0) for s in range(8)]))

    assert mean(1.0) > mean(0.5) > mean(0.0)


def test_every_label_of_the_truth_is_read(truth: Labels) -> None:
    reading = simulate_reader(truth, SPACING, 4, 0.8)
    for value in (Label.NC, Label.ED, Label.ET):
        assert dice(reading == value, truth == value) > 0.5


def test_readers_are_wide_and_tight_by_turns(truth: Labels) -> None:
    volumes = [(simulate_reader(truth, SPACING, s, 0.3) > 0).sum() for s in range(12)]
    assert min(volumes) < (truth > 0).sum() < max(volumes)


def test_small_separate_part_is_missed_by_some_novices(truth: Labels) -> None:
    with_part = truth.copy()
    with_part[4:6, 4:6, 4:6] = Label.ED  # 0.14 ml far from the lesion
    found = [(simulate_reader(with_part, SPACING, s, 0.0)[2:8, 2:8, 2:8] > 0).any() for s in range(30)]
    assert 0 < sum(found) < 30


def test_empty_map_stays_empty() -> None:
    healthy = make_head(HeadSpec(shape=(32, 32, 32), spacing=(5, 6, 5), stage=Stage.HEALTHY), 1).labels
    assert not simulate_reader(healthy, (5, 6, 5), 1, 0.5).any()


def test_wrong_input_is_refused(truth: Labels) -> None:
    with pytest.raises(ValueError, match="uint8"):
        simulate_reader(truth.astype(np.float32), SPACING, 1, 0.5)
    with pytest.raises(ValueError, match="Skill"):
        simulate_reader(truth, SPACING, 1, 1.5)
