"""Segmentation performance of models and raters by subgroup, against a reference (FLAIR Tables 1 to 4, Fig. 3)."""
