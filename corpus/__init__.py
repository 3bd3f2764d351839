"""Documents: find them, load them, clean them once, split them into sentences and passages."""
