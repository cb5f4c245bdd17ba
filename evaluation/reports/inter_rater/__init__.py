"""The inter-rater report: every rater and model against the reference, the consensus and each other."""
