"""What the NEH report calls its compartments, metrics and tests."""

COMPARTMENTS = {"et": "ET", "neh": "NEH", "ed": "ED", "nc": "NC"}
PLACES = {
    **COMPARTMENTS,
    **{f"rim_{reach}": f"rim 0–{reach} mm" for reach in (2, 4, 6)},
    **{f"rim_{reach}_without_neh": f"rim 0–{reach} mm without NEH" for reach in (2, 4, 6)},
}
FAMILIES = {
    "compartments": "compartments",
    "rims": "NEH and rims",
    "rims_without_neh": "NEH and rims without NEH",
}
TESTS = {"anova": "analysis of variance", "mixed": "mixed model, likelihood ratio"}
AGREEMENT = {"dice": "Dice", "jaccard": "Jaccard", "surface_dice": "Surface Dice", "hausdorff95": "HD95 (mm)"}
SPATIAL = {
    "mean_edge_distance": "MeanEdgeDistance (mm)",
    "fraction_near_edge": "FractionNearEdge",
    "fraction_inside": "FractionInside",
    "containment_ml": "VolumeContainment (ml)",
    "containment_share": "VolumeContainment (share of the smaller)",
}
