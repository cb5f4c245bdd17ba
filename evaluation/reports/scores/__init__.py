"""Scores of masks: how they are spread, whether two sources differ, whether raters agree (TL5 Tables 2 and 3)."""
