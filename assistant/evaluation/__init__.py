"""Evaluation sets, runs, figures, reports and comparisons."""
