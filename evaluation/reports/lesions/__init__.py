"""Lesions over time: how well methods find and outline them, and what becomes of each (RESEG Tables 2 and 3)."""
