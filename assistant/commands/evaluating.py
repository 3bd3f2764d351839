"""`evaluate` and `compare`: question sets in, figures out."""
