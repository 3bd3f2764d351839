"""Reading: find the answer and its evidence in a text."""
