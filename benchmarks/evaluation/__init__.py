"""Speed and memory of evaluation.metrics and evaluation.consensus against their peers."""
