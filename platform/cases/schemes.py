"""Label schemes: the presets, what a valid definition is, and the questions that are asked of one.

Colours start from Okabe and Ito's set, which colour-blind people can tell apart; one kind of tissue has one colour in
every scheme.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import DomainError
from imaging.grid import Grid
from imaging.payload import Layers

Definition = Mapping[str, Any]

COLOURS = {
    "et": "#D55E00",
    "nc": "#0072B2",
    "ed": "#009E73",
    "neh": "#E69F00",
    "rc": "#CC79A7",
    "fh": "#56B4E9",
    "adc": "#F0E442",
}
_NAMES = {
    "et": "Enhancing tumour",
    "nc": "Necrosis / non-enhancing core",
    "ed": "Oedema / FLAIR hyperintensity around the tumour (SNFH)",
    "neh": "Non-enhancing hypercellular tumour",
    "rc": "Resection cavity",
    "fh": "FLAIR hyperintensity",
    "adc": "Abnormal ADC",
}
_REGIONS = {
    "wt": ("Whole tumour (WT)", ["nc", "ed", "et", "neh"]),
    "tc": ("Tumour core (TC)", ["nc", "et", "neh"]),
    "lesion": ("Whole lesion (enhancing + necrosis)", ["et", "nc"]),
    "fh": ("FLAIR hyperintensity (FH)", ["nc", "ed", "et", "neh"]),
    "snfh": ("FLAIR hyperintensity around the tumour (SNFH)", ["ed"]),
}


def _one_layer(
    values: Mapping[str, int], regions: Iterable[str], imports: Mapping[str, Any] | None = None
) -> Definition:
    """Return the definition of a scheme whose labels exclude each other."""
    labels = [
        {"layer": "labels", "value": value, "key": key, "name": _NAMES[key], "color": COLOURS[key]}
        for key, value in values.items()
    ]
    chosen = [
        {"key": key, "name": _REGIONS[key][0], "labels": [label for label in _REGIONS[key][1] if label in values]}
        for key in regions
    ]
    return {
        "layers": [{"key": "labels", "name": "Labels", "sequence": ""}],
        "labels": labels,
        "regions": chosen,
        "import_values": dict(imports or {}),
    }


_BRATS_2018 = {"nc": 1, "ed": 2, "et": 4}
_BRATS_2023 = {"nc": 1, "ed": 2, "et": 3}
_BRATS_2024 = {"nc": 1, "ed": 2, "et": 3, "rc": 4}
_RESEG = {"et": 1, "ed": 2, "nc": 3}
_GLIOMA_REGIONS = ("wt", "tc", "fh", "snfh")


def _reading(values: Mapping[str, int], known: Iterable[str], *, merged_into: str = "") -> dict[str, str | None]:
    """Return file value → label key; keys that the scheme lacks become background, or all become one label."""
    wanted = set(known)
    tumour = {"nc", "ed", "et", "neh"}
    result: dict[str, str | None] = {}
    for key, value in values.items():
        target = merged_into if merged_into and key in tumour else key
        result[str(value)] = target if target in wanted else None
    return result


def _between(own: Mapping[str, int]) -> dict[str, Any]:
    sources = {"brats-2018": _BRATS_2018, "brats-2023": _BRATS_2023, "brats-2024": _BRATS_2024, "reseg": _RESEG}
    return {name: _reading(values, own) for name, values in sources.items() if values != own}


PRESETS: dict[str, tuple[str, Definition]] = {
    "brats-2018": ("BraTS 2018–2021", _one_layer(_BRATS_2018, _GLIOMA_REGIONS, _between(_BRATS_2018))),
    "brats-2023": ("BraTS 2023", _one_layer(_BRATS_2023, _GLIOMA_REGIONS, _between(_BRATS_2023))),
    "brats-2024": ("BraTS 2024 post-treatment", _one_layer(_BRATS_2024, _GLIOMA_REGIONS, _between(_BRATS_2024))),
    "neh": (
        "Glioma with hypercellular tumour (NEH)",
        _one_layer({"nc": 1, "ed": 2, "neh": 3, "et": 4}, _GLIOMA_REGIONS),
    ),
    "reseg": ("Brain metastases (RESEG)", _one_layer(_RESEG, ["lesion", "wt", "fh", "snfh"], _between(_RESEG))),
    "flair": (
        "FLAIR hyperintensity",
        _one_layer(
            {"fh": 1},
            [],
            {
                "brats-2018": _reading(_BRATS_2018, ["fh"], merged_into="fh"),
                "brats-2023": _reading(_BRATS_2023, ["fh"], merged_into="fh"),
                "brats-2024": _reading(_BRATS_2024, ["fh"], merged_into="fh"),
            },
        ),
    ),
    "tl5": (
        "Diffuse glioma, drawn per sequence (TL5)",
        {
            "layers": [
                {"key": "t1c", "name": "T1c", "sequence": "T1c"},
                {"key": "adc", "name": "ADC", "sequence": "ADC"},
                {"key": "flair", "name": "FLAIR", "sequence": "FLAIR"},
            ],
            "labels": [
                {"layer": "t1c", "value": 1, "key": "et", "name": _NAMES["et"], "color": COLOURS["et"]},
                {"layer": "adc", "value": 1, "key": "adc", "name": _NAMES["adc"], "color": COLOURS["adc"]},
                {"layer": "flair", "value": 1, "key": "fh", "name": _NAMES["fh"], "color": COLOURS["fh"]},
            ],
            "regions": [{"key": "any", "name": "Any abnormality", "labels": ["et", "adc", "fh"]}],
            "import_values": {"tl5-stacked": {"1": "et", "2": "adc", "3": "fh"}},
        },
    ),
}


@dataclass(frozen=True)
class Label:
    """One label of a scheme."""

    layer: int
    value: int
    key: str
    name: str


def labels_of(definition: Definition) -> list[Label]:
    """Return the labels with their layer's index."""
    place = {layer["key"]: index for index, layer in enumerate(definition["layers"])}
    return [Label(place[row["layer"]], row["value"], row["key"], row["name"]) for row in definition["labels"]]


def check(definition: Definition) -> None:
    """Raise DomainError, naming the fault, when a definition could not be drawn or counted with."""
    labels = labels_of(definition)
    keys = [label.key for label in labels]
    if not labels or len(set(keys)) != len(keys):
        raise DomainError("A label scheme needs at least one label, each with a key of its own.")
    if len({(label.layer, label.value) for label in labels}) != len(labels):
        raise DomainError("Two labels of one layer have the same value.")
    if any(not 1 <= label.value <= 255 for label in labels):
        raise DomainError("Label values are 1 to 255; 0 is background.")
    for region in definition["regions"]:
        unknown = sorted(set(region["labels"]) - set(keys))
        if unknown or not region["labels"]:
            raise DomainError(f"Region {region['key']} names labels that the scheme has not: {', '.join(unknown)}.")


def masks_of(definition: Definition, layers: Layers) -> dict[str, NDArray[np.bool_]]:
    """Return the binary mask (x, y, z) of every label and every region, by key; layers are (layer, x, y, z)."""
    masks = {label.key: layers[label.layer] == label.value for label in labels_of(definition)}
    for region in definition["regions"]:
        masks[region["key"]] = np.logical_or.reduce([masks[key] for key in region["labels"]])
    return masks


def keys_of(definition: Definition) -> list[tuple[str, str]]:
    """Return (key, name) of every label and region, in the order of the scheme."""
    rows = [*definition["labels"], *definition["regions"]]
    return [(row["key"], row["name"]) for row in rows]


def distinct_keys(definition: Definition) -> list[str]:
    """Return the keys of labels and regions without those that mark the same voxels as an earlier one.

    In a glioma scheme FH is WT and SNFH is ED: a table of all regions would say everything twice.
    """
    unions = {row["key"]: frozenset([row["key"]]) for row in definition["labels"]}
    unions |= {row["key"]: frozenset(row["labels"]) for row in definition["regions"]}
    first: dict[frozenset[str], str] = {}
    for key, union in unions.items():
        first.setdefault(union, key)
    return list(first.values())


def volumes_ml(definition: Definition, layers: Layers, grid: Grid) -> dict[str, float]:
    """Return the volume in ml of every label and region."""
    one = grid.voxel_volume_ml
    return {key: int(np.count_nonzero(mask)) * one for key, mask in masks_of(definition, layers).items()}


def check_values(definition: Definition, layers: Layers) -> None:
    """Raise DomainError when a layer holds values that the scheme does not have."""
    names = [layer["key"] for layer in definition["layers"]]
    if layers.shape[0] != len(names):
        raise DomainError(f"The labels have {layers.shape[0]} layers; the scheme has {len(names)}.")
    for index, name in enumerate(names):
        known = {0, *(label.value for label in labels_of(definition) if label.layer == index)}
        found = set(np.flatnonzero(np.bincount(layers[index].ravel(order="K"), minlength=256)).tolist())
        if found - known:
            raise DomainError(
                f"Layer {name} holds the values {_listed(found - known)}; the scheme has {_listed(known - {0})}."
            )


def layers_from_file(definition: Definition, values: NDArray[np.uint8], *, preset: str = "") -> Layers:
    """Return layers (layer, x, y, z) from one label map (x, y, z) as found in a file.

    With a preset of the scheme's import_values the file's values are translated; without, they are the scheme's own
    (schemes of one layer only). Raises DomainError naming the values that nothing is known about.
    """
    labels = {label.key: label for label in labels_of(definition)}
    if preset:
        table = definition["import_values"].get(preset)
        if table is None:
            raise DomainError(f"This scheme cannot read {preset}; it reads {', '.join(definition['import_values'])}.")
    elif len(definition["layers"]) == 1:
        table = {str(label.value): label.key for label in labels.values()}
    else:
        raise DomainError("This scheme has several layers: say with which numbering the file was written.")
    found = set(np.flatnonzero(np.bincount(values.ravel(order="K"), minlength=256)).tolist()) - {0}
    unknown = found - {int(value) for value in table}
    if unknown:
        raise DomainError(f"The mask holds the values {_listed(unknown)}; expected are {_listed(map(int, table))}.")
    layers = np.zeros((len(definition["layers"]), *values.shape), np.uint8)
    for value, key in table.items():
        if key is not None:
            layers[labels[key].layer][values == int(value)] = labels[key].value
    return layers


def _listed(values: Iterable[int]) -> str:
    return ", ".join(str(value) for value in sorted(values))
