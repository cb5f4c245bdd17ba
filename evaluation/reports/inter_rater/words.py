"""The metrics, groups and comparisons of the inter-rater report, and what it calls them."""

from __future__ import annotations

from typing import Any

METRICS = ("jaccard", "dice", "hausdorff95", "surface_dice")
GROUPS = ("expert", "novice", "model")
"""The groups that are compared; the reference is none."""
AGAINST = {"reference": "reference", "consensus": "consensus of all", "others": "consensus of the others"}


def metric_names(parameters: dict[str, Any]) -> dict[str, str]:
    """Return the name of each metric as tables write it."""
    tolerance = f"{parameters['tolerance_mm']:g}"
    return {
        "jaccard": "Jaccard",
        "dice": "Dice",
        "hausdorff95": f"HD95 {parameters['hausdorff_variant']} (mm)",
        "surface_dice": f"Surface Dice {parameters['surface_variant']}, {tolerance} mm",
    }
