"""Measurements of speed and memory, each against named peers in the same run."""
