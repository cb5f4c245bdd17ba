"""Annotation: what a person does with an assignment: draft, score, submit, report a problem."""
