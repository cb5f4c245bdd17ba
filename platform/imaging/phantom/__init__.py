"""Synthetic heads with brain tumours, made by our own code: for the demo, for tests and for training.

Nothing here comes from a patient. `make_head` gives four sequences with their true labels,
`simulate_reader` a rater's imperfect reading of them.
"""

from imaging.phantom.head import SyntheticHead, make_head
from imaging.phantom.reader import simulate_reader
from imaging.phantom.spec import HeadSpec, Label, Sequence, Stage

__all__ = ["HeadSpec", "Label", "Sequence", "Stage", "SyntheticHead", "make_head", "simulate_reader"]
