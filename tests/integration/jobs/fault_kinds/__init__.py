"""Kinds of work that only the fault tests know, as an app that only their workers install."""
