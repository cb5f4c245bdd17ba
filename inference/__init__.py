"""Inference: model versions, and the segmentations that they predict."""
