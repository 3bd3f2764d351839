"""Readers of the formats in which evaluation sets come."""
