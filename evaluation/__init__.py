"""Evaluation: agreement, consensus, statistics, and the reports made of them."""
