"""The label schemes that everybody starts from."""

import numpy as np
import pytest

from cases import schemes
from core.errors import DomainError


@pytest.mark.parametrize("key", list(schemes.PRESETS))
def test_every_preset_is_valid(key: str) -> None:
    schemes.check(schemes.PRESETS[key][1])


@pytest.mark.parametrize("key", ["brats-2018", "brats-2023", "brats-2024", "neh", "reseg"])
def test_flair_hyperintensity_is_the_whole_tumour_and_snfh_what_lies_around_it(key: str) -> None:
    definition = schemes.PRESETS[key][1]
    values = [label.value for label in schemes.labels_of(definition)]
    layers = np.array(values, np.uint8).reshape(1, -1, 1, 1)
    masks = schemes.masks_of(definition, layers)
    np.testing.assert_array_equal(masks["fh"], masks["wt"])
    tumour = np.logical_or.reduce([masks[part] for part in ("nc", "et", "neh") if part in masks])
    np.testing.assert_array_equal(masks["snfh"], masks["fh"] & ~tumour)


def test_a_report_names_no_region_twice() -> None:
    assert schemes.distinct_keys(schemes.PRESETS["brats-2018"][1]) == ["nc", "ed", "et", "wt", "tc"]


def test_a_mask_of_2023_is_read_into_the_scheme_of_2018() -> None:
    definition = schemes.PRESETS["brats-2018"][1]
    values = np.array([0, 1, 2, 3], np.uint8).reshape(4, 1, 1)
    layers = schemes.layers_from_file(definition, values, preset="brats-2023")
    assert layers.ravel().tolist() == [0, 1, 2, 4]


def test_values_that_nothing_is_known_about_are_named() -> None:
    with pytest.raises(DomainError, match="holds the values 3, 9"):
        schemes.layers_from_file(schemes.PRESETS["brats-2018"][1], np.array([[[1, 3, 9]]], np.uint8))
