"""Evaluation: question sets in, figures out, through the same `ask` that users have."""
